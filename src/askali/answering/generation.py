"""An answer in a chat model's words: which sentences it reads, what becomes of its claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from askali.domain import ClaimVerified, Document, Sentence, Turn
from askali.errors import ModelError
from askali.grounding.claims import Checks, settle_each
from askali.grounding.evidence_keys import Draft
from askali.retrieval.ranking import RankedEvidence, support

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
