"""Uncertainty and curves: Wilson intervals, paired bootstrap, AUC, risk and coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

RESAMPLES = 10_000
SEED = 20251009


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float


def wilson(successes: int, trials: int) -> Interval:
    """Wilson's score interval of a share; (0, 1) of nothing."""
    if not trials:
        return Interval(0.0, 1.0)
    found = stats.binomtest(successes, trials).proportion_ci(method="wilson")
    return Interval(float(found.low), float(found.high))


def bootstrap_mean(values: Sequence[float]) -> Interval:
    """Percentile interval of a mean from `RESAMPLES` seeded resamples of the cases.

    Over the differences of two systems on the same cases this is the paired bootstrap.
    """
    if not values or len(set(values)) == 1:  # scipy calls a sample without spread degenerate
        return Interval(values[0], values[0]) if values else Interval(0.0, 0.0)
    found = stats.bootstrap(
        (np.asarray(values, dtype=np.float64),),
        np.mean,
        n_resamples=RESAMPLES,
        method="percentile",
        batch=200,  # what stays in the processor's cache takes half the time
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return Interval(round(float(found.low), 6), round(float(found.high), 6))


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a positive scores above a negative, ties half (Mann-Whitney); .5 of nothing."""
    if not positive or not negative:
        return 0.5
    above = stats.mannwhitneyu(positive, negative, method="asymptotic").statistic
    return float(above) / (len(positive) * len(negative))


def risk_coverage(scored: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """(coverage, risk) when only the most confident are answered, from few to all.

    `scored` holds (confidence, is right). Equal confidences are answered together.
    """
    ranked = sorted(scored, key=lambda pair: -pair[0])
    curve, wrong = [], 0
    for count, (confidence, is_right) in enumerate(ranked, 1):
        wrong += not is_right
        if count == len(ranked) or ranked[count][0] != confidence:
            curve.append((round(count / len(ranked), 6), round(wrong / count, 6)))
    return curve


def area_under_risk(curve: Sequence[tuple[float, float]]) -> float:
    """Mean risk over all coverages (AURC, lower is better), by steps; 0 of nothing."""
    area, before = 0.0, 0.0
    for coverage, risk in curve:
        area += (coverage - before) * risk
        before = coverage
    return round(area, 6)
