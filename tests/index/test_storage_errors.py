"""Each failure of storage becomes the error that says what to do."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from askali.errors import IndexBroken, IndexStale, StorageError
from askali.index.storage_errors import storage_faults


class PanicException(BaseException):
    """Named as PyO3 names a panic of Rust code."""


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "full or failing under the store"),
        (OSError(errno.EROFS, "Read-only file system"), "not allowed to use the store"),
        (PermissionError(errno.EACCES, "Permission denied"), "not allowed to use the store"),
        (OSError(errno.EIO, "Input/output error"), "cannot use the store"),
        (sqlite3.OperationalError("database or disk is full"), "full or failing"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "not allowed"),
        (sqlite3.OperationalError("unable to open database file"), "not allowed"),
    ],
)
def test_trouble_with_the_disk_names_the_path_and_its_role(
    raised: BaseException, words: str
) -> None:
    with pytest.raises(StorageError, match=words) as caught, storage_faults("the store", Path("p")):
        raise raised
    assert not isinstance(caught.value, IndexBroken)
    assert "(p)" in str(caught.value)
    assert caught.value.__cause__ is raised


@pytest.mark.parametrize(
    "raised",
    [
        sqlite3.DatabaseError("database disk image is malformed"),
        PanicException("called `Option::unwrap()` on a `None` value"),
    ],
)
def test_damage_is_broken_and_says_what_to_run(raised: BaseException) -> None:
    with pytest.raises(IndexBroken, match="askali index"), storage_faults("the store", None):
        raise raised


@pytest.mark.parametrize("raised", [IndexStale("old"), KeyError(3), KeyboardInterrupt()])
def test_what_is_not_storage_passes_through(raised: BaseException) -> None:
    with pytest.raises(type(raised)) as caught, storage_faults("the store", None):
        raise raised
    assert caught.value is raised
