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

_UNMARKED = ("utf-16-le", "utf-16-be")
_ZEROS = 0.4
_SAMPLE_CHARS = 20_000
_MOST_MESS = 0.15


def extract(path: Path, limits: Limits) -> Extracted:
    """What a byte order mark at the start says, or UTF-8, or UTF-16 by its many zeros, or else
    `Limits.text_encoding`, if the result is like text."""
    raw = path.read_bytes()
    marked = next((name for mark, name in _MARKS if raw.startswith(mark)), "")
    encoding = marked or _by_zeros(raw) or "utf-8"
    remarks: tuple[str, ...] = ()
    try:
        text = raw.decode(encoding)
        if encoding in _UNMARKED:
            remarks = (f"read as {encoding}",)
            _require_plausible(text, encoding)
    except UnicodeDecodeError as exc:
        if marked or not limits.text_encoding:
            raise _is_not(encoding, exc) from exc
        text = _decoded(raw, limits.text_encoding)
        remarks = (f"read as {limits.text_encoding}",)
    if "\x00" in text:
        raise DocumentError("is binary, not text; convert it to plain text first")
    text = require_text(text, limits.max_text_chars, "is empty; add text or remove it")
    return Extracted(text, remarks=remarks)


def _by_zeros(raw: bytes) -> str:
    """UTF-16 without a mark, where every other byte of Western text is zero."""
    sample = raw[:4000]
    if len(raw) % 2 or len(sample) < 4:
        return ""
    for encoding, at in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros, others = sample[at::2].count(0), sample[1 - at :: 2].count(0)
        if zeros >= _ZEROS * len(sample) / 2 and not others:
            return encoding
    return ""


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeError as exc:
        raise _is_not(encoding, exc) from exc
    except LookupError as exc:
        raise DocumentError(f"cannot be read as {encoding!r}, which is no encoding") from exc
    _require_plausible(text, encoding)
    return text


def _require_plausible(text: str, encoding: str) -> None:
    """Raises `DocumentError` for what no one would write: any bytes are letters in some way."""
    from charset_normalizer.md import mess_ratio

    if mess_ratio(text[:_SAMPLE_CHARS], 1.0) > _MOST_MESS:
        raise DocumentError(
            f"is nonsense when read as {encoding}; say in its sidecar what it is in, such as "
            'encoding = "shift_jis"'
        )


def _is_not(encoding: str, exc: UnicodeError) -> DocumentError:
    at = getattr(exc, "start", 0)
    return DocumentError(
        f"is not {encoding.removesuffix('-sig').upper()} text (byte {at}); save it as UTF-8, or "
        "name what it is in: ASKALI_TEXT_ENCODING=windows-1252, or for this file alone "
        'encoding = "windows-1252" in its sidecar'
    )
