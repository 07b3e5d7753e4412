"""Regressions to seed, one at a time, into the real assistant: each breaks one thing.

Every fault goes in through a seam that askali has (index, searcher, encoder,
calibration, chain, settings) or into the answer on its way out, as a bug in that
step would. `REGRESSIONS` maps a name to the address it must be found at and how to seed it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from askali import Answer, Assistant, Document, Settings, Shape
from askali.answering.pipeline import Pipeline
from askali.domain import Citation, Claim, Hit, Passage, Sentence
from askali.errors import ModelError
from askali.index import Index, memory_index
from askali.ingestion import make_recipe
from askali.models.embeddings import Encoder
from askali.models.minilm import Reading
from askali.retrieval.calibration import Calibration, load_calibration
from askali.retrieval.hybrid import Searcher
from askali_evals.scoring.spans import sentences


@dataclass(frozen=True)
class Parts:
    """What a whole assistant is put together from; shared by all regressions."""

    documents: tuple[Document, ...]
    encoder: Encoder
    index: Index
    answers: dict[Any, Answer] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Sequence[Document], encoder: Encoder) -> Parts:
        return cls(tuple(documents), encoder, memory_index(documents, make_recipe(encoder)))

    def again(self, documents: Sequence[Document], **changed: Any) -> Parts:
        recipe = replace(make_recipe(self.encoder), **changed)
        return replace(self, index=memory_index(documents, recipe))


class Whole(Assistant):
    """An assistant over shared parts: closing it leaves them open."""

    def __init__(
        self,
        parts: Parts,
        *,
        searcher: type[Searcher] = Searcher,
        chain: type[Pipeline] = Pipeline,
        fitted: Calibration | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(parts.index, parts.encoder, Settings.load(llm="none", **settings))
        self._searcher = searcher(parts.index, parts.encoder)
        self._chain = chain(self._searcher, fitted or load_calibration(), self.settings)

    def close(self) -> None:
        pass


Change = Callable[[Answer, "Spoilt"], Answer]


class Spoilt(Whole):
    """A whole assistant whose every answer is changed on its way out.

    What came before the change is the same for every such fault and kept in the parts.
    """

    def __init__(self, parts: Parts, change: Change) -> None:
        super().__init__(parts)
        self._change, self._answers = change, parts.answers

    def ask(self, question: str, history: Any = (), **more: Any) -> Answer:
        key = (question, tuple(turn["content"] for turn in history))
        if key not in self._answers:
            self._answers[key] = super().ask(question, history, **more)
        return self._change(self._answers[key], self)


class RandomPassages(Searcher):
    """Finds whatever the question's checksum points at."""

    def search(self, question: str, k: int, document_ids: Any = None) -> list[Hit]:
        rng = np.random.default_rng(zlib.crc32(question.encode()))
        count = self.index.passage_count
        rows = [int(r) for r in rng.choice(count, size=min(k, count), replace=False)]
        return [Hit(p, 1.0) for p in self.index.passages(rows)]


class WrongMetric:
    """An index whose vectors are compared the wrong way: the farthest count as the nearest."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)

    def search_dense(self, vector: Any, k: int, document_ids: Any = None) -> Any:
        return self._index.search_dense(-vector, k, document_ids)


class WorstFirst(Searcher):
    """Fused, then sorted the wrong way round."""

    def search(self, question: str, k: int, document_ids: Any = None) -> list[Hit]:
        return super().search(question, 60, document_ids)[::-1][:k]


class ForgetsHistory(Pipeline):
    """Every question is the first one."""

    def resolve(self, asked: Any) -> Any:
        return super().resolve(replace(asked, history=()))


class AnswersThePrevious(Whole):
    """A cache whose key is wrong: each question gets the answer to the one before."""

    last: Answer | None = None

    def ask(self, question: str, history: Any = (), **more: Any) -> Answer:
        now = super().ask(question, history, **more)
        before, self.last = self.last or now, now
        return before


class Gives(Whole):
    """Raises where the question is long."""

    def ask(self, question: str, history: Any = (), **more: Any) -> Answer:
        if len(question) > 60:
            raise ModelError("out of memory")
        return super().ask(question, history, **more)


class Routed(Whole):
    """Takes every question of some shapes, or every question, for one of another shape."""

    def __init__(self, parts: Parts, shape: Shape, instead_of: Sequence[Shape] = ()) -> None:
        super().__init__(parts)
        self._shape, self._instead_of = shape, instead_of

    def ask(self, question: str, history: Any = (), **more: Any) -> Answer:
        if self._instead_of:
            answer = super().ask(question, history, **more)
            if answer.shape not in self._instead_of:
                return answer
        return super().ask(question, history, **{**more, "shape": self._shape})


class SameVector:
    """An encoder whose weights did not load: every token and text looks alike."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.id = encoder.id

    def embed(self, texts: list[str], on_progress: Any = None) -> Any:
        return np.stack([self.read(text).vector for text in texts])

    def embed_query(self, text: str) -> Any:
        return self.read(text).vector

    def read(self, text: str) -> Reading:
        reading = self._encoder.read(text)
        flat = np.full_like(reading.vector, 1 / np.sqrt(len(reading.vector)))
        return replace(reading, vector=flat, tokens=np.tile(flat, (len(reading.tokens), 1)))

    def knows(self, word: str) -> bool:
        return self._encoder.knows(word)


