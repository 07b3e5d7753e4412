"""What became of each hit: where the best sentence of its passage stood among all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from askali.domain import Hit, Passage, Sentence, Standing
from askali.retrieval.ranking import RankedEvidence


def stood(hits: Sequence[Hit], verdicts: Sequence[RankedEvidence]) -> tuple[Hit, ...]:
    """The hits with their `Standing`, each for the part of the question that it suits best."""
    return tuple(replace(hit, standing=_standing(hit.passage, verdicts)) for hit in hits)


def _standing(passage: Passage, verdicts: Sequence[RankedEvidence]) -> Standing | None:
    found = [s for s in (_in_verdict(passage, verdict) for verdict in verdicts) if s]
    return min(found, key=lambda standing: standing.rank, default=None)


def _in_verdict(passage: Passage, verdict: RankedEvidence) -> Standing | None:
    most = verdict.names_missing[verdict.order[0]]
    for rank, i in enumerate(verdict.order, start=1):
        if _is_within(verdict.candidates[i].sentence, passage):
            lacks_name = bool(verdict.names_missing[i] > most)
            return Standing(verdict.query.text, rank, lacks_name, verdict.stated.get(i))
    return None


def _is_within(sentence: Sentence, passage: Passage) -> bool:
    is_same = sentence.document_id == passage.document_id
    return is_same and passage.start <= sentence.start and sentence.end <= passage.end
