"""The check finds what is wrong with a generation, and its program says so."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from askali.errors import IndexBroken
from askali.index import build_index
from askali.index.check import check_generation, check_in_child
from index_helpers import CHECK, PETS, RECIPE


@pytest.fixture
def generation(tmp_path: Path) -> Path:
    build_index(tmp_path, "pets", PETS, RECIPE, **CHECK).close()
    [folder] = (tmp_path / "indexes" / "pets").glob("gen-*")
    return folder


def change(folder: Path, sql: str) -> None:
    with closing(sqlite3.connect(folder / "store.sqlite")) as connection:
        connection.execute(sql)
        connection.commit()


def test_a_sound_generation_passes(generation: Path) -> None:
    check_generation(generation)
    check_in_child(generation)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("UPDATE documents SET text = CAST('Cats' AS BLOB) WHERE row = 0", "not what was stored"),
        ("UPDATE sentences SET end_char = 9999 WHERE row = 2", "outside of document 'cats'"),
        ("UPDATE passages SET start_char = -1 WHERE row = 0", "outside of document 'cats'"),
        ("UPDATE passages SET vector = 1 WHERE row = 3", "other vectors than the store"),
        ("DELETE FROM passages WHERE row = 3", "lexical rows"),
        ("DELETE FROM about", "no readable format"),
    ],
)
def test_what_does_not_fit_is_named(generation: Path, sql: str, reason: str) -> None:
    change(generation, sql)
    with pytest.raises(IndexBroken, match=reason):
        check_generation(generation)


def test_a_store_with_more_passages_than_chroma_is_broken(generation: Path) -> None:
    copy = "SELECT 4, document, 0, 9, heading, vector FROM passages WHERE row = 3"
    change(generation, f"INSERT INTO passages {copy}")
    change(generation, "INSERT INTO lexical (rowid, tokens) VALUES (4, 'x')")
    with pytest.raises(IndexBroken, match="4 vectors in Chroma, not 5"):
        check_generation(generation)


def test_the_child_process_gives_the_reason(generation: Path) -> None:
    change(generation, "UPDATE sentences SET end_char = 9999 WHERE row = 2")
    with pytest.raises(IndexBroken, match="did not pass.*outside of document.*askali index"):
        check_in_child(generation)


def test_a_check_that_is_run_elsewhere_is_not_fooled_by_that_folder(
    generation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sqlite3.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    check_in_child(generation)


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_a_child_that_dies_of_a_signal_is_a_broken_index_not_a_crash(
    generation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As a torn vector file does; Python runs sitecustomize before anything else.
    code = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    (tmp_path / "sitecustomize.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(IndexBroken, match=f"died of signal {signal.SIGSEGV.value}"):
        check_in_child(generation)
