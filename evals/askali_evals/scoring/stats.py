"""Uncertainty and curves: Wilson intervals, paired bootstrap, AUC, risk and coverage."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

RESAMPLES = 10_000
SEED = 20251009


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float


def wilson(successes: int, trials: int, z: float = 1.96) -> Interval:
    """Wilson's score interval of a share; (0, 1) of nothing."""
    if not trials:
        return Interval(0.0, 1.0)
    share, squared = successes / trials, z * z
    middle = share + squared / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + squared / (4 * trials * trials))
    scale = 1 + squared / trials
    return Interval(max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale))


def bootstrap_mean(values: Sequence[float]) -> Interval:
    """Percentile interval of a mean from `RESAMPLES` seeded resamples of the cases.

    Over the differences of two systems on the same cases this is the paired bootstrap.
    """
    if not values:
        return Interval(0.0, 0.0)
    sample = np.asarray(values, dtype=np.float64)
    picks = _picks(len(sample))
    # In parts that stay in the processor's cache: half the time.
    parts = [sample[picks[at : at + 200]].mean(axis=1) for at in range(0, RESAMPLES, 200)]
    low, high = np.percentile(np.concatenate(parts), [2.5, 97.5])
    return Interval(round(float(low), 6), round(float(high), 6))


@lru_cache(maxsize=2)  # 16 MB each for 400 cases; drawing them took three quarters of the time
def _picks(count: int) -> npt.NDArray[np.int32]:
    rng = np.random.default_rng(SEED)
    return rng.integers(0, count, size=(RESAMPLES, count), dtype=np.int32)


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a positive scores above a negative, ties half (Mann-Whitney); .5 of nothing."""
    if not positive or not negative:
        return 0.5
    high, low = np.asarray(positive)[:, None], np.asarray(negative)[None, :]
    return float((high > low).mean() + (high == low).mean() / 2)


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
