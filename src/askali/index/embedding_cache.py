"""Vectors that need not be made again: of the current generation, and of a build cut short.

Texts are named by `text_hash`, so a vector is right wherever it comes from. What a
build embeds is kept in ``carry.sqlite`` batch by batch; a build that was stopped
goes on where it was, and one that has finished removes the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from askali.errors import StorageError
from askali.index.manifest import STORE
from askali.index.recipe import Vectors
from askali.index.storage_errors import storage_faults
from askali.index.store import Store

CARRY = "carry.sqlite"
ROLE = "the file of embeddings made so far"


class CarriedOver:
    """The vectors of an earlier store, if there is one, and of a carry file."""

    def __init__(self, file: sqlite3.Connection, path: Path, earlier: Store | None) -> None:
        self._file, self._path, self._earlier = file, path, earlier

    def find(self, hashes: Iterable[bytes]) -> Mapping[bytes, Vectors]:
        """Those of `hashes` that are at hand."""
        found: dict[bytes, Vectors] = {}
        wanted = set(hashes)
        if self._earlier is not None:
            with suppress(StorageError):  # a damaged store has nothing to give
                found.update(self._earlier.vectors_by_hash(wanted))
        with storage_faults(ROLE, self._path):
            for digest in wanted - found.keys():
                row = self._file.execute("SELECT vector FROM made WHERE hash = ?", (digest,))
                for (blob,) in row:
                    found[digest] = np.frombuffer(blob, dtype="<f4")
        return found

    def keep(self, hashes: Sequence[bytes], vectors: Vectors) -> None:
        """On disk when this returns, whatever happens to the build."""
        blobs = (np.ascontiguousarray(v, dtype="<f4").tobytes() for v in vectors)
        with storage_faults(ROLE, self._path), self._file:
            rows = zip(hashes, blobs, strict=True)
            self._file.executemany("INSERT OR REPLACE INTO made VALUES (?, ?)", rows)


@contextmanager
def carried_over(folder: Path, generation: Path | None) -> Iterator[CarriedOver]:
    """What `generation` and the carry file of an index folder have."""
    path = folder / CARRY
    with storage_faults(ROLE, path):
        file = _open(path)
    earlier = _earlier(generation)
    try:
        yield CarriedOver(file, path, earlier)
    finally:
        file.close()
        if earlier is not None:
            earlier.close()


def forget(folder: Path) -> None:
    """Remove the carry file: everything in it is in the generation that was built."""
    for name in (CARRY, f"{CARRY}-journal"):
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)


def _open(path: Path) -> sqlite3.Connection:
    try:
        return _connect(path)
    except sqlite3.DatabaseError as exc:
        if isinstance(exc, sqlite3.OperationalError):
            raise  # a full or forbidden disk, not a damaged file
        forget(path.parent)
        return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path)
    try:
        file.execute("CREATE TABLE IF NOT EXISTS made (hash BLOB PRIMARY KEY, vector BLOB)")
        file.execute("SELECT count(*) FROM made").fetchone()
        return file
    except BaseException:
        file.close()
        raise


def _earlier(generation: Path | None) -> Store | None:
    with suppress(StorageError):
        if generation is not None and (generation / STORE).is_file():
            return Store.open(generation / STORE)
    return None
