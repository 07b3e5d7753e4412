"""Retrieval scores against the evidence, by ir-measures (trec_eval's definitions).

The unit is a line of evidence, not a passage: overlapping passages around one
fact are one find. A hit counts for the first evidence line it holds that no
better hit held; every other hit is noise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import ir_measures
from ir_measures import RR, R, Success, nDCG

from askali import Document, Hit
from askali_evals.cases.case import Case
from askali_evals.running.system import DEPTH
from askali_evals.scoring.spans import Span, find

MEASURES = {
    "recall@1": R @ 1,
    "recall@5": R @ 5,
    f"recall@{DEPTH}": R @ DEPTH,
    "rr": RR,
    "ndcg@10": nDCG @ 10,
    "success@1": Success @ 1,
}

Ranking = dict[str, float]
"""Names of found things, each with a score that falls with its rank."""


def found_lines(
    case: Case, hits: Iterable[Hit], documents: Mapping[str, Document]
) -> dict[int, int]:
    """Rank, from 1, of the first hit that holds each evidence line; lost lines are absent."""
    places = [[s for quote in line for s in find(quote, documents)] for line in case.evidence]
    ranks: dict[int, int] = {}
    for rank, hit in enumerate(hits, 1):
        span = Span(hit.passage.document_id, hit.passage.start, hit.passage.end)
        for number, spans in enumerate(places):
            if number not in ranks and any(span.meets(place) for place in spans):
                ranks[number] = rank
    return ranks


def score_retrieval(
    case: Case, hits: Sequence[Hit], documents: Mapping[str, Document]
) -> dict[str, float]:
    """Every measure of `MEASURES` for one answerable case."""
    ranks = found_lines(case, hits, documents)
    ranking = {f"noise-{rank}": -float(rank) for rank in range(1, len(hits) + 1)}
    for number, rank in ranks.items():
        ranking.pop(f"noise-{rank}", None)
        ranking[f"line-{number}"] = -rank - number / 1000
    wanted = {f"line-{number}": 1 for number in range(len(case.evidence))}
    return score_rankings({"q": wanted}, {"q": ranking})


def score_rankings(
    wanted: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Ranking]
) -> dict[str, float]:
    """The measures averaged over queries; `wanted` holds the relevant names of each query."""
    values = ir_measures.calc_aggregate(MEASURES.values(), wanted, rankings)
    return {name: round(float(values[measure]), 6) for name, measure in MEASURES.items()}
