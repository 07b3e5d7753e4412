"""Where the vectors of a generation live: in its own folder, or on Chroma servers.

The store is in the folder either way, and vectors are only ever made from it, so
one place is exchanged for the other by a rebuild that embeds nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path
from typing import Protocol

from askali.errors import IndexBroken
from askali.index.check import check_collection, check_in_child
from askali.index.chroma import ChromaServer, Remote
from askali.index.manifest import CHROMA, Stamp
from askali.index.recipe import DenseSearch
from askali.index.sharding import ShardedVectors
from askali.index.storage_errors import storage_faults
from askali.index.store import Store
from askali.index.vectors import PassageVectors, blank_unused

_COLLECTION_FILE = "collection"
_ROLE = "the name of the collection"


class Place(Protocol):
    """The vectors of generations; `folder` is one that is built, served or removed."""

    def build(self, folder: Path, store: Store) -> None:
        """Make the vectors of `store`."""

    def check(self, folder: Path) -> None:
        """Compare all of it with the store; raises `IndexBroken` where something is wrong."""

    def open(self, folder: Path, stamp: Stamp, store: Store) -> DenseSearch | None:
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

    def open(self, folder: Path, stamp: Stamp, store: Store) -> DenseSearch | None:
        chroma = folder / CHROMA
        if not stamp.fits_vectors(folder) or (folder / _COLLECTION_FILE).exists():
            return None
        # Chroma writes a row even to read, so a read-only index is served from memory.
        if not (os.access(chroma, os.W_OK) and os.access(chroma / "chroma.sqlite3", os.W_OK)):
            return PassageVectors.build(None, store)
        return _opened(lambda: PassageVectors.open(chroma), store)

    def remove(self, folder: Path) -> None:
        pass


class OnServers:
    """A generation's vectors spread over Chroma servers, a collection of its own on each; on one
    that is named twice, two.

    The folder has the names of the collections in the order of the servers; each names its
    share, so another number or order of servers finds none and is built from the store.
    """

    def __init__(self, *servers: ChromaServer) -> None:
        self._servers = servers

    def build(self, folder: Path, store: Store) -> None:
        names = self._names(f"askali-{folder.name.removeprefix('tmp-')}")
        with storage_faults(_ROLE, folder):  # before there are any, so that none is forgotten
            (folder / _COLLECTION_FILE).write_text("\n".join(names), encoding="ascii")
        ShardedVectors.build_on(self._links(), names, store).close()

    def check(self, folder: Path) -> None:
        names = _collections(folder)
        if len(names) != len(self._servers):
            raise IndexBroken(
                f"the vectors of {folder} are not on the {len(self._servers)} servers"
            )
        with closing(ShardedVectors.open_on(self._links(), names)) as vectors:
            check_collection(folder, vectors)

    def open(self, folder: Path, stamp: Stamp, store: Store) -> DenseSearch | None:
        names = _collections(folder)
        if len(names) != len(self._servers):
            return None
        return _opened(lambda: ShardedVectors.open_on(self._links(), names), store)

    def remove(self, folder: Path) -> None:
        """Every name on every server: they may have been in another order."""
        if names := _collections(folder):
            for server in self._servers:
                _delete(server, names)

    def _names(self, name: str) -> list[str]:
        count = len(self._servers)
        if count == 1:
            return [name]
        return [f"{name}-{number}-of-{count}" for number in range(1, count + 1)]

    def _links(self) -> list[Remote]:
        with ExitStack() as opened:
            links = []
            for server in self._servers:
                links.append(Remote(server))
                opened.callback(links[-1].stop)
            opened.pop_all()
            return links


IN_FOLDER = InFolder()


def _collections(folder: Path) -> list[str]:
    """Their names; none where the vectors are in the folder."""
    try:
        return (folder / _COLLECTION_FILE).read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []


def _delete(server: ChromaServer, names: list[str]) -> None:
    remote = Remote(server)
    try:
        for name in names:
            with suppress(IndexBroken):  # it is not there
                remote.call(partial(remote.api.delete_collection, name, **remote.tenancy))
    finally:
        remote.stop()


def _opened(open_it: Callable[[], DenseSearch], store: Store) -> DenseSearch | None:
    with suppress(IndexBroken):
        vectors = open_it()
        with suppress(IndexBroken):
            if _finds_its_own(vectors, store):
                return vectors
        vectors.close()
    return None


def _finds_its_own(vectors: DenseSearch, store: Store) -> bool:
    """One query, which loads what the first question would load anyway."""
    if vectors.count != store.passage_count:
        return False
    return not vectors.count or vectors.query(store.passage_vectors([0])[0], 1) != []
