"""A run that is killed goes on where it was; a budget of time asks the same sample each time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_evals_gate import opener

from askali.domain import Answer
from askali_evals.cases.case import Case, Suite
from askali_evals.errors import EvalError
from askali_evals.gate.baseline import read_history
from askali_evals.running.journal import Journal
from askali_evals.running.run import Run, run_suites
from askali_evals.running.sample import (
    affordable,
    keep_pace,
    known_pace,
    measured_pace,
    sample,
    seconds_of,
)
from askali_evals.running.watching import spoken
from evals_subjects import Oracle, committed_suites

BEES = [suite for suite in committed_suites() if suite.name == "bee-survey"]


class Killed(BaseException):
    """What no handler of errors catches."""


def ran(journal: Journal, asked: list[str], dies_after: int = 10_000) -> Run:
    class Counting(Oracle):
        def ask(self, question: str, history: object = ()) -> Answer:
            if len(asked) >= dies_after:
                raise Killed
            asked.append(question)
            return super().ask(question, history)  # type: ignore[arg-type]

    return run_suites(BEES, opener(Counting), config={}, journal=journal)


def test_a_killed_run_asks_only_what_is_left_and_gives_the_same_bytes(tmp_path: Path) -> None:
    whole: list[str] = []
    expected = ran(Journal.of(tmp_path / "whole", {}), whole)
    first: list[str] = []
    with pytest.raises(Killed):
        ran(Journal.of(tmp_path, {"code": "1"}), first, dies_after=20)
    (path,) = tmp_path.glob("journal-*.jsonl")
    path.write_text(path.read_text(encoding="utf-8")[:-30], encoding="utf-8")
    rest: list[str] = []
    journal = Journal.of(tmp_path, {"code": "1"})
    again = ran(journal, rest)
    assert again.without_times().to_json() == expected.without_times().to_json()
    assert len(first) + len(rest) <= len(whole) + 3  # the cut line, and a history or two
    journal.finish()
    assert list(tmp_path.glob("*.jsonl")) == []


def test_another_code_or_question_is_never_answered_from_the_journal(tmp_path: Path) -> None:
    old: list[str] = []
    ran(Journal.of(tmp_path, {"code": "1"}), old)
    new: list[str] = []
    ran(Journal.of(tmp_path, {"code": "2"}), new)
    assert new == old


def cases(count: int, **given: object) -> tuple[Case, ...]:
    return tuple(Case(f"c-{given}-{i}", "?", **given) for i in range(count))  # type: ignore[arg-type]


def test_a_sample_takes_each_stratum_by_its_share_and_a_larger_one_holds_it() -> None:
    suites = [
        Suite("a", (*cases(60, shape="list"), *cases(30, shape="why")), Path("a")),
        Suite("b", cases(10, answerable=False), Path("b")),
    ]
    small, large = sample(suites, 20), sample(suites, 50)
    kept = [(s.name, c.shape) for s in small for c in s.cases]
    assert [kept.count(key) for key in (("a", "list"), ("a", "why"), ("b", ""))] == [12, 6, 2]
    assert {c.id for s in small for c in s.cases} <= {c.id for s in large for c in s.cases}
    assert small == sample(suites, 20)
    assert sum(len(s.cases) for s in sample(suites, 1000)) == 100


def test_a_budget_buys_a_round_number_so_that_speed_does_not_change_the_sample() -> None:
    assert seconds_of("10m") == 600
    assert affordable(600, 4.0) == affordable(600, 5.0) == 100
    assert affordable(600, 500.0) == 10
    for wrong in ("0m", "soon", "-5m", "10"):
        with pytest.raises(EvalError, match="--budget"):
            seconds_of(wrong)


def test_an_engine_without_a_known_pace_is_timed_on_a_few_questions(tmp_path: Path) -> None:
    assert known_pace("none", tmp_path) is None
    assert 0 <= measured_pace(BEES, opener(Oracle)) < 5
    keep_pace("none", tmp_path, 3.5)
    assert known_pace("none", tmp_path) == 3.5


def test_durations_are_told_as_people_say_them() -> None:
    assert [spoken(s) for s in (40, 600, 7500)] == ["40 s", "10 min", "2 h 05 min"]


def test_a_history_is_of_one_engine_and_a_broken_line_is_told(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    lines = [json.dumps({"llm": llm, "measures": {}}) for llm in ("none", "local", "none")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert len(read_history(path, "none")) == 2
    assert read_history(tmp_path / "no.jsonl", "none") == []
    path.write_text("\n".join([*lines, "{"]), encoding="utf-8")
    with pytest.raises(EvalError, match=r"history.jsonl:4: not a release"):
        read_history(path, "none")
