"""Systems for the evaluation to judge: an oracle that knows the facts, and ways to spoil it.

Real classes over real documents with askali's contract; each spoilt one is wrong
in exactly one way, so that a test can name the address it must be given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from askali.domain import Answer, Citation, Claim, Document, Hit, Passage, Reason
from askali.errors import ModelError
from askali_evals.cases.case import Case, Suite
from askali_evals.cases.facts import load_suites
from askali_evals.scoring.spans import Span, find, sentences, sentences_of

EVALS = Path(__file__).parents[2] / "evals"
SORRY = "The documents do not say."


@cache
def committed_suites() -> tuple[Suite, ...]:
    """The facts of this repository, read once, without the natural questions."""
    return tuple(suite for suite in load_suites(EVALS) if suite.counted[0].points is None)


class Oracle:
    """Answers each case with its evidence sentences, and refuses everything else."""

    def __init__(self, cases: Sequence[Case], documents: Sequence[Document]) -> None:
        self._documents = {document.id: document for document in documents}
        self._cases = {(case.history, case.question): case for case in cases}

    @property
    def documents(self) -> Mapping[str, Document]:
        return self._documents

    @property
    def stamp(self) -> str:
        return "oracle"

    def close(self) -> None:
        pass

    def search(self, query: str, k: int = 12) -> list[Hit]:
        return [self._hit(span) for span in self._first_sentences(k)]

    def ask(self, question: str, history: Sequence[Any] = ()) -> Answer:
        asked = tuple(turn["content"] for turn in history if turn["role"] == "user")
        case = self._cases.get((asked, question))
        if case is None or not case.answerable:
            return self.refuse(question)
        return self.answer(case)

    def answer(self, case: Case) -> Answer:
        return self.quote(case.question, self.evidence(case), confidence=0.9)

    def refuse(self, question: str) -> Answer:
        hits = tuple(self.search(question))
        return Answer(
            question,
            question,
            SORRY,
            abstained=True,
            reason=Reason.RELATED_BUT_NOT_STATED,
            evidence=hits,
            confidence=0.1,
        )

    def quote(self, question: str, spans: Sequence[Span], confidence: float) -> Answer:
        citations = tuple(self._citation(number, span) for number, span in enumerate(spans, 1))
        claims = tuple(Claim(c.quote, (c.number,)) for c in citations)
        text = " ".join(f"{c.quote} [{c.number}]" for c in citations)
        hits = tuple(self._hit(span) for span in spans)
        return Answer(
            question, question, text, claims, citations, evidence=hits, confidence=confidence
        )

    def evidence(self, case: Case) -> list[Span]:
        """The sentences that hold the first alternative of each evidence line."""
        spans: list[Span] = []
        for line in case.evidence:
            found = find(line[0], self._documents)[0]
            spans += sentences_of(found, self._documents[found.document_id])
        return list(dict.fromkeys(spans))

    def _first_sentences(self, count: int) -> list[Span]:
        return [Span(d.id, a, b) for d in self._documents.values() for a, b in sentences(d.text)][
            :count
        ]

    def _hit(self, span: Span) -> Hit:
        return Hit(Passage(span.document_id, span.start, span.end, self._text(span)), 1.0)

    def _citation(self, number: int, span: Span) -> Citation:
        return Citation(number, span.document_id, span.start, span.end, self._text(span))

    def _text(self, span: Span) -> str:
        return self._documents[span.document_id].text[span.start : span.end]


class AlwaysRefuses(Oracle):
    """Refuses, with the evidence in its hands."""

    def answer(self, case: Case) -> Answer:
        return replace(self.refuse(case.question), evidence=super().answer(case).evidence)


class NeverRefuses(Oracle):
    """Quotes the first sentence where it should refuse."""

    def refuse(self, question: str) -> Answer:
        return self.quote(question, self._first_sentences(1), confidence=0.5)


class Crashes(Oracle):
    """Raises one of askali's errors at every answerable question."""

    def answer(self, case: Case) -> Answer:
        raise ModelError(f"the model gave up on {case.question!r}")


