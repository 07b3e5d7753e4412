"""The vectors of one generation spread over several Chroma servers, and asked as one.

Row r is on server r mod n, so that each has its share of every document. A cosine means the
same on each, so the best k of all are among the best k of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

import numpy as np

from askali.index.chroma import Link
from askali.index.recipe import Vectors
from askali.index.store import Store
from askali.index.vectors import PassageVectors

_ASKING = ThreadPoolExecutor(32, "shards")
_Result = TypeVar("_Result")


class ShardedVectors:
    """`PassageVectors` of several servers, with the answers of a single one; thread-safe."""

    def __init__(self, shards: Sequence[PassageVectors]) -> None:
        self._shards = tuple(shards)
        self.count = sum(shard.count for shard in shards)

    @classmethod
    def build_on(cls, links: Sequence[Link], names: Sequence[str], store: Store) -> ShardedVectors:
        """Make the collection `names[i]` behind `links[i]`, side by side; a failure closes all."""
        rows = (range(first, store.passage_count, len(links)) for first in range(len(links)))
        with ThreadPoolExecutor(len(links)) as building:
            try:
                made = [
                    building.submit(PassageVectors.build_on, link, name, store, part)
                    for link, name, part in zip(links, names, rows, strict=True)
                ]
                for one in as_completed(made):
                    one.result()
                return cls([one.result() for one in made])
            except BaseException:
                for link in links:
                    link.stop()  # those that still build end with their next call
                raise

    @classmethod
    def open_on(cls, links: Sequence[Link], names: Sequence[str]) -> ShardedVectors:
        """Raises `IndexBroken` where one of the collections is not there."""
        try:
            return cls(list(map(PassageVectors.open_on, links, names)))
        except BaseException:
            for link in links:
                link.stop()
            raise

    def close(self) -> None:
        for shard in self._shards:
            shard.close()

    def query(
        self, vector: Vectors, k: int, document_rows: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """See `PassageVectors.query`; as slow as the slowest server."""
        every = self._ask(lambda shard: shard.query(vector, k, document_rows))
        hits = [hit for found in every for hit in found]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))[: max(k, 0)]

    def stored(self, rows: Sequence[int]) -> dict[int, Vectors]:
        """See `PassageVectors.stored`."""
        count = len(self._shards)
        parts = [[row for row in rows if row % count == shard] for shard in range(count)]
        found = _ASKING.map(PassageVectors.stored, self._shards, parts)
        return {row: vector for part in found for row, vector in part.items()}

    def nearest_similarity(self, vectors: Vectors) -> list[float]:
        """See `PassageVectors.nearest_similarity`."""
        every = self._ask(lambda shard: shard.nearest_similarity(vectors))
        return [float(best) for best in np.max(list(every), axis=0)]

    def _ask(self, question: Callable[[PassageVectors], _Result]) -> Iterable[_Result]:
        return _ASKING.map(question, self._shards)
