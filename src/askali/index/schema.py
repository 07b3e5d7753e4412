"""The tables of a generation's SQLite file, and how content is written into them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np

from askali.domain import Document, Passage, Sentence
from askali.errors import StorageError
from askali.index.records import FORMAT, IndexContent

OLDEST_SQLITE = (3, 35, 0)

_TOKENIZE = "unicode61 remove_diacritics 2 categories 'L* M* N* P* S* Co'"
"""Tokens come analysed: FTS5 shall split at spaces only, or "c++" becomes "c"."""

SCHEMA = f"""
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents (
    row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, title BLOB, text BLOB, source BLOB,
    publisher BLOB, date BLOB, content_hash TEXT NOT NULL, more BLOB NOT NULL);
CREATE TABLE vectors (row INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, vector BLOB NOT NULL);
CREATE TABLE sentences (
    row INTEGER PRIMARY KEY, document INTEGER NOT NULL, start_char INTEGER NOT NULL,
    end_char INTEGER NOT NULL, heading BLOB, paragraph INTEGER);
CREATE INDEX sentences_by_span ON sentences (document, start_char);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, document INTEGER NOT NULL, start_char INTEGER NOT NULL,
    end_char INTEGER NOT NULL, heading BLOB, vector INTEGER NOT NULL);
CREATE TABLE terms (token TEXT PRIMARY KEY, sentences INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE words (word TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE lexical USING fts5(tokens, content='', tokenize="{_TOKENIZE}");
"""


def pack(text: str) -> bytes:
    """Text as stored: bytes, since SQLite refuses lone surrogates and text is verbatim."""
    return text.encode("utf-8", "surrogatepass")


def unpack(stored: bytes) -> str:
    return stored.decode("utf-8", "surrogatepass")


def plain(text: str) -> str:
    """A token or word as FTS5 takes it; lone surrogates and NUL become "?"."""
    return text.encode("utf-8", "replace").decode().replace("\0", "?")


def require_sqlite() -> None:
    """Raises `StorageError` unless this Python's SQLite can hold an index."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StorageError(
            f"SQLite {sqlite3.sqlite_version} is too old: askali needs 3.35; use a newer Python"
        )
    probe = sqlite3.connect(":memory:")
    try:
        probe.execute("CREATE VIRTUAL TABLE probe USING fts5(x)")
        probe.execute("SELECT value FROM json_each('[1]')")
    except sqlite3.OperationalError as exc:
        raise StorageError(
            f"this Python's SQLite lacks a part that askali needs ({exc}); use a python.org, "
            "uv or conda build of Python"
        ) from exc
    finally:
        probe.close()


def write_content(connection: sqlite3.Connection, content: IndexContent) -> None:
    """Create the tables and fill them in one transaction."""
    connection.executescript(SCHEMA)
    with connection:
        _write_documents(connection, content)
        vector_rows = _write_vectors(connection, content)
        _write_spans(connection, content, vector_rows)
        _write_words(connection, content)
        about = {"format": str(FORMAT), "stamp": content.stamp, "ledger": content.ledger}
        connection.executemany("INSERT INTO about VALUES (?, ?)", about.items())


def _write_documents(connection: sqlite3.Connection, content: IndexContent) -> None:
    _insert(
        connection,
        "documents",
        ((n, *_packed(d), d.content_hash, _more(d)) for n, d in enumerate(content.documents)),
    )


def _packed(d: Document) -> list[bytes]:
    return [pack(text) for text in (d.id, d.title, d.text, d.source, d.publisher, d.date)]


def _more(d: Document) -> bytes:
    """Fields of a document that are no text, as JSON."""
    return json.dumps({"page_starts": d.page_starts, "copies": d.copies}).encode("ascii")


def _write_vectors(connection: sqlite3.Connection, content: IndexContent) -> dict[bytes, int]:
    rows = {digest: row for row, digest in enumerate(content.vectors)}
    _insert(
        connection,
        "vectors",
        (
            (rows[digest], digest, np.ascontiguousarray(vector, dtype="<f4").tobytes())
            for digest, vector in content.vectors.items()
        ),
    )
    return rows


def _write_spans(
    connection: sqlite3.Connection, content: IndexContent, vector_rows: dict[bytes, int]
) -> None:
    documents = {d.id: row for row, d in enumerate(content.documents)}

    def span(item: Sentence | Passage) -> tuple[int, int, int, bytes]:
        return documents[item.document_id], item.start, item.end, pack(item.heading)

    sentences = ((n, *span(s), s.paragraph) for n, s in enumerate(content.sentences))
    _insert(connection, "sentences", sentences)
    passages = zip(content.passages, content.passage_hashes, strict=True)
    _insert(
        connection,
        "passages",
        ((n, *span(p), vector_rows[h]) for n, (p, h) in enumerate(passages)),
    )


def _write_words(connection: sqlite3.Connection, content: IndexContent) -> None:
    tokens = enumerate(map(plain, content.passage_tokens))
    connection.executemany("INSERT INTO lexical (rowid, tokens) VALUES (?, ?)", tokens)
    _insert(connection, "terms", _by_plain_name(content.term_sentences))
    _insert(connection, "words", _by_plain_name(content.words))


def _by_plain_name(counts: dict[str, int]) -> Iterable[Sequence[object]]:
    merged: dict[str, int] = {}
    for name, count in counts.items():
        merged[plain(name)] = merged.get(plain(name), 0) + count
    return sorted(merged.items())


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[Sequence[object]]) -> None:
    width = len(connection.execute(f"SELECT * FROM {table} LIMIT 0").description)
    places = ", ".join("?" * width)
    connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
