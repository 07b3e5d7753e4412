"""Documents that wait on disk until it is known which of them are copies."""

from __future__ import annotations

import io
import json
import tempfile
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import overload

from askali.domain import Document
from askali.errors import StorageError

_IN_MEMORY_BYTES = 4_000_000


class Spool:
    """A file without a name in `folder`, or in the system's folder for such; gone with the spool.

    The first megabytes stay in memory, so that a small corpus needs no file.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        within = str(folder) if folder else None
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES, dir=within)  # noqa: SIM115
        weakref.finalize(self, self._file.close)

    def keep(self, document: Document) -> Callable[[], Document]:
        """Write a document; what is returned reads it again. Raises `StorageError`."""
        written = json.dumps({name: getattr(document, name) for name in Document.__slots__}).encode(
            "ascii"
        )
        with self._faults():
            start = self._file.seek(0, io.SEEK_END)
            if start + len(written) > _IN_MEMORY_BYTES and self._folder:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file.write(written)
        return partial(self._read, start, len(written))

    def _read(self, start: int, length: int) -> Document:
        with self._faults():
            self._file.seek(start)
            fields = json.loads(self._file.read(length))
        lists = {name: tuple(fields[name]) for name in ("page_starts", "copies")}
        return Document(**{**fields, **lists})

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as exc:
            raise StorageError(
                f"cannot keep what was read in {self._folder or tempfile.gettempdir()}: "
                f"{exc.strerror}; free some space there"
            ) from exc


class Fetched(Sequence[Document]):
    """A sequence of documents of which none is kept: each is fetched by its name when asked for."""

    def __init__(self, names: Sequence[str], fetch: Callable[[str], Document]) -> None:
        self._names, self._fetch = names, fetch

    def __len__(self) -> int:
        return len(self._names)

    @overload
    def __getitem__(self, at: int) -> Document: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Document]: ...

    def __getitem__(self, at: int | slice) -> Document | Sequence[Document]:
        if isinstance(at, slice):
            return Fetched(self._names[at], self._fetch)
        return self._fetch(self._names[at])
