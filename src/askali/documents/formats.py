"""Which format a file has: by its first bytes where they tell, else by its name."""

from __future__ import annotations

import zipfile
from pathlib import Path

from askali.errors import DocumentError

SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".epub": "epub",
}
"""What is read; every other file of a folder is passed over."""

_HEAD_BYTES = 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def format_of(path: Path) -> str:
    """ "text", "html", "pdf", "docx" or "epub"; raises `DocumentError` for none of them."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(_OLE):
        raise DocumentError("is encrypted or of an old Office format; save it as an open .docx")
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    named = SUFFIXES.get(path.suffix.lower(), "text")
    if named in ("pdf", "docx", "epub"):
        found = _marked_up(head)
        if not found:
            raise DocumentError(f"is not what its name says: no {named.upper()} inside; re-save it")
        return found
    return named


def _marked_up(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" if start.startswith((b"<!doctype html", b"<html")) else ""


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as exc:
        raise DocumentError(f"is a damaged archive ({exc}); copy or save it again") from exc
    if "word/document.xml" in names:
        return "docx"
    if "META-INF/container.xml" in names:
        return "epub"
    raise DocumentError("is an archive, neither DOCX nor EPUB; unpack it")
