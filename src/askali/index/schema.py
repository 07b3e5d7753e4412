"""The tables of a generation's SQLite file, and how text is stored in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from askali.errors import StorageError

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


def insert(connection: sqlite3.Connection, table: str, rows: Iterable[Sequence[object]]) -> None:
    """Rows with a value for each column of `table`."""
    width = len(connection.execute(f"SELECT * FROM {table} LIMIT 0").description)
    places = ", ".join("?" * width)
    connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
