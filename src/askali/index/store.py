"""The SQLite file of a generation: the source of truth, read by row number.

Only spans are stored for sentences and passages; their text is cut from the
document when read, so ``document.text[start:end] == text`` by construction.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from askali.domain import Document, Passage, Sentence
from askali.errors import IndexBroken, StorageError
from askali.index.build import write_documents
from askali.index.recipe import FORMAT, Carried, NothingCarried, OnProgress, Recipe, Vectors
from askali.index.schema import plain, require_sqlite, unpack
from askali.index.storage_errors import REBUILD, storage_faults

ROLE = "the index store"

KEPT_CHARS = 32_000_000
"""Text that an open store holds in memory, and at least the last document."""

_SENTENCE = "SELECT row, document, start_char, end_char, heading, paragraph FROM sentences"
_PASSAGE = "SELECT row, document, start_char, end_char, heading FROM passages"
_READABLE = [str(number) for number in range(1, FORMAT + 1)]
_LISTED = "IN (SELECT value FROM json_each(?))"


class Store:
    """One store, on disk (never written after its build) or in memory; thread-safe."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None) -> None:
        self._connection = connection
        self._path = path
        self._lock = threading.Lock()
        self._is_closed = False
        about = dict(self._rows("SELECT name, value FROM about"))
        if about.get("format") not in _READABLE:
            raise IndexBroken(f"{ROLE} ({path}) has no readable format; {REBUILD}")
        self._has_more = about["format"] != "1"
        self.stamp = str(about["stamp"])
        self.ledger = str(about.get("ledger", ""))
        ids = self._rows("SELECT id, row FROM documents ORDER BY row")
        self.document_rows: dict[str, int] = {unpack(id): row for id, row in ids}
        self._document_ids = list(self.document_rows)
        self.documents: Mapping[str, Document] = _Documents(self)
        self.sentence_count = self._count("sentences")
        self.passage_count = self._count("passages")

    @classmethod
    def create(
        cls,
        path: Path | None,
        documents: Iterable[Document],
        recipe: Recipe,
        *,
        carried: Carried | None = None,
        ledger: str = "",
        on_progress: OnProgress | None = None,
    ) -> Store:
        """Write documents to a new file, or to memory where `path` is None.

        Each document is looked at once; only new texts are embedded.
        """
        require_sqlite()
        with storage_faults(ROLE, path):
            connection = sqlite3.connect(path or ":memory:", check_same_thread=False)
            try:
                # A half-written store is thrown away whole, so no journal is needed.
                connection.execute("PRAGMA journal_mode = OFF")
                connection.execute("PRAGMA synchronous = OFF")
                write_documents(
                    connection,
                    documents,
                    recipe,
                    carried=carried or NothingCarried(),
                    ledger=ledger,
                    on_progress=on_progress,
                )
                return cls(connection, path)
            except BaseException:
                connection.close()
                raise

    @classmethod
    def open(cls, path: Path) -> Store:
        """Open an existing file for reading; raises `IndexBroken` when it is none."""
        require_sqlite()
        if not path.is_file():
            raise IndexBroken(f"{ROLE} ({path}) is missing; {REBUILD}")
        with storage_faults(ROLE, path):
            uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            try:
                return cls(connection, path)
            except BaseException:
                connection.close()
                raise

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            self._connection.close()

    def document(self, id: str) -> Document:
        """Raises KeyError for an unknown id."""
        row = self.document_rows[id]
        more = "more" if self._has_more else "'{}'"
        [(*texts, rest)] = self._rows(
            f"SELECT id, title, text, source, publisher, date, {more} FROM documents WHERE row = ?",
            row,
        )
        id, title, text, source, publisher, date = map(unpack, texts)
        kept = json.loads(rest)
        return Document(
            *(id, title, text, source, publisher, date),
            page_starts=tuple(kept.get("page_starts", ())),
            copies=tuple(kept.get("copies", ())),
            author=kept.get("author", ""),
            language=kept.get("language", ""),
            file_date=kept.get("file_date", ""),
        )

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """In the order of `rows`; raises KeyError for an unknown row."""
        found = {r[0]: self._passage(*r) for r in self._listed(_PASSAGE, rows)}
        return [found[row] for row in rows]

    def sentences(self, rows: Sequence[int]) -> list[Sentence]:
        """In the order of `rows`; raises KeyError for an unknown row."""
        found = {r[0]: self._sentence(*r) for r in self._listed(_SENTENCE, rows)}
        return [found[row] for row in rows]

    def sentences_in(self, document_id: str, start: int, end: int) -> list[tuple[int, Sentence]]:
        """The sentences that lie wholly in a span, with their rows, in order."""
        found = self._rows(
            f"{_SENTENCE} WHERE document = ? AND start_char >= ? AND end_char <= ? ORDER BY row",
            *(self.document_rows[document_id], start, end),
        )
        return [(r[0], self._sentence(*r)) for r in found]

    def passage_vectors(self, rows: Sequence[int]) -> Vectors:
        return self._vectors("passages", rows)

    def passage_documents(self) -> list[int]:
        """The document row of every passage, in row order."""
        return [row for (row,) in self._rows("SELECT document FROM passages ORDER BY row")]

    def vectors_by_hash(self, hashes: Iterable[bytes]) -> dict[bytes, Vectors]:
        """The stored vectors among `hashes`."""
        found = {}
        for digest in hashes:
            for (blob,) in self._rows("SELECT vector FROM vectors WHERE hash = ?", digest):
                found[digest] = np.frombuffer(blob, dtype="<f4")
        return found

    def search(
        self, tokens: Sequence[str], k: int, document_rows: Sequence[int] | None
    ) -> list[tuple[int, float]]:
        """Passages that hold any of `tokens` as (row, BM25 score), best first, ties by row."""
        quoted = ['"' + plain(t).replace('"', '""') + '"' for t in dict.fromkeys(tokens) if t]
        if not quoted or k < 1:
            return []
        among, narrowed = "", []
        if document_rows is not None:
            among = f"AND rowid IN (SELECT row FROM passages WHERE document {_LISTED})"
            narrowed = [json.dumps(document_rows)]
        # FTS5's bm25() is lower for better matches; the sign is turned here.
        found = self._rows(
            f"SELECT rowid, -bm25(lexical) AS score FROM lexical WHERE lexical MATCH ? {among} "
            "ORDER BY score DESC, rowid LIMIT ?",
            *(" OR ".join(quoted), *narrowed, k),
        )
        return [(row, score) for row, score in found]

    def sentence_frequencies(self, tokens: Iterable[str]) -> dict[str, int]:
        """In how many sentences each token occurs; 0 for one that never does."""
        wanted = {token: plain(token) for token in tokens}
        found = dict(
            self._rows(
                f"SELECT token, sentences FROM terms WHERE token {_LISTED}",
                json.dumps(sorted(set(wanted.values()))),
            )
        )
        return {token: found.get(name, 0) for token, name in wanted.items()}

    def vocabulary(self) -> dict[str, int]:
        """The lower-cased words of all documents with how often each occurs."""
        return dict(self._rows("SELECT word, count FROM words ORDER BY word"))

    def integrity(self) -> str:
        """SQLite's own verdict: "ok", or what is wrong."""
        return "; ".join(line for (line,) in self._rows("PRAGMA integrity_check"))

    def extents(self, table: str) -> dict[str, tuple[int, int, int]]:
        """Of each document that has rows in "sentences" or "passages": the first start, the
        last end and the shortest length."""
        found = self._rows(
            "SELECT document, min(start_char), max(end_char), min(end_char - start_char) "
            f"FROM {table} GROUP BY document"
        )
        return {self._document_ids[row]: (start, end, least) for row, start, end, least in found}

    def content_hashes(self) -> dict[str, str]:
        """The content hash that each document had when it was stored."""
        found = self._rows("SELECT id, content_hash FROM documents ORDER BY row")
        return {unpack(id): digest for id, digest in found}

    def lexical_count(self) -> int:
        return self._count("lexical")

    def _count(self, table: str) -> int:
        return int(self._rows(f"SELECT count(*) FROM {table}")[0][0])

    def _passage(self, row: int, document: int, start: int, end: int, heading: bytes) -> Passage:
        id = self._document_ids[document]
        return Passage(id, start, end, self.documents[id].text[start:end], unpack(heading))

    def _sentence(
        self, row: int, document: int, start: int, end: int, heading: bytes, paragraph: int
    ) -> Sentence:
        id = self._document_ids[document]
        text = self.documents[id].text[start:end]
        return Sentence(id, start, end, text, unpack(heading), paragraph)

    def _vectors(self, table: str, rows: Sequence[int]) -> Vectors:
        wanted = [int(row) for row in rows]
        sql = f"SELECT t.row, v.vector FROM {table} t JOIN vectors v ON v.row = t.vector"
        found = dict(self._listed(sql, wanted, column="t.row"))
        joined = b"".join(found[row] for row in wanted)
        flat = np.frombuffer(joined, dtype="<f4").astype(np.float32, copy=False)
        return flat.reshape(len(wanted), -1) if wanted else flat.reshape(0, 0)

    def _listed(self, sql: str, rows: Sequence[int], column: str = "row") -> list[Any]:
        return self._rows(f"{sql} WHERE {column} {_LISTED}", json.dumps([int(r) for r in rows]))

    def _rows(self, sql: str, *values: object) -> list[Any]:
        with storage_faults(ROLE, self._path), self._lock:
            if self._is_closed:
                raise StorageError("this index is closed; open it again")
            return self._connection.execute(sql, values).fetchall()


class _Documents(Mapping[str, Document]):
    """Documents by id in stored order, each read when asked for; the last ones are kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._kept_chars = 0
        self._lock = threading.Lock()

    def __getitem__(self, id: str) -> Document:
        with self._lock:
            if id in self._kept:
                self._kept.move_to_end(id)
                return self._kept[id]
        document = self._store.document(id)
        with self._lock:
            self._keep(document)
        return document

    def _keep(self, document: Document) -> None:
        if document.id in self._kept:
            return
        self._kept[document.id] = document
        self._kept_chars += len(document.text)
        while self._kept_chars > KEPT_CHARS and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._kept_chars -= len(gone.text)

    def __iter__(self) -> Iterator[str]:
        return iter(self._store.document_rows)

    def __len__(self) -> int:
        return len(self._store.document_rows)
