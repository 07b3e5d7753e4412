"""What a format gives: plain text with what the file says about itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askali.errors import DocumentError

_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Extracted:
    """`page_starts` are offsets into `text`; `remarks` tell what could not be read,
    or had to be read in a way of its own."""

    text: str
    title: str = ""
    publisher: str = ""
    date: str = ""
    file_date: str = ""
    author: str = ""
    language: str = ""
    page_starts: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()


def clean(text: str) -> str:
    """Text without control characters and lone surrogates, with plain line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\f", "\n")
    return _NO_TEXT.sub("", text)


def one_line(text: str | None) -> str:
    """A title or a date as it is shown: one line of at most 300 characters."""
    return " ".join(clean(text or "").split())[:300]


def require_length(chars: int, limit_chars: int) -> None:
    """Raises `DocumentError` for a text that is too long."""
    if chars > limit_chars:
        raise DocumentError(
            f"holds more than {limit_chars:,} characters; split it or set ASKALI_MAX_TEXT_CHARS"
        )


def require_text(text: str, limit_chars: int, otherwise: str) -> str:
    """The text, if it has any and is not too long; else `DocumentError`."""
    require_length(len(text), limit_chars)
    if not any(char.isalnum() for char in text):
        raise DocumentError(otherwise)
    return text


def row_text(cells: Sequence[str]) -> str:
    """A table's row as one line: "Sales | 12 | 9"; with bars around it where its first cell is
    empty, so that no column is lost and the line begins with what is quoted."""
    text = " | ".join(cells).rstrip(" |")
    return f"| {text} |" if text and not cells[0].strip() else text
