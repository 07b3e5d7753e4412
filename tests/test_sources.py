"""A process that lives long notices that its files have changed or are gone."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from askali import Assistant, Document
from askali.errors import StorageError
from askali.messages import SOURCE_CHANGED
from askali.sources import LOOK_AFTER_S, Watched


def change(folder: Path) -> None:
    (folder / "pier.txt").write_text("The pier keeper is Una Breck. The pier is 90 metres long.")


def delete(folder: Path) -> None:
    (folder / "boat.txt").unlink()


def add(folder: Path) -> None:
    (folder / "mill.txt").write_text("The mill was built in 1811.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "texts"
    place.mkdir()
    (place / "pier.txt").write_text("The pier keeper is Tom Hale. The pier is 80 metres long.")
    (place / "boat.txt").write_text("The boat is named Heron. It carries eleven people.")
    return place


def eventually(is_so: Callable[[], bool]) -> bool:
    """True once it is so, within a few looks at the files."""
    until = time.monotonic() + 5 * LOOK_AFTER_S
    while not is_so() and time.monotonic() < until:
        time.sleep(0.2)
    return is_so()


@pytest.mark.parametrize("happens", [change, delete, add])
def test_an_answer_from_changed_files_says_so(
    folder: Path, tmp_path: Path, happens: Callable[[Path], None]
) -> None:
    asked = "Who is the pier keeper?"
    with Assistant.open(corpus=folder, home=tmp_path / "home", llm="none") as bot:
        assert SOURCE_CHANGED not in bot.ask(asked).notes
        happens(folder)
        assert eventually(lambda: SOURCE_CHANGED in bot.ask(asked).notes)
        assert "Tom Hale" in bot.ask(asked).text  # still its own, consistent text
        added = bot.with_documents([Document("new", "New", "The jetty is new.")])
        assert SOURCE_CHANGED in added.ask(asked).notes
        assert SOURCE_CHANGED in bot.quoting().ask(asked).notes


def test_opened_anew_it_reads_what_changed(folder: Path, tmp_path: Path) -> None:
    Assistant.open(corpus=folder, home=tmp_path / "home", llm="none").close()
    change(folder)
    with Assistant.open(corpus=folder, home=tmp_path / "home", llm="none") as bot:
        answer = bot.ask("Who is the pier keeper?")
    assert "Una Breck" in answer.text
    assert not answer.notes


def test_it_looks_seldom_and_a_change_stays_one() -> None:
    looked: list[bool] = []

    def has_changed() -> bool:
        looked.append(True)
        return True

    often = Watched(has_changed, look_after_s=0)
    assert [often(), often()] == [True, True]
    assert len(looked) == 1
    assert not Watched(has_changed, look_after_s=60)()
    assert len(looked) == 1


def test_a_home_that_is_gone_says_nothing_of_the_sources() -> None:
    def has_changed() -> bool:
        raise StorageError("no such folder")

    assert not Watched(has_changed, look_after_s=0)()
