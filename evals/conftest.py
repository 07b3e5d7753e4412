"""`pytest evals`: one askali for each document, opened when its first case is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from askali_evals.cases.case import Case, Suite
from askali_evals.running.factory import SuiteOpener
from askali_evals.running.system import Subject


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A case is found by its tags too: ``pytest evals -k follow-up``."""
    for item in items:
        if isinstance(item, pytest.Function):
            case = item.callspec.params.get("case") if hasattr(item, "callspec") else None
            item.extra_keyword_matches.update(case.tags if isinstance(case, Case) else ())


@pytest.fixture(scope="session")
def subject_of() -> Iterator[Callable[[Suite], Subject]]:
    """Gives the system under test for a suite; closes all of them at the end."""
    opened: dict[str, Subject] = {}
    open_suite = SuiteOpener(llm="none", home=None)

    def subject(suite: Suite) -> Subject:
        if suite.name not in opened:
            opened[suite.name] = open_suite(suite)
        return opened[suite.name]

    yield subject
    for subject_under_test in opened.values():
        subject_under_test.close()