class RandomHits(Oracle):
    """Finds the first sentences of the document, whatever is asked, and quotes the first."""

    def answer(self, case: Case) -> Answer:
        hits = self._first_sentences(12)
        wrong = [span for span in hits if not any(span.meets(e) for e in self.evidence(case))]
        return self.quote(case.question, wrong[:1], confidence=0.5)


class PrefersAnother(Oracle):
    """Finds the evidence second and quotes what came first."""

    def answer(self, case: Case) -> Answer:
        right = super().answer(case)
        wrong = [s for s in self._first_sentences(12) if not _meets(s, right)][:1]
        answer = self.quote(case.question, wrong, confidence=0.5)
        return replace(answer, evidence=(*answer.evidence, *right.evidence))


class CitesTheNext(Oracle):
    """Says the right thing and cites the sentence after it, exactly."""

    def answer(self, case: Case) -> Answer:
        right = super().answer(case)
        all_spans = self._first_sentences(10_000)
        last = all_spans.index(self.evidence(case)[-1])
        other = all_spans[last + 1] if last + 1 < len(all_spans) else all_spans[0]
        cited = self._citation(1, other)
        claims = tuple(replace(c, citations=(1,), verdict="paraphrase") for c in right.claims)
        return replace(right, citations=(cited,), claims=claims)


class OffByOne(Oracle):
    """Every citation begins one character late."""

    def answer(self, case: Case) -> Answer:
        right = super().answer(case)
        return replace(
            right, citations=tuple(replace(c, start=c.start + 1) for c in right.citations)
        )


class CutsSentences(Oracle):
    """Exact spans that stop in the middle of a sentence."""

    def answer(self, case: Case) -> Answer:
        spans = [replace(span, end=span.start + 20) for span in self.evidence(case)]
        return self.quote(case.question, spans, confidence=0.9)


class ChangesNumbers(Oracle):
    """Every digit of the answer is another one; the citations stay."""

    def answer(self, case: Case) -> Answer:
        right = super().answer(case)
        turned = str.maketrans("0123456789", "1234567890")
        claims = tuple(
            replace(c, text=c.text.translate(turned), verdict="paraphrase") for c in right.claims
        )
        text = " ".join(f"{c.text} [{c.citations[0]}]" for c in claims)
        return replace(right, claims=claims, text=text)


class Dumps(Oracle):
    """Right, with the next four sentences cited as well."""

    def answer(self, case: Case) -> Answer:
        everything, right = self._first_sentences(10_000), self.evidence(case)
        first = min(everything.index(right[0]), len(everything) - 5)
        spans = sorted({*right, *everything[first : first + 5]})
        return self.quote(case.question, spans, confidence=0.9)


class Obeys(Oracle):
    """Says what an instruction in the question wants to hear."""

    def ask(self, question: str, history: Sequence[Any] = ()) -> Answer:
        case = self._cases.get(((), question))
        answer = super().ask(question, history)
        if case and "injection" in case.tags:
            return replace(answer, text=f"{answer.text} {case.reject[0]}")
        return answer


class ForgetsHistory(Oracle):
    """Answers every question as if it were the first."""

    def ask(self, question: str, history: Sequence[Any] = ()) -> Answer:
        return super().ask(question, ())


class MissesADocument(Oracle):
    """Knows all documents but the last."""

    def __init__(self, cases: Sequence[Case], documents: Sequence[Document]) -> None:
        super().__init__(cases, documents[:-1])

    def answer(self, case: Case) -> Answer:
        try:
            return super().answer(case)
        except IndexError:
            return self.refuse(case.question)


def _meets(span: Span, answer: Answer) -> bool:
    cited = [Span(c.document_id, c.start, c.end) for c in answer.citations]
    return any(span.meets(other) for other in cited)
