"""Each case of evals/facts as a test: `pytest evals -k follow-up` shows what went how.

The release decision is the gate's (`askali eval`), which weighs the cases
together; here a failed case is a failed test with its address and reason.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from askali_evals.cases.case import Case, Suite
from askali_evals.cases.facts import evals_folder, load_suites
from askali_evals.running.system import Subject, observe
from askali_evals.scoring.result import score_case

SUITES = load_suites(evals_folder())


@pytest.mark.parametrize(
    ("suite", "case"),
    [
        pytest.param(suite, case, id=f"{suite.name}/{case.id}")
        for suite in SUITES
        for case in suite.counted
    ],
)
def test_fact(suite: Suite, case: Case, subject_of: Callable[[Suite], Subject]) -> None:
    subject = subject_of(suite)
    result = score_case(suite, case, observe(subject, case), subject.documents)
    assert result.passed, f"{result.address}: {result.why}\n{case.question}\n{result.text}"
