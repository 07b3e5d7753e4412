"""Build, open and repair an index on disk, one generation at a time.

A generation is built aside, checked in a child process and then made current
by replacing one file: a reader sees the old one or the new one, whenever the
writer may be killed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from askali.domain import Document
from askali.errors import IndexBroken, ServerUnreachable, StorageError
from askali.index.directory import Shelf
from askali.index.embedding_cache import carried_over
from askali.index.embedding_cache import forget as forget_carried
from askali.index.index import Index
from askali.index.manifest import CHROMA, STORE, Expected, Stamp, chromadb_version, file_sizes
from askali.index.placement import IN_FOLDER, Place
from askali.index.recipe import OnProgress, Recipe
from askali.index.storage_errors import REBUILD, storage_faults
from askali.index.store import ROLE as STORE_ROLE
from askali.index.store import Store
from askali.index.vectors import PassageVectors

Verify = Callable[[Path], None]

LOCK_TIMEOUT_S = 1.5


class _VectorsDamaged(IndexBroken):
    """The store is sound, Chroma's files are not: they can be made from the store."""

    def __init__(self, generation: Path) -> None:
        super().__init__(f"{generation / CHROMA} is not what was checked; {REBUILD}")
        self.generation = generation


def build_index(
    home: Path,
    name: str,
    documents: Iterable[Document],
    recipe: Recipe,
    *,
    on_progress: OnProgress | None = None,
    lock_timeout_s: float = LOCK_TIMEOUT_S,
    verify: Verify | None = None,
    place: Place = IN_FOLDER,
    ledger: str = "",
    is_pinned: bool = False,
) -> Index:
    """Make an index of just `documents` the current generation of `name`, and open it.

    Vectors that the current generation or a build cut short has are copied, so the
    recipe's `embed` and `on_progress` (done, total) see only new texts. Raises `IndexLocked` when
    another process is writing, `StorageError` when the disk does not take it;
    then the generation that was current still is, and otherwise it is what
    `roll_back` returns to. `place` is where vectors are kept. `ledger` is text that
    `Index.ledger` gives back; `is_pinned` marks the generation as chosen whatever the
    sources say.
    """
    shelf = Shelf(home, name, place.remove)
    with shelf.writing(lock_timeout_s):
        with shelf.aside() as folder:
            with carried_over(shelf.folder, _current_if_any(shelf)) as carried:
                store = Store.create(
                    folder / STORE,
                    documents,
                    recipe,
                    carried=carried,
                    ledger=ledger,
                    on_progress=on_progress,
                )
            made, made_with = store.stamp, (recipe.encoder_id, recipe.segmentation)
            _finish(folder, store, made_with, place, verify)
            shelf.switch_to(folder, is_pinned=is_pinned)
            forget_carried(shelf.folder)
        index = _open(shelf, {"content": made}, place, in_memory=True)
    assert index is not None
    return index


@contextmanager
def stored_documents(home: Path, name: str) -> Iterator[tuple[Mapping[str, Document], str] | None]:
    """The documents by id and the ledger of the current generation, also of an older format.

    Each document is read when it is asked for, as long as the context lasts. None where
    nothing was built yet. Raises `IndexBroken` for a damaged store.
    """
    held = Shelf(home, name).hold()
    if held is None:
        yield None
        return
    generation, lease = held
    with lease, closing(Store.open(generation / STORE)) as store:
        yield store.documents, store.ledger


def roll_back(
    home: Path,
    name: str,
    *,
    lock_timeout_s: float = LOCK_TIMEOUT_S,
    verify: Verify | None = None,
    place: Place = IN_FOLDER,
) -> None:
    """Make the generation before the current one current, in one step, and pin it.

    Called again, it returns to the later one. Raises `StorageError` where there is no
    other generation, `IndexBroken` where it does not pass its check.
    """
    shelf = Shelf(home, name, place.remove)
    with shelf.writing(lock_timeout_s):
        previous = shelf.pointer().previous
        if previous is None or not (previous / STORE).is_file():
            raise StorageError(
                f"there is no earlier generation in {shelf.folder}; the next `askali index` "
                "keeps the one that it replaces"
            )
        Stamp.read(previous)
        (verify or place.check)(previous)
        shelf.point_to(previous, is_pinned=True)


def forget_previous(
    home: Path, name: str, *, lock_timeout_s: float = LOCK_TIMEOUT_S, place: Place = IN_FOLDER
) -> None:
    """Remove all that a rollback would return to: only the current generation stays."""
    shelf = Shelf(home, name, place.remove)
    if shelf.pointer().current is not None:
        with shelf.writing(lock_timeout_s):
            shelf.forget_previous()


