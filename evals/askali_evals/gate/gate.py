"""May this go out? The checks of ``gate.toml`` against a run and, where there is one, a baseline.

Promises (exact spans, nothing unsupported) are absolute: a miss is NO-GO and can never be
accepted into a baseline. No worse than the last release: paired tests of non-inferiority; a
loss is NO-GO until a person accepts a new baseline. Ambitions are where we want to be: shown
as a distance, and they stop nothing unless the gate is strict.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from askali_evals.errors import GateError
from askali_evals.gate.compare import Comparison, blame, compare_runs
from askali_evals.running.run import Run
from askali_evals.scoring.metrics import MEANS, SHARES, Measure, measure, measure_planted

KNOWN = (*measure(()), *measure_planted(()), "retrieval.stale_documents")
"""What a check may bound; see `Run.measures`."""


@dataclass(frozen=True, slots=True)
class Check:
    """A bound on one measure: a promise, or else an ambition."""

    measure: str
    bound: float
    is_floor: bool = True
    is_promise: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """The checks of a gate file; `margins` say how much worse than the baseline a measure may
    plausibly be, `group_margin` how much worse one document or shape; neither is asked of fewer
    cases than `fewest`."""

    checks: tuple[Check, ...]
    margins: dict[str, float]
    group_margin: float | None = None
    fewest: int = 1
    is_strict: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A check with what was measured; a measure over no case at all fails its check."""

    check: Check
    measured: Measure

    @property
    def passed(self) -> bool:
        """True when the bound is kept, over at least one case."""
        if not self.measured.n:
            return False
        value, bound = self.measured.value, self.check.bound
        return value >= bound if self.check.is_floor else value <= bound

    @property
    def distance(self) -> float:
        """How far the measure is from its bound; 0 where it is reached."""
        return 0.0 if self.passed else abs(self.measured.value - self.check.bound)

    @property
    def address(self) -> str:
        """Where to look when it fails: the first part of the measure's name."""
        return self.check.measure.partition(".")[0]

    @property
    def text(self) -> str:
        """For a person: ``answer.right 0.783 (n=238) is below 0.8``."""
        value, n = round(self.measured.value, 4), self.measured.n
        if not n:
            return f"{self.check.measure}: no case measures it"
        sign = "≥" if self.check.is_floor else "≤"
        return f"{self.check.measure} = {value:g} (n={n}), {sign} {self.check.bound:g} is asked"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate says about a run.

    `blamed` are the failed cases' addresses, most first; `grown` those where more cases
    fail than in the baseline, most first, and empty without one.
    """

    checked: tuple[Checked, ...]
    comparisons: tuple[Comparison, ...] = ()
    blamed: tuple[str, ...] = ()
    grown: tuple[str, ...] = ()
    is_strict: bool = False

    @property
    def passed(self) -> bool:
        """True for GO; never without a check, as for a part of the facts."""
        return bool(self.checked) and not (self.broken or self.worse or self._blocking)

    @property
    def promises(self) -> tuple[Checked, ...]:
        """Every promise, kept or not."""
        return tuple(c for c in self.checked if c.check.is_promise)

    @property
    def ambitions(self) -> tuple[Checked, ...]:
        """Every ambition, reached or not."""
        return tuple(c for c in self.checked if not c.check.is_promise)

    @property
    def broken(self) -> tuple[Checked, ...]:
        """The promises that are not kept."""
        return tuple(c for c in self.promises if not c.passed)

    @property
    def distant(self) -> tuple[Checked, ...]:
        """The ambitions that are not reached."""
        return tuple(c for c in self.ambitions if not c.passed)

    @property
    def worse(self) -> tuple[Comparison, ...]:
        """The comparisons that do not hold."""
        return tuple(c for c in self.comparisons if not c.passed)

    @property
    def problems(self) -> tuple[Checked | Comparison, ...]:
        """Whatever makes it NO-GO, promises first."""
        return (*self.broken, *self.worse, *self._blocking)

    @property
    def _blocking(self) -> tuple[Checked, ...]:
        return self.distant if self.is_strict else ()

    @property
    def may_be_accepted(self) -> bool:
        """False when a promise is broken: no person may wave that through."""
        return not self.broken

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where to look, first place first; none when the gate is passed.

        Broken promises come first, then where more cases fail than in the baseline, then
        the other measures that miss: a fault drags the measures behind it down with it.
        ``passed`` and ``natural`` have no address of their own: their cases' stand for them.
        """
        if self.passed:
            return ()
        promised = [c.address for c in self.broken]
        own = [p.address for p in self.problems if p.address not in ("passed", "natural")]
        return tuple(dict.fromkeys([*promised, *self.grown, *own])) or self.blamed

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "passed": self.passed,
            "addresses": list(self.addresses),
            "checks": [{**asdict(c), "passed": c.passed} for c in self.checked],
            "comparisons": [{**asdict(c), "passed": c.passed} for c in self.comparisons],
        }


def read_gate(path: Path) -> Gate:
    """The gate of a file; raises `GateError` for what it cannot mean."""
    if not path.is_file():
        raise GateError(f"{path}: no such file; --gate names a file like evals/gate.toml")
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        promises = tuple(_check(table, True) for table in tables.pop("promise", []))
        ambitions = tuple(_check(table, False) for table in tables.pop("ambition", []))
        compared = {t.pop("measure"): _margin(t) for t in tables.pop("no_worse", [])}
        groups = tables.pop("groups", None)
        group_margin = None if groups is None else _margin(groups)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as exc:
        raise GateError(f"{path}: not a gate: {exc}") from exc
    if tables or not (promises or ambitions):
        raise GateError(
            f"{path}: needs [[promise]], and may have [[no_worse]], [groups] and [[ambition]]; "
            f"unknown: {[*tables]}"
        )
    _require_known(path, [c.measure for c in (*promises, *ambitions)], KNOWN)
    _require_known(path, compared, {**SHARES, **MEANS})
    return Gate((*promises, *ambitions), compared, group_margin)


def _require_known(path: Path, measures: Iterable[str], known: Iterable[str]) -> None:
    for name in measures:
        if name not in known:
            raise GateError(f"{path}: no measure {name!r} here; known: {', '.join(known)}")


def _margin(table: dict[str, Any]) -> float:
    margin, _note = float(table.pop("margin")), table.pop("note", "")
    if table:
        raise ValueError(f"unknown: {', '.join(table)}")
    return margin


def _check(table: dict[str, Any], is_promise: bool) -> Check:
    if ("at_least" in table) == ("at_most" in table):
        raise ValueError(f"{table.get('measure')}: one of at_least and at_most is needed")
    is_floor = "at_least" in table
    bound = float(table.pop("at_least" if is_floor else "at_most"))
    note = str(table.pop("note", ""))
    return Check(**table, bound=bound, is_floor=is_floor, is_promise=is_promise, note=note)


def decide(gate: Gate, run: Run, baseline: Run | None = None) -> Decision:
    """Check a run; raises `RunsDiffer` when the baseline is over other documents."""
    measures = run.measures
    checked = tuple(Checked(c, measures[c.measure]) for c in gate.checks)
    if baseline is None:
        return Decision(checked, blamed=blame(run), is_strict=gate.is_strict)
    comparisons = compare_runs(run, baseline, gate.margins, gate.group_margin, gate.fewest)
    grown = blame(run, baseline)
    return Decision(checked, comparisons, blame(run), grown, gate.is_strict)
