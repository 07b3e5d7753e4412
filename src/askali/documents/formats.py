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
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".pptx": "pptx",
    ".csv": "data",
    ".tsv": "data",
    ".json": "data",
    ".jsonl": "data",
    ".rtf": "rtf",
}
"""What is read; every other file of a folder is passed over."""

UNREAD = {
    ".doc": ".docx",
    ".xls": ".xlsx",
    ".ppt": ".pptx",
    ".odt": ".docx",
    ".ods": ".xlsx",
    ".odp": ".pptx",
    ".pages": ".docx",
    ".numbers": ".xlsx",
    ".key": ".pptx",
    ".mobi": ".epub",
    ".azw3": ".epub",
    ".djvu": ".pdf",
    ".ps": ".pdf",
}
"""Documents that askali does not read, and what they are to be saved as."""

_HEAD_BYTES = 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def format_of(path: Path) -> str:
    """One of the values of `SUFFIXES`; raises `DocumentError` for none of them."""
    ending = path.suffix.lower()
    if ending not in SUFFIXES:
        raise DocumentError(why_unread(ending))
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(_OLE):
        raise DocumentError("is encrypted or of an old Office format; save it as an open .docx")
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if head.startswith(b"{\\rtf"):
        return "rtf"
    named = SUFFIXES[ending]
    if named not in ("text", "markdown", "html", "data"):
        found = _marked_up(head)
        if not found:
            raise DocumentError(f"is not what its name says: no {named.upper()} inside; re-save it")
        return found
    return named


def why_unread(ending: str) -> str:
    """Why a file with such an ending is not read, and what to do."""
    if ending in UNREAD:
        return f"is a {ending} file, which askali does not read; save it as {UNREAD[ending]}"
    what = f"ends with {ending}" if ending else "has no ending"
    return f"{what}, so it is not taken for a document; if it is text, name it .txt"


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
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "ppt/presentation.xml" in names:
        return "pptx"
    raise DocumentError("is an archive, no document of Office and no EPUB; unpack it")
