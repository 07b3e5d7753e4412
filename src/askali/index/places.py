"""Where the vectors of a generation live: in its own folder, or on a Chroma server.

The store is in the folder either way, and vectors are only ever made from it, so
one place is exchanged for the other by a rebuild that embeds nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Protocol

from askali.errors import IndexBroken
from askali.index.blank import blank_unused
from askali.index.check import check_collection
from askali.index.child import check_in_child
from askali.index.chroma import ChromaServer, Remote
from askali.index.faults import storage_faults
from askali.index.stamp import CHROMA, Stamp
from askali.index.store import Store
from askali.index.vectors import PassageVectors

_COLLECTION_FILE = "collection"
_ROLE = "the name of the collection"


class Place(Protocol):
    """The vectors of generations; `folder` is one that is built, served or removed."""

    def build(self, folder: Path, store: Store) -> None:
        """Make the vectors of `store`."""

    def check(self, folder: Path) -> None:
        """Compare all of it with the store; raises `IndexBroken` where something is wrong."""

    def open(self, folder: Path, stamp: Stamp, store: Store) -> PassageVectors | None:
        """The vectors that were checked; None where they are not there, or others."""

    def remove(self, folder: Path) -> None:
        """Remove what of `folder` is elsewhere, before `folder` is removed."""


class InFolder:
    """A Chroma folder inside the generation's."""

    def build(self, folder: Path, store: Store) -> None:
        PassageVectors.build(folder / CHROMA, store).close()
        blank_unused(folder / CHROMA)

    def check(self, folder: Path) -> None:
        check_in_child(folder)

    def open(self, folder: Path, stamp: Stamp, store: Store) -> PassageVectors | None:
        chroma = folder / CHROMA
        if not stamp.fits_vectors(folder) or (folder / _COLLECTION_FILE).exists():
            return None
        # Chroma writes a row even to read, so a read-only index is served from memory.
        if not (os.access(chroma, os.W_OK) and os.access(chroma / "chroma.sqlite3", os.W_OK)):
            return PassageVectors.build(None, store)
        return _opened(lambda: PassageVectors.open(chroma), store)

    def remove(self, folder: Path) -> None:
        pass


class OnServer:
    """A collection of a generation's own on a Chroma server; the folder has its name."""

    def __init__(self, server: ChromaServer) -> None:
        self._server = server

    def build(self, folder: Path, store: Store) -> None:
        name = f"askali-{folder.name.removeprefix('tmp-')}"
        with storage_faults(_ROLE, folder):  # before there is one, so that it is never forgotten
            (folder / _COLLECTION_FILE).write_text(name, encoding="ascii")
        PassageVectors.build_on(Remote(self._server), name, store).close()

    def check(self, folder: Path) -> None:
        name = _collection(folder)
        if name is None:
            raise IndexBroken(f"the vectors of {folder} are not on the server")
        with closing(PassageVectors.open_on(Remote(self._server), name)) as vectors:
            check_collection(folder, vectors)

    def open(self, folder: Path, stamp: Stamp, store: Store) -> PassageVectors | None:
        name = _collection(folder)
        if name is None:
            return None
        return _opened(lambda: PassageVectors.open_on(Remote(self._server), name), store)

    def remove(self, folder: Path) -> None:
        if name := _collection(folder):
            remote = Remote(self._server)
            try:
                with suppress(IndexBroken):  # it is not there
                    remote.call(lambda: remote.api.delete_collection(name, **remote.tenancy))
            finally:
                remote.stop()


IN_FOLDER = InFolder()


def _collection(folder: Path) -> str | None:
    try:
        return (folder / _COLLECTION_FILE).read_text(encoding="ascii")
    except FileNotFoundError:
        return None


def _opened(open_it: Callable[[], PassageVectors], store: Store) -> PassageVectors | None:
    with suppress(IndexBroken):
        vectors = open_it()
        with suppress(IndexBroken):
            if _finds_its_own(vectors, store):
                return vectors
        vectors.close()
    return None


def _finds_its_own(vectors: PassageVectors, store: Store) -> bool:
    """One query, which loads what the first question would load anyway."""
    if vectors.count != store.passage_count:
        return False
    return not vectors.count or vectors.query(store.passage_vectors([0])[0], 1) != []
