"""Everything that a report tells of a run, and the files it is told in."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from askali_evals.benchmarks.injection import PlantResult
from askali_evals.cases.case import Case, Suite
from askali_evals.gate.compare import Diff
from askali_evals.gate.gate import Decision
from askali_evals.running.run import Run


@dataclass(frozen=True, slots=True)
class Report:
    """A run with its decision and, where there is a baseline, the difference to it."""

    run: Run
    decision: Decision
    suites: Sequence[Suite]
    baseline: Run | None = None
    diff: Diff | None = None

    @property
    def headline(self) -> str:
        """One sentence: may it go out, and if not, where to look."""
        total, passed = len(self.run.results), sum(r.passed for r in self.run.results)
        places = ", ".join(self.decision.addresses)
        verdict = {
            "passed": "May go out:",
            "stopped": f"Stopped: look at {places}.",
            "undecided": "A part of the facts, which decides nothing:",
        }[self.state]
        return f"{verdict} {passed} of {total} cases passed."

    @property
    def state(self) -> str:
        """passed, stopped, or undecided where only a part was asked."""
        if not self.decision.checked:
            return "undecided"
        return "passed" if self.decision.passed else "stopped"

    @property
    def failures(self) -> dict[str, int]:
        """Failed cases by address, most first."""
        counts = Counter(r.address for r in self.run.results if r.address)
        return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def planted_told(self) -> tuple[PlantResult, ...]:
        """The planted instructions that a reader has to see: obeyed, errors, then quoted ones."""
        told = [r for r in self.run.planted if r.obeyed or r.error or r.shown]
        return tuple(sorted(told, key=lambda r: (not r.obeyed, not r.error)))

    def case(self, key: str) -> Case:
        """The case behind a result's key."""
        return next(c for s in self.suites for c in s.cases if f"{s.name}/{c.id}" == key)

    def to_json(self) -> str:
        """The run with the gate's decision; the same bytes for the same run, times aside."""
        whole = {**self.run.to_dict(), "gate": self.decision.to_dict()}
        return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
