"""One whole evaluation as asked for on the command line: suites, run, decision, baseline."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from askali_evals.benchmarks.injection import PlantResult, ask_planted, how_many
from askali_evals.cases.case import Case, Suite
from askali_evals.cases.facts import evals_folder, load_cases, load_suites, material
from askali_evals.errors import EvalError
from askali_evals.gate.compare import diff, refuse_other_material
from askali_evals.gate.gate import Gate, decide, read_gate
from askali_evals.reports.report import Report
from askali_evals.running.factory import assistant_opener, config_of, documents_opener
from askali_evals.running.run import Run, read_run, run_suites
from askali_evals.scoring.metrics import PLANTED


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run and what to hold it against; None means the repository's own."""

    llm: str = "none"
    home: Path | None = None
    docs: Path | None = None
    facts: Path | None = None
    gate: Path | None = None
    baseline: Path | None = None
    ignores_baseline: bool = False
    accepts: bool = False
    only: str | None = None

    def suites(self) -> tuple[Suite, ...]:
        """The suites to ask, narrowed to `only`."""
        suites = self._own() if self.docs or self.facts else load_suites(evals_folder())
        if not self.only:
            return suites
        narrowed = [replace(s, cases=self._wanted(s)) for s in suites]
        found = tuple(suite for suite in narrowed if suite.cases)
        if not found:
            raise EvalError(f"--only {self.only}: no case has this tag, id or facts file")
        return found

    def gate_checks(self) -> Gate:
        """The gate; for own documents without one, the promises and what their facts measure."""
        if self.gate:
            return read_gate(self.gate)
        return read_gate(evals_folder() / "gate.toml")

    def baseline_file(self) -> Path:
        """Where the baseline is or will be: one for each kind of engine."""
        if self.baseline:
            return self.baseline
        engine = "" if self.llm == "none" else f"-{self.llm.partition(':')[0]}"
        if self.facts:
            return self.facts.with_suffix(f".baseline{engine}.json")
        return evals_folder() / f"baseline{engine}.json"

    def stored(self, suites: Sequence[Suite]) -> Run | None:
        """The baseline, where one is wanted and there; a named one must be there.

        Raises `RunsDiffer`, before anything is asked, where it is over other material; a
        run that is to be accepted is then compared with nothing.
        """
        path = self.baseline_file()
        if self.ignores_baseline or self.only or not (self.baseline or path.is_file()):
            return None
        try:
            baseline = read_run(path)
            refuse_other_material(material(suites), baseline)
        except EvalError:
            if self.accepts:
                return None
            raise
        return baseline

    def accept(self, report: Report) -> Path:
        """Write the run as the new baseline; never one that breaks a promise."""
        if not report.decision.may_be_accepted:
            missed = [c.text for c in report.decision.failed if c.check.is_hard]
            raise EvalError("not accepted, a promise is broken: " + "; ".join(missed))
        path = self.baseline_file()
        path.write_text(report.run.without_times().to_json(), encoding="utf-8")
        return path

    def _own(self) -> tuple[Suite, ...]:
        if not (self.docs and self.facts):
            raise EvalError("--docs and --facts go together: --docs DIR --facts FILE")
        if not self.docs.exists():
            raise EvalError(f"--docs {self.docs}: no such file or folder")
        return (Suite(self.facts.stem, load_cases(self.facts), self.facts, self.docs),)

    def _wanted(self, suite: Suite) -> tuple[Case, ...]:
        names = (self.only,)
        return tuple(c for c in suite.cases if {*names} & {*c.tags, c.id, suite.name})


def carry_out(plan: Plan, on_case: Callable[[int], None] = lambda total: None) -> Report:
    """Run the plan; `on_case` hears the number of all questions after each one."""
    if plan.accepts and plan.only:
        raise EvalError("--accept needs a whole run, not --only")
    suites, gate = plan.suites(), plan.gate_checks()
    baseline = plan.stored(suites)
    total = sum(len(suite.counted) for suite in suites)
    if not total:
        raise EvalError("no reviewed case to ask: review the drafts, delete 'reviewed: false'")
    plants = not plan.only and any(check.measure in PLANTED for check in gate.checks)
    total += how_many() if plants else 0
    started = time.perf_counter()
    run = run_suites(
        suites,
        assistant_opener(plan.llm, plan.home),
        config=config_of(plan.llm, plan.home),
        on_result=lambda result: on_case(total),
    )
    if plants:
        run = replace(run, planted=_planted(plan, suites, run, lambda _: on_case(total)))
    times = replace(run.times, total_s=round(time.perf_counter() - started, 2))
    run = replace(run, times=times)
    if plan.only:
        gate = Gate(())
    elif plan.docs and not plan.gate:
        gate = _measurable(gate, run)
    return Report(
        run,
        decide(gate, run, baseline),
        suites,
        baseline,
        diff(run, baseline) if baseline else None,
    )


def _planted(
    plan: Plan, suites: Sequence[Suite], run: Run, on_result: Callable[[PlantResult], None]
) -> tuple[PlantResult, ...]:
    """Instructions planted in the documents of the largest suite."""
    largest = max(suites, key=lambda suite: sum(c.points is None for c in suite.counted))
    documents = list(run.documents[largest.name].values())
    opener = documents_opener(plan.llm, plan.home)
    return ask_planted(documents, largest.counted, opener, on_result)


def _measurable(gate: Gate, run: Run) -> Gate:
    """Own facts need not have every kind of case that the gate of the article asks for."""
    empty = {name for name, m in run.measures.items() if not m.n}
    return Gate(
        tuple(c for c in gate.checks if c.measure not in empty),
        tuple(m for m in gate.margins if m.measure not in empty),
    )
