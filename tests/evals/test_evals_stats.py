"""Statistics against values worked out by hand or by their published definition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askali_evals.scoring.stats import area_under_risk, auc, bootstrap_mean, risk_coverage, wilson


def test_wilson_gives_the_published_example() -> None:
    # Newcombe 1998, table I: 81 of 263 → .2553 to .3662
    interval = wilson(81, 263)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)


def test_wilson_of_nothing_says_nothing() -> None:
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)


@given(st.integers(0, 50), st.integers(1, 50))
def test_wilson_holds_the_share_and_stays_a_share(successes: int, more: int) -> None:
    trials = successes + more
    interval = wilson(successes, trials)
    assert 0 <= interval.low <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= interval.high <= 1


def test_the_bootstrap_is_seeded_and_centred() -> None:
    values = [1.0] * 60 + [0.0] * 40
    first = bootstrap_mean(values)
    assert first == bootstrap_mean(values)
    assert first.low == pytest.approx(0.6 - 1.96 * 0.049, abs=0.015)
    assert first.high == pytest.approx(0.6 + 1.96 * 0.049, abs=0.015)


def test_no_difference_has_no_interval() -> None:
    same = bootstrap_mean([0.0] * 30)
    assert (same.low, same.high) == (0.0, 0.0)


def test_auc_counts_ties_half() -> None:
    assert auc([0.9, 0.5], [0.5, 0.1]) == 0.875
    assert auc([], [0.5]) == 0.5


def test_risk_rises_as_less_sure_answers_are_given() -> None:
    curve = risk_coverage([(0.9, True), (0.8, True), (0.7, False), (0.7, False)])
    assert curve == [(0.25, 0.0), (0.5, 0.0), (1.0, 0.5)]
    assert area_under_risk(curve) == 0.25
    assert risk_coverage([]) == []
