"""Everything that a report tells of a run, and the files it is told in."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from askali_evals.benchmarks.injection import PlantResult
from askali_evals.cases.case import Suite
from askali_evals.gate.compare import Diff
from askali_evals.gate.gate import Decision
from askali_evals.running.run import Run


@dataclass(frozen=True, slots=True)
class Report:
    """A run with its decision and, where there is a baseline, the difference to it.

    `history` are the last releases, oldest first; `budget` is set where a sample was asked,
    `command` is what the person called, without its switches.
    """

    run: Run
    decision: Decision
    suites: Sequence[Suite]
    baseline: Run | None = None
    diff: Diff | None = None
    history: Sequence[dict[str, Any]] = ()
    budget: str | None = None
    command: str = "askali eval"

    @property
    def state(self) -> str:
        """go, stop, or undecided where only a part was asked."""
        if not self.decision.checked:
            return "undecided"
        return "go" if self.decision.passed else "stop"

    @property
    def headline(self) -> str:
        """One sentence: may it go out, and if not, where to look."""
        total, passed = len(self.run.results), sum(r.passed for r in self.run.results)
        if self.state == "undecided":
            return f"A part of the questions, which decides nothing: {passed} of {total} passed."
        sample = f" (a sample, as many as {self.budget} allow)" if self.budget else ""
        if self.state == "stop":
            places = ", ".join(self.decision.addresses)
            return f"NO-GO: look at {places}. {passed} of {total} questions passed{sample}."
        worse = "no worse than the last release" if self.diff else "nothing to compare with"
        return f"GO: every promise kept, {worse}. {passed} of {total} questions passed{sample}."

    @property
    def against(self) -> str:
        """Which release the run is held against; "" for none."""
        if self.baseline is None:
            return ""
        about = self.baseline.accepted
        if not about:
            return "a baseline that says neither its commit nor its reason"
        commit = f", commit {about['commit']}" if about["commit"] else ""
        return f"the release accepted on {about['date']}{commit}: {about['reason']}"

    @property
    def advice(self) -> tuple[str, ...]:
        """What is out of date about the baseline, and what to do."""
        if self.baseline is None:
            whole = self.state != "undecided"
            once = "" if self.decision.may_be_accepted else " once its promises are kept"
            first = f"There is no baseline: {self._accept} makes this run the first{once}."
            return (first,) if whole else ()
        stale = self.diff.stale if self.diff else ()
        if not stale:
            return ()
        told = "; ".join(stale)
        return (f"The baseline is out of date: {told}. {self._accept} moves it.",)

    @property
    def _accept(self) -> str:
        return f'{self.command} --accept "why"'

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

    def to_json(self) -> str:
        """The run with the gate's decision; the same bytes for the same run, times aside."""
        whole = {**self.run.to_dict(), "gate": self.decision.to_dict()}
        return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
