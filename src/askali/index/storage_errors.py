"""Turn what SQLite, Chroma and the system raise into askali's own errors."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from askali.errors import AskaliError, IndexBroken, StorageError

REBUILD = "run `askali index` to build it anew"

_NO_ROOM_BYTES = 100_000
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NOT_PERMITTED = {errno.EACCES, errno.EPERM, errno.EROFS}
_FULL = ("disk is full", "no space left", "disk i/o error", "file too large", "quota")
_DENIED = ("readonly", "read-only", "permission denied", "unable to open", "not permitted")


@contextmanager
def storage_faults(role: str, path: Path | None) -> Iterator[None]:
    """Inside, every failure of storage leaves as a `StorageError` that names `role`.

    Disk full, read-only and permission are told apart from damage, which is
    `IndexBroken`. Chroma reports all of them as text, and a panic in its Rust part
    arrives as a `BaseException` that ``except Exception`` does not catch.
    """
    where = f"{role} ({path})" if path else role
    try:
        yield
    except AskaliError:
        raise
    except OSError as exc:
        raise _from_system(where, exc) from exc
    except sqlite3.Error as exc:
        raise _from_words(where, exc, path) from exc
    except BaseException as exc:
        if not _is_from_chroma(exc):
            raise
        raise _from_words(where, exc, path) from exc


def _from_system(where: str, exc: OSError) -> StorageError:
    if exc.errno in _NO_SPACE:
        return _full(where, exc)
    if exc.errno in _NOT_PERMITTED:
        return _denied(where, exc)
    return StorageError(f"cannot use {where}: {exc.strerror or exc}; check the disk")


def _from_words(where: str, exc: BaseException, path: Path | None) -> StorageError:
    said = str(exc).lower()
    if any(words in said for words in _FULL) or _is_out_of_space(path):
        return _full(where, exc)
    if any(words in said for words in _DENIED):
        return _denied(where, exc)
    return IndexBroken(f"{where} is damaged: {exc}; {REBUILD}")


def _is_out_of_space(path: Path | None) -> bool:
    """True where the disk has no room; Chroma then speaks of its own parts only."""
    while path is not None and not path.exists() and path != path.parent:
        path = path.parent
    try:
        return path is not None and shutil.disk_usage(path).free < _NO_ROOM_BYTES
    except OSError:
        return False


def _full(where: str, exc: BaseException) -> StorageError:
    return StorageError(
        f"the disk is full or failing under {where}: {exc}; "
        "free some space or set ASKALI_HOME to another disk"
    )


def _denied(where: str, exc: BaseException) -> StorageError:
    return StorageError(
        f"not allowed to use {where}: {exc}; "
        "fix its permissions or set ASKALI_HOME to a folder you may write to"
    )


def _is_from_chroma(exc: BaseException) -> bool:
    module = type(exc).__module__
    return module.startswith("chromadb") or type(exc).__name__ == "PanicException"
