"""Rollback, status, check and older formats of an index on disk."""

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from askali import Document
from askali.errors import IndexBroken, IndexStale, StorageError
from askali.index import (
    build_index,
    forget_previous,
    index_status,
    open_current,
    roll_back,
    stored_documents,
    verify_current,
)
from askali.index.directory import Shelf
from index_helpers import CATS, CHECK, DOGS, IDENTITY, RECIPE, CountingEncoder


def build(home: Path, documents: list[Document]) -> None:
    build_index(home, "pets", documents, RECIPE, **CHECK).close()


def served(home: Path) -> list[str]:
    index = open_current(home, "pets", **IDENTITY)
    assert index is not None
    with index:
        return list(index.documents)


def test_a_rollback_serves_the_generation_before_and_a_second_one_returns(tmp_path: Path) -> None:
    build(tmp_path, [CATS])
    build(tmp_path, [DOGS])
    assert served(tmp_path) == ["dogs"]
    roll_back(tmp_path, "pets")
    assert served(tmp_path) == ["cats"]
    assert index_status(tmp_path, "pets").is_pinned
    roll_back(tmp_path, "pets")
    assert served(tmp_path) == ["dogs"]


def test_a_build_ends_the_pin_of_a_rollback(tmp_path: Path) -> None:
    build(tmp_path, [CATS])
    build(tmp_path, [DOGS])
    roll_back(tmp_path, "pets")
    build(tmp_path, [CATS, DOGS])
    assert not index_status(tmp_path, "pets").is_pinned
    assert served(tmp_path) == ["cats", "dogs"]


def test_a_rollback_without_an_earlier_generation_says_so(tmp_path: Path) -> None:
    build(tmp_path, [CATS])
    with pytest.raises(StorageError, match="no earlier generation"):
        roll_back(tmp_path, "pets")


def test_a_rollback_to_a_damaged_generation_is_refused_and_the_current_one_stays(
    tmp_path: Path,
) -> None:
    build(tmp_path, [CATS])
    build(tmp_path, [DOGS])
    previous = Shelf(tmp_path, "pets").pointer().previous
    assert previous is not None
    (previous / "store.sqlite").write_bytes(b"half")
    with pytest.raises(IndexBroken):
        roll_back(tmp_path, "pets")
    assert served(tmp_path) == ["dogs"]


def test_forgetting_leaves_only_the_current_generation(tmp_path: Path) -> None:
    build(tmp_path, [CATS])
    build(tmp_path, [DOGS])
    forget_previous(tmp_path, "pets")
    assert len(list((tmp_path / "indexes" / "pets").glob("gen-*"))) == 1
    assert served(tmp_path) == ["dogs"]
    with pytest.raises(StorageError, match="no earlier generation"):
        roll_back(tmp_path, "pets")


def test_the_status_names_both_generations_and_what_they_hold(tmp_path: Path) -> None:
    assert index_status(tmp_path, "pets").current is None
    build(tmp_path, [CATS])
    build(tmp_path, [CATS, DOGS])
    status = index_status(tmp_path, "pets")
    assert status.current is not None
    assert status.previous is not None
    assert (status.current.documents, status.previous.documents) == (2, 1)
    assert status.current.bytes_on_disk > 10_000
    assert status.current.encoder_id == IDENTITY["encoder_id"]


def test_the_check_names_the_generation_or_the_damage(tmp_path: Path) -> None:
    assert verify_current(tmp_path, "pets") is None
    build(tmp_path, [CATS])
    current = Shelf(tmp_path, "pets").current()
    assert current is not None
    assert verify_current(tmp_path, "pets") == current.name
    shutil.rmtree(current / "chroma")
    with pytest.raises(IndexBroken):
        verify_current(tmp_path, "pets")


def test_the_ledger_and_pages_and_copies_come_back_as_they_were(tmp_path: Path) -> None:
    paged = Document("p", "P", "One. Two.", page_starts=(0, 5), copies=("q.txt",))
    with build_index(tmp_path, "pets", [paged], RECIPE, ledger='{"a": 1}', **CHECK) as index:
        assert index.documents["p"] == paged
        assert index.ledger == '{"a": 1}'


def test_an_index_of_the_first_format_gives_its_documents_and_vectors(tmp_path: Path) -> None:
    build(tmp_path, [CATS, DOGS])
    generation = Shelf(tmp_path, "pets").current()
    assert generation is not None
    with sqlite3.connect(generation / "store.sqlite") as old:  # as format 1 wrote it
        old.execute("ALTER TABLE documents DROP COLUMN more")
        old.execute("DELETE FROM about WHERE name = 'ledger'")
        old.execute("UPDATE about SET value = '1' WHERE name = 'format'")
    old.close()
    stamp = (generation / "stamp.json").read_text()
    (generation / "stamp.json").write_text(stamp.replace('"format": 2', '"format": 1'))

    with pytest.raises(IndexStale, match=r"format 1.*askali index"):
        open_current(tmp_path, "pets", **IDENTITY)
    encoder = CountingEncoder()
    with stored_documents(tmp_path, "pets") as stored:
        assert stored is not None
        documents, ledger = stored
        assert (list(documents.values()), ledger) == ([CATS, DOGS], "")
        recipe = replace(RECIPE, embed=encoder)
        build_index(tmp_path, "pets", documents.values(), recipe, **CHECK).close()
    assert served(tmp_path) == ["cats", "dogs"]
    assert encoder.texts == []
