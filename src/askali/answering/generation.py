"""An answer in a chat model's words: which sentences it reads, what becomes of its claims,
and quotes in its place where it fails."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from askali.answering.extractive import ExtractiveAnswerer
from askali.answering.refusal import Engine, refusal
from askali.answering.state import Judged, noted, timed, verified
from askali.answering.yes_no import yes_or_no
from askali.domain import Answer, Document, Sentence, Turn
from askali.errors import ModelError
from askali.grounding.citations import render
from askali.grounding.claims import Checks, settle_each
from askali.grounding.conflicts import conflicting
from askali.grounding.evidence_keys import Draft
from askali.grounding.verification import verify
from askali.messages import BROKE_OFF, FELL_BACK
from askali.retrieval.calibration import Calibration
from askali.retrieval.hybrid import Searcher
from askali.retrieval.ranking import RankedEvidence, support
from askali.settings import Settings
from askali.streaming import ClaimVerified

EVIDENCE_SENTENCES = 8
"""The best so many of each part of a question are shown to the model, before those
that they lean on: some 300 prompt tokens."""


class Writer(Protocol):
    """The seam to a chat model; every method raises only `ModelError`."""

    @property
    def name(self) -> str: ...

    def write(
        self, question: str, sentences: Sequence[Sentence], *, documents: Mapping[str, Document]
    ) -> Iterator[Draft]: ...

    def standalone(self, question: str, history: Sequence[Turn]) -> str: ...

    def in_language_of(self, documents: Mapping[str, Document], question: str) -> str: ...


@dataclass(slots=True)
class Composition:
    """One answer in the making: iterate it for the claims as they pass.

    Afterwards `refused` tells that the model found no answer in the sentences, and
    `failure` why there are no claims, or no further ones.
    """

    writer: Writer
    documents: Mapping[str, Document]
    refused: bool = False
    failure: str = ""

    def claims(self, checks: Checks, sentences: Sequence[Sentence]) -> Iterator[ClaimVerified]:
        """Each claim that may be shown, with its citations, as the model writes."""
        drafted: list[Draft] = []
        shown = 0
        written = self.writer.write(checks.question, sentences, documents=self.documents)
        try:
            for one in settle_each(_noted(written, drafted), sentences, self.documents, checks):
                shown += 1
                yield one
        except ModelError as exc:
            self.failure = str(exc)
            return
        self.refused = not drafted
        if drafted and not shown:
            self.failure = f"{self.writer.name} cited no sentence that it was given"


def evidence(verdicts: Sequence[RankedEvidence]) -> list[Sentence]:
    """The sentences that a model reads for a question: the best of each part, with what
    the best one leans on, in the order in which the documents have them."""
    chosen: dict[Sentence, None] = {}
    for verdict in verdicts:
        best = (verdict.candidates[i].sentence for i in verdict.order[:EVIDENCE_SENTENCES])
        chosen.update(dict.fromkeys([*support(verdict), *best]))
    first = {s.document_id: rank for rank, s in reversed(list(enumerate(chosen)))}
    return sorted(chosen, key=lambda s: (first[s.document_id], s.start))


def _noted(drafts: Iterator[Draft], drafted: list[Draft]) -> Iterator[Draft]:
    for draft in drafts:
        drafted.append(draft)
        yield draft


@dataclass(frozen=True, slots=True)
class Generator:
    """Answers in a chat model's words over one index; `quoter` where it says nothing."""

    writer: Writer
    searcher: Searcher
    fitted: Calibration
    settings: Settings
    quoter: ExtractiveAnswerer

    def is_worth_writing(self, judged: Judged) -> bool:
        """True where the source speaks of what is asked and does not contradict itself;
        whether it states the answer is then for the model to say."""
        verdicts = [v for v in judged.verdicts if v]
        if not verdicts or not judged.found.resolved.is_writable:
            return False
        best = max(verdicts, key=lambda v: v.confidence)
        related = not self.settings.abstain or not refusal(best, self.fitted, Engine.CHAT)
        return related and not (len(verdicts) == 1 and conflicting(best))

    def write(self, judged: Judged) -> Iterator[ClaimVerified | Answer]:
        """Each claim as soon as it may be shown, then the answer made of them."""
        started = time.perf_counter()
        verdicts = [v for v in judged.verdicts if v]
        work = Composition(self.writer, self.searcher.index.documents)
        checks = Checks(verify, judged.found.resolved.wording, yes_or_no)
        settled: list[ClaimVerified] = []
        for one in work.claims(checks, evidence(verdicts)):
            settled.append(one)
            yield one
        found = replace(judged.found, resolved=timed(judged.found.resolved, "write", started))
        if work.failure:
            note = BROKE_OFF if settled else FELL_BACK
            found = noted(found, note.format(why=work.failure))
        judged = replace(judged, found=found)
        if settled:
            yield self._written(judged, settled)
        elif work.refused and self.settings.abstain:
            yield self.quoter.abstain(judged, max(verdicts, key=lambda v: v.confidence))
        else:
            answer = self.quoter.answer(judged)
            yield from verified(answer)
            yield answer

    def _written(self, judged: Judged, settled: Sequence[ClaimVerified]) -> Answer:
        claims = tuple(one.claim for one in settled)
        citations = {c.number: c for one in settled for c in one.citations}
        confidence = max(v.confidence for v in judged.verdicts if v)
        return replace(
            self.quoter.base(judged, confidence),
            text=render(claims),
            claims=claims,
            citations=tuple(citations.values()),
            engine=self.writer.name,
        )
