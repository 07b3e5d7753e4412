"""Vectors on a Chroma server: by settings alone, and clear when it fails."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from askali import Assistant
from askali.errors import ServerUnreachable, SettingsError, StorageError
from askali.index import (
    IN_FOLDER,
    ChromaServer,
    Index,
    OnServers,
    build_index,
    open_current,
)
from askali.index.chroma import Remote
from chroma_server import collections, door, free_port, running, start
from index_helpers import CATS, DOGS, IDENTITY, PETS, RECIPE, embed, versioned


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("chroma")) as address:
        yield address


def at(url: str, **more: Any) -> OnServers:
    return OnServers(ChromaServer(url, **more))


def opened(home: Path, place: OnServers) -> Index:
    index = open_current(home, "pets", place=place, **IDENTITY)
    assert index is not None
    return index


def test_each_generation_has_a_collection_that_goes_when_it_goes(tmp_path: Path, url: str) -> None:
    before = collections(url)
    for documents in (PETS, [CATS], [DOGS]):
        build_index(tmp_path, "pets", documents, RECIPE, place=at(url)).close()
    folders = (tmp_path / "indexes" / "pets").glob("gen-*")
    expected = {f"askali-{folder.name.removeprefix('gen-')}" for folder in folders}
    assert len(expected) == 2
    assert collections(url) - before == expected


def test_a_build_that_failed_leaves_no_collection(tmp_path: Path, url: str) -> None:
    before = collections(url)

    def refuse(folder: Path) -> None:
        raise StorageError("refused")

    with pytest.raises(StorageError, match="refused"):
        build_index(tmp_path, "pets", PETS, RECIPE, place=at(url), verify=refuse)
    assert collections(url) == before


def test_nothing_of_chroma_is_written_on_this_machine(tmp_path: Path, url: str) -> None:
    build_index(tmp_path, "pets", PETS, RECIPE, place=at(url)).close()
    [generation] = (tmp_path / "indexes" / "pets").glob("gen-*")
    files = {path.name for path in generation.iterdir()}
    assert files == {"store.sqlite", "collection", "stamp.json", "lease"}


def test_a_server_that_lost_everything_is_filled_from_the_store(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path / "first", port) as url:
        build_index(tmp_path, "pets", PETS, RECIPE, place=at(url)).close()
    with running(tmp_path / "second", port) as url, opened(tmp_path, at(url)) as index:
        assert len(index.search_dense(embed(["cats"])[0], 9)) == 4


def test_vectors_move_between_folder_and_server_by_setting_only(tmp_path: Path, url: str) -> None:
    build_index(tmp_path, "pets", PETS, RECIPE, place=IN_FOLDER).close()
    question = embed(["cats eat fish"])[0]
    for place in (at(url), IN_FOLDER, at(url)):
        index = open_current(tmp_path, "pets", place=place, **IDENTITY)
        assert index is not None
        with index:
            assert index.search_dense(question, 1)[0][0] == 1


def test_a_server_that_is_not_there_is_told_with_what_to_run(tmp_path: Path) -> None:
    place = at(f"http://127.0.0.1:{free_port()}", retries=1)
    with pytest.raises(ServerUnreachable, match=r"2 attempts\): start it with `chroma run"):
        build_index(tmp_path, "pets", PETS, RECIPE, place=place)
    assert not list((tmp_path / "indexes" / "pets").glob("gen-*"))


def test_an_open_index_survives_a_restart_of_its_server(tmp_path: Path) -> None:
    port = free_port()
    process, url = start(tmp_path / "chroma", port)
    try:
        build_index(tmp_path, "pets", PETS, RECIPE, place=at(url)).close()
        with opened(tmp_path, at(url, retries=0)) as index:
            expected = index.search_dense(embed(["cats"])[0], 4)
            process.kill()
            process.wait()
            with pytest.raises(ServerUnreachable, match="does not answer"):
                index.search_dense(embed(["cats"])[0], 4)
            process, _ = start(tmp_path / "chroma", port)
            assert index.search_dense(embed(["cats"])[0], 4) == expected
    finally:
        process.kill()
        process.wait()


def test_a_server_without_a_search_of_its_own_leaves_the_words_to_ours(
    tmp_path: Path, url: str
) -> None:
    """Chroma's sparse and hybrid search is its cloud's: `chroma run` neither answers it nor
    keeps what it searches. Where this fails, `chroma run` has learnt a part of it, and
    what docs/scaling.md says of it can be built and run."""
    from chromadb import Knn, Schema, Search, SparseVectorIndexConfig
    from chromadb.base_types import SparseVector
    from chromadb.errors import ChromaError

    with build_index(tmp_path, "pets", PETS, RECIPE, place=at(url)) as index:
        assert index.search_lexical(RECIPE.analyze("cat", "en"), 3)
        vector = index.passage_vectors([0])[0].tolist()
    by_words = Schema().create_index(SparseVectorIndexConfig(bm25=True), key="words")
    sparse = {"words": SparseVector([1, 7], [0.5, 2.0])}
    remote = Remote(ChromaServer(url))
    try:
        api, tenancy = remote.api, remote.tenancy
        api._session.event_hooks["response"].clear()  # what the server says, untranslated
        plain = api.create_collection("plain", **tenancy)
        with pytest.raises(ChromaError, match="(?i)search operation is not implemented"):
            api._search(plain.id, [Search().rank(Knn(query=vector)).limit(1)], **tenancy)
        with pytest.raises(ChromaError, match="(?i)sparse vector indexing is not enabled"):
            api.create_collection("by-words", schema=by_words, **tenancy)
        with pytest.raises(ChromaError, match="(?i)sparse vector is not supported"):
            api._add(["0"], plain.id, [vector], [sparse], **tenancy)
        api.delete_collection("plain", **tenancy)
    finally:
        remote.stop()


@pytest.mark.parametrize(
    ("header", "value"),
    [("Authorization", "Bearer s3cret"), ("X-Chroma-Token", "s3cret")],
)
def test_the_token_goes_into_its_header_and_nowhere_else(
    tmp_path: Path, url: str, header: str, value: str
) -> None:
    def guard(request: BaseHTTPRequestHandler) -> int | None:
        return None if request.headers.get(header) == value else 401

    with door(url, guard) as guarded:
        with pytest.raises(StorageError, match="refused the token.*ASKALI_CHROMA_TOKEN"):
            build_index(tmp_path, "pets", PETS, RECIPE, place=at(guarded))
        server = ChromaServer(guarded, token="s3cret", token_header=header)
        build_index(tmp_path, "pets", PETS, RECIPE, place=OnServers(server)).close()
    assert "s3cret" not in repr(server)
    written = [p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()]
    assert not any(b"s3cret" in content for content in written)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(tmp_path: Path, url: str, status: int) -> None:
    asked: list[str] = []

    def busy_every_third_time(request: BaseHTTPRequestHandler) -> int | None:
        asked.append(request.path)
        return status if len(asked) % 3 == 0 else None

    with door(url, busy_every_third_time) as busy:
        place = at(busy, pause_s=0.01)
        build_index(tmp_path, "pets", PETS, RECIPE, place=place).close()
        with opened(tmp_path, place) as index:
            assert len(index.search_dense(embed(["cats"])[0], 9)) == 4
    assert len(asked) > 6


def test_a_server_that_hangs_is_given_up_in_time(url: str) -> None:
    def hang(request: BaseHTTPRequestHandler) -> int | None:
        time.sleep(1.5)
        return None

    with door(url, hang) as slow:
        started = time.monotonic()
        with pytest.raises(ServerUnreachable, match="does not answer"):
            Remote(ChromaServer(slow, timeout_s=0.2, retries=1))
        assert time.monotonic() - started < 1.5


def test_an_address_that_is_no_chroma_server_says_so(url: str) -> None:
    with door(url, lambda request: 404) as other, pytest.raises(StorageError, match="no Chroma"):
        Remote(ChromaServer(other))


@pytest.mark.parametrize("wrong", ["localhost:8000", "ftp://x", "http://", "http://x:port"])
def test_an_address_that_is_none_is_a_setting(wrong: str) -> None:
    with pytest.raises(SettingsError, match="chroma_url"):
        Remote(ChromaServer(wrong))


def test_the_python_server_is_warned_of_and_the_rust_one_is_not(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "askali"):
        Remote(ChromaServer(url)).stop()
        assert not caplog.records
        with door(url, server="uvicorn") as python_like:
            Remote(ChromaServer(python_like)).stop()
    assert "CVE-2026-45829" in caplog.text
    assert "chroma run" in caplog.text


FRONT_END = """
import json, sys
from askali import Assistant
with Assistant.open() as bot:
    answers = [bot.ask(question) for question in json.loads(sys.argv[1])]
