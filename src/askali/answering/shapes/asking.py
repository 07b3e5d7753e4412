"""What a shape is answered from, and what it gives: the question over its documents' text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

import numpy as np

from askali.answering.injection import gives_orders
from askali.domain import Citation, Claim, Document, Item, Reason, Sentence, Shape, Table
from askali.grounding.citations import cite, fold
from askali.messages import ABSTENTION
from askali.query.question import Question
from askali.retrieval.calibration import Calibration
from askali.retrieval.hybrid import Searcher
from askali.retrieval.ranking import RankedEvidence, judge
from askali.text.tokens import analyze, content_words

READ_PASSAGES = 300
"""So many passages of a library are read for a list; small libraries are read whole."""

_ALIKE = 0.64
"""Firms and companies are .87 alike, staff and employees .72; cows and farms .60."""


@dataclass(frozen=True)
class Asking:
    """One question of one shape over the documents that it is restricted to."""

    question: Question
    searcher: Searcher
    fitted: Calibration
    evidence: RankedEvidence | None = None

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """Those that are asked, in their order."""
        known = self.searcher.index.documents
        chosen = self.question.document_ids
        return tuple(known.values()) if chosen is None else tuple(known[id] for id in chosen)

    @cached_property
    def terms(self) -> frozenset[str]:
        """Stems of what the question speaks of."""
        return frozenset(analyze(self.question.text))

    @cached_property
    def everything(self) -> RankedEvidence | None:
        """All sentences of the passages that are read, ranked; None where there are none."""
        asked = self.question
        hits = self.searcher.search(asked.text, READ_PASSAGES, asked.document_ids)
        candidates = self.searcher.candidates(hits)
        if not candidates:
            return None
        return judge(self.searcher.prepare(asked, hits), candidates, self.fitted)

    @cached_property
    def ranked(self) -> tuple[Sentence, ...]:
        """All sentences but those of another thing than is named, best first."""
        found = self.everything
        order = [i for i in found.order if i not in found.others] if found else []
        in_order = [found.candidates[i].sentence for i in order] if found else []
        return tuple(s for s in in_order if not gives_orders(s.text))

    @cached_property
    def scores(self) -> dict[Sentence, float]:
        """How far each sentence lies below the best, 0 for the best itself."""
        found = self.everything
        if found is None:
            return {}
        top = float(found.scores.max())
        return {
            candidate.sentence: float(score) - top
            for candidate, score in zip(found.candidates, found.scores, strict=True)
        }

    @cached_property
    def is_related(self) -> bool:
        """True where the documents speak of what is asked."""
        found = self.everything
        return found is not None and found.coverage >= self.fitted.related_above

    @cached_property
    def confidence(self) -> float:
        """The probability that a sentence answers."""
        return self.everything.confidence if self.everything else 0.0

    def sentences(self, document_id: str) -> list[Sentence]:
        """All sentences of a document in order."""
        end = len(self.searcher.index.documents[document_id].text)
        return [s for _, s in self.searcher.index.sentences_in(document_id, 0, end)]

    @cached_property
    def text(self) -> tuple[Sentence, ...]:
        """All sentences of the documents in order."""
        found = (s for document in self.documents for s in self.sentences(document.id))
        return tuple(s for s in found if not gives_orders(s.text))

    def relevance(self, text: str) -> float:
        """How near a text is to the question: cosine, and the weighed share of its words."""
        said = frozenset(analyze(text))
        total = sum(map(self._weight, self.terms)) or 1.0
        met = sum(self._weight(term) for term in self.terms if term in said)
        read = self.searcher.encoder.read
        near = float(np.dot(read(self.question.text).vector, read(text[:1000]).vector))
        return near + 0.6 * met / total

    def _weight(self, term: str) -> float:
        count = self._frequencies.get(term, 0)
        return 1.0 / (1.0 + count) ** 0.5 if count else 0.6

    @cached_property
    def _frequencies(self) -> dict[str, int]:
        return self.searcher.index.sentence_frequencies(list(self.terms))

    def is_unheard(self, noun: str) -> bool:
        """True for a thing of which the documents have neither the word nor, in the sentences
        that come nearest, one that means about the same."""
        stems = analyze(noun)
        if not stems or any(self.searcher.index.sentence_frequencies(stems).values()):
            return False
        read = self.searcher.encoder.read
        vector = read(noun.lower()).vector
        near = {w.text.lower() for s in self.ranked[:2] for w in content_words(s.text)}
        return not any(float(np.dot(vector, read(word).vector)) >= _ALIKE for word in near)

    def is_alike(self, one: str, other: str) -> bool:
        """True for two words that mean about the same."""
        read = self.searcher.encoder.read
        return float(np.dot(read(one).vector, read(other).vector)) >= _ALIKE

    def asked_as(self, text: str) -> Asking:
        """The same for another question of the same documents."""
        return Asking(replace(self.question, text=text), self.searcher, self.fitted)


@dataclass(frozen=True, slots=True)
class Shaped:
    """An answer in its shape, before it is dressed as an `Answer`."""

    shape: Shape
    text: str
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    items: tuple[Item, ...] = ()
    table: Table | None = None
    suggestions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    abstained: bool = False
    reason: Reason | None = None
    confidence: float = 1.0


@dataclass(slots=True)
class Notebook:
    """Numbers the sentences that are cited, each once, in the order in which they are used."""

    searcher: Searcher
    numbers: dict[tuple[str, int, int], int] = field(default_factory=dict)
    citations: list[Citation] = field(default_factory=list)

    def cite(self, *sentences: Sentence) -> tuple[int, ...]:
        """The numbers of the sentences' citations."""
        found = []
        for sentence in sentences:
            key = (sentence.document_id, sentence.start, sentence.end)
            if key not in self.numbers:
                self.numbers[key] = len(self.numbers) + 1
                document = self.searcher.index.documents[sentence.document_id]
                self.citations.append(cite(self.numbers[key], sentence, document))
            found.append(self.numbers[key])
        return tuple(dict.fromkeys(found))

    def claim(self, text: str, cited: Sequence[int], verdict: str = "") -> Claim:
        """A claim, verbatim where its words stand in what it cites."""
        said = fold(text)
        quotes = [fold(self.citations[number - 1].quote) for number in cited]
        default = "verbatim" if any(said in quote for quote in quotes) else "supported"
        return Claim(said, tuple(cited), verdict or default)


