"""The files of a folder that may be read: none hidden, none that a link takes elsewhere."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from askali.documents.formats import SUFFIXES, UNREAD, why_unread
from askali.documents.sidecar import sidecar_of
from askali.errors import DocumentError

Barred = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class File:
    """`name` is the path below the folder, with "/", as the system spells it."""

    path: Path
    name: str

    @property
    def shown(self) -> str:
        """The name as one printable line."""
        return printable(self.name)


def files_of(path: Path, max_files: int) -> tuple[list[File], Barred, Counter[str]]:
    """The files of a file or folder in name order, (name, reason) of what barred one, and
    how many of which other endings were passed over."""
    if path.is_file():
        return [File(path, path.name)], [], Counter()
    barred: Barred = []
    others: list[Path] = []
    found = sorted(_walk(path, barred, others), key=lambda file: file.name.split("/"))
    if len(found) > max_files:
        raise DocumentError(
            f"{path} holds {len(found):,} documents, the limit is {max_files:,}; name a smaller "
            "folder or set ASKALI_MAX_FILES"
        )
    sidecars = {sidecar_of(file.path) for file in found}
    return found, barred, Counter(p.suffix.lower() for p in others if p not in sidecars)


def printable(name: str) -> str:
    """`name` without bytes that are no text, line breaks and other control characters."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def document_ids(files: Sequence[File]) -> dict[str, str]:
    """File name to document id: the name without suffix, with it where two would be alike."""
    stems: dict[str, int] = {}
    for file in files:
        stems[_stem(file)] = stems.get(_stem(file), 0) + 1
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for file in files:
        wanted = _stem(file) if stems[_stem(file)] == 1 else file.shown
        id, number = wanted, 2
        while id in taken:
            id, number = f"{wanted}~{number}", number + 1
        taken.add(id)
        ids[file.name] = id
    return ids


def _stem(file: File) -> str:
    folder, _, last = file.shown.rpartition("/")
    stem = last[: -len(file.path.suffix)] if file.path.suffix else last
    return f"{folder}/{stem}" if folder else stem


def _walk(folder: Path, barred: Barred, others: list[Path]) -> list[File]:
    root = folder.resolve()

    def note(exc: OSError) -> None:
        name = os.path.relpath(exc.filename, folder) if exc.filename else str(folder)
        barred.append((printable(name), f"cannot be opened: {exc.strerror}"))

    found: list[File] = []
    for place, folders, names in os.walk(folder, onerror=note):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(place, name)
            if name.startswith("."):
                continue
            if path.suffix.lower() in UNREAD:
                barred.append((printable(_name(path, folder)), why_unread(path.suffix.lower())))
            elif path.suffix.lower() not in SUFFIXES:
                others.append(path)
            elif path.is_symlink() and not _leads_inside(path, root):
                barred.append((printable(_name(path, folder)), "is a link out of the folder"))
            elif path.is_file():
                found.append(File(path, _name(path, folder)))
    return found


def _leads_inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
