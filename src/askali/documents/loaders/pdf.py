"""PDF: the text of each page in reading order, by pypdf."""

from __future__ import annotations

import re
from math import hypot
from pathlib import Path
from typing import Any

from askali.documents.limits import Limits
from askali.documents.loaders.base import Extracted, clean, one_line, require_length, require_text
from askali.documents.loaders.pdf_layout import (
    Line,
    join_pages,
    lines_of,
    paragraphs,
    with_headings,
    without_running_lines,
    words,
)
from askali.errors import DocumentError

_SCANNED = "has no text, only pictures of it; run a text recognition (OCR) over it first"
_ENCRYPTED = "is encrypted; save it without a password"
_FILE_NAME = re.compile(r"\.(?:docx?|pdf|html?|tex|dvi|odt|rtf|indd|pptx?|xlsx?|txt|md)$", re.I)
_NO_TITLES = ("microsoft word", "untitled", "microsoft powerpoint", "slide 1")


def extract(path: Path, limits: Limits) -> Extracted:
    """Paragraphs put together from lines, headings marked by their size, headers and
    footers left out, pages known."""
    import pypdf

    reader = pypdf.PdfReader(path)
    _open(reader)
    count = len(reader.pages)
    if count > limits.max_pages:
        raise DocumentError(
            f"has {count:,} pages, the limit is {limits.max_pages:,}; split it or set "
            "ASKALI_MAX_PAGES"
        )
    lines, unread = _pages(reader, count, limits)
    pages = with_headings(lines)
    known = words(pages)
    kept = [paragraphs(page, known) for page in without_running_lines(pages)]
    text, starts = join_pages(kept)
    require_text(text, limits.max_text_chars, _why_empty(count, unread))
    title, date = _about(reader)
    return Extracted(text, title, date=date, page_starts=starts, remarks=_remarks(kept, unread))


def _why_empty(count: int, unread: list[int]) -> str:
    if not count:
        return "has no pages; save it again"
    if len(unread) == count:
        return f"is damaged: none of its {count:,} page(s) can be read; save it again"
    return _SCANNED


def _open(reader: Any) -> None:
    from pypdf.errors import DependencyError, PyPdfError

    try:
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError(_ENCRYPTED)
    except (DependencyError, PyPdfError, NotImplementedError) as exc:
        raise DocumentError(_ENCRYPTED) from exc


def _pages(reader: Any, count: int, limits: Limits) -> tuple[list[list[Line]], list[int]]:
    """The lines of each page, and the numbers of those pages that could not be read."""
    pages: list[list[Line]] = []
    unread: list[int] = []
    total = 0
    for number in range(count):
        try:
            pages.append(_lines(reader.pages[number]))
        except MemoryError:
            raise
        except Exception:  # pypdf raises anything on a broken page; the others are read
            pages.append([])
            unread.append(number + 1)
        total += sum(len(line) for line, _ in pages[-1])
        require_length(total, limits.max_text_chars)
    return pages, unread


def _lines(page: Any) -> list[Line]:
    pieces: list[tuple[str, float]] = []

    def take(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        height = hypot(tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
        pieces.append((clean(text), round(size * height, 1)))

    text = clean(page.extract_text(visitor_text=take) or "")
    found = lines_of(pieces)
    is_told = [line for line, _ in found] == text.split("\n")
    return found if is_told else [(line, 0.0) for line in text.split("\n")]


def _remarks(pages: list[str], unread: list[int]) -> tuple[str, ...]:
    empty = [n for n, page in enumerate(pages, start=1) if not page.strip() and n not in unread]
    remarks = []
    if unread:
        remarks.append(f"{len(unread)} damaged page(s) left out: {_listed(unread)}")
    if empty:
        remarks.append(f"{len(empty)} page(s) without text: {_listed(empty)}")
    return tuple(remarks)


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:8])) + (", …" if len(numbers) > 8 else "")


def _about(reader: Any) -> tuple[str, str]:
    """Title and date of creation where the file has usable ones."""
    try:
        found = reader.metadata
        title = one_line(str(found.title or "")) if found else ""
        created = found.creation_date if found else None
    except Exception:  # metadata is never worth a document
        return "", ""
    if title.lower().startswith(_NO_TITLES) or _FILE_NAME.search(title):
        title = ""
    return title, created.date().isoformat() if created else ""
