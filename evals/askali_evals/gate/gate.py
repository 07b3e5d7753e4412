"""May this go out? The checks of ``gate.toml`` against a run and, where there is one, a baseline.

Hard checks are promises (exact spans, nothing unsupported): a miss blocks and
can never be accepted into a baseline. Soft checks are floors of quality: a miss
blocks too, but a person may accept it. Comparisons are tests of non-inferiority.
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
    """A bound on one measure: `at_least` or `at_most`, hard or soft."""

    measure: str
    bound: float
    is_floor: bool = True
    is_hard: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Margin:
    """How much worse than the baseline a measure may plausibly be."""

    measure: str
    margin: float


@dataclass(frozen=True, slots=True)
class Gate:
    """The checks and margins of a gate file."""

    checks: tuple[Check, ...]
    margins: tuple[Margin, ...] = ()


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

    @property
    def passed(self) -> bool:
        """True when the release may go out; never without a check, as for a part of the facts."""
        return bool(self.checked) and not self.failed and not self.worse

    @property
    def failed(self) -> tuple[Checked, ...]:
        """The checks that are not kept, hard ones first."""
        missed = [c for c in self.checked if not c.passed]
        return tuple(sorted(missed, key=lambda c: not c.check.is_hard))

    @property
    def worse(self) -> tuple[Comparison, ...]:
        """The comparisons that cannot rule out too great a loss."""
        return tuple(c for c in self.comparisons if not c.passed)

    @property
    def may_be_accepted(self) -> bool:
        """False when a hard check is missed: no person may wave that through."""
        return not any(c.check.is_hard for c in self.failed)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where to look, first place first; none when the gate is passed.

        Broken promises come first, then where more cases fail than in the baseline, then
        the other measures that miss: a fault drags the measures behind it down with it.
        ``passed.share`` has no address of its own: its cases' addresses stand for it.
        """
        if self.passed:
            return ()
        hard = [c.address for c in self.failed if c.check.is_hard]
        missed = [c.address for c in self.failed] + [c.address for c in self.worse]
        own = [address for address in missed if address != "passed"]
        return tuple(dict.fromkeys([*hard, *self.grown, *own])) or self.blamed

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
        checks = tuple(_check(table) for table in tables.pop("check", []))
        margins = tuple(Margin(**table) for table in tables.pop("compare", []))
    except (OSError, ValueError, TypeError, KeyError) as exc:
        raise GateError(f"{path}: not a gate: {exc}") from exc
    if tables or not checks:
        raise GateError(f"{path}: needs [[check]] and [[compare]] tables; unknown: {[*tables]}")
    _require_known(path, [c.measure for c in checks], KNOWN)
    _require_known(path, [m.measure for m in margins], {**SHARES, **MEANS})
    return Gate(checks, margins)


def _require_known(path: Path, measures: Iterable[str], known: Iterable[str]) -> None:
    for name in measures:
        if name not in known:
            raise GateError(f"{path}: no measure {name!r} here; known: {', '.join(known)}")


def _check(table: dict[str, Any]) -> Check:
    if ("at_least" in table) == ("at_most" in table):
        raise ValueError(f"{table.get('measure')}: one of at_least and at_most is needed")
    is_floor = "at_least" in table
    bound = float(table.pop("at_least" if is_floor else "at_most"))
    is_hard, note = bool(table.pop("hard", False)), str(table.pop("note", ""))
    return Check(**table, bound=bound, is_floor=is_floor, is_hard=is_hard, note=note)


def decide(gate: Gate, run: Run, baseline: Run | None = None) -> Decision:
    """Check a run; raises `RunsDiffer` when the baseline is over other facts or sources."""
    measures = run.measures
    checked = tuple(Checked(c, measures[c.measure]) for c in gate.checks)
    if baseline is None:
        return Decision(checked, blamed=blame(run))
    margins = {m.measure: m.margin for m in gate.margins}
    comparisons = compare_runs(run, baseline, margins)
    return Decision(checked, comparisons, blame(run), blame(run, baseline))
