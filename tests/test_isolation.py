"""A process of our own may end, hang, babble or flood, and we only hear of it."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from askali.isolation import Broken, Child, environment, leave, module_command, run

ECHO = (
    "import json, sys\n"
    "for line in sys.stdin:\n"
    "    print(json.dumps({'heard': json.loads(line)['said']}), flush=True)\n"
)


def program(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_child_answers_each_line_with_a_line() -> None:
    child = Child(program(ECHO))
    for said in ("one", "zwei 二 \ud800"):
        child.send({"said": said})
        assert child.reply(20.0) == {"heard": said}
    child.end()


def test_no_answer_in_time_is_none_and_the_child_can_be_killed() -> None:
    child = Child(program("import time; time.sleep(60)"))
    assert child.reply(0.2) is None
    started = time.monotonic()
    child.kill()
    with pytest.raises(Broken, match="died of signal 9"):
        child.reply(20.0)
    child.end()
    assert time.monotonic() - started < 20


def test_a_child_that_ends_tells_its_code_and_last_words() -> None:
    child = Child(program("import sys; sys.exit('no such tensor')"))
    with pytest.raises(Broken, match=r"ended with code 1 \(no such tensor\)"):
        child.reply(20.0)


def test_what_is_no_json_object_is_broken() -> None:
    child = Child(program("print('hello', flush=True); input()"))
    with pytest.raises(Broken, match="it said b'hello"):
        child.reply(20.0)
    child.end()


def test_a_line_without_end_does_not_fill_our_memory() -> None:
    child = Child(program("print('x' * 100_000, flush=True); input()"), most_bytes=1000)
    with pytest.raises(Broken):
        child.reply(20.0)
    child.end()


def test_a_command_that_does_its_work_says_nothing_and_one_that_fails_its_last_words() -> None:
    assert run(program("print('done')"), 60.0) == ""
    assert run(program("print('first'); print('last'); raise SystemExit(3)"), 60.0) == "last"


def test_a_command_that_takes_too_long_is_broken() -> None:
    with pytest.raises(Broken, match="took over 0 s"):
        run(program("import time; time.sleep(60)"), 0.3)


def test_a_module_runs_with_our_interpreter_and_our_paths() -> None:
    assert module_command("askali.models.engine", "--x")[1:] == [
        "-P", "-m", "askali.models.engine", "--x",
    ]  # fmt: skip
    assert set(filter(None, sys.path)) <= set(environment()["PYTHONPATH"].split(":"))


def test_what_is_left_goes_on_by_itself_and_writes_into_its_log(tmp_path: Path) -> None:
    said = tmp_path / "left.log"
    leave(program("import os; print(os.getsid(0) == os.getpid(), os.getcwd(), flush=True)"), said)
    give_up = time.monotonic() + 20
    while not said.read_text().strip():
        assert time.monotonic() < give_up
        time.sleep(0.02)
    assert said.read_text().split() == ["True", "/"]
