"""An engine that is kept serves the next process, and goes by itself."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from askali.errors import ModelError
from askali.models.keeper import can_keep
from askali.models.local import LocalModel

SCRIPT = Path(__file__).parents[1] / "helpers" / "engine_script.py"

Make = Callable[..., LocalModel]


@pytest.fixture
def run() -> Iterator[Path]:
    """A folder with a short path; no process of the scripted engine outlives it."""
    with TemporaryDirectory(prefix="ak") as name:
        if not can_keep(Path(name) / "e.sock"):
            pytest.skip("no local sockets here")
        yield Path(name)
        for pid in started(Path(name)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until(lambda: not (Path(name) / "e.sock").exists())


def started(folder: Path) -> list[int]:
    return [int(path.name.removeprefix("start-")) for path in folder.glob("start-*")]


def until(happened: Callable[[], object], seconds: float = 20.0) -> None:
    give_up = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def model(folder: Path, how: str = "works", keep_s: float = 60.0) -> LocalModel:
    command = [sys.executable, str(SCRIPT), how, str(folder)]
    return LocalModel(folder, command=command, silence_s=20, kept=(folder / "e.sock", keep_s))


def test_the_next_one_who_asks_finds_the_engine_of_the_last(run: Path) -> None:
    for _ in range(3):
        with model(run) as one:
            assert one.yes(["sun", "moon"]) == [1.0, 0.0]
    assert len(started(run)) == 1


def test_two_at_a_time_get_their_own_replies(run: Path) -> None:
    with model(run) as one, model(run) as other:
        said: list[list[float]] = []
        asking = threading.Thread(target=lambda: said.append(other.yes(["sun"] * 30)))
        asking.start()
        assert one.yes(["moon"] * 30) == [0.0] * 30
        asking.join()
    assert said == [[1.0] * 30]
    assert len(started(run)) == 1


def test_it_ends_by_itself_when_nobody_asks(run: Path) -> None:
    with model(run, keep_s=0.5) as one:
        one.yes(["sun"])
        time.sleep(1.0)  # who is connected keeps it
        assert one.yes(["sun"]) == [1.0]
    until(lambda: not (run / "e.sock").exists())
    [pid] = started(run)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_an_engine_that_dies_is_told_and_the_next_question_has_a_new_one(run: Path) -> None:
    with model(run) as one:
        one.yes(["sun"])
        os.kill(started(run)[0], signal.SIGKILL)
        with pytest.raises(ModelError, match=r"died of signal 9.*--llm none"):
            one.yes(["sun"])
        until(lambda: not (run / "e.sock").exists())
        assert one.yes(["sun"]) == [1.0]
    assert len(started(run)) == 2


def test_what_was_left_behind_is_cancelled(run: Path) -> None:
    one = model(run, "slow")
    one.start()
    asking = threading.Thread(target=lambda: _left(one))
    asking.start()
    time.sleep(0.5)
    one.close()
    asking.join()
    with model(run, "slow") as other:
        before = time.monotonic()
        assert other.yes(["sun"]) == [1.0]
        assert time.monotonic() - before < 5


def _left(one: LocalModel) -> None:
    with suppress(ModelError):
        one.complete(["x"], max_tokens=9)


def test_the_socket_is_for_its_user_alone(run: Path) -> None:
    with model(run) as one:
        one.start()
        assert (run / "e.sock").stat().st_mode & 0o077 == 0
