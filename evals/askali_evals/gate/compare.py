"""A run beside a baseline: is it worse beyond chance, which cases changed, and what else did."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from askali_evals.errors import RunsDiffer
from askali_evals.running.run import Run
from askali_evals.scoring.metrics import LOWER_IS_BETTER, MEANS, SHARES, values
from askali_evals.scoring.result import CaseResult
from askali_evals.scoring.stats import Interval, bootstrap_mean

Pair = tuple[CaseResult, CaseResult]
"""A case before and now."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A paired difference to the baseline, positive when better, with its 95 % interval.

    Not inferior: the interval's lower end is above ``-margin``. A group (one shape, one
    document), and any set so small that one lost case could not be borne, has too few cases
    to rule a loss out; it is worse where a loss beyond the margin is also beyond chance.
    """

    measure: str
    difference: float
    interval: Interval
    margin: float
    n: int
    is_group: bool = False

    @property
    def passed(self) -> bool:
        """True when it is no worse, as far as that can be said of so many cases."""
        if self.is_small and self.n:
            return self.difference >= -self.margin or self.interval.high >= 0
        return self.n > 0 and self.interval.low >= -self.margin

    @property
    def is_small(self) -> bool:
        """True where a loss has to be shown: of one lost case in n, 3 / n cannot be ruled out."""
        return self.is_group or self.n * self.margin < 3

    @property
    def address(self) -> str:
        """Where to look when it fails."""
        return self.measure.partition(".")[0]

    @property
    def text(self) -> str:
        """For a person."""
        low, high = self.interval.low, self.interval.high
        return (
            f"{self.measure} {self.difference:+.3f} against the baseline "
            f"(95 % {low:+.3f} to {high:+.3f}, n={self.n}); a loss of {self.margin:g} is allowed"
        )


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed from the baseline to the run; `stale` says how the baseline is out of date."""

    newly_failing: tuple[Pair, ...]
    newly_passing: tuple[Pair, ...]
    changed: dict[str, tuple[str, str]]
    stale: tuple[str, ...] = ()

    def telling(self, count: int = 10) -> list[tuple[str, CaseResult, CaseResult]]:
        """The changes that say most, losses and gains in turn: what was right and is now wrong
        before what is only refused, and of each suite one before the second of any."""

        def ranked(pairs: tuple[Pair, ...], wrong: int) -> list[Pair]:
            seen: Counter[str] = Counter()
            told = []
            order = sorted(pairs, key=lambda p: (p[wrong].outcome == "abstained", p[1].key))
            for pair in order:
                told.append((seen[pair[1].suite], pair))
                seen[pair[1].suite] += 1
            return [pair for _, pair in sorted(told, key=lambda item: item[0])]

        worse = ranked(self.newly_failing, 1)
        better = ranked(self.newly_passing, 0)
        kept = max(count // 2, count - len(better))
        chosen = [("worse", *pair) for pair in worse[:kept]]
        return chosen + [("better", *pair) for pair in better[: count - len(chosen)]]


def pairs_of(run: Run, baseline: Run) -> list[Pair]:
    """The cases that are the same question with the same expectation in both runs.

    Raises `RunsDiffer` where a document is another one, or no case is left.
    """
    shared = run.sources.keys() & baseline.sources.keys()
    other = sorted(name for name in shared if run.sources[name] != baseline.sources[name])
    if other:
        raise RunsDiffer(
            f"the baseline is over other documents ({', '.join(other)}): its numbers cannot be "
            'compared; make a new one with --accept "why", or go without by --no-baseline'
        )
    before = {result.key: result for result in baseline.results}
    pairs = [
        (before[now.key], now)
        for now in run.results
        if now.key in before and _is_same(run, baseline, before[now.key], now)
    ]
    if run.results and not pairs:
        raise RunsDiffer(
            "the baseline has none of these questions: make a new one with "
            '--accept "why", or go without by --no-baseline'
        )
    return pairs


def _is_same(run: Run, baseline: Run, before: CaseResult, now: CaseResult) -> bool:
    if before.stamp:
        return before.stamp == now.stamp
    return baseline.facts.get(now.suite) == run.facts.get(now.suite)


def compare_runs(
    run: Run,
    baseline: Run,
    margins: Mapping[str, float],
    group_margin: float | None = None,
    fewest: int = 1,
) -> tuple[Comparison, ...]:
    """Paired bootstrap for each measure with a margin, and for each document and shape, where
    there are as many as `fewest` pairs."""
    pairs = pairs_of(run, baseline)
    compared = (_compare(name, pairs, margin) for name, margin in margins.items())
    found = [comparison for comparison in compared if comparison]
    if group_margin is not None:
        groups: dict[str, list[float]] = {}
        for before, now in pairs:
            names = [f"passed.document {now.suite}"]
            names += [f"passed.shape {now.shape}"] if now.shape else []
            for name in names:
                groups.setdefault(name, []).append(float(now.passed) - float(before.passed))
        for name, differences in sorted(groups.items()):
            mean, interval = round(statistics.fmean(differences), 6), bootstrap_mean(differences)
            found.append(Comparison(name, mean, interval, group_margin, len(differences), True))
    return tuple(comparison for comparison in found if not 0 < comparison.n < fewest)


def _compare(name: str, pairs: list[Pair], margin: float) -> Comparison | None:
    """None where the baseline measured nothing of it: there is nothing to lose."""
    per_case = {**SHARES, **MEANS}[name]
    before = values([b for b, _ in pairs], per_case)
    now = values([n for _, n in pairs], per_case)
    if not before:
        return None
    sign = -1.0 if name in LOWER_IS_BETTER else 1.0
    differences = [sign * (now[key] - before[key]) for key in now if key in before]
    mean = round(statistics.fmean(differences), 6) if differences else 0.0
    return Comparison(name, mean, bootstrap_mean(differences), margin, len(differences))


def diff(run: Run, baseline: Run, is_part: bool = False) -> Diff:
    """The cases whose verdict changed, whatever changed around them, and how far the baseline is
    out of date; `is_part` where not all questions were asked."""
    pairs = pairs_of(run, baseline)
    stale = []
    if len(pairs) < len(run.results):
        fresh = len(run.results) - len(pairs)
        stale.append(f"new or changed since it was accepted: {fresh} of the questions")
    gone = {r.key for r in baseline.results} - {r.key for r in run.results}
    if gone and not is_part:
        stale.append(f"gone since then: {len(gone)} of its questions")
    before, now = baseline.config.get("llm", ""), run.config.get("llm", "")
    if before != now:
        stale.append(f"it is of the engine {before!r}, this is {now!r}")
    return Diff(
        newly_failing=tuple((b, n) for b, n in pairs if b.passed and not n.passed),
        newly_passing=tuple((b, n) for b, n in pairs if n.passed and not b.passed),
        changed=_changed(run, baseline),
        stale=tuple(stale),
    )


def _changed(run: Run, baseline: Run) -> dict[str, tuple[str, str]]:
    now = {**run.config, **{f"index of {k}": v for k, v in run.stamps.items()}}
    before = {**baseline.config, **{f"index of {k}": v for k, v in baseline.stamps.items()}}
    names = sorted(now.keys() & before.keys())
    return {name: (before[name], now[name]) for name in names if before[name] != now[name]}


def blame(run: Run, baseline: Run | None = None) -> tuple[str, ...]:
    """Addresses by how many more cases fail there than in the baseline, worst first."""
    pairs = pairs_of(run, baseline) if baseline else []
    results = [n for _, n in pairs] if baseline else list(run.results)
    now = Counter(r.address for r in results if r.address)
    before = Counter(b.address for b, _ in pairs if b.address)
    grown = {address: count - before[address] for address, count in now.items()}
    return tuple(a for a in sorted(grown, key=lambda a: (-grown[a], a)) if grown[a] > 0)
