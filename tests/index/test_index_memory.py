"""An index in memory: quick to make, gone when closed, and the same to read."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from askali.domain import Document
from askali.errors import StorageError
from askali.index import Index, Recipe, build_index, memory_index
from index_helpers import CATS, CHECK, DOGS, PETS, RECIPE, analyze, embed, stamp_of, versioned


@pytest.fixture(params=["memory", "disk"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    disk = request.param == "disk"
    made = build_index(tmp_path, "x", PETS, RECIPE, **CHECK) if disk else memory_index(PETS, RECIPE)
    yield made
    made.close()


def five_short_documents(seed: int) -> list[Document]:
    return [
        Document(
            f"d{n}", "", " ".join(f"Word {i} of {seed} is one of ten in {n}." for i in range(20))
        )
        for n in range(5)
    ]


def test_an_index_reads_the_same_in_memory_and_on_disk(index: Index) -> None:
    assert index.stamp == stamp_of(PETS)
    assert dict(index.documents) == {"cats": CATS, "dogs": DOGS}
    assert (index.sentence_count, index.passage_count) == (7, 4)
    [(row, score)] = index.search_lexical(analyze("bark"), 5)
    assert score > 0
    assert index.passages([row])[0].text == "Dogs bark at night. A dog eats meat."
    assert index.search_dense(embed(["Dogs bark at night. A dog eats meat."])[0], 1)[0][0] == row
    assert index.sentence_frequencies(["dog"]) == {"dog": 3}
    assert index.vocabulary()["bark"] == 1


def test_neighbours_are_the_rows_beside_and_the_document_id_marks_the_edge(index: Index) -> None:
    assert index.sentence(4).document_id == "dogs"
    assert index.sentence(3).document_id == "cats"
    assert index.sentence(1).start >= index.sentence(0).end


def test_searches_keep_to_documents_and_an_unknown_one_finds_nothing(index: Index) -> None:
    for search, query in (
        (index.search_dense, embed(["cats eat fish"])[0]),
        (index.search_lexical, analyze("eat")),
    ):
        rows = [row for row, _ in search(query, 9, ["dogs", "bird"])]
        assert {p.document_id for p in index.passages(rows)} == {"dogs"}
        assert search(query, 9, ["bird"]) == []


def test_a_closed_index_says_so_and_closes_twice(index: Index) -> None:
    index.close()
    index.close()
    for ask in (
        lambda: index.search_dense(embed(["cats"])[0], 1),
        lambda: index.search_lexical(["cat"], 1),
    ):
        with pytest.raises(StorageError, match="closed"):
            ask()


def test_many_threads_read_one_index(index: Index) -> None:
    question, words = embed(["cats eat fish"])[0], analyze("cats eat fish")
    expected = index.search_dense(question, 4), index.search_lexical(words, 4)
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(40):
            found = index.search_dense(question, 4), index.search_lexical(words, 4)
            if found != expected or index.passages([0])[0].document_id != "cats":
                wrong.append(found)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_memory_indexes_do_not_see_each_other() -> None:
    with memory_index([CATS], RECIPE) as cats, memory_index([DOGS], RECIPE) as dogs:
        assert cats.passage_count == dogs.passage_count == 2
        cats.close()
        assert len(dogs.search_dense(embed(["dogs"])[0], 5)) == 2


def test_no_documents_make_an_index_that_finds_nothing() -> None:
    with memory_index([], RECIPE) as index:
        assert index.search_dense(embed(["cats"])[0], 5) == []
        assert index.search_lexical(["cat"], 5) == []
        assert index.passage_vectors([]).size == 0


def test_a_memory_index_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("IS_PERSISTENT=TRUE\nPERSIST_DIRECTORY=strayed\n")
    monkeypatch.setenv("IS_PERSISTENT", "TRUE")
    memory_index(PETS, RECIPE).close()
    assert [p.name for p in tmp_path.iterdir()] == [".env"]


def test_five_short_documents_take_under_150_ms() -> None:
    memory_index(PETS, RECIPE).close()  # Chroma is imported by now
    vectors = {text: embed([text])[0] for text in _texts(five_short_documents(0))}
    recipe = replace(RECIPE, embed=lambda texts: np.stack([vectors[t] for t in texts]))
    fastest = min(_timed(recipe) for _ in range(5))
    assert fastest < 0.15


def _texts(documents: list[Document]) -> set[str]:
    cut = [RECIPE.segment(d) for d in documents]
    return {item.text for pair in cut for items in pair for item in items}


def _timed(recipe: Recipe) -> float:
    started = time.perf_counter()
    memory_index(five_short_documents(0), recipe).close()
    return time.perf_counter() - started


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")
def test_300_indexes_in_a_row_leak_nothing_while_another_is_open() -> None:
    with memory_index(versioned(1), RECIPE):
        for _ in range(20):
            memory_index(PETS, RECIPE).close()
        before = _resident_mb(), _open_files(), threading.active_count()
        for _ in range(300):
            memory_index(PETS, RECIPE).close()
        gc.collect()
        assert _resident_mb() - before[0] < 40  # shared clients leak 800 MB here
        assert _open_files() <= before[1]
        assert threading.active_count() == before[2]


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
