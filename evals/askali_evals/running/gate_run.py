"""One whole evaluation as asked for on the command line: suites, run, decision, baseline."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from askali_evals.benchmarks.injection import PlantResult
from askali_evals.cases.case import Case, Suite
from askali_evals.cases.facts import evals_folder, load_cases, load_suites, material
from askali_evals.errors import EvalError
from askali_evals.gate.baseline import accept, read_baseline, read_history
from askali_evals.gate.compare import diff
from askali_evals.gate.gate import Gate, decide, read_gate
from askali_evals.reports.report import Report
from askali_evals.running.factory import DocumentsOpener, SuiteOpener, config_of, home_folder
from askali_evals.running.journal import Journal
from askali_evals.running.run import Run, code_version, jobs_of, read_run, run_suites
from askali_evals.running.sample import (
    FEWEST_PAIRS,
    affordable,
    keep_pace,
    known_pace,
    measured_pace,
    sample,
    seconds_of,
)
from askali_evals.scoring.metrics import PLANTED
from askali_evals.scoring.result import CaseResult, unasked


class Watcher:
    """Hears how a run goes; this one says nothing."""

    def tries(self, llm: str) -> None:
        """How long a question takes is not known of this engine: three are timed first."""

    def begins(self, total: int, known: int, seconds: float | None) -> None:
        """So many questions, `known` of them from a killed run; about so many seconds."""

    def asked(self, result: CaseResult | PlantResult, before: CaseResult | None) -> None:
        """One question has been asked; `before` is how it went in the baseline."""


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
    why: str | None = None
    only: str | None = None
    budget: str | None = None
    out: Path | None = None
    is_strict: bool = False
    earlier: Path | None = None
    jobs: int | None = None

    @property
    def is_part(self) -> bool:
        """True where not every question is asked."""
        return bool(self.only or self.budget)

    def command(self) -> str:
        """What was called, as far as it says what is asked."""
        named = {"docs": self.docs, "facts": self.facts, "gate": self.gate}
        told = [f"--{name} {path}" for name, path in named.items() if path]
        told += [] if self.llm == "none" else [f"--llm {self.llm}"]
        return " ".join(["askali eval", *told])

    def at_once(self) -> int:
        """How many processes ask: of quotes as many as there are processors; of a model one,
        for it fills the machine by itself, or counts how often it is asked."""
        if self.jobs is not None:
            return self.jobs
        return (os.cpu_count() or 1) if self.llm == "none" else 1

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
        """The gate of the named file, or of the repository."""
        gate = read_gate(self.gate or evals_folder() / "gate.toml")
        return replace(gate, is_strict=self.is_strict)

    def baseline_file(self) -> Path:
        """Where the baseline is or will be: one for each kind of engine."""
        if self.baseline:
            return self.baseline
        engine = "" if self.llm == "none" else f"-{self.llm.partition(':')[0]}"
        if self.docs:
            return self.facts_file().with_suffix(f".baseline{engine}.json")
        return evals_folder() / f"baseline{engine}.json"

    def history_file(self) -> Path:
        """Where the accepted releases are told, beside their baseline."""
        if self.docs or self.baseline:
            return self.baseline_file().with_suffix(".history.jsonl")
        return evals_folder() / "history.jsonl"

    def facts_file(self) -> Path:
        """The facts of own documents: as named, or beside them, where `init` writes them."""
        return self.facts or facts_beside(self.docs or Path("facts"))

    def stored(self, suites: Sequence[Suite]) -> Run | None:
        """The baseline, where one is wanted and there; a named one must be there.

        Raises `RunsDiffer`, before anything is asked, where it is over other material; a
        run that is to be accepted is then compared with nothing.
        """
        path = self.baseline_file()
        if self.ignores_baseline or self.only or not (self.baseline or path.is_file()):
            return None
        over = material(suites)
        results = tuple(unasked(suite, case) for suite in suites for case in suite.counted)
        try:
            return read_baseline(path, Run({}, over["facts"], over["sources"], {}, (), results))
        except EvalError:
            if self.why is not None:
                return None
            raise

    def accept(self, report: Report) -> Path:
        """Write the run as the new baseline; never one that breaks a promise."""
        path = self.baseline_file()
        accept(report.run, report.decision, path, self.history_file(), self.why or "")
        return path

    def _own(self) -> tuple[Suite, ...]:
        if not self.docs:
            raise EvalError("--facts needs the documents that they are asked of: --docs DOC")
        if not self.docs.exists():
            raise EvalError(f"--docs {self.docs}: no such file or folder")
        facts = self.facts_file()
        return (Suite(facts.stem, load_cases(facts), facts, self.docs),)

    def _wanted(self, suite: Suite) -> tuple[Case, ...]:
        return tuple(c for c in suite.cases if self.only in {*c.tags, c.id, c.shape, suite.name})


def facts_beside(docs: Path) -> Path:
    """Where the facts of own documents are unless they are named: ``reports.facts.yaml``."""
    return docs.resolve().with_name(f"{docs.resolve().stem}.facts.yaml")


def carry_out(plan: Plan, watcher: Watcher | None = None) -> Report:
    """Run the plan; the watcher hears of every question."""
    watcher = watcher or Watcher()
    if plan.why is not None and not plan.why.strip():
        raise EvalError('--accept needs the reason, as a reviewer would read it: --accept "why"')
    if plan.why is not None and plan.is_part:
        raise EvalError("--accept needs a whole run, not --only or --budget")
    suites, gate = plan.suites(), plan.gate_checks()
    if not any(suite.counted for suite in suites):
        files = ", ".join(f"{suite.facts}:1" for suite in suites)
        raise EvalError(
            f"{files}: no reviewed case to ask; askali eval init DOC goes through them, or delete "
            "'reviewed: false'"
        )
    baseline = plan.stored(suites)
    if plan.earlier:
        run = _earlier(plan, suites)
    else:
        run, suites = _ask(plan, gate, suites, baseline, watcher)
    if plan.only:
        gate = Gate((), {})
    elif plan.budget or (plan.docs and not plan.gate):
        gate = _measurable(gate, run, FEWEST_PAIRS if plan.budget else 1)
    history = read_history(plan.history_file(), plan.llm)
    changes = diff(run, baseline, plan.is_part) if baseline else None
    decision = decide(gate, run, baseline)
    return Report(run, decision, suites, baseline, changes, history, plan.budget, plan.command())


def _ask(
    plan: Plan, gate: Gate, suites: tuple[Suite, ...], baseline: Run | None, watcher: Watcher
) -> tuple[Run, tuple[Suite, ...]]:
    started = time.perf_counter()
    home, opener = home_folder(plan.home), SuiteOpener(plan.llm, plan.home)
    config = config_of(plan.llm, plan.home)
    belongs = {"code": code_version(), "config": config, **material(suites)}
    journal = Journal.of(plan.out or home / "eval", belongs)
    pace = known_pace(plan.llm, home)
    if pace is None and (plan.budget or plan.llm != "none"):
        watcher.tries(plan.llm)
        pace = measured_pace(suites, opener)
    if plan.budget and pace is not None:
        suites = sample(suites, affordable(seconds_of(plan.budget), pace))
    plants = not plan.is_part and any(check.measure in PLANTED for check in gate.checks)
    open_documents = DocumentsOpener(plan.llm, plan.home) if plants else None
    jobs = jobs_of(suites, opener, open_documents)
    total = sum(job.size for job in jobs)
    known = sum(key in journal.entries for job in jobs for key in job.keys)
    watcher.begins(total, known, None if pace is None else pace * (total - known))
    before = {r.key: r for r in baseline.results} if baseline else {}

    def asked(result: CaseResult | PlantResult) -> None:
        watcher.asked(result, before.get(result.key) if isinstance(result, CaseResult) else None)

    run = run_suites(
        suites,
        opener,
        config=config,
        open_documents=open_documents,
        on_result=asked,
        journal=journal,
        at_once=plan.at_once(),
    )
    journal.finish()
    seconds = time.perf_counter() - started
    if total - known >= 20:
        keep_pace(plan.llm, home, seconds / (total - known))
    return replace(run, times=replace(run.times, total_s=round(seconds, 2))), suites


def _earlier(plan: Plan, suites: Sequence[Suite]) -> Run:
    """A run that was written by --out, if it is one of this code and these questions."""
    assert plan.earlier is not None
    run = read_run(plan.earlier)
    wanted = {f"{s.name}/{c.id}": c.stamp for s in suites for c in s.counted}
    over = material(suites)
    same = run.config.get("code") == code_version() and run.sources == over["sources"]
    if not same or {r.key: r.stamp for r in run.results} != wanted:
        raise EvalError(f"{plan.earlier}: not a whole run of this code and these questions")
    return run


def _measurable(gate: Gate, run: Run, fewest: int) -> Gate:
    """Own facts, and a sample, need not have every kind of case that the gate asks for; nor can
    a sample's groups of one or two cases say that something got worse."""
    empty = {name for name, m in run.measures.items() if not m.n}
    return replace(
        gate,
        checks=tuple(c for c in gate.checks if c.measure not in empty),
        margins={name: m for name, m in gate.margins.items() if name not in empty},
        fewest=fewest,
    )
