"""Retrieval scores against numbers that a person can work out."""

from __future__ import annotations

import pytest

from askali.domain import Document, Hit, Passage
from askali_evals.cases.case import Case
from askali_evals.scoring.retrieval import score_rankings, score_retrieval
from askali_evals.scoring.spans import Span, find

DOCUMENT = Document("d", "d", "Alpha is one. Beta is two. Gamma is three. Delta is four.")
DOCUMENTS = {"d": DOCUMENT}
CASE = Case("c", "q?", (("two",),), (), (("Beta is two",), ("Delta is four",)))


def hits(*quotes: str) -> list[Hit]:
    spans: list[Span] = [find(quote, DOCUMENTS)[0] for quote in quotes]
    return [Hit(Passage("d", s.start, s.end, q), 1.0) for s, q in zip(spans, quotes, strict=True)]


def test_each_line_of_evidence_is_found_once() -> None:
    found = hits("Alpha is one.", "Beta is two.", "Beta is two. Gamma is three.", "Delta is four.")
    scores = score_retrieval(CASE, found, DOCUMENTS)
    assert scores["recall@1"] == 0
    assert scores["recall@5"] == scores["recall@12"] == 1
    assert scores["rr"] == 0.5
    assert scores["success@1"] == 0
    # gains at ranks 2 and 4 against the ideal ranks 1 and 2: (.6309 + .4307) / 1.6309
    assert scores["ndcg@10"] == pytest.approx(0.6509, abs=1e-4)


def test_one_hit_may_hold_two_lines_of_evidence() -> None:
    scores = score_retrieval(CASE, hits(DOCUMENT.text), DOCUMENTS)
    assert scores["recall@5"] == 1
    assert scores["rr"] == 1


def test_nothing_found_scores_zero() -> None:
    assert set(score_retrieval(CASE, [], DOCUMENTS).values()) == {0.0}
    assert set(score_retrieval(CASE, hits("Alpha is one."), DOCUMENTS).values()) == {0.0}


def test_rankings_are_averaged_over_queries() -> None:
    wanted = {"a": {"x": 1}, "b": {"y": 1}}
    scores = score_rankings(wanted, {"a": {"x": 2.0, "z": 1.0}, "b": {"z": 2.0, "y": 1.0}})
    assert scores["rr"] == 0.75
    assert scores["success@1"] == 0.5
