"""The folder that holds the generations of one index, and who may touch which.

<home>/indexes/<name>/
├── current            names the current and the previous generation; replaced atomically
├── writer.lock        held by the one process that writes; dies with it
├── gen-<id>/          a generation: store.sqlite, chroma/, stamp.json, lease
└── tmp-<id>/          a build under way, or what a dead builder left

A reader holds a shared lock on its generation's `lease`; a writer removes a
generation only after an exclusive one, and first renames it away.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import filelock

from askali.errors import IndexBroken, IndexLocked, StorageError
from askali.index.storage_errors import REBUILD, storage_faults

ROLE = "the index folder"

_LEASE = "lease"
_POINTER = "current"
_GENERATION = re.compile(r"gen-[0-9a-f]{12}")
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
_SWITCH_S = 1.0
"""A reader that meets a switch reads the pointer again, for at most so long."""


_PINNED = "pinned"


@dataclass(frozen=True, slots=True)
class Pointer:
    """What `current` says: lines of the current generation, the one before, "pinned"."""

    current: Path | None = None
    previous: Path | None = None
    is_pinned: bool = False


class Shelf:
    """The generations of the index `name` under `home`; nothing is made before a write."""

    def __init__(self, home: Path, name: str, remove: Callable[[Path], None] | None = None) -> None:
        """`remove` is called with a folder before it goes; what it raises keeps the folder."""
        if not _NAME.fullmatch(name):
            raise StorageError(
                f"index name {name!r} is not usable; take letters, digits, '.', '_' and '-'"
            )
        self.folder = home / "indexes" / name
        self._remove = remove

    def current(self) -> Path | None:
        """The generation that the pointer names, None where nothing was ever built."""
        return self.pointer().current

    def pointer(self) -> Pointer:
        """What the pointer says; an empty one where nothing was ever built."""
        path = self.folder / _POINTER
        try:
            with storage_faults("the index pointer", path):
                lines = path.read_text(encoding="ascii", errors="replace").split()
        except StorageError as exc:
            if isinstance(exc.__cause__, FileNotFoundError | NotADirectoryError):
                return Pointer()
            raise
        names = [line for line in lines if line != _PINNED]
        if not names or not all(_GENERATION.fullmatch(name) for name in names):
            raise IndexBroken(f"the index pointer {path} names {' '.join(names)!r}; {REBUILD}")
        current, previous = (*(self.folder / name for name in names), None)[:2]
        return Pointer(current, previous, _PINNED in lines)

    def hold(self) -> tuple[Path, IO[bytes]] | None:
        """The current generation and an open lease that keeps it; None where there is none."""
        give_up = time.monotonic() + _SWITCH_S
        while (generation := self.current()) is not None:
            with storage_faults(ROLE, self.folder):
                lease = _share(generation)
            if lease is not None:
                return generation, lease
            if time.monotonic() > give_up:
                raise IndexBroken(f"the index {generation} is not there; {REBUILD}")
            time.sleep(0.005)
        return None

    @contextmanager
    def writing(self, timeout_s: float) -> Iterator[None]:
        """The only writer while inside; raises `IndexLocked` after `timeout_s`."""
        with storage_faults(ROLE, self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = filelock.FileLock(self.folder / "writer.lock", timeout=timeout_s)
            try:
                lock.acquire()
            except filelock.Timeout as exc:
                raise IndexLocked(
                    f"another process is writing the index {self.folder}; "
                    "wait until it has finished, then try again"
                ) from exc
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def aside(self) -> Iterator[Path]:
        """A new folder to build in, gone afterwards unless `switch_to` took it."""
        self.sweep()
        folder = self.folder / f"tmp-{_new_id()}"
        with storage_faults(ROLE, folder):
            folder.mkdir(mode=0o700)
            (folder / _LEASE).touch()
        try:
            yield folder
        finally:
            self._discard(folder)

    def switch_to(self, built: Path, *, is_pinned: bool = False) -> Path:
        """Make a finished folder the current generation, in one step for every reader."""
        generation = self._keep(built)
        self.point_to(generation, is_pinned=is_pinned)
        self.sweep()
        return generation

    def replace_with(self, built: Path) -> None:
        """Put a finished folder in the place of the current, damaged generation."""
        old = self.pointer()
        self._point(Pointer(self._keep(built), old.previous, old.is_pinned))
        self.sweep()

    def point_to(self, generation: Path, *, is_pinned: bool = False) -> None:
        """Make a generation of this shelf current and the current one the previous."""
        left = None
        with suppress(IndexBroken):
            left = self.current()
        self._point(Pointer(generation, left if left and left.is_dir() else None, is_pinned))

    def forget_previous(self) -> None:
        """Remove the previous generation; one that is being read goes with a later build."""
        old = self.pointer()
        if old.previous:
            self._point(Pointer(old.current, None, old.is_pinned))
        self.sweep()

    def _keep(self, built: Path) -> Path:
        generation = self.folder / built.name.replace("tmp-", "gen-")
        with storage_faults(ROLE, self.folder):
            for path in [*built.rglob("*"), built]:
                _sync(path)
            built.rename(generation)
        return generation

    def _point(self, pointer: Pointer) -> None:
        names = [path.name for path in (pointer.current, pointer.previous) if path]
        lines = names + [_PINNED] * pointer.is_pinned
        draft = self.folder / f"{_POINTER}.new"
        with storage_faults(ROLE, self.folder):
            draft.write_text("\n".join(lines) + "\n", encoding="ascii")
            _sync(draft)
            _sync(self.folder)
            draft.replace(self.folder / _POINTER)
            _sync(self.folder)

    def sweep(self) -> None:
        """Remove what dead builders left and the generations before the previous one
        that nobody reads.

        Call as the writer. What cannot be removed now stays for the next build.
        """
        with suppress(OSError, IndexBroken):
            pointer = self.pointer()
            keep = {pointer.current, pointer.previous}
            for folder in self.folder.iterdir():
                if folder.name.startswith("tmp-"):
                    self._discard(folder)
                elif _GENERATION.fullmatch(folder.name) and folder not in keep:
                    self._discard_unread(folder)

    def _discard_unread(self, generation: Path) -> None:
        with suppress(OSError), (generation / _LEASE).open("rb") as lease:
            _lock(lease, exclusive=True)
            gone = generation.with_name(f"tmp-{_new_id()}")
            generation.rename(gone)
            self._discard(gone)
            return
        if not (generation / _LEASE).exists():
            self._discard(generation)

    def _discard(self, folder: Path) -> None:
        if not folder.is_dir():
            return  # it became a generation
        with suppress(StorageError):
            if self._remove is not None:
                self._remove(folder)
            shutil.rmtree(folder, ignore_errors=True)


def _share(generation: Path) -> IO[bytes] | None:
    """An open lease on `generation`, None when it is being removed."""
    try:
        lease = (generation / _LEASE).open("rb")  # noqa: SIM115  (kept open on purpose)
    except FileNotFoundError:
        return None
    try:
        _lock(lease, exclusive=False)
    except BlockingIOError:
        lease.close()
        return None
    except OSError:
        pass  # A file system without locks: its writer cannot lock either, and removes nothing.
    if not (generation / _LEASE).exists():
        lease.close()
        return None
    return lease


if sys.platform == "win32":

    def _lock(lease: IO[bytes], *, exclusive: bool) -> None:
        """Windows neither renames nor removes a folder with an open file: that is the lock."""

    def _sync(path: Path) -> None:
        """Windows cannot sync a folder; SQLite and Chroma close their files orderly."""

else:
    import fcntl

    def _lock(lease: IO[bytes], *, exclusive: bool) -> None:
        kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        fcntl.flock(lease, kind | fcntl.LOCK_NB)

    def _sync(path: Path) -> None:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _new_id() -> str:
    return uuid.uuid4().hex[:12]