def open_current(
    home: Path,
    name: str,
    *,
    expected_stamp: str | None = None,
    encoder_id: str | None = None,
    segmentation: str | None = None,
    lock_timeout_s: float = LOCK_TIMEOUT_S,
    place: Place = IN_FOLDER,
) -> Index | None:
    """The current generation, or None where nothing was built yet.

    Cheap: the stamp, the sizes of the files and the row counts are compared, no
    more. `expected_stamp` is an `index_stamp`. Chroma files that differ from the
    checked ones are made again from the store, in memory where they cannot be
    written. Raises
    `IndexStale` for another stamp, encoder, segmentation or format, `IndexBroken`
    for damage that only `build_index` repairs.
    """
    shelf = Shelf(home, name, place.remove)
    expected = {
        "encoder_id": encoder_id,
        "segmentation": segmentation,
        "content": expected_stamp,
    }
    try:
        return _open(shelf, expected, place)
    except _VectorsDamaged as exc:
        _repair(shelf, exc.generation, place, lock_timeout_s)
        return _open(shelf, expected, place, in_memory=True)


def _open(
    shelf: Shelf, expected: Expected, place: Place, *, in_memory: bool = False
) -> Index | None:
    held = shelf.hold()
    if held is None:
        return None
    generation, lease = held
    try:
        store, stamp = _open_store(generation, expected)
        try:
            vectors = place.open(generation, stamp, store)
            if vectors is None and not in_memory:
                raise _VectorsDamaged(generation)
            vectors = vectors or PassageVectors.build(None, store)
            return Index(store, vectors, lease.close)
        except BaseException:
            store.close()
            raise
    except BaseException:
        lease.close()
        raise


def _open_store(generation: Path, expected: Expected) -> tuple[Store, Stamp]:
    stamp = Stamp.read(generation)
    stamp.require(expected)
    if not stamp.fits_store(generation):
        raise IndexBroken(f"{STORE_ROLE} in {generation} has another size than built; {REBUILD}")
    store = Store.open(generation / STORE)
    found = (store.stamp, len(store.documents), store.sentence_count, store.passage_count)
    if found != (stamp.content, stamp.documents, stamp.sentences, stamp.passages):
        store.close()
        raise IndexBroken(f"{STORE_ROLE} in {generation} does not fit its stamp; {REBUILD}")
    return store, stamp


def _repair(shelf: Shelf, damaged: Path, place: Place, lock_timeout_s: float) -> None:
    """A new generation with the store of `damaged` and new vectors, unless another process made
    one; where that cannot be, leave it."""
    try:
        with shelf.writing(lock_timeout_s):
            if shelf.current() == damaged:
                stamp = Stamp.read(damaged)
                with shelf.aside() as folder:
                    with storage_faults(STORE_ROLE, folder / STORE):
                        shutil.copyfile(damaged / STORE, folder / STORE)
                    store = Store.open(folder / STORE)
                    _finish(folder, store, (stamp.encoder_id, stamp.segmentation), place, None)
                    shelf.replace_with(folder)
    except (IndexBroken, ServerUnreachable):
        raise
    except StorageError:
        pass  # Locked, read-only or full: the caller serves the vectors from memory.


def _finish(
    folder: Path, store: Store, made_with: tuple[str, str], place: Place, verify: Verify | None
) -> None:
    """Add the vectors to a folder with a store, check it and stamp it."""
    try:
        place.build(folder, store)
    finally:
        store.close()
    (verify or place.check)(folder)
    stamp = Stamp(
        store.stamp,
        *made_with,
        documents=len(store.documents),
        sentences=store.sentence_count,
        passages=store.passage_count,
        sizes=file_sizes(folder),
        chromadb=chromadb_version(),
    )
    stamp.write(folder)


def _current_if_any(shelf: Shelf) -> Path | None:
    """The current generation; none where the pointer is damaged."""
    with suppress(IndexBroken):
        return shelf.current()
    return None


def memory_index(
    documents: Iterable[Document], recipe: Recipe, *, on_progress: OnProgress | None = None
) -> Index:
    """Index `documents` in memory; the parameters are those of `build_index`."""
    store = Store.create(None, documents, recipe, on_progress=on_progress)
    try:
        return Index(store, PassageVectors.build(None, store))
    except BaseException:
        store.close()
        raise
