"""Lines of a page back to paragraphs: a PDF knows where lines end, not why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from askali.documents.loaders.pdf_columns import Line
from askali.documents.loaders.vocabulary import Vocabulary

MARK = "# "

_ENDS_SENTENCE = re.compile(r"[.!?。！？:;][\"')\]”’»]*$")
_STARTS_ENTRY = re.compile(r"(?:[-*•▪◦‣–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
_LEADERS = re.compile(r"\s*(?:\s?[.·…]){4,}\s*")
_LARGER = 1.15
_HEADING_CHARS = 120
_USUAL_SHARE = 0.5
"""Where fewer letters than that have the usual size, sizes tell nothing, as in what OCR wrote."""
_NO_HEADING = re.compile(r"[.!。！,;:]$|(?:\s?\.){4}")
"""What ends as sentences do, and entries of a table of contents."""
_RULE = re.compile(r"(?:^|(?<=\s))[-=_*~]{8,}(?=\s|$)")
"""A rule drawn with characters, as on a till's receipt."""
_AMOUNT = re.compile(r"(?:[$€£¥]\s?-?\d[\d.,]*|-?\d[\d.,]*\d\s?[$€£¥%])$")
_RUNNING_LINES = 3
"""So many lines at a page's top and bottom may be a header or a footer."""


def paragraphs(page: Sequence[Line], known: Vocabulary) -> str:
    """The text of a page with each paragraph on a line of its own, an empty one between;
    the rows of a table stand below each other."""
    blocks: list[str] = []
    before: Line | None = None
    for line in page:
        text = " ".join(_RULE.sub(" ", line.text).split())
        text = _LEADERS.sub(" | ", text).removesuffix(" | ")
        if " | " in text and not line.is_row:  # an entry of a table of contents
            line = replace(line, is_row=True, opens=not (before and before.is_row))
        is_plain = not line.is_row and not text.startswith(MARK)
        if not text:
            before = None if line.text.strip() else before  # a rule parts what it stands between
            continue
        if before is None or not blocks:
            blocks.append(text)
        elif line.is_row and before.is_row and not line.opens:
            blocks[-1] += f"\n{text}"
        elif is_plain and _goes_on(line, text, before, blocks[-1]):
            blocks[-1] = known.joined(blocks[-1], text)
        else:
            blocks.append(text)
        before = line
    return "\n\n".join(blocks)


def _goes_on(line: Line, text: str, before: Line, block: str) -> bool:
    if before.is_row or before.text.startswith(MARK) or _STARTS_ENTRY.match(text):
        return False
    if line.opens:  # at the head of the next column
        is_alike = abs(line.size - before.size) <= 0.12 * line.size
        return is_alike and not _ENDS_SENTENCE.search(block[-10:]) and text[:1].islower()
    if _ENDS_SENTENCE.search(block[-10:]) and len(text) < 40 and text[:1].isupper():
        return line.runs_on and bool(_ENDS_SENTENCE.search(text))
    return line.runs_on or (block.endswith("-") and text[:1].islower())


