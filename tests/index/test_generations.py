"""Generations on disk: reuse, the atomic switch, staleness, damage, locks, full disks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from askali.domain import Document
from askali.errors import IndexBroken, IndexLocked, IndexStale, StorageError
from askali.index import Index, Recipe, build_index, open_current
from askali.index.check import check_generation
from index_helpers import (
    CATS,
    CHECK,
    DOGS,
    IDENTITY,
    PETS,
    RECIPE,
    CountingEncoder,
    analyze,
    embed,
    segment,
    stamp_of,
    versioned,
)


def build(home: Path, documents: list[Document] = PETS, **changes: object) -> None:
    made_with = {name: changes.pop(name) for name in Recipe.__slots__ if name in changes}
    recipe = replace(RECIPE, **made_with)  # type: ignore[arg-type]
    build_index(home, "pets", documents, recipe, **{**CHECK, **changes}).close()  # type: ignore[arg-type]


def opened(home: Path) -> Index:
    index = open_current(home, "pets", **IDENTITY)
    assert index is not None
    return index


def shelf(home: Path) -> Path:
    return home / "indexes" / "pets"


def generations(home: Path) -> list[Path]:
    return sorted(shelf(home).glob("gen-*"))


def python(code: str, *arguments: object, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        **options,  # type: ignore[call-overload]
    )


def test_nothing_built_opens_as_none_and_makes_no_folder(tmp_path: Path) -> None:
    assert open_current(tmp_path, "pets", **IDENTITY) is None
    assert not list(tmp_path.iterdir())


def test_a_build_is_checked_in_a_child_process_and_opens_at_once(tmp_path: Path) -> None:
    with build_index(tmp_path, "pets", PETS, RECIPE) as index:
        assert index.stamp == stamp_of(PETS)
    with opened(tmp_path) as index:
        assert dict(index.documents) == {d.id: d for d in PETS}


def test_nothing_but_vectors_is_in_the_vector_files(tmp_path: Path) -> None:
    """Chroma writes a hundred rows for five, and what lay in memory into the others."""
    build(tmp_path)
    with opened(tmp_path) as index:
        count = index.passage_count
    for name in ("data_level0.bin", "length.bin"):
        [file] = tmp_path.rglob(name)
        content = file.read_bytes()
        row = len(content) // 100
        assert any(content[: count * row])
        assert not any(content[count * row :])


def test_only_the_changed_document_is_embedded_again(tmp_path: Path) -> None:
    build(tmp_path)
    encoder, progress = CountingEncoder(), []
    changed = replace(DOGS, text=DOGS.text.replace("at night", "by day"))
    build(tmp_path, [CATS, changed], embed=encoder, on_progress=lambda *p: progress.append(p))
    assert encoder.texts == ["Dogs bark by day. A dog eats meat."]
    assert progress == [(0, 1), (1, 1)]
    with opened(tmp_path) as index:
        passage = index.passages([2])[0]
        assert index.passage_vectors([2])[0] == pytest.approx(embed([passage.text])[0])


def test_a_build_of_the_same_documents_embeds_nothing(tmp_path: Path) -> None:
    build(tmp_path)
    encoder = CountingEncoder()
    build(tmp_path, embed=encoder)
    assert encoder.texts == []


def test_another_encoder_embeds_everything(tmp_path: Path) -> None:
    build(tmp_path)
    encoder = CountingEncoder()
    build(tmp_path, embed=encoder, encoder_id="another")
    assert len(encoder.texts) == len({passage.text for d in PETS for passage in segment(d)[1]})


@pytest.mark.parametrize(
    "expected",
    [
        {"encoder_id": "another"},
        {"segmentation": "another"},
        {"expected_stamp": stamp_of([CATS])},
    ],
)
def test_an_index_made_otherwise_is_stale_and_says_what_to_run(
    tmp_path: Path, expected: dict[str, str]
) -> None:
    build(tmp_path)
    with pytest.raises(IndexStale, match="askali index"):
        open_current(tmp_path, "pets", **expected)


def test_the_expected_stamp_opens(tmp_path: Path) -> None:
    build(tmp_path)
    index = open_current(tmp_path, "pets", expected_stamp=stamp_of(PETS))
    assert index is not None
    index.close()


def test_another_format_is_stale(tmp_path: Path) -> None:
    build(tmp_path)
    [generation] = generations(tmp_path)
    stamp = json.loads((generation / "stamp.json").read_text())
    (generation / "stamp.json").write_text(json.dumps({**stamp, "format": 99, "new": 1}))
    with pytest.raises(IndexStale, match="format 99"):
        opened(tmp_path)


def test_a_reader_keeps_its_generation_through_a_switch(tmp_path: Path) -> None:
    build(tmp_path)
    old = opened(tmp_path)
    build(tmp_path, [DOGS])
    assert len(generations(tmp_path)) == 2
    assert old.passages([0])[0].document_id == "cats"
    assert len(old.search_dense(embed(["cats"])[0], 9)) == 4
    with opened(tmp_path) as new:
        assert list(new.documents) == ["dogs"]
    build(tmp_path)
    assert len(generations(tmp_path)) == 3  # the one being read, the one before, the current
    old.close()
    build(tmp_path)
    assert len(generations(tmp_path)) == 2


def test_readers_see_one_whole_version_while_builds_switch(tmp_path: Path) -> None:
    versions = [versioned(v)[:2] for v in range(5)]
    stamps = {stamp_of(documents): f"version{v}" for v, documents in enumerate(versions)}
    build(tmp_path, versions[0])
    done, wrong, seen = threading.Event(), [], set()

    def read() -> None:
        while not done.is_set():
            try:
                with opened(tmp_path) as index:
                    rows = [row for row, _ in index.search_dense(embed(["fact 3 of part"])[0], 9)]
                    rows += [row for row, _ in index.search_lexical(analyze("fact 3"), 9)]
                    texts = [p.text for p in index.passages(rows)]
                    seen.add(index.stamp)
                    if any(stamps[index.stamp] not in text for text in texts):
                        wrong.append(texts)
            except Exception as exc:
                wrong.append(exc)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for documents in versions[1:]:
        build(tmp_path, documents)
    done.set()
    for reader in readers:
        reader.join()
    assert not wrong
    assert len(seen) > 1


def test_opening_takes_under_100_ms(tmp_path: Path) -> None:
    build(tmp_path, versioned(1))
    times = []
    for _ in range(5):
        started = time.perf_counter()
        opened(tmp_path).close()
        times.append(time.perf_counter() - started)
    assert min(times) < 0.1


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scribble(path: Path) -> None:
    path.write_bytes(b"\xa5" * path.stat().st_size)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("pattern", "damage"),
    [
        ("chroma/*/data_level0.bin", truncate),
        ("chroma/*/data_level0.bin", scribble),
        ("chroma/chroma.sqlite3", empty),
        ("chroma", shutil.rmtree),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_damaged_vectors_are_made_again_from_the_store(
    tmp_path: Path, pattern: str, damage: Callable[[Path], None]
) -> None:
    build(tmp_path)
    [generation] = generations(tmp_path)
    with opened(tmp_path) as index:
        expected = index.search_dense(embed(["cats eat fish"])[0], 4)
    [path] = generation.glob(pattern)
    damage(path)
    with opened(tmp_path) as index:
        assert index.search_dense(embed(["cats eat fish"])[0], 4) == expected
    [rebuilt] = generations(tmp_path)
    assert rebuilt != generation
    check_generation(rebuilt)


def test_damaged_vectors_are_served_from_memory_while_another_process_writes(
    tmp_path: Path,
) -> None:
    build(tmp_path)
    [generation] = generations(tmp_path)
    shutil.rmtree(generation / "chroma")
    with AnotherWriter(tmp_path):
        index = open_current(tmp_path, "pets", **IDENTITY, lock_timeout_s=0.1)
        assert index is not None
        assert len(index.search_dense(embed(["cats"])[0], 9)) == 4
        index.close()
    assert generations(tmp_path) == [generation]


@pytest.mark.parametrize("damage", [truncate, empty, Path.unlink])
@pytest.mark.parametrize("name", ["store.sqlite", "stamp.json"])
def test_a_damaged_store_or_stamp_is_broken_until_built_again(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    build(tmp_path)
    damage(generations(tmp_path)[0] / name)
    with pytest.raises(StorageError, match="askali index|check the disk"):
        opened(tmp_path)
    build(tmp_path)
    opened(tmp_path).close()


@pytest.mark.parametrize("pointer", [b"", b"gen-000000000000\n", b"../../etc\n", b"\xff\xfe"])
def test_a_pointer_to_nothing_is_broken_until_built_again(tmp_path: Path, pointer: bytes) -> None:
    build(tmp_path)
    (shelf(tmp_path) / "current").write_bytes(pointer)
    with pytest.raises(IndexBroken, match="askali index"):
        opened(tmp_path)
    build(tmp_path)
    opened(tmp_path).close()
    assert len(generations(tmp_path)) == 1


def test_a_build_that_fails_its_check_leaves_the_old_index(tmp_path: Path) -> None:
    def refuse(folder: Path) -> None:
        raise IndexBroken(f"{folder} refused")

    build(tmp_path)
    with pytest.raises(IndexBroken, match="refused"):
        build(tmp_path, [DOGS], verify=refuse)
    with opened(tmp_path) as index:
        assert index.stamp == stamp_of(PETS)
    assert not list(shelf(tmp_path).glob("tmp-*"))


def test_an_encoder_that_fails_leaves_the_old_index_and_frees_the_lock(tmp_path: Path) -> None:
    def fail(texts: list[str]) -> object:
        raise MemoryError

    build(tmp_path)
    with pytest.raises(MemoryError):
        build(tmp_path, versioned(1), embed=fail)
    build(tmp_path, [DOGS])
    with opened(tmp_path) as index:
        assert list(index.documents) == ["dogs"]


def test_a_build_that_was_stopped_embeds_only_the_rest_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    long = [Document("d", "", " ".join(f"Fact {i} is worth {i * i}." for i in range(1500)))]
    calls: list[int] = []

    def stopped(texts: list[str]) -> object:
        calls.append(len(texts))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return embed(texts)

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, long, embed=stopped)
    assert (shelf(tmp_path) / "carry.sqlite").exists()
    encoder = CountingEncoder()
    build(tmp_path, long, embed=encoder)
    assert len(encoder.texts) == 750 - calls[0]
    assert not (shelf(tmp_path) / "carry.sqlite").exists()


class AnotherWriter:
    """A process that holds the writer's lock until it is killed."""

    CODE = (
        "import sys, time, pathlib\n"
        "from askali.index.directory import Shelf\n"
        "with Shelf(pathlib.Path(sys.argv[1]), 'pets').writing(1):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )

    def __init__(self, home: Path) -> None:
        self.process = python(self.CODE, home)

    def __enter__(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "held\n"

    def __exit__(self, *exception: object) -> None:
        self.process.kill()
        self.process.communicate()


def test_a_second_writer_is_told_within_two_seconds_and_the_lock_dies_with_the_first(
    tmp_path: Path,
) -> None:
    build(tmp_path)
    with AnotherWriter(tmp_path):
        started = time.monotonic()
        with pytest.raises(IndexLocked, match="another process is writing"):
            build(tmp_path, [DOGS])
        assert time.monotonic() - started < 2
        opened(tmp_path).close()  # readers do not wait
    build(tmp_path, [DOGS])


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
def test_a_full_disk_is_a_storage_error_and_leaves_the_old_index(tmp_path: Path) -> None:
    build(tmp_path)
    # A limit on the size of a file fails writes as a full disk does.
    code = """
import pathlib, resource, sys
sys.path.insert(0, sys.argv[2])
import index_helpers as h
from askali.index import build_index, open_current
from askali.errors import StorageError
for limit in 4096, 120_000:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        build_index(pathlib.Path(sys.argv[1]), "pets", h.versioned(1), h.RECIPE, **h.CHECK)
    except StorageError as exc:
        print(type(exc).__name__, exc)
"""
    said, _ = python(code, tmp_path, Path(__file__).parents[1] / "helpers").communicate(timeout=60)
    for line, role in zip(said.splitlines(), ("made so far", "vector index"), strict=True):
        assert line.startswith("StorageError the disk is full or failing under the ")
        assert role in line
        assert "ASKALI_HOME" in line
    with opened(tmp_path) as index:
        assert index.stamp == stamp_of(PETS)
    assert not list(shelf(tmp_path).glob("tmp-*"))


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs POSIX users")
def test_a_read_only_home_answers_from_memory_and_refuses_to_build(tmp_path: Path) -> None:
    places = [Path(sys.prefix), Path(__file__)]
    if not all(p.stat().st_mode & 0o005 == 0o005 for q in places for p in q.parents):
        pytest.skip("another user may not read this installation; run it from a readable folder")
    build(tmp_path / "home")
    # Root may write anywhere, so it becomes nobody, with all that is imported by then.
    code = """
import os, pathlib, sys
sys.path.insert(0, sys.argv[2])
import index_helpers as h
from askali.index import build_index, open_current
from askali.errors import StorageError
home = pathlib.Path(sys.argv[1])
def ask():
    with open_current(home / "home", "pets", **h.IDENTITY) as index:
        return len(index.search_dense(h.embed(["cats"])[0], 9))
build_index(home / "other", "pets", h.PETS, h.RECIPE, **h.CHECK).close()
ask()
for path in sorted((home / "home").rglob("*")):
    path.chmod(0o555 if path.is_dir() else 0o444)
(home / "home").chmod(0o555)
if os.getuid() == 0:
    os.setgid(65534); os.setuid(65534)
print(ask())
for name in ("pets", "new"):
    try:
        build_index(home / "home", name, h.PETS, h.RECIPE, **h.CHECK)
    except StorageError as exc:
        print(type(exc).__name__, exc)
"""
    opened_up = [p for p in (tmp_path, *tmp_path.parents) if p.stat().st_uid == os.getuid()]
    modes = {p: p.stat().st_mode for p in opened_up}
    try:
        for path, mode in modes.items():
            path.chmod(mode | 0o055)
        said, _ = python(code, tmp_path, Path(__file__).parents[1] / "helpers").communicate(
            timeout=60
        )
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
        for path in [tmp_path / "home", *(tmp_path / "home").rglob("*")]:
            path.chmod(0o700)
    found, *refused = said.splitlines()
    assert found == "4"
    assert len(refused) == 2
    assert all(line.startswith("StorageError not allowed to use") for line in refused)


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b", "a\\b", "x" * 101])
def test_a_name_that_is_no_plain_folder_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StorageError, match="index name"):
        open_current(tmp_path, name)


def test_an_index_folder_is_the_owners_alone(tmp_path: Path) -> None:
    build(tmp_path)
    assert shelf(tmp_path).stat().st_mode & 0o077 == 0


def test_the_next_build_removes_what_killed_builders_left(tmp_path: Path) -> None:
    (shelf(tmp_path) / "tmp-0123456789ab").mkdir(parents=True)
    (shelf(tmp_path) / "tmp-0123456789ab" / "store.sqlite").write_bytes(b"half")
    (shelf(tmp_path) / "gen-0123456789ab").mkdir()
    (shelf(tmp_path) / "gen-0123456789ab" / "lease").touch()
    build(tmp_path)
    assert len(generations(tmp_path)) == 1
    assert not list(shelf(tmp_path).glob("tmp-*"))


@pytest.mark.parametrize("years", [-30, 30])
def test_a_clock_that_jumps_changes_nothing(tmp_path: Path, years: int) -> None:
    build(tmp_path)
    then = time.time() + years * 365 * 86400
    for path in [shelf(tmp_path), *shelf(tmp_path).rglob("*")]:
        os.utime(path, (then, then))
    [generation] = generations(tmp_path)
    opened(tmp_path).close()
    assert generations(tmp_path) == [generation]  # nothing was taken for damaged
    encoder = CountingEncoder()
    build(tmp_path, [DOGS], embed=encoder)
    assert encoder.texts == []
    with opened(tmp_path) as index:
        assert list(index.documents) == ["dogs"]


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a file system of its own")
@pytest.mark.parametrize("size", ["100k", "200k"])
def test_a_file_system_that_is_full_is_named_as_such(tmp_path: Path, size: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount")
    try:
        with pytest.raises(StorageError, match=r"the disk is full .* ASKALI_HOME"):
            build(disk)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a file system of its own")
def test_a_read_only_file_system_is_named_as_such(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount")
    try:
        with pytest.raises(StorageError, match="Read-only file system"):
            build(disk)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
