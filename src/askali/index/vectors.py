"""The Chroma side of an index: nearest passages by cosine, here or on a server.

Measured with chromadb 1.5.9: (1) every index gets a Chroma system of its own,
since clients in one process share one, where a deleted in-memory collection
leaks 2.7 MB for as long as any other client lives. (2) The rows that Chroma has not persisted
are replayed at each open, which writes the vector files anew, even for a mere
reader; so the build's batches are cut such that its last one is persisted too.
Nothing is added after a build, so nothing is ever persisted in place again.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from askali.errors import IndexBroken, IndexStale, ModelError, StorageError
from askali.index.chroma import ROLE, Embedded, Link, is_misfit, wrap
from askali.index.recipe import Vectors
from askali.index.storage_errors import REBUILD, storage_faults
from askali.index.store import Store

if TYPE_CHECKING:
    from askali.index.chroma import Collection

_COLLECTION = "passages"
_BATCH_ROWS = 250
_PERSIST_ROWS = 5000
_EF_SEARCH = 200
_EF_SEARCH_EXACT = 1000
"""Up to as many passages, the search visits all: a rebuild changes no answer."""
_MARGIN = 8
_WIDEST = 2000
_DECIMALS = 6
"""Similarities are rounded so that equal texts tie and the row decides."""


class PassageVectors:
    """One collection, on disk or in memory; ids are passage rows; thread-safe."""

    def __init__(self, link: Link, collection: Collection) -> None:
        self._link = link
        self._collection = collection
        self._is_closed = False
        self.count = link.call(collection.count)

    @classmethod
    def build(cls, path: Path | None, store: Store) -> PassageVectors:
        """Make a collection from a store's vectors, in a new folder or in memory."""
        return cls.build_on(Embedded(path), _COLLECTION, store)

    @classmethod
    def open(cls, path: Path) -> PassageVectors:
        """Open a folder that `build` wrote; a damaged one may kill the process."""
        if not (path / "chroma.sqlite3").is_file():
            raise IndexBroken(f"{ROLE} ({path}) is missing; {REBUILD}")
        return cls.open_on(Embedded(path), _COLLECTION)

    @classmethod
    def build_on(
        cls, link: Link, name: str, store: Store, rows: range | None = None
    ) -> PassageVectors:
        """Make the collection `name` of these passages, or of all; the link is closed with it,
        also by a failure."""
        chosen = range(store.passage_count) if rows is None else rows
        try:
            collection = _create(link, name, len(chosen))
            _fill(link, collection, store, chosen)
            return cls(link, collection)
        except BaseException:
            link.stop()
            raise

    @classmethod
    def open_on(cls, link: Link, name: str) -> PassageVectors:
        """Raises `IndexBroken` where there is no such collection."""
        try:
            model = link.call(lambda: link.api.get_collection(name, **link.tenancy))
            return cls(link, wrap(link.api, model))
        except BaseException:
            link.stop()
            raise

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._link.stop()

    def query(
        self, vector: Vectors, k: int, document_rows: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The nearest passages as (row, cosine similarity), best first, ties by row."""
        if self._is_closed:
            raise StorageError("this index is closed; open it again")
        if k < 1 or not self.count or document_rows is not None and not document_rows:
            return []
        where = None if document_rows is None else {"document": {"$in": list(document_rows)}}
        wide = k + _MARGIN
        while True:
            found = self._nearest(vector, min(wide, self.count), where)
            ranked = sorted(found, key=lambda hit: (-hit[1], hit[0]))
            # Of equals that do not all fit, Chroma returns some, others in each build.
            is_cut_in_a_tie = len(ranked) >= wide and ranked[-1][1] == ranked[k - 1][1]
            if not is_cut_in_a_tie or wide >= _WIDEST:
                return ranked[:k]
            wide *= 4

    def _nearest(self, vector: Vectors, k: int, where: Any) -> list[tuple[int, float]]:
        if not np.isfinite(vector).all():
            raise ModelError("the encoder returned a vector that is not finite; try other words")

        def ask() -> Any:
            try:
                return self._collection.query(
                    query_embeddings=np.asarray([vector], dtype=np.float32),
                    n_results=k,
                    where=where,
                    include=["distances"],
                )
            except Exception as exc:
                if not is_misfit(exc):
                    raise
                raise IndexStale(
                    f"the question's vector does not fit the index: {exc}; "
                    "run `askali index` with the encoder that you ask with"
                ) from exc

        result = self._link.call(ask)
        distances = result["distances"] or [[]]
        pairs = zip(result["ids"][0], distances[0], strict=True)
        return [(int(id), round(1.0 - float(d), _DECIMALS)) for id, d in pairs]

    def stored(self, rows: Sequence[int]) -> dict[int, Vectors]:
        """The vectors as Chroma holds them, for the check."""
        if not rows:
            return {}
        ids = [str(row) for row in rows]
        found = self._link.call(lambda: self._collection.get(ids=ids, include=["embeddings"]))
        embeddings = found["embeddings"]
        assert embeddings is not None
        return {
            int(id): np.asarray(vector, dtype=np.float32)
            for id, vector in zip(found["ids"], embeddings, strict=True)
        }

    def nearest_similarity(self, vectors: Vectors) -> list[float]:
        """For each vector the similarity of the nearest passage, for the check."""
        found = self._link.call(
            lambda: self._collection.query(
                query_embeddings=vectors, n_results=1, include=["distances"]
            )
        )
        return [1.0 - row[0] if row else -1.0 for row in found["distances"] or []]


def persisted_batches(count: int) -> tuple[int, list[range]]:
    """A sync threshold and batches of at most 250 rows whose last one reaches it.

    Chroma persists after a batch once `threshold` rows are pending. Parts of
    `threshold` or `threshold + 1` rows, each cut evenly, leave no rest.
    """
    parts = max(1, -(-count // _PERSIST_ROWS))
    batches = [
        batch
        for part in _even(range(count), parts)
        for batch in _even(part, -(-len(part) // _BATCH_ROWS))
    ]
    return max(1, count // parts), batches


def _even(rows: range, parts: int) -> Iterator[range]:
    cuts = [rows.start + i * len(rows) // parts for i in range(parts + 1)] if parts else []
    return (range(a, b) for a, b in pairwise(cuts))


def _create(link: Link, name: str, count: int) -> Collection:
    threshold, _ = persisted_batches(count)
    hnsw = {
        "space": "cosine",
        "ef_search": max(_EF_SEARCH, min(count, _EF_SEARCH_EXACT)),
        "sync_threshold": threshold,
        "batch_size": min(100, threshold),
    }

    def create() -> Any:
        # Twice is once: an answer that got lost is no reason to fail.
        return link.api.create_collection(
            name, configuration={"hnsw": hnsw}, get_or_create=True, **link.tenancy
        )

    return wrap(link.api, link.call(create))


def _fill(link: Link, collection: Collection, store: Store, chosen: range) -> None:
    documents = store.passage_documents()
    _, batches = persisted_batches(len(chosen))
    for batch in batches:
        rows = chosen[batch.start : batch.stop]
        add = partial(
            collection.add,
            ids=[str(row) for row in rows],
            embeddings=store.passage_vectors(rows),
            metadatas=[{"document": documents[row]} for row in rows],
        )
        link.call(add)


_HEADER = struct.Struct("<i4Q")
_VERSION = 1
_LENGTH_BYTES = 4


def blank_unused(chroma: Path) -> None:
    """Make the room for further vectors zeros; call it when nothing has the files open.

    Files of a layout that is not known are left alone.
    """
    with storage_faults("the vector files", chroma):
        for header in chroma.glob("*/header.bin"):
            version, _, room, count, row_bytes = _HEADER.unpack_from(header.read_bytes())
            if version == _VERSION and count <= room:
                _blank(header.with_name("data_level0.bin"), count * row_bytes, room * row_bytes)
                _blank(header.with_name("length.bin"), count * _LENGTH_BYTES, room * _LENGTH_BYTES)


def _blank(file: Path, used: int, size: int) -> None:
    if file.stat().st_size == size:
        os.truncate(file, used)
        os.truncate(file, size)  # what a file grows by is zeros
