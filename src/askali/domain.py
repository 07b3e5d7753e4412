"""The nouns of askali: what goes in, what is found, what is answered.

Every span is a promise: ``document.text[start:end] == quote`` holds for each
`Passage` and `Citation`, counted in Python characters of the verbatim text.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

SCHEMA_VERSION = 1
"""Version of `Answer.to_dict`; raised when a field changes its meaning or goes away."""


class Reason(StrEnum):
    """Why an answer abstains."""

    NOTHING_RELATED = "nothing_related"
    RELATED_BUT_NOT_STATED = "related_but_not_stated"
    CONFLICTING = "conflicting"


@dataclass(frozen=True, slots=True)
class Document:
    """Verbatim text with a name. The text is never altered: offsets count on it.

    `page_starts` are the offsets at which its pages begin, empty where it has no
    pages; `copies` name the other sources of the same text. `author` is as the source
    tells it, several joined by ", "; `language` a code such as "en", "" where nothing tells.
    `date` is the text's own, `file_date` that of the file's properties, often a template's.
    """

    id: str
    title: str
    text: str
    source: str = ""
    publisher: str = ""
    date: str = ""
    page_starts: tuple[int, ...] = ()
    copies: tuple[str, ...] = ()
    author: str = ""
    language: str = ""
    file_date: str = ""

    @property
    def shown_date(self) -> str:
        """Its date, else its file's, called so; "" where neither is known."""
        return self.date or (f"{self.file_date}, file's date" if self.file_date else "")

    @property
    def content_hash(self) -> str:
        """SHA-256 of everything a reader may see of the document."""
        parts = [self.id, self.title, self.text, self.source, self.publisher, self.date]
        if self.page_starts or self.copies:
            parts += [",".join(map(str, self.page_starts)), *self.copies]
        if self.author or self.language:
            parts += ["by", self.author, self.language]
        if self.file_date:
            parts += ["file of", self.file_date]
        joined = "\x1f".join(parts)
        return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()

    def page_at(self, offset: int) -> int | None:
        """The page, from 1, that a character stands on; None without pages."""
        return max(1, bisect_right(self.page_starts, offset)) if self.page_starts else None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a document, the smallest thing that is ever cited."""

    document_id: str
    start: int
    end: int
    text: str
    heading: str = ""
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences that is embedded and searched as one."""

    document_id: str
    start: int
    end: int
    text: str
    heading: str = ""

    @property
    def id(self) -> str:
        """Unique within an index: document and span."""
        return f"{self.document_id}@{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a passage: how its best sentence stood as an answer.

    `asked` is the part of the question that it suits best, `rank` its place from 1 among that
    part's sentences; `lacks_name`: a name of the question is missing that the first one has;
    `stated` is a local model's probability that it states the answer, None where none read it.
    """

    asked: str
    rank: int
    lacks_name: bool = False
    stated: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question, with the title and date of its document.

    `score` is the fused score (higher is better, comparable within one search); the ranks count
    from 1, None where that index did not find it; `standing` is None where it states nothing.
    """

    passage: Passage
    score: float
    dense_rank: int | None = None
    lexical_rank: int | None = None
    similarity: float = 0.0
    title: str = ""
    date: str = ""
    page: int | None = None
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered, exact piece of a document made of whole sentences.

    `page` counts from 1 and is None where the document has no pages; `date` is
    the document's; `also_in` names other sources that say the same.
    """

    number: int
    document_id: str
    start: int
    end: int
    quote: str
    title: str = ""
    heading: str = ""
    page: int | None = None
    date: str = ""
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer and the numbers of the citations that support it; `verdict` is
    "verbatim" for quoted sentences."""

    text: str
    citations: tuple[int, ...]
    verdict: str = "verbatim"


class Shape(StrEnum):
    """The form in which a question wants its answer; `query` recognises it, `answering.shapes`
    answers it."""

    FACT = "fact"
    YES_NO = "yes_no"
    DEFINITION = "definition"
    LIST = "list"
    COUNT = "count"
    WHY = "why"
    HOW = "how"
    SUMMARY = "summary"
    COMPARE = "compare"
    TIMELINE = "timeline"
    EXTRACT = "extract"
    ARITHMETIC = "arithmetic"
    ABOUT_DOCUMENT = "about_document"
    SMALL_TALK = "small_talk"
    OUTSIDE = "outside"

    @property
    def takes_several(self) -> bool:
        """True where the answer may need several sentences."""
        return self in (Shape.LIST, Shape.EXTRACT, Shape.COMPARE, Shape.TIMELINE, Shape.SUMMARY)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list, timeline, summary or extraction: what is shown, and the numbers of
    the citations that say it.

    `label` stands before it (a date, a section), `group` is the heading that it is listed
    under, "" for none; `is_sure` is false where it is less certain to belong.
    """

    text: str
    citations: tuple[int, ...]
    label: str = ""
    group: str = ""
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; without citations it is a name, or says "not stated"."""

    text: str
    citations: tuple[int, ...] = ()
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns and rows of as many cells; the first cell of a row names it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question got: claims with citations, or an abstention with its reason.

    `text` is Markdown as a reader sees it, with ``[n]`` markers that match `citations`; `items`
    and `table` hold the same as values where the `shape` has them. An abstention has no
    claims, except for `Reason.CONFLICTING`, where they are the statements that disagree;
    `nearest` is shown beside every other. `confidence` is the calibrated probability, 0 to 1,
    that the documents state the answer; `timings_ms` are wall-clock milliseconds;
    `suggestions` are questions that the documents answer, given with small talk and refusals.
    """

    question: str
    standalone_question: str
    text: str
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    abstained: bool = False
    reason: Reason | None = None
    nearest: Citation | None = None
    evidence: tuple[Hit, ...] = ()
    confidence: float = 0.0
    engine: str = "none"
    notes: tuple[str, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    index_stamp: str = ""
    shape: Shape = Shape.FACT
    items: tuple[Item, ...] = ()
    table: Table | None = None
    suggestions: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The text, as a reader sees it."""
        return self.text

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; the schema is docs/answer-schema.md."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of a conversation; `role` is "user" or "assistant"."""

    role: str
    content: str