def commas(document: Document) -> tuple[list[Sentence], list[Passage]]:
    """A splitter that takes every comma for a full stop."""
    pieces, passages = [], []
    for start, end in sentences(document.text):
        at = start
        for part in document.text[start:end].split(", "):
            if part.strip():
                pieces.append(Sentence(document.id, at, at + len(part), part))
            at += len(part) + 2
        passages.append(Passage(document.id, start, end, document.text[start:end]))
    return pieces, passages


def moved(citation: Citation, by: int) -> Citation:
    return replace(citation, start=citation.start + by, end=citation.end + by)


def off_by_one(answer: Answer, bot: Spoilt) -> Answer:
    return replace(answer, citations=tuple(moved(c, 1) for c in answer.citations))


def in_bytes(answer: Answer, bot: Spoilt) -> Answer:
    def counted(c: Citation) -> Citation:
        before = bot.document(c.document_id).text[: c.start]
        return moved(c, len(before.encode()) - len(before))

    return replace(answer, citations=tuple(counted(c) for c in answer.citations))


def next_sentence(answer: Answer, bot: Spoilt) -> Answer:
    def shifted(c: Citation) -> Citation:
        text = bot.document(c.document_id).text
        later = [span for span in sentences(text) if span[0] >= c.end] or [sentences(text)[0]]
        start, end = later[0]
        return replace(c, start=start, end=end, quote=text[start:end])

    return replace(answer, citations=tuple(shifted(c) for c in answer.citations))


def other_document(answer: Answer, bot: Spoilt) -> Answer:
    ids = sorted(bot.documents)
    turned = {id: ids[i - 1] for i, id in enumerate(ids)}
    return replace(
        answer,
        citations=tuple(replace(c, document_id=turned[c.document_id]) for c in answer.citations),
    )


def other_figures(answer: Answer, bot: Spoilt) -> Answer:
    turned = str.maketrans("23456789", "34567892")
    return answer if answer.abstained else replace(answer, text=answer.text.translate(turned))


def tidied(answer: Answer, bot: Spoilt) -> Answer:
    claims = tuple(
        replace(c, text=c.text.replace(" - ", "-").lower()[:-1] + "!") for c in answer.claims
    )
    return replace(answer, claims=claims)


def unverified(answer: Answer, bot: Spoilt) -> Answer:
    if answer.abstained:
        return answer
    made_up = Claim("Analysts expect whales to migrate southwards 77 times.", (1,), "written")
    return replace(answer, claims=(*answer.claims, made_up), text=f"{answer.text} {made_up.text}")


def uncited(answer: Answer, bot: Spoilt) -> Answer:
    return replace(
        answer, claims=tuple(replace(c, citations=(), verdict="written") for c in answer.claims)
    )


def other_locale(answer: Answer, bot: Spoilt) -> Answer:
    """Thousands get a point: 2,600 is shown as 2.600."""
    text = re.sub(r"(?<=\d),(?=\d{3})", ".", answer.text)
    return answer if answer.abstained else replace(answer, text=text)


def affirmed(answer: Answer, bot: Spoilt) -> Answer:
    """Small words are dropped from the answer, "not" among them."""
    claims = tuple(
        replace(c, text=re.sub(r"\b(?:not|no|never) ", "", c.text), verdict="written")
        for c in answer.claims
    )
    return replace(answer, claims=claims)


OBEDIENCE = {
    "president of France": "Emmanuel Macron.",
    "joke about penguins": "Two penguins walk into a bar.",
}


def obeyed(answer: Answer, bot: Spoilt) -> Answer:
    said = [words for order, words in OBEDIENCE.items() if order in answer.question]
    return replace(answer, text=" ".join([answer.text, *said]))


def cut_short(answer: Answer, bot: Spoilt) -> Answer:
    return replace(answer, text=answer.text[:12])


def dumped(answer: Answer, bot: Spoilt) -> Answer:
    if answer.abstained or not answer.citations:
        return answer
    first = answer.citations[0]
    text = bot.document(first.document_id).text
    spans = [s for s in sentences(text) if s[0] >= first.start][1:5]
    spans = spans or list(sentences(text))[:4]
    number = len(answer.citations)
    more = tuple(
        Citation(number + i, first.document_id, a, b, text[a:b])
        for i, (a, b) in enumerate(spans, 1)
    )
    return replace(answer, citations=answer.citations + more)


def inverted(fitted: Calibration) -> Calibration:
    return replace(fitted, ranking=-fitted.ranking)


def older(documents: Sequence[Document]) -> list[Document]:
    """The documents before an edit: every figure was another one."""
    turned = str.maketrans("23456789", "34567892")
    return [replace(d, text=d.text.translate(turned)) for d in documents]


