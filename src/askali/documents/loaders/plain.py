"""Plain text and Markdown: decoded, otherwise verbatim."""

from __future__ import annotations

import codecs
from pathlib import Path

from askali.documents.limits import Limits
from askali.documents.loaders.base import Extracted, require_text
from askali.errors import DocumentError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def extract(path: Path, limits: Limits) -> Extracted:
    """What a byte order mark at the start says, or UTF-8, or else `Limits.text_encoding`."""
    raw = path.read_bytes()
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    remarks: tuple[str, ...] = ()
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as exc:
        if b"\x00" in raw or encoding != "utf-8" or not limits.text_encoding:
            raise _is_not(encoding, exc) from exc
        text = _decoded(raw, limits.text_encoding)
        remarks = (f"read as {limits.text_encoding}",)
    if "\x00" in text:
        raise DocumentError("is binary, not text; convert it to plain text first")
    text = require_text(text, limits.max_text_chars, "is empty; add text or remove it")
    return Extracted(text, remarks=remarks)


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeError as exc:
        raise _is_not(encoding, exc) from exc


def _is_not(encoding: str, exc: UnicodeError) -> DocumentError:
    at = getattr(exc, "start", 0)
    return DocumentError(
        f"is not {encoding.removesuffix('-sig').upper()} text (byte {at}); save it as "
        "UTF-8, or set ASKALI_TEXT_ENCODING to what it is in, such as windows-1252"
    )
