"""What is known of an index without opening it, and the check of all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from askali.errors import IndexBroken, IndexStale
from askali.index.directory import Shelf
from askali.index.manifest import Stamp, file_sizes
from askali.index.placement import IN_FOLDER, Place
from askali.index.storage_errors import REBUILD


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation on disk: its name, when it was finished, what it holds."""

    name: str
    built: datetime
    stamp: str
    encoder_id: str
    segmentation: str
    documents: int
    passages: int
    bytes_on_disk: int


@dataclass(frozen=True, slots=True)
class Status:
    """The generation that is served and the one that a rollback returns to.

    `is_pinned` means that it is served whatever the sources say, after a rollback
    or a rebuild without them.
    """

    folder: Path
    current: Generation | None = None
    previous: Generation | None = None
    is_pinned: bool = False


def index_status(home: Path, name: str) -> Status:
    """Raises `IndexBroken` or `IndexStale` where the current generation has no
    readable stamp; a previous one that cannot be read counts as none."""
    shelf = Shelf(home, name)
    pointer = shelf.pointer()
    if pointer.current is None:
        return Status(shelf.folder)
    try:
        previous = _generation(pointer.previous) if pointer.previous else None
    except (IndexBroken, IndexStale):
        previous = None
    return Status(shelf.folder, _generation(pointer.current), previous, pointer.is_pinned)


def verify_current(home: Path, name: str, place: Place = IN_FOLDER) -> str | None:
    """Check every row, span and vector of the current generation, in a child process
    where reading damaged files could end this one.

    Its name, None where nothing was built yet; raises `IndexBroken` for damage,
    `IndexStale` for another format.
    """
    held = Shelf(home, name).hold()
    if held is None:
        return None
    generation, lease = held
    try:
        stamp = Stamp.read(generation)
        if not (stamp.fits_store(generation) and stamp.fits_vectors(generation)):
            raise IndexBroken(f"files of {generation} have another size than built; {REBUILD}")
        place.check(generation)
        return generation.name
    finally:
        lease.close()


def _generation(folder: Path) -> Generation:
    stamp = Stamp.read(folder)
    sizes = file_sizes(folder)
    return Generation(
        name=folder.name,
        built=datetime.fromtimestamp(folder.stat().st_mtime, UTC),
        stamp=stamp.content,
        encoder_id=stamp.encoder_id,
        segmentation=stamp.segmentation,
        documents=stamp.documents,
        passages=stamp.passages,
        bytes_on_disk=sum(sizes.values()),
    )