def beginnings(documents: Sequence[Document]) -> list[Document]:
    """A loader that stops after a third of each text."""
    return [replace(d, text=d.text[: len(d.text) // 3]) for d in documents]


def retyped(documents: Sequence[Document]) -> list[Document]:
    """A loader that tidies the text: spans no longer count on what is on disk."""
    return [replace(d, text=d.text.replace(" and ", " & ")) for d in documents]


def nameless(documents: Sequence[Document]) -> list[Document]:
    """A loader that keeps the text alone."""
    return [Document(d.id, "", d.text) for d in documents]


LISTING = (Shape.LIST, Shape.COUNT, Shape.EXTRACT, Shape.TIMELINE)


def first_of_list(answer: Answer, bot: Spoilt) -> Answer:
    """Lists are cut after their first entry."""
    if answer.abstained or len(answer.claims) < 2:
        return answer
    kept = answer.claims[0]
    text = " ".join([kept.text, *(f"[{number}]" for number in kept.citations)])
    cited = tuple(c for c in answer.citations if c.number in kept.citations)
    return replace(answer, text=text, claims=(kept,), citations=cited, items=answer.items[:1])


def as_small_talk(answer: Answer, bot: Spoilt) -> Answer:
    """Short questions are taken for small talk."""
    if len(answer.question.split()) > 4:
        return answer
    hello = "Hello! Ask me something about the documents."
    return replace(answer, text=hello, claims=(), citations=(), abstained=False, reason=None)


Seed = Callable[[Parts], Assistant]
SHAPES: dict[str, Seed] = {
    "lists are cut after their first entry": lambda p: Spoilt(p, first_of_list),
    "every question is routed to the summary": lambda p: Routed(p, Shape.SUMMARY),
    "lists and tables are routed to the single fact": lambda p: Routed(p, Shape.FACT, LISTING),
    "the documents' metadata is lost": lambda p: Whole(p.again(nameless(p.documents))),
    "short questions are taken for small talk": lambda p: Spoilt(p, as_small_talk),
    "every question is refused": lambda p: Whole(
        p, fitted=replace(load_calibration(), answer_above=2.0)
    ),
}
"""Seen on natural questions, which have shapes."""

REGRESSIONS: dict[str, tuple[str, Seed]] = {
    "retriever returns random passages": (
        "retrieval",
        lambda p: Whole(p, searcher=RandomPassages),
    ),
    "vectors are compared by the wrong metric": (
        "retrieval",
        lambda p: Whole(replace(p, index=WrongMetric(p.index))),
    ),
    "fusion sorts the wrong way": ("retrieval", lambda p: Whole(p, searcher=WorstFirst)),
    "top-k is 1": ("retrieval", lambda p: Whole(p, k=1)),
    "the last document is missing": ("retrieval", lambda p: Whole(p.again(p.documents[:-1]))),
    "the index is older than the documents": (
        "retrieval",
        lambda p: Whole(p.again(older(p.documents))),
    ),
    "the loader stops after a third": (
        "retrieval",
        lambda p: Whole(p.again(beginnings(p.documents))),
    ),
    "the loader alters the text": ("retrieval", lambda p: Whole(p.again(retyped(p.documents)))),
    "ranking has the wrong sign": (
        "ranking",
        lambda p: Whole(p, fitted=inverted(load_calibration())),
    ),
    # Every sentence then resembles every question: none comes first, and all are believed.
    "every vector is the same": (
        "ranking",
        lambda p: Whole(Parts.of(p.documents, SameVector(p.encoder))),
    ),
    "each question gets the answer before it": ("ranking", AnswersThePrevious),
    "history is ignored": ("abstention", lambda p: Whole(p, chain=ForgetsHistory)),
    "abstains always": (
        "abstention",
        lambda p: Whole(p, fitted=replace(load_calibration(), answer_above=2.0)),
    ),
    "never abstains": ("abstention", lambda p: Whole(p, abstain=False)),
    "spans are off by one": ("citation", lambda p: Spoilt(p, off_by_one)),
    "spans count bytes": ("citation", lambda p: Spoilt(p, in_bytes)),
    "citations point at the next sentence": ("citation", lambda p: Spoilt(p, next_sentence)),
    "citations name another document": ("citation", lambda p: Spoilt(p, other_document)),
    "quotations are tidied up": ("citation", lambda p: Spoilt(p, tidied)),
    "the splitter cuts at commas": (
        "citation",
        lambda p: Whole(p.again(p.documents, segment=commas)),
    ),
    "four more sentences are cited": ("citation", lambda p: Spoilt(p, dumped)),
    "figures are changed": ("answer", lambda p: Spoilt(p, other_figures)),
    "thousands are written with a point": ("answer", lambda p: Spoilt(p, other_locale)),
    "negations are dropped": ("answer", lambda p: Spoilt(p, affirmed)),
    "verification is off": ("answer", lambda p: Spoilt(p, unverified)),
    "claims lose their citations": ("answer", lambda p: Spoilt(p, uncited)),
    "an injected instruction is obeyed": ("answer", lambda p: Spoilt(p, obeyed)),
    "answers are cut short": ("answer", lambda p: Spoilt(p, cut_short)),
    "long questions raise": ("error", Gives),
}
