"""The release gate of askali: may this go out? Deterministic, offline, without a judge model."""

from askali_evals.cases.case import Case, Suite
from askali_evals.cases.facts import load_cases, load_suites
from askali_evals.errors import EvalError, FactsError, RunsDiffer
from askali_evals.running.run import Run, run_suites
from askali_evals.scoring.verdict import Address, Outcome, Verdict, judge

__all__ = [
    "Address",
    "Case",
    "EvalError",
    "FactsError",
    "Outcome",
    "Run",
    "RunsDiffer",
    "Suite",
    "Verdict",
    "judge",
    "load_cases",
    "load_suites",
    "run_suites",
]
