"""What is remembered of each file, so that an unchanged one is not read again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from askali.documents.folder import File
from askali.documents.limits import Limits
from askali.documents.sidecar import sidecar_of

READER = "8"
"""Names this way of reading; change it when it gives another text for the same file."""

_RACY_NS = 2_000_000_000
"""A file that was changed so shortly before it was read may change again unseen."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: how it was recognised, and what became of it.

    `document` is the id of its document; of the kept one where `copy_of` names the
    file it repeats. `refused` is the reason where it was skipped.
    """

    size: int
    mtime_ns: int
    sidecar: str
    sha256: str = ""
    is_settled: bool = False
    document: str = ""
    copy_of: str = ""
    refused: str = ""
    remarks: tuple[str, ...] = ()


def look(file: File, now_ns: int) -> Entry:
    """What the file system says of a file; it is not opened. Raises `OSError`."""
    stat = file.path.stat()
    side = sidecar_of(file.path)
    about = ""
    if side.is_file():
        of_side = side.stat()
        about = f"{of_side.st_size}/{of_side.st_mtime_ns}"
    return Entry(
        stat.st_size, stat.st_mtime_ns, about, is_settled=now_ns - stat.st_mtime_ns > _RACY_NS
    )


def digest(path: Path) -> str:
    """SHA-256 of the bytes, read piece by piece. Raises `OSError`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unchanged(file: File, seen: Entry, known: Entry | None) -> Entry | None:
    """The known entry brought up to date if the file is what it was, else None.

    Size and time decide; where only the time differs, or the file was young when it was
    read, its bytes do.
    """
    if known is None or (seen.size, seen.sidecar) != (known.size, known.sidecar):
        return None
    if seen.mtime_ns == known.mtime_ns and known.is_settled:
        return known
    if not known.sha256 or digest(file.path) != known.sha256:
        return None
    return replace(known, mtime_ns=seen.mtime_ns, is_settled=seen.is_settled)


def write_ledger(entries: dict[str, Entry], alike: list[tuple[str, str]], limits: Limits) -> str:
    """ASCII text; `alike` are pairs of near-duplicates that are both indexed."""
    value = {
        "reader": _reader(limits),
        "files": {
            name: {field: getattr(entry, field) for field in Entry.__slots__}
            for name, entry in entries.items()
        },
        "alike": alike,
    }
    return json.dumps(value, separators=(",", ":"))


def read_ledger(text: str, limits: Limits) -> tuple[dict[str, Entry], list[tuple[str, str]]]:
    """What `write_ledger` wrote; nothing where there is none or it was read otherwise."""
    try:
        value = json.loads(text or "{}")
        if value.get("reader") != _reader(limits):
            return {}, []
        entries = {
            name: Entry(**{**fields, "remarks": tuple(fields["remarks"])})
            for name, fields in value["files"].items()
        }
        return entries, [(one, other) for one, other in value["alike"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}, []


def same_files(one: str, other: str) -> bool:
    """True where two ledgers tell the same but for the times of files."""
    if one == other:
        return True
    try:
        return _timeless(json.loads(one)) == _timeless(json.loads(other))
    except (ValueError, TypeError, AttributeError, KeyError):
        return False


def _timeless(ledger: dict[str, Any]) -> dict[str, Any]:
    passing = {"mtime_ns": 0, "is_settled": False}
    files = {name: {**fields, **passing} for name, fields in ledger["files"].items()}
    return {**ledger, "files": files}


def _reader(limits: Limits) -> str:
    return f"{READER}/{hashlib.sha256(repr(limits).encode()).hexdigest()[:12]}"