def marks(cited: Sequence[int]) -> str:
    """The markers of citations: "[1][2]"."""
    return "".join(f"[{number}]" for number in cited)


def bulleted(items: Sequence[Item], *, numbered: bool = False) -> str:
    """Items as a Markdown list, under their groups where they have any."""
    lines: list[str] = []
    group = ""
    for number, item in enumerate(items, start=1):
        if item.group and item.group != group:
            lines += ["", f"**{item.group}**", ""] if lines else [f"**{item.group}**", ""]
        group = item.group
        lead = f"{number}." if numbered else "-"
        label = f"**{item.label}**: " if item.label else ""
        lines.append(f"{lead} {label}{item.text} {marks(item.citations)}".rstrip())
    return "\n".join(lines)


def listed(
    shape: Shape,
    notebook: Notebook,
    items: Sequence[Item],
    *,
    lead: str = "",
    numbered: bool = False,
    notes: Sequence[str] = (),
) -> Shaped:
    """Items as an answer, each a claim."""
    text = bulleted(items, numbered=numbered)
    return Shaped(
        shape,
        f"{lead}\n\n{text}" if lead else text,
        claims=tuple(notebook.claim(item.text, item.citations) for item in items),
        citations=tuple(notebook.citations),
        items=tuple(items),
        notes=tuple(notes),
    )


def quoted(shape: Shape, notebook: Notebook, sentences: Sequence[Sentence]) -> Shaped:
    """Sentences in their own words, one after the other."""
    claims = [notebook.claim(s.text, notebook.cite(s)) for s in sentences]
    return Shaped(
        shape,
        " ".join(f"{claim.text} {marks(claim.citations)}" for claim in claims),
        claims=tuple(claims),
        citations=tuple(notebook.citations),
    )


def quoted_piece(
    shape: Shape, notebook: Notebook, text: str, sentence: Sentence, *, lead: str = ""
) -> Shaped:
    """A piece of a sentence as the answer, behind `lead`."""
    claim = notebook.claim(text, notebook.cite(sentence))
    return Shaped(
        shape,
        f"{lead}{claim.text} {marks(claim.citations)}",
        claims=(claim,),
        citations=tuple(notebook.citations),
    )


def not_stated(shape: Shape, why: str = "") -> Shaped:
    """An abstention: the documents speak of something near, and do not say what is asked."""
    text = f"{ABSTENTION} {why}".rstrip()
    return Shaped(shape, text, abstained=True, reason=Reason.RELATED_BUT_NOT_STATED)


def joined(sentences: Sequence[Sentence], searcher: Searcher) -> Sentence:
    """Neighbouring sentences of a document as one span."""
    first, last = sentences[0], sentences[-1]
    text = searcher.index.documents[first.document_id].text[first.start : last.end]
    return replace(first, end=last.end, text=text)


def paragraphs(sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    """The sentences of each paragraph."""
    for _, run in groupby(sentences, key=lambda s: (s.document_id, s.paragraph)):
        yield list(run)


def section(sentence: Sentence) -> str:
    """The heading of its section, without those of parts inside."""
    return sentence.heading.partition(" · ")[0]


def plain(text: str) -> str:
    """A text without its list marker and emphasis, on one line."""
    said = fold(text).lstrip("-*•> ").replace("**", "").replace("__", "")
    return said.strip()
