"""Chroma finds the nearest passages, the same way each time, and never rewrites its files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askali.domain import Document
from askali.errors import IndexBroken, IndexStale, ModelError, StorageError
from askali.index.store import Store
from askali.index.vectors import PassageVectors, persisted_batches
from index_helpers import CATS, DOGS, PETS, RECIPE, embed, versioned


def make_store(documents: list[Document]) -> Store:
    return Store.create(None, documents, RECIPE)


@pytest.fixture(params=["memory", "disk"])
def vectors(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PassageVectors]:
    path = tmp_path / "chroma" if request.param == "disk" else None
    made = PassageVectors.build(path, make_store(PETS))
    if path:
        made.close()
        made = PassageVectors.open(path)
    yield made
    made.close()


def test_importing_the_index_does_not_import_chroma() -> None:
    code = "import askali.index, sys; assert 'chromadb' not in sys.modules"
    path = ":".join(filter(None, sys.path))
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": path})


def test_the_nearest_passage_is_the_one_with_the_same_words(vectors: PassageVectors) -> None:
    [(row, similarity), *rest] = vectors.query(embed(["Cats eat fish. Fish swim."])[0], 10)
    assert row == 1
    assert similarity == pytest.approx(1.0, abs=1e-5)
    assert [s for _, s in rest] == sorted((s for _, s in rest), reverse=True)
    assert len(rest) == 3


def test_similarities_are_cosines(vectors: PassageVectors) -> None:
    store = make_store(PETS)
    question = embed(["do dogs eat meat"])[0]
    for row, similarity in vectors.query(question, 4):
        cosine = float(store.passage_vectors([row])[0] @ question)
        assert similarity == pytest.approx(cosine, abs=1e-5)


@pytest.mark.parametrize(("k", "found"), [(-1, 0), (0, 0), (1, 1), (4, 4), (10_000, 4)])
def test_any_k_gives_at_most_what_there_is(vectors: PassageVectors, k: int, found: int) -> None:
    assert len(vectors.query(embed(["cats"])[0], k)) == found


def test_a_search_keeps_to_the_documents_asked_for(vectors: PassageVectors) -> None:
    question = embed(["cats eat fish"])[0]
    assert {row for row, _ in vectors.query(question, 10, [1])} == {2, 3}
    assert len(vectors.query(question, 10, [0, 1])) == 4
    assert vectors.query(question, 10, []) == []


def test_equal_similarities_are_ordered_by_row() -> None:
    twins = [Document(f"d{n}", "", CATS.text) for n in range(20)]
    vectors = PassageVectors.build(None, make_store(twins))
    found = vectors.query(embed(["They dream. Cats sleep a lot."])[0], 6)
    assert [row for row, _ in found] == [0, 2, 4, 6, 8, 10]
    vectors.close()


def test_two_builds_of_the_same_documents_rank_the_same(tmp_path: Path) -> None:
    store = make_store(versioned(1))
    first = PassageVectors.build(None, store)
    second = PassageVectors.build(tmp_path / "chroma", store)
    for question in ("fact 3", "part 2 holds", "version1 of part 5", "nothing like it"):
        vector = embed([question])[0]
        assert first.query(vector, 15) == second.query(vector, 15)
    first.close()
    second.close()


def test_a_question_without_a_known_word_finds_similarity_zero(vectors: PassageVectors) -> None:
    found = vectors.query(np.zeros(64, dtype=np.float32), 2)
    assert found == [(0, 0.0), (1, 0.0)]


def test_a_vector_of_another_encoder_is_stale_not_a_traceback(vectors: PassageVectors) -> None:
    with pytest.raises(IndexStale, match="askali index"):
        vectors.query(np.ones(3, dtype=np.float32), 2)


def test_a_vector_that_is_not_finite_is_the_encoders_fault(vectors: PassageVectors) -> None:
    with pytest.raises(ModelError, match="not finite"):
        vectors.query(np.full(64, np.nan, dtype=np.float32), 2)


def test_a_closed_index_says_so_and_closes_twice(vectors: PassageVectors) -> None:
    vectors.close()
    vectors.close()
    with pytest.raises(StorageError, match="closed"):
        vectors.query(embed(["cats"])[0], 1)


def test_an_index_without_passages_finds_nothing(tmp_path: Path) -> None:
    empty = make_store([Document("blank", "", "\n")])
    vectors = PassageVectors.build(tmp_path / "chroma", empty)
    assert vectors.query(embed(["cats"])[0], 5) == []
    vectors.close()


@pytest.mark.parametrize("sentences", [1, 2, 500, 1131])
def test_opening_and_asking_never_touches_the_vector_files(tmp_path: Path, sentences: int) -> None:
    text = " ".join(f"Fact {i} is worth {i * i}." for i in range(sentences))
    path = tmp_path / "chroma"
    PassageVectors.build(path, make_store([Document("d", "", text)])).close()

    def state() -> dict[str, tuple[int, int]]:
        files = [p for p in path.rglob("*.*") if p.name != "chroma.sqlite3"]
        return {p.name: (p.stat().st_size, p.stat().st_mtime_ns) for p in files}

    before = state()
    size = (path / "chroma.sqlite3").stat().st_size
    for _ in range(2):
        vectors = PassageVectors.open(path)
        assert vectors.query(embed(["fact 0 is worth 0"])[0], 1)
        vectors.close()
    assert state() == before
    assert (path / "chroma.sqlite3").stat().st_size == size


def test_two_open_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    path = tmp_path / "chroma"
    PassageVectors.build(path, make_store([DOGS])).close()
    first, second = PassageVectors.open(path), PassageVectors.open(path)
    question = embed(["dogs bark"])[0]
    expected = first.query(question, 2)
    first.close()
    assert second.query(question, 2) == expected
    second.close()


def test_a_folder_without_a_chroma_database_is_broken(tmp_path: Path) -> None:
    with pytest.raises(IndexBroken, match="missing"):
        PassageVectors.open(tmp_path)
    assert not list(tmp_path.iterdir())


@given(st.integers(0, 60_000))
def test_batches_cover_all_rows_and_the_last_one_is_persisted(count: int) -> None:
    threshold, batches = persisted_batches(count)
    assert [row for batch in batches for row in batch] == list(range(count))
    assert all(1 <= len(batch) <= 250 for batch in batches)
    pending = 0
    for batch in batches:
        pending += len(batch)
        pending = 0 if pending >= threshold else pending
    assert pending == 0