print(json.dumps([[a.text, a.index_stamp] for a in answers]))
"""


def test_front_ends_of_one_server_give_the_answers_of_one_without(
    own_home: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = ["How much is Alibaba investing over three years?", "Who questioned Zebra?"]
    with Assistant.open() as alone:
        expected = [[a.text, a.index_stamp] for a in map(alone.ask, questions)]
    monkeypatch.setenv("ASKALI_CHROMA_URL", url)
    with Assistant.open():
        pass  # moves the vectors, so that no front end waits for another
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", FRONT_END, json.dumps(questions)]
    front_ends = [
        subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) for _ in range(2)
    ]
    for front_end in front_ends:
        said, _ = front_end.communicate(timeout=120)
        assert json.loads(said) == expected


def test_a_build_killed_on_a_server_leaves_the_old_generation(tmp_path: Path, url: str) -> None:
    build_index(tmp_path, "pets", PETS, RECIPE, place=at(url)).close()
    before = collections(url)
    code = """
import os, pathlib, signal, sys
sys.path.insert(0, sys.argv[3])
import index_helpers as h
from askali.index import ChromaServer, OnServers, build_index
kill = lambda folder: os.kill(os.getpid(), signal.SIGKILL)
place = OnServers(ChromaServer(sys.argv[2]))
build_index(pathlib.Path(sys.argv[1]), "pets", h.versioned(1), h.RECIPE, place=place, verify=kill)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    arguments = [sys.executable, "-c", code, tmp_path, url, Path(__file__).parents[1] / "helpers"]
    assert subprocess.run(arguments, env=environment).returncode < 0
    assert len(collections(url) - before) == 1
    with opened(tmp_path, at(url)) as index:
        assert list(index.documents) == ["cats", "dogs"]
    build_index(tmp_path, "pets", versioned(2), RECIPE, place=at(url)).close()
    assert len(collections(url) - before) == 1  # the new one; the orphan is gone
