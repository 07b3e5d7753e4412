"""Write documents into a store one at a time, then embed what nobody has embedded yet.

Only one document, one batch of texts, and the counts of so many words are in memory at a
time: texts that wait for their vector wait in a temporary table.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from askali.domain import Document, Passage, Sentence
from askali.errors import DocumentError, IndexBroken, ModelError
from askali.index.recipe import (
    FORMAT,
    Carried,
    Embed,
    OnProgress,
    Recipe,
    Vectors,
    stamp_of_hashes,
    text_hash,
)
from askali.index.schema import SCHEMA, insert, pack, plain, unpack
from askali.text.language import language_of
from askali.text.tokens import fold

_BATCH = 512
"""Texts embedded at a time: what an interrupted build loses at most."""

_COUNTED = 100_000
"""Words whose counts are in memory, some 20 MB; then they are added to those on disk."""

_WAITING = """
CREATE TEMP TABLE waiting (
    vector INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, chars INTEGER, text BLOB);
"""


def write_documents(
    connection: sqlite3.Connection,
    documents: Iterable[Document],
    recipe: Recipe,
    *,
    carried: Carried,
    ledger: str = "",
    on_progress: OnProgress | None = None,
) -> None:
    """Create the tables and fill them; every vector that `carried` has is reused.

    `on_progress` (done, total) counts the texts that had to be embedded.
    """
    connection.executescript(SCHEMA + _WAITING)
    with connection:
        written = _Written(connection, recipe)
        for document in documents:
            written.add(document)
        written.count()
        _write_vectors(connection, recipe, carried, on_progress)
        stamp = stamp_of_hashes(written.content_hashes, recipe.encoder_id, recipe.segmentation)
        about = {"format": str(FORMAT), "stamp": stamp, "ledger": ledger}
        insert(connection, "about", about.items())


class _Written:
    """What has been written so far: the next row of each table, and the counts."""

    def __init__(self, connection: sqlite3.Connection, recipe: Recipe) -> None:
        self._connection, self._recipe = connection, recipe
        self._sentences = self._passages = 0
        self._ids: set[str] = set()
        self.content_hashes: list[str] = []
        self._terms: Counter[str] = Counter()
        self._words: Counter[str] = Counter()

    def add(self, document: Document) -> None:
        """Raises `DocumentError` for an id that was there before."""
        if document.id in self._ids:
            raise DocumentError(f"two documents have the id {document.id!r}; give each its own")
        made, row = cut(document, self._recipe), len(self._ids)
        self._ids.add(document.id)
        self.content_hashes.append(document.content_hash)
        self._terms.update(made.terms)
        self._words.update(made.words)
        if len(self._words) > _COUNTED:
            self.count()
        insert(self._connection, "documents", [_document_row(row, document)])
        self._add_spans(row, made)

    def count(self) -> None:
        """Add the counts in memory to the tables, and forget them."""
        for table, column, counts in (
            ("terms", "sentences", self._terms),
            ("words", "count", self._words),
        ):
            self._connection.executemany(
                f"INSERT INTO {table} VALUES (?, ?) "
                f"ON CONFLICT DO UPDATE SET {column} = {column} + excluded.{column}",
                sorted((plain(name), number) for name, number in counts.items()),
            )
            counts.clear()

    def _add_spans(self, document: int, made: Cut) -> None:
        vectors = [self._vector_row(text) for text in made.texts]
        sentences = enumerate(made.sentences, self._sentences)
        passages = enumerate(zip(made.passages, vectors, strict=True), self._passages)
        tokens = enumerate(map(plain, made.tokens), self._passages)
        insert(
            self._connection,
            "sentences",
            ((row, document, *_span(s), s.paragraph) for row, s in sentences),
        )
        insert(
            self._connection,
            "passages",
            ((row, document, *_span(p), vector) for row, (p, vector) in passages),
        )
        self._connection.executemany("INSERT INTO lexical (rowid, tokens) VALUES (?, ?)", tokens)
        self._sentences += len(made.sentences)
        self._passages += len(made.passages)

    def _vector_row(self, text: str) -> int:
        """The row of a text's vector; equal texts share one."""
        digest = text_hash(self._recipe.encoder_id, text)
        self._connection.execute(
            "INSERT OR IGNORE INTO waiting (hash, chars, text) VALUES (?, ?, ?)",
            (digest, len(text), pack(text)),
        )
        [row] = self._connection.execute("SELECT vector FROM waiting WHERE hash = ?", (digest,))
        return int(row[0])


