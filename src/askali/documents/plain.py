"""Plain text and Markdown: decoded, otherwise verbatim."""

from __future__ import annotations

import codecs
from pathlib import Path

from askali.documents.extracted import Extracted, require_text
from askali.documents.limits import Limits
from askali.errors import DocumentError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def extract(path: Path, limits: Limits) -> Extracted:
    """UTF-8, or what a byte order mark at the start says."""
    raw = path.read_bytes()
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as exc:
        shown = encoding.removesuffix("-sig").upper()
        raise DocumentError(
            f"is not {shown} text (byte {exc.start}); convert it to UTF-8 or remove it"
        ) from exc
    if "\x00" in text:
        raise DocumentError("is binary, not text; convert it to plain text first")
    return Extracted(require_text(text, limits.max_text_chars, "is empty; add text or remove it"))
