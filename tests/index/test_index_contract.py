"""What holds wherever vectors live: in the generation's folder, on a `chroma run` server or two."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from askali.domain import Document
from askali.errors import IndexBroken, IndexStale, ModelError, StorageError
from askali.index import (
    IN_FOLDER,
    ChromaServer,
    Index,
    OnServers,
    Place,
    build_index,
    forget_previous,
    index_status,
    memory_index,
    open_current,
    roll_back,
    verify_current,
)
from askali.index.check import check_generation
from askali.index.placement import InFolder
from chroma_server import running
from index_helpers import (
    CATS,
    DOGS,
    IDENTITY,
    PETS,
    RECIPE,
    CountingEncoder,
    analyze,
    embed,
    versioned,
)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("chroma")) as address:
        yield address


@pytest.fixture(scope="module")
def another_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("another-chroma")) as address:
        yield address


@pytest.fixture(params=[[], ["url"], ["url", "another_url"]], ids=["folder", "server", "servers"])
def checking_place(request: pytest.FixtureRequest) -> Place:
    """The places just as they are, for the tests in which the check matters."""
    urls = [request.getfixturevalue(name) for name in request.param]
    return OnServers(*map(ChromaServer, urls)) if urls else IN_FOLDER


class CheckedHere(InFolder):
    """Runs the real check in this process, which saves 2 CPU seconds a build."""

    def check(self, folder: Path) -> None:
        check_generation(folder)


@pytest.fixture
def place(checking_place: Place) -> Place:
    return CheckedHere() if checking_place is IN_FOLDER else checking_place


def build(home: Path, place: Place, documents: list[Document] = PETS, **changes: Any) -> None:
    recipe = replace(RECIPE, **changes)
    build_index(home, "pets", documents, recipe, place=place).close()


def opened(home: Path, place: Place, **expected: Any) -> Index:
    index = open_current(home, "pets", place=place, **{**IDENTITY, **expected})
    assert index is not None
    return index


def test_nothing_built_opens_as_none(tmp_path: Path, place: Place) -> None:
    assert open_current(tmp_path, "pets", place=place) is None


def test_what_was_built_is_found_by_words_and_by_meaning(tmp_path: Path, place: Place) -> None:
    build(tmp_path, place)
    with opened(tmp_path, place) as index:
        [(row, similarity), *rest] = index.search_dense(embed(["Cats eat fish. Fish swim."])[0], 9)
        assert index.passages([row])[0].text == "Cats eat fish. Fish swim."
        assert similarity == pytest.approx(1.0, abs=1e-5)
        assert len(rest) == 3
        [(row, _)] = index.search_lexical(analyze("bark"), 5)
        assert index.passages([row])[0].document_id == "dogs"
        assert dict(index.documents) == {d.id: d for d in PETS}


def test_answers_are_those_of_an_index_in_memory(tmp_path: Path, place: Place) -> None:
    build(tmp_path, place, versioned(1))
    with opened(tmp_path, place) as index, memory_index(versioned(1), RECIPE) as expected:
        for question in ("fact 3", "part 2 holds", "version1 of part 5", "nothing like it"):
            vector = embed([question])[0]
            assert index.search_dense(vector, 15) == expected.search_dense(vector, 15)


def test_a_search_keeps_to_the_documents_asked_for(tmp_path: Path, place: Place) -> None:
    build(tmp_path, place)
    with opened(tmp_path, place) as index:
        found = index.search_dense(embed(["cats eat fish"])[0], 9, ["dogs", "bird"])
        assert {p.document_id for p in index.passages([r for r, _ in found])} == {"dogs"}
        assert index.search_dense(embed(["cats"])[0], 9, ["bird"]) == []


@pytest.mark.parametrize(("k", "found"), [(-1, 0), (0, 0), (1, 1), (10_000, 4)])
def test_any_k_gives_at_most_what_there_is(
    tmp_path: Path, place: Place, k: int, found: int
) -> None:
    build(tmp_path, place)
    with opened(tmp_path, place) as index:
        assert len(index.search_dense(embed(["cats"])[0], k)) == found


def test_a_wrong_vector_is_told_by_its_cause(tmp_path: Path, place: Place) -> None:
    build(tmp_path, place)
    with opened(tmp_path, place) as index:
        with pytest.raises(IndexStale, match="askali index"):
            index.search_dense(np.ones(3, dtype=np.float32), 2)
        with pytest.raises(ModelError, match="not finite"):
            index.search_dense(np.full(64, np.nan, dtype=np.float32), 2)


def test_no_documents_make_an_index_that_finds_nothing(tmp_path: Path, place: Place) -> None:
    build(tmp_path, place, [])
    with opened(tmp_path, place) as index:
        assert index.search_dense(embed(["cats"])[0], 5) == []


def test_only_the_changed_document_is_embedded_again(tmp_path: Path, place: Place) -> None:
    build(tmp_path, place)
    encoder = CountingEncoder()
    changed = replace(DOGS, text=DOGS.text.replace("at night", "by day"))
    build(tmp_path, place, [CATS, changed], embed=encoder)
    assert encoder.texts == ["Dogs bark by day. A dog eats meat."]
    with opened(tmp_path, place) as index:
        assert index.search_dense(embed(["Dogs bark by day. A dog eats meat."])[0], 1)[0][0] == 2


@pytest.mark.parametrize("name", ["encoder_id", "segmentation", "expected_stamp"])
def test_an_index_made_otherwise_is_stale(tmp_path: Path, place: Place, name: str) -> None:
    build(tmp_path, place)
    with pytest.raises(IndexStale, match="askali index"):
        opened(tmp_path, place, **{name: "another"})


def test_a_reader_keeps_its_generation_through_switches(tmp_path: Path, place: Place) -> None:
    build(tmp_path, place)
    with opened(tmp_path, place) as old:
        build(tmp_path, place, [DOGS])
        build(tmp_path, place, [CATS])
        found = old.search_dense(embed(["dogs"])[0], 9)
        assert {p.document_id for p in old.passages([r for r, _ in found])} == {"cats", "dogs"}


def test_a_rollback_serves_the_generation_before(tmp_path: Path, checking_place: Place) -> None:
    place = checking_place
    build(tmp_path, place, [CATS])
    build(tmp_path, place, [DOGS])
    roll_back(tmp_path, "pets", place=place)
    with opened(tmp_path, place) as index:
        assert list(index.documents) == ["cats"]
        assert len(index.search_dense(embed(["cats"])[0], 9)) == 2
    forget_previous(tmp_path, "pets", place=place)
    assert index_status(tmp_path, "pets").previous is None


def test_a_sound_index_passes_its_check_and_one_without_its_store_does_not(
    tmp_path: Path, checking_place: Place
) -> None:
    place = checking_place
    build(tmp_path, place)
    assert verify_current(tmp_path, "pets", place) is not None
    [generation] = (tmp_path / "indexes" / "pets").glob("gen-*")
    (generation / "store.sqlite").unlink()
    with pytest.raises(IndexBroken, match="askali index"):
        opened(tmp_path, place)


def test_the_next_build_removes_what_is_no_longer_kept(tmp_path: Path, place: Place) -> None:
    for documents in ([CATS], [DOGS], PETS, [CATS]):
        build(tmp_path, place, documents)
    assert len(list((tmp_path / "indexes" / "pets").glob("gen-*"))) == 2
    assert not list((tmp_path / "indexes" / "pets").glob("tmp-*"))


def test_many_threads_read_one_index(tmp_path: Path, place: Place) -> None:
    build(tmp_path, place)
    question, wrong = embed(["cats eat fish"])[0], []
    with opened(tmp_path, place) as index:
        expected = index.search_dense(question, 4)

        def ask() -> None:
            wrong.extend(
                found
                for found in (index.search_dense(question, 4) for _ in range(20))
                if found != expected
            )

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong


def test_a_closed_index_says_so_and_closes_twice(tmp_path: Path, place: Place) -> None:
    build(tmp_path, place)
    index = opened(tmp_path, place)
    index.close()
    index.close()
    with pytest.raises(StorageError, match="closed"):
        index.search_dense(embed(["cats"])[0], 1)