def _write_vectors(
    connection: sqlite3.Connection,
    recipe: Recipe,
    carried: Carried,
    on_progress: OnProgress | None,
) -> None:
    lengths = _reuse(connection, carried)
    [(missing,)] = connection.execute("SELECT count(*) FROM waiting")
    if missing and on_progress:
        on_progress(0, missing)
    done = 0
    for rows, hashes, texts in _batches(connection):
        vectors = embedded(texts, recipe.embed)
        carried.keep(hashes, vectors)
        _store(connection, rows, hashes, vectors)
        lengths.add(vectors.shape[1])
        done += len(texts)
        if on_progress:
            on_progress(done, missing)
    if len(lengths) > 1:
        raise ModelError("the encoder returned vectors of different lengths; check the encoder")


def _reuse(connection: sqlite3.Connection, carried: Carried) -> set[int]:
    """Move the vectors that are at hand out of the queue; their lengths."""
    lengths: set[int] = set()
    last = 0
    page = "SELECT vector, hash FROM waiting WHERE vector > ? ORDER BY vector LIMIT ?"
    while waiting := connection.execute(page, (last, _BATCH)).fetchall():
        last = waiting[-1][0]
        found = carried.find([digest for _, digest in waiting])
        have = [(row, digest) for row, digest in waiting if digest in found]
        vectors = [found[digest] for _, digest in have]
        _store(connection, [row for row, _ in have], [digest for _, digest in have], vectors)
        lengths.update(len(vector) for vector in vectors)
    return lengths


def _batches(
    connection: sqlite3.Connection,
) -> Iterator[tuple[list[int], list[bytes], list[str]]]:
    """What waits for a vector, in batches of (rows, hashes, texts).

    The longest first: a batch of like lengths is padded least, and the remaining
    time that a progress bar shows errs on the safe side.
    """
    connection.execute("CREATE INDEX temp.by_length ON waiting (chars DESC, vector)")
    batch = "SELECT vector, hash, text FROM waiting ORDER BY chars DESC, vector LIMIT ?"
    while waiting := connection.execute(batch, (_BATCH,)).fetchall():
        rows, hashes, texts = zip(*waiting, strict=True)
        yield list(rows), list(hashes), [unpack(text) for text in texts]


def _store(
    connection: sqlite3.Connection,
    rows: Sequence[int],
    hashes: Sequence[bytes],
    vectors: Sequence[Vectors] | Vectors,
) -> None:
    blobs = (np.ascontiguousarray(vector, dtype="<f4").tobytes() for vector in vectors)
    insert(connection, "vectors", zip(rows, hashes, blobs, strict=True))
    connection.executemany("DELETE FROM waiting WHERE vector = ?", ((row,) for row in rows))


def _document_row(row: int, d: Document) -> tuple[object, ...]:
    texts = (pack(text) for text in (d.id, d.title, d.text, d.source, d.publisher, d.date))
    more = {
        "page_starts": d.page_starts,
        "copies": d.copies,
        "author": d.author,
        "language": d.language,
        "file_date": d.file_date,
    }
    return (row, *texts, d.content_hash, json.dumps(more).encode("ascii"))


def _span(item: Sentence | Passage) -> tuple[int, int, bytes]:
    return item.start, item.end, pack(item.heading)


_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Cut:
    """A document, cut and analysed by a recipe.

    `texts[i]` is the embedding text of passage i and `tokens[i]` the same analysed.
    `terms` counts the sentences whose own text holds a token, `words` the raw
    lower-cased words of title and text.
    """

    document: Document
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    tokens: tuple[str, ...]
    terms: Counter[str]
    words: Counter[str]


def cut(document: Document, recipe: Recipe) -> Cut:
    """Segment and analyse one document; raises `IndexBroken` for a span that is not its text."""
    sentences, passages = recipe.segment(document)
    items: list[Sentence | Passage] = [*sentences, *passages]
    for item in items:
        _require_exact(document, item)
    texts = [recipe.embedding_text(document, p.heading, p.text) for p in passages]
    spoken = language_of(document)
    analysed = (set(recipe.analyze(s.text, spoken)) for s in sentences)
    return Cut(
        document=document,
        sentences=tuple(sentences),
        passages=tuple(passages),
        texts=tuple(texts),
        tokens=tuple(" ".join(recipe.analyze(text, spoken)) for text in texts),
        terms=Counter(chain.from_iterable(analysed)),
        words=Counter(_WORD.findall(fold(f"{document.title}\n{document.text}").lower())),
    )


def _require_exact(document: Document, item: Sentence | Passage) -> None:
    is_exact = document.text[item.start : item.end] == item.text and item.start < item.end
    if item.document_id != document.id or not is_exact:
        raise IndexBroken(
            f"segmentation {item.start}-{item.end} of document {document.id!r} is not its text; "
            "this is a bug in the segmentation, please report it"
        )


def embedded(texts: list[str], embed: Embed) -> Vectors:
    """One finite row for each text; raises `ModelError` for anything else."""
    vectors = np.asarray(embed(texts), dtype=np.float32)
    if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
        raise ModelError(
            f"the encoder returned shape {vectors.shape} or values that are not finite "
            f"for {len(texts)} texts; check the encoder"
        )
    return vectors
