"""Several indexes read as one, such as a library and what one reader adds to it."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import ChainMap, Counter
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from itertools import accumulate, zip_longest
from typing import cast

import numpy as np

from askali.domain import Document, Passage, Sentence
from askali.index.index import Index
from askali.index.recipe import Vectors

Ranking = list[tuple[int, float]]


class JoinedIndex(Index):
    """The rows of `parts`, one part after the other; no document id is in two of them.

    Closing it closes no part: others may read them.
    """

    def __init__(self, parts: Sequence[Index]) -> None:
        self.parts = tuple(parts)
        joined = "\n".join(part.stamp for part in self.parts)
        self.stamp = hashlib.sha256(joined.encode()).hexdigest()
        self.ledger = ""
        self.documents = _in_order([part.documents for part in self.parts])
        self.sentence_count = sum(part.sentence_count for part in self.parts)
        self.passage_count = sum(part.passage_count for part in self.parts)
        self._passages = _starts(part.passage_count for part in self.parts)
        self._sentences = _starts(part.sentence_count for part in self.parts)

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        return [part.passages([row])[0] for part, row in self._placed(self._passages, rows)]

    def sentence(self, row: int) -> Sentence:
        return self.sentences([row])[0]

    def sentences(self, rows: Sequence[int]) -> list[Sentence]:
        return [part.sentences([row])[0] for part, row in self._placed(self._sentences, rows)]

    def sentences_in(self, document_id: str, start: int, end: int) -> list[tuple[int, Sentence]]:
        for part, first in zip(self.parts, self._sentences, strict=True):
            if document_id in part.documents:
                found = part.sentences_in(document_id, start, end)
                return [(first + row, sentence) for row, sentence in found]
        raise KeyError(document_id)

    def passage_vectors(self, rows: Sequence[int]) -> Vectors:
        placed = self._placed(self._passages, rows)
        found = [part.passage_vectors([row])[0] for part, row in placed]
        return np.stack(found) if found else np.zeros((0, 0), np.float32)

    def search_dense(
        self, vector: Vectors, k: int, document_ids: Iterable[str] | None = None
    ) -> Ranking:
        """By similarity, which means the same in every part."""
        among = None if document_ids is None else list(document_ids)
        every = self._shifted(part.search_dense(vector, k, among) for part in self.parts)
        hits = [hit for found in every for hit in found]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))[:k]

    def search_lexical(
        self, tokens: Sequence[str], k: int, document_ids: Iterable[str] | None = None
    ) -> Ranking:
        """The first of each part, then the second of each: BM25 counts within a part."""
        among = None if document_ids is None else list(document_ids)
        every = self._shifted(part.search_lexical(tokens, k, among) for part in self.parts)
        return [hit for rank in zip_longest(*every) for hit in rank if hit][:k]

    def sentence_frequencies(self, tokens: Iterable[str]) -> dict[str, int]:
        wanted = list(tokens)
        return _summed(part.sentence_frequencies(wanted) for part in self.parts)

    def vocabulary(self) -> dict[str, int]:
        return _summed(part.vocabulary() for part in self.parts)

    def close(self) -> None:
        """Nothing to let go of: each part is closed by whoever opened it."""

    def _placed(self, starts: list[int], rows: Sequence[int]) -> Iterator[tuple[Index, int]]:
        """Each row's part, and the row within it."""
        for row in rows:
            at = bisect_right(starts, row) - 1
            yield self.parts[at], row - starts[at]

    def _shifted(self, found: Iterable[Ranking]) -> list[Ranking]:
        return [
            [(first + row, score) for row, score in hits]
            for first, hits in zip(self._passages, found, strict=True)
        ]


def _in_order(documents: Sequence[Mapping[str, Document]]) -> Mapping[str, Document]:
    """One mapping, the first part's documents first; each is read when asked for."""
    maps = cast("list[MutableMapping[str, Document]]", list(reversed(documents)))
    return ChainMap(*maps)


def _starts(counts: Iterable[int]) -> list[int]:
    return list(accumulate(counts, initial=0))[:-1]


def _summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(total)
