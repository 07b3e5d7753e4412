"""Vectors spread over two real Chroma servers: by setting alone, with the answers of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from askali.errors import IndexBroken, ServerUnreachable, StorageError
from askali.index import (
    ChromaServer,
    Index,
    OnServers,
    build_index,
    open_current,
    verify_current,
)
from askali.index.chroma import Remote
from askali.ingestion import place_of
from askali.settings import Settings
from chroma_server import collections, free_port, running
from index_helpers import CATS, DOGS, IDENTITY, PETS, RECIPE, CountingEncoder, embed, versioned


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    folders = [tmp_path_factory.mktemp("chroma") for _ in range(2)]
    with running(folders[0]) as first, running(folders[1]) as second:
        yield first, second


def at(*urls: str) -> OnServers:
    return OnServers(*(ChromaServer(url, retries=1) for url in urls))


def opened(home: Path, place: OnServers) -> Index:
    index = open_current(home, "pets", place=place, **IDENTITY)
    assert index is not None
    return index


def rows_on(url: str, name: str) -> set[int]:
    remote = Remote(ChromaServer(url))
    try:
        model = remote.api.get_collection(name, **remote.tenancy)
        return {int(id) for id in remote.api._get(model.id, **remote.tenancy)["ids"]}
    finally:
        remote.stop()


def new_on(url: str, before: set[str]) -> str:
    [name] = collections(url) - before
    return name


def test_each_server_has_every_other_passage(tmp_path: Path, urls: tuple[str, str]) -> None:
    before = [collections(url) for url in urls]
    with build_index(tmp_path, "pets", versioned(1), RECIPE, place=at(*urls)) as index:
        count = index.passage_count
    names = [new_on(url, old) for url, old in zip(urls, before, strict=True)]
    assert [name[-7:] for name in names] == ["-1-of-2", "-2-of-2"]
    found = [rows_on(url, name) for url, name in zip(urls, names, strict=True)]
    assert found == [set(range(0, count, 2)), set(range(1, count, 2))]


def test_one_ranking_comes_back_whoever_has_the_passages(
    tmp_path: Path, urls: tuple[str, str]
) -> None:
    """With ties: passages of equal text are on both servers, and the row decides."""
    twins = [replace(document, id=f"{document.id}-again") for document in versioned(1)]
    documents = [*versioned(1), *twins, *PETS]
    with (
        build_index(tmp_path / "two", "pets", documents, RECIPE, place=at(*urls)) as index,
        build_index(tmp_path / "one", "pets", documents, RECIPE, place=at(urls[0])) as expected,
    ):
        chance = np.random.default_rng(0)
        questions = [*embed(["fact 3 of part 2", "cats eat fish", "nothing like it"])]
        questions += [*chance.normal(size=(10, 64)).astype(np.float32)]
        for vector in questions:
            for k in (1, 7, 50, 1000):
                assert index.search_dense(vector, k) == expected.search_dense(vector, k)
            among = ["d1", "d1-again", "cats", "unknown"]
            found = index.search_dense(vector, 9, among)
            assert found == expected.search_dense(vector, 9, among)


def test_a_server_with_no_passage_of_a_small_index_does_no_harm(
    tmp_path: Path, urls: tuple[str, str]
) -> None:
    one = [replace(CATS, text="Cats sleep a lot.")]
    with build_index(tmp_path, "pets", one, RECIPE, place=at(*urls)) as index:
        assert [row for row, _ in index.search_dense(embed(["cats"])[0], 5)] == [0]
    assert verify_current(tmp_path, "pets", at(*urls)) is not None


def test_a_server_that_is_down_is_named(tmp_path: Path, urls: tuple[str, str]) -> None:
    port = free_port()
    with running(tmp_path / "chroma", port) as second:
        place = at(urls[0], second)
        build_index(tmp_path, "pets", PETS, RECIPE, place=place).close()
        index = opened(tmp_path, place)
    named = f"127.0.0.1:{port} does not answer.*chroma run"
    with index, pytest.raises(ServerUnreachable, match=named):
        index.search_dense(embed(["cats"])[0], 4)
    with pytest.raises(ServerUnreachable, match=named):
        opened(tmp_path, place)
    with pytest.raises(ServerUnreachable, match=named):
        build_index(tmp_path, "pets", [DOGS], RECIPE, place=place)
    with running(tmp_path / "chroma", port), opened(tmp_path, place) as index:
        assert list(index.documents) == ["cats", "dogs"]


def test_another_list_of_servers_is_filled_from_the_store(
    tmp_path: Path, urls: tuple[str, str]
) -> None:
    encoder = CountingEncoder()
    first, second = urls
    recipe = replace(RECIPE, embed=encoder)
    question = embed(["cats eat fish"])[0]
    with build_index(tmp_path, "pets", PETS, recipe, place=at(first)) as index:
        expected = index.search_dense(question, 9)
    embedded = list(encoder.texts)
    for list_of in ((first, second), (second,), (second, first), (first, second), (first,)):
        with pytest.raises(IndexBroken, match="not on|not what was checked|damaged"):
            verify_current(tmp_path, "pets", at(*list_of))
        with opened(tmp_path, at(*list_of)) as index:
            assert index.search_dense(question, 9) == expected
        assert verify_current(tmp_path, "pets", at(*list_of)) is not None
    assert encoder.texts == embedded


def test_what_is_no_longer_kept_goes_from_all_servers(
    tmp_path: Path, urls: tuple[str, str]
) -> None:
    before = [collections(url) for url in urls]
    for documents in (PETS, [CATS], [DOGS], PETS):
        build_index(tmp_path, "pets", documents, RECIPE, place=at(*urls)).close()
    kept = {path.name[4:] for path in (tmp_path / "indexes" / "pets").glob("gen-*")}
    for number, (url, old) in enumerate(zip(urls, before, strict=True), start=1):
        assert collections(url) - old == {f"askali-{name}-{number}-of-2" for name in kept}
    assert len(kept) == 2


def test_a_build_that_failed_leaves_nothing_on_any_server(
    tmp_path: Path, urls: tuple[str, str]
) -> None:
    before = [collections(url) for url in urls]

    def refuse(folder: Path) -> None:
        raise StorageError("refused")

    with pytest.raises(StorageError, match="refused"):
        build_index(tmp_path, "pets", PETS, RECIPE, place=at(*urls), verify=refuse)
    assert [collections(url) for url in urls] == before


@pytest.mark.parametrize("between", [" ", ",", ", "])
def test_several_addresses_in_the_setting_are_all_that_it_takes(
    tmp_path: Path, urls: tuple[str, str], between: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASKALI_CHROMA_URL", between.join(urls))
    place = place_of(Settings.load())
    before = [collections(url) for url in urls]
    build_index(tmp_path, "pets", PETS, RECIPE, place=place).close()
    assert [len(collections(url) - old) for url, old in zip(urls, before, strict=True)] == [1, 1]
    monkeypatch.setenv("ASKALI_CHROMA_URL", between.join(reversed(urls)))
    assert verify_current(tmp_path, "pets", place_of(Settings.load())) is not None


def test_a_server_that_is_named_twice_has_two_collections(
    tmp_path: Path, urls: tuple[str, str]
) -> None:
    """As Chroma Cloud wants it, which limits the records of a collection."""
    before = [collections(url) for url in urls]
    place = at(urls[0], urls[0], urls[1])
    question = embed(["fact 3 of part 2"])[0]
    with (
        build_index(tmp_path / "three", "pets", versioned(1), RECIPE, place=place) as index,
        build_index(tmp_path / "one", "pets", versioned(1), RECIPE, place=at(urls[1])) as expected,
    ):
        assert index.search_dense(question, 20) == expected.search_dense(question, 20)
    names = [sorted(collections(url) - old) for url, old in zip(urls, before, strict=True)]
    assert [name[-7:] for name in names[0]] == ["-1-of-3", "-2-of-3"]
    assert len(names[1]) == 2
    for documents in ([CATS], [DOGS]):
        build_index(tmp_path / "three", "pets", documents, RECIPE, place=place).close()
    assert not {*names[0]} & collections(urls[0])
