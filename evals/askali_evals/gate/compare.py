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


@dataclass(frozen=True, slots=True)
class Comparison:
    """A paired difference to the baseline, positive when better, with its 95 % interval.

    Not inferior: the interval's lower end is above ``-margin``.
    """

    measure: str
    difference: float
    interval: Interval
    margin: float
    n: int

    @property
    def passed(self) -> bool:
        """True when a loss greater than the margin can be ruled out, over at least one case."""
        return self.n > 0 and self.interval.low >= -self.margin

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
    """What changed from the baseline to the run: cases as (before, now), and settings."""

    newly_failing: tuple[tuple[CaseResult, CaseResult], ...]
    newly_passing: tuple[tuple[CaseResult, CaseResult], ...]
    changed: dict[str, tuple[str, str]]


def compare_runs(run: Run, baseline: Run, margins: Mapping[str, float]) -> tuple[Comparison, ...]:
    """Paired bootstrap for each measure with a margin, over the cases scored in both runs."""
    refuse_other_material({"facts": run.facts, "sources": run.sources}, baseline)
    return tuple(_compare(name, run, baseline, margin) for name, margin in margins.items())


def _compare(name: str, run: Run, baseline: Run, margin: float) -> Comparison:
    per_case = {**SHARES, **MEANS}[name]
    now, before = values(run.results, per_case), values(baseline.results, per_case)
    sign = -1.0 if name in LOWER_IS_BETTER else 1.0
    differences = [sign * (now[key] - before[key]) for key in now if key in before]
    mean = round(statistics.fmean(differences), 6) if differences else 0.0
    return Comparison(name, mean, bootstrap_mean(differences), margin, len(differences))


def refuse_other_material(material: Mapping[str, Mapping[str, str]], baseline: Run) -> None:
    """Raises `RunsDiffer`, naming the suites, unless facts and documents are the baseline's."""
    for what, now in material.items():
        before = getattr(baseline, what)
        other = sorted(k for k in now.keys() | before.keys() if now.get(k) != before.get(k))
        if other:
            raise RunsDiffer(
                f"the baseline is over other {what} ({', '.join(other)}): its numbers cannot be "
                "compared; run with --no-baseline, or with --accept to make a new baseline"
            )


def diff(run: Run, baseline: Run) -> Diff:
    """The cases whose verdict changed, and whatever changed around them."""
    refuse_other_material({"facts": run.facts, "sources": run.sources}, baseline)
    before = {result.key: result for result in baseline.results}
    pairs = [(before[r.key], r) for r in run.results if r.key in before]
    return Diff(
        newly_failing=tuple((b, n) for b, n in pairs if b.passed and not n.passed),
        newly_passing=tuple((b, n) for b, n in pairs if n.passed and not b.passed),
        changed=_changed(run, baseline),
    )


def _changed(run: Run, baseline: Run) -> dict[str, tuple[str, str]]:
    now = {**run.config, **{f"index of {k}": v for k, v in run.stamps.items()}}
    before = {**baseline.config, **{f"index of {k}": v for k, v in baseline.stamps.items()}}
    names = sorted(now.keys() | before.keys())
    pairs = {name: (before.get(name, "–"), now.get(name, "–")) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def blame(run: Run, baseline: Run | None = None) -> tuple[str, ...]:
    """Addresses by how many more cases fail there than in the baseline, worst first."""
    now = Counter(r.address for r in run.results if r.address)
    before = Counter(r.address for r in baseline.results if r.address) if baseline else Counter()
    grown = {address: count - before[address] for address, count in now.items()}
    return tuple(a for a in sorted(grown, key=lambda a: (-grown[a], a)) if grown[a] > 0)
