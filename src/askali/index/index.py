"""`Index`: what the rest of askali reads, the same on disk and in memory."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence

from askali.domain import Document, Passage, Sentence
from askali.index.recipe import DenseSearch, Vectors
from askali.index.store import Store


class Index:
    """Documents, sentences and passages with their searches; for many threads at once.

    Rows are counted from 0 in document order, for sentences and passages apart:
    a sentence's neighbours are row - 1 and row + 1 as long as `document_id` is the
    same. Similarities are cosines, -1 to 1; lexical scores are BM25, above 0.
    An unknown row or document id raises KeyError. On disk, an open index keeps
    its generation alive: close it. One that nobody can reach any more closes itself.
    """

    def __init__(
        self, store: Store, vectors: DenseSearch, release: Callable[[], None] | None = None
    ) -> None:
        self._store = store
        self._vectors = vectors
        self._let_go = weakref.finalize(self, _let_go, store, vectors, release)
        self._let_go.atexit = False  # the process's end frees it all by itself
        self.stamp = store.stamp
        self.ledger = store.ledger
        self.documents: Mapping[str, Document] = store.documents
        self.sentence_count = store.sentence_count
        self.passage_count = store.passage_count

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """In the order of `rows`."""
        return self._store.passages(rows)

    def sentence(self, row: int) -> Sentence:
        return self._store.sentences([row])[0]

    def sentences(self, rows: Sequence[int]) -> list[Sentence]:
        """In the order of `rows`."""
        return self._store.sentences(rows)

    def sentences_in(self, document_id: str, start: int, end: int) -> list[tuple[int, Sentence]]:
        """The sentences that lie wholly within a span of a document, with their rows."""
        return self._store.sentences_in(document_id, start, end)

    def passage_vectors(self, rows: Sequence[int]) -> Vectors:
        """One row of float32 for each of `rows`."""
        return self._store.passage_vectors(rows)

    def search_dense(
        self, vector: Vectors, k: int, document_ids: Iterable[str] | None = None
    ) -> list[tuple[int, float]]:
        """The nearest passages as (row, similarity), best first, ties by row."""
        return self._vectors.query(vector, k, self._among(document_ids))

    def search_lexical(
        self, tokens: Sequence[str], k: int, document_ids: Iterable[str] | None = None
    ) -> list[tuple[int, float]]:
        """Passages holding any of the analysed `tokens` as (row, BM25), best first."""
        return self._store.search(tokens, k, self._among(document_ids))

    def sentence_frequencies(self, tokens: Iterable[str]) -> dict[str, int]:
        """In how many sentences each analysed token occurs; 0 where in none."""
        return self._store.sentence_frequencies(tokens)

    def vocabulary(self) -> dict[str, int]:
        """The lower-cased words of titles and texts with how often each occurs."""
        return self._store.vocabulary()

    def close(self) -> None:
        """Let go of files and memory; a second call does nothing."""
        self._let_go()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _among(self, document_ids: Iterable[str] | None) -> list[int] | None:
        """Row numbers of the documents to search; an unknown id finds nothing."""
        if document_ids is None:
            return None
        rows = self._store.document_rows
        return sorted({rows[id] for id in document_ids if id in rows})


def _let_go(store: Store, vectors: DenseSearch, release: Callable[[], None] | None) -> None:
    vectors.close()
    store.close()
    if release is not None:
        release()
