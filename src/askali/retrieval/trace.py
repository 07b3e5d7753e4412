"""What became of each hit: where the best sentence of its passage stood among all of them.

Answers, searches and retrievers list their passages in this one order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from askali.domain import Hit, Passage, Standing
from askali.query.understanding import understand
from askali.retrieval.calibration import Calibration
from askali.retrieval.hybrid import Searcher
from askali.retrieval.ranking import RankedEvidence, judge


def search(
    searcher: Searcher,
    question: str,
    k: int,
    fitted: Calibration,
    *,
    document_ids: Sequence[str] | None = None,
) -> list[Hit]:
    """The `k` best passages, ranked by their best sentence as an answer is."""
    found = searcher.search(question, max(k, RANKED), document_ids)
    candidates = searcher.candidates(found[:RANKED])
    asked = understand(question, searcher.vector_of)
    if candidates:
        verdict = judge(searcher.prepare(asked, found), candidates, fitted)
        found = [*stood(found[:RANKED], [verdict]), *found[RANKED:]]
    return found[:k]


RANKED = 12
"""So many passages are ranked by their sentences, as many as a question is answered from by
default; those after them stay as they were found, and reading them would cost more than it tells.
"""


def stood(hits: Sequence[Hit], verdicts: Sequence[RankedEvidence]) -> tuple[Hit, ...]:
    """The hits with their `Standing`, each for the part of the question that it suits best;
    the best first, what states nothing last."""
    told = [replace(hit, standing=_standing(hit.passage, verdicts)) for hit in hits]
    return tuple(sorted(told, key=lambda hit: hit.standing.rank if hit.standing else math.inf))


def _standing(passage: Passage, verdicts: Sequence[RankedEvidence]) -> Standing | None:
    """Where the best sentence of the passage stands, in the part that it suits best."""
    found = []
    for verdict in verdicts:
        fewest = verdict.names_missing[verdict.order[0]]
        for rank, i in enumerate(verdict.order, start=1):
            sentence = verdict.candidates[i].sentence
            is_inside = passage.start <= sentence.start and sentence.end <= passage.end
            if is_inside and sentence.document_id == passage.document_id:
                lacks_name = bool(verdict.names_missing[i] > fewest)
                stated = verdict.stated.get(i)
                found.append(Standing(verdict.query.text, rank, lacks_name, stated))
                break
    return min(found, key=lambda standing: standing.rank, default=None)
