"""PDF: the text of each page in reading order; PDFium tells where each letter stands."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from askali.documents.limits import Limits
from askali.documents.loaders.base import (
    Extracted,
    clean,
    one_line,
    require_length,
    require_text,
)
from askali.documents.loaders.pdf_columns import Line, lines_of
from askali.documents.loaders.pdf_layout import (
    join_pages,
    paragraphs,
    title_of,
    with_headings,
    without_running_lines,
)
from askali.documents.loaders.pdf_words import Word, without_line_numbers
from askali.documents.loaders.vocabulary import Vocabulary
from askali.errors import DocumentError

_SCANNED = "has no text, only pictures of it; run a text recognition (OCR) over it first"
_ENCRYPTED = "is encrypted; save it without a password"
_FILE_NAME = re.compile(
    r"\.(?:docx?|pdf|html?|tex|dvi|odt|rtf|indd|pptx?|xlsx?|txt|md|exe|tmp|ps)$", re.I
)
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")
_FEWEST_FOUND = 0.6
"""Share of a title property's words that the first page must have: else it is a leftover of
the file that this one was made from."""
_LINE_END_HYPHEN = "\x02"
Place = tuple[float, float, float, float, float, float]
"""Of a letter: left, bottom, right, top, and the x and y of its origin."""

_NOWHERE: Place = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
_QUARTER = math.pi / 2


def extract(path: Path, limits: Limits) -> Extracted:
    """Columns one after the other, tables as rows, paragraphs put together from lines,
    headings marked by their size, headers and footers left out, pages known."""
    import pypdfium2

    try:
        opened = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as exc:
        if "password" in str(exc).lower():
            raise DocumentError(_ENCRYPTED) from exc
        raise DocumentError(f"is damaged ({exc}); save it again") from exc
    count = len(opened)
    if count > limits.max_pages:
        raise DocumentError(
            f"has {count:,} pages, the limit is {limits.max_pages:,}; split it or set "
            "ASKALI_MAX_PAGES"
        )
    pages, unread = _pages(opened, count, limits)
    pages = with_headings(without_running_lines(pages))
    known = Vocabulary(line.text for page in pages for line in page)
    kept = [paragraphs(page, known) for page in pages]
    text, starts = join_pages(kept, known)
    require_text(text, limits.max_text_chars, _why_empty(count, unread))
    found = _properties(opened)
    first = next((page for page in pages if page), [])
    day = _DATE.match(found.get("CreationDate", ""))
    return Extracted(
        text,
        _title(found.get("Title", ""), first),
        file_date="-".join(day.groups()) if day else "",
        author=_author(found.get("Author", ""), first),
        page_starts=starts,
        remarks=_remarks(kept, unread),
    )


def _why_empty(count: int, unread: list[int]) -> str:
    if not count:
        return "has no pages; save it again"
    if len(unread) == count:
        return f"is damaged: none of its {count:,} page(s) can be read; save it again"
    return _SCANNED


def _pages(opened: Any, count: int, limits: Limits) -> tuple[list[list[Line]], list[int]]:
    """The lines of each page, and the numbers of those pages that could not be read."""
    pages: list[list[Line]] = []
    unread: list[int] = []
    total = 0
    for number in range(count):
        try:
            pages.append(_lines(opened[number]))
        except MemoryError:
            raise
        except Exception:  # anything can be wrong with a page; the others are read
            pages.append([])
            unread.append(number + 1)
        total += sum(len(line.text) for line in pages[-1])
        require_length(total, limits.max_text_chars)
    return pages, unread


def _lines(page: Any) -> list[Line]:
    try:
        text = page.get_textpage()
        try:
            words, aside = _words(text)
        finally:
            text.close()
    finally:
        page.close()
    lines = lines_of(without_line_numbers(words))
    return [*lines, Line(aside, 0.0)] if aside else lines


def _words(text: Any) -> tuple[list[Word], str]:
    """The words of a page where they stand, and the text that runs another way than most."""
    import pypdfium2.raw as pdfium

    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    letters: list[tuple[str, int, Place]] = []
    page = text.raw  # the bare handle: four calls a letter, and most of the time is calling
    letter_at, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    origin_of, angle_of = pdfium.FPDFText_GetCharOrigin, pdfium.FPDFText_GetCharAngle
    for at in range(pdfium.FPDFText_CountChars(page)):
        letter = chr(letter_at(page, at))
        letter = "-" if letter == _LINE_END_HYPHEN else _plain(letter)
        if letter.isspace() or not letter:
            letters.append((" ", -1, _NOWHERE))
            continue
        box_of(page, at, box)
        origin_of(page, at, x, y)
        turn = round(angle_of(page, at) / _QUARTER) % 4
        place = (box.left, box.bottom, box.right, box.top, x.value, y.value)
        letters.append((letter, turn, place))
    turns = Counter(turn for _, turn, _ in letters if turn >= 0)
    upright = turns.most_common(1)[0][0] if turns else 0
    words: list[Word] = []
    aside: list[str] = []
    run: list[Word] = []
    for letter, turn, place in letters:
        placed = _placed(letter, upright, place) if turn == upright else None
        if run and (placed is None or not run[-1].is_followed_by(placed)):
            words.append(_whole(run))
            run = []
        if placed:
            run.append(placed)
        else:
            aside += [letter] if turn >= 0 or aside else []
    words += [_whole(run)] if run else []
    return words, " ".join("".join(aside).split()) if any(map(str.isalpha, aside)) else ""


def _whole(run: list[Word]) -> Word:
    return Word(
        "".join(letter.text for letter in run),
        min(letter.x0 for letter in run),
        max(letter.x1 for letter in run),
        run[0].y,
        max(letter.size for letter in run),
    )


def _placed(letter: str, turn: int, place: Place) -> Word:
    """A letter in the frame in which its line runs to the right and y grows downward."""
    left, bottom, right, top, x, y = place
    high, wide = round(top - bottom, 1), round(right - left, 1)
    if turn == 0:
        return Word(letter, left, right, -y, high)
    if turn == 1:
        return Word(letter, -top, -bottom, -x, wide)
    if turn == 2:
        return Word(letter, -right, -left, y, high)
    return Word(letter, bottom, top, x, wide)


@cache
def _plain(letter: str) -> str:
    """Ligatures and other forms of presentation as the letters that they show."""
    if letter == "\u00ad" or not clean(letter) or unicodedata.category(letter) in ("Cn", "Co"):
        return ""
    is_form = "\ufb00" <= letter <= "\ufb4f" or "\ufe70" <= letter <= "\ufefc"
    return unicodedata.normalize("NFKC", letter) if is_form else letter


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


def _properties(opened: Any) -> dict[str, str]:
    with suppress(Exception):  # metadata is never worth a document
        return {name: one_line(value) for name, value in opened.get_metadata_dict().items()}
    return {}


def _title(property: str, first: list[Line]) -> str:
    """What the first page sets largest, unless the file's own title stands on that page."""
    words = re.findall(r"\w+", property.lower())
    shown = set(re.findall(r"\w+", " ".join(line.text for line in first).lower()))
    is_file_name = bool(_FILE_NAME.search(property))
    if words and not is_file_name:
        if sum(word in shown for word in words) >= _FEWEST_FOUND * len(words):
            return property
        if len(words) > 1 and not property.lower().startswith(("microsoft ", "slide ")):
            return title_of(first) or property
    return title_of(first)


def _author(property: str, first: list[Line]) -> str:
    """The author whom the file names, if the first page does too: it may be who typed it."""
    shown = " ".join(line.text for line in first).lower()
    return property if property and property.lower() in shown else ""
