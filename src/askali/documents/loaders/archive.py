"""Look at a zip file before anything in it is unpacked."""

from __future__ import annotations

import zipfile
from pathlib import Path

from askali.errors import DocumentError

MAX_MEMBERS = 10_000
MAX_UNPACKED_MB = 200
MAX_RATIO = 100
SMALL_MB = 1
"""Up to this unpacked size a member may be packed as tightly as it likes."""


def check_archive(path: Path) -> None:
    """Raises `DocumentError` for a bomb, an encrypted member or a damaged archive.

    Sizes are those that the archive declares; a member that holds more than it
    declares is cut there by `zipfile`, and its checksum fails.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as exc:
        raise DocumentError(f"is a damaged archive ({exc}); copy or save it again") from exc
    if len(members) > MAX_MEMBERS:
        raise DocumentError(f"unpacks to {len(members):,} parts, the limit is {MAX_MEMBERS:,}")
    total = sum(member.file_size for member in members)
    if total > MAX_UNPACKED_MB * 1e6:
        raise DocumentError(
            f"unpacks to {total / 1e6:,.0f} MB, the limit is {MAX_UNPACKED_MB}; split it"
        )
    for member in members:
        _check_member(member)


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 1:
        raise DocumentError("is encrypted; save it without a password")
    is_large = member.file_size > SMALL_MB * 1e6
    if is_large and member.file_size > MAX_RATIO * max(1, member.compress_size):
        raise DocumentError(
            f"is packed more than {MAX_RATIO} to 1, as a zip bomb is; re-save it to be sure"
        )