def without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Pages without the header or footer that at least half of them, and three, share:
    first and last lines that are alike but for their digits; of left or right pages or of a
    chapter three are enough where they count the pages. Of two pages, both must have it, and
    with a number."""
    split = [list(page) for page in pages]
    needed = max(3, (len(pages) + 1) // 2) if len(pages) > 2 else 2
    for position in [0, -1] * _RUNNING_LINES:
        seen = Counter(_shape(page[position]) for page in split if len(page) > 1)
        common = {
            shape
            for shape, count in seen.items()
            if count >= needed and (needed > 2 or ("0" in shape and any(map(str.isalpha, shape))))
        }
        counting = _counting(split, position)
        kept: set[str] = set()
        for page in split:
            if len(page) < 2:
                continue
            if any(numbered in counting for numbered, _ in _numbered(page[position])):
                del page[position]
                continue
            if (shape := _shape(page[position])) not in common:
                continue
            if page[position].is_row and shape not in kept:
                kept.add(shape)  # the names of a table's columns, once
                continue
            del page[position]
    return split


def _counting(pages: Sequence[Sequence[Line]], position: int) -> set[str]:
    """The lines at an edge of three pages or more, as `_numbered` gives them, that are the same
    but for their first or last number, which rises from each such page to the next."""
    numbers: dict[str, list[int]] = {}
    for page in pages:
        for shape, number in _numbered(page[position]) if len(page) > 1 else ():
            numbers.setdefault(shape, []).append(number)
    return {
        shape
        for shape, counted in numbers.items()
        if len(counted) > 2 and all(one < other for one, other in pairwise(counted))
    }


def _numbered(line: Line) -> list[tuple[str, int]]:
    """A line of words without its first number, and without its last, with that number; of a
    row without the number that fills its first or last cell."""
    text = " ".join(line.text.split())
    pattern = r"(?:^|(?<= \| ))\d{1,5}(?= \| |$)" if line.is_row else r"(?<!\d)\d{1,5}(?!\d)"
    found = list(re.finditer(pattern, text))
    if not found or not any(map(str.isalpha, text)):
        return []
    ends = {at.start(): at for at in (found[0], found[-1])}.values()
    return [(f"{text[: at.start()]}\0{text[at.end() :]}", int(at.group())) for at in ends]


def join_pages(pages: Sequence[str], known: Vocabulary) -> tuple[str, tuple[int, ...]]:
    """One text and where each page starts in it; a sentence that runs over a page's end
    stays one, and so does a table, whose repeated names of columns are left out."""
    text = ""
    parts: list[str] = []
    starts: list[int] = []
    at = 0
    for page in pages:
        if page and text:
            gap, page = _between(text, page, known)
            if gap == "\x00":  # a cut word: its hyphen goes
                parts[-1], at, gap = parts[-1][:-1], at - 1, ""
            parts.append(gap)
            at += len(gap)
        starts.append(at)
        if page:
            parts.append(page)
            at += len(page)
            text = page
    return "".join(parts), tuple(starts)


def _between(last: str, page: str, known: Vocabulary) -> tuple[str, str]:
    """What stands between two pages, and the second as it is then; "\\x00" for a word that
    loses its hyphen."""
    table, block = last.rpartition("\n\n")[2].split("\n"), page.partition("\n\n")[0].split("\n")
    if all(_is_row(row) for row in (*table[-1:], *block[:1])):
        if block[0] == table[0] or _columns(block[0]) == _columns(table[-1]):
            page = page.removeprefix(table[0]).lstrip("\n") if block[0] == table[0] else page
            return "\n", page or " "
        return "\n\n", page
    if _ENDS_SENTENCE.search(last[-10:]) or not page[:1].islower() or _is_row(table[-1]):
        return "\n\n", page
    if last.endswith("-"):
        return ("" if "-" in known.joined(last[-60:], page)[-len(page) - 1 :][:1] else "\x00"), page
    return " ", page


def _is_row(line: str) -> bool:
    return " | " in line


def _columns(row: str) -> int:
    return row.count(" | ")


def _shape(line: Line) -> str:
    text = " ".join(line.text.split()).lower()
    return text if line.is_row else re.sub(r"\d+", "0", text)  # figures tell rows apart


def with_headings(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The same lines; a heading, also one of several lines, is a line after "# "."""
    chars: Counter[float] = Counter()
    for line in (line for page in pages for line in page):
        chars[round(line.size)] += len(line.text.strip())
    usual = max(chars, key=lambda size: chars[size], default=0.0)
    near = sum(count for size, count in chars.items() if abs(size - usual) <= 1)
    is_telling = usual > 0 and near >= _USUAL_SHARE * chars.total()
    return [_marked(page, usual if is_telling else float("inf")) for page in pages]


def title_of(page: Sequence[Line]) -> str:
    """The heading of a page that is set largest, "" if none is."""
    headings = [line for line in page if line.text.startswith(MARK)]
    largest = max(headings, key=lambda line: (line.size, len(line.text)), default=None)
    return largest.text.removeprefix(MARK) if largest else ""


def _marked(page: Sequence[Line], usual: float) -> list[Line]:
    found: list[Line] = []
    before = 0.0
    for line in page:
        text = line.text.strip()
        is_heading = _is_heading(line, usual)
        if is_heading and abs(line.size - before) < 0.05 * line.size:
            found[-1] = replace(found[-1], text=f"{found[-1].text} {text}")
        elif is_heading and not text[:1].islower():
            found.append(replace(line, text=MARK + text))
            before = line.size
        else:
            found.append(line)
            before = 0.0
    return found


def _is_heading(line: Line, usual: float) -> bool:
    text = line.text.strip()
    return (
        not line.is_row
        and line.size >= _LARGER * usual
        and len(text) <= _HEADING_CHARS
        and any(char.isalpha() for char in text)
        and not _NO_HEADING.search(text)
        and not _AMOUNT.search(text)  # "TOTAL $821.14" is set large, and states something
    )
