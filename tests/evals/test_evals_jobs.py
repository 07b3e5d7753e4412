"""Several corpora are asked side by side: the same bytes, one error for all, no process left."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from askali_evals.cases.case import Case, Suite
from askali_evals.errors import EvalError, FactsError
from askali_evals.running.factory import SuiteOpener
from askali_evals.running.jobs import Known, Tell, run_jobs
from askali_evals.running.run import Run, run_suites

TEXTS = {
    "mill": "The mill was built in 1790 by Jan Bos. It grinds rye.",
    "lock": "The lock is 62 metres long. Its keeper was Ada Vries.",
}
CASES = {
    "mill": Case("built", "When was the mill built?", (("1790",),), evidence=(("in 1790",),)),
    "lock": Case("keeper", "Who kept the lock?", (("Ada Vries",),), evidence=(("Ada Vries",),)),
}


@pytest.fixture
def suites(tmp_path: Path) -> list[Suite]:
    made = []
    for name, text in TEXTS.items():
        document = tmp_path / f"{name}.txt"
        document.write_text(text, encoding="utf-8")
        made.append(Suite(name, (CASES[name],), document, document))
    return made


def test_side_by_side_and_one_after_the_other_give_the_same_bytes(
    suites: list[Suite], tmp_path: Path
) -> None:
    def ran(at_once: int) -> Run:
        opener = SuiteOpener("none", tmp_path / f"home-{at_once}")
        return run_suites(suites, opener, config={}, at_once=at_once)

    alone, together = ran(1), ran(2)
    assert together.without_times().to_json() == alone.without_times().to_json()
    assert [result.passed for result in together.results] == [True, True]
    assert together.times.cases_ms.keys() == {"mill/built", "lock/keeper"}


@dataclass(frozen=True)
class Counts:
    """Tells its numbers, a file for each, and how it ends."""

    names: tuple[str, ...]
    folder: Path
    end: str = ""

    @property
    def size(self) -> int:
        return len(self.names)

    @property
    def keys(self) -> Sequence[str]:
        return self.names

    def run(self, known: Known, tell: Tell) -> int:
        for name in self.names:
            if name not in known:
                (self.folder / name).touch()
                time.sleep(0.02)
            tell(name, None if name in known else {"said": name}, name)
        if self.end == "fails":
            raise FactsError("facts.yaml:3: not in the documents")
        if self.end == "is killed":
            os._exit(9)
        return len(self.names)


def numbered(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{number}" for number in range(count))


def test_what_is_known_is_told_again_and_not_kept_twice(tmp_path: Path) -> None:
    jobs = [Counts(numbered("a", 3), tmp_path), Counts(numbered("b", 5), tmp_path)]
    heard: list[tuple[str, Any]] = []
    known = {"a0": {"said": "a0"}, "b4": {"said": "b4"}, "other": {}}
    given = run_jobs(jobs, known, lambda key, entry, _: heard.append((key, entry)), at_once=2)
    assert given == [3, 5]
    assert sorted(key for key, entry in heard if entry is None) == ["a0", "b4"]
    assert len(heard) == 8
    assert not (tmp_path / "a0").exists() and (tmp_path / "a1").exists()


def test_one_that_fails_ends_the_others_with_its_error(tmp_path: Path) -> None:
    jobs = [Counts(numbered("a", 500), tmp_path), Counts(("b0",), tmp_path, "fails")]
    with pytest.raises(FactsError, match=r"facts.yaml:3"):
        run_jobs(jobs, {}, lambda *_: None, at_once=2)
    assert len(list(tmp_path.glob("a*"))) < 500


def test_a_process_that_is_ended_from_outside_is_told_with_what_to_do(tmp_path: Path) -> None:
    jobs = [Counts(numbered("a", 5), tmp_path), Counts(("b0",), tmp_path, "is killed")]
    with pytest.raises(EvalError, match="--jobs 1"):
        run_jobs(jobs, {}, lambda *_: None, at_once=2)
