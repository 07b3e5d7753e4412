"""Which lines of a PDF are headings: those that are set larger than its running text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

Line = tuple[str, float]
"""A line of a page and the smallest size of its letters, 0 where it has none."""

MARK = "# "

_LARGER = 1.15
_HEADING_CHARS = 120
_USUAL_SHARE = 0.5
"""Where fewer letters than that have the usual size, sizes tell nothing, as in what OCR wrote."""
_NO_HEADING = re.compile(r"[.!。！,;:]$|(?:\s?\.){4}")
"""What ends as sentences do, and entries of a table of contents."""


def lines_of(pieces: Sequence[tuple[str, float]]) -> list[Line]:
    """The lines of a page from its pieces of text, each with its size."""
    lines: list[Line] = [("", 0.0)]
    for text, size in pieces:
        for number, part in enumerate(text.split("\n")):
            before, smallest = ("", 0.0) if number else lines.pop()
            if part.strip():
                smallest = min(smallest or size, size)
            lines.append((before + part, smallest))
    return lines


def with_headings(pages: Sequence[Sequence[Line]]) -> list[str]:
    """The text of each page; a heading, also one of several lines, is a line after "# "."""
    chars: Counter[float] = Counter()
    for line, size in (line for page in pages for line in page):
        chars[size] += len(line.strip())
    usual = max(chars, key=lambda size: chars[size], default=0.0)
    is_telling = usual > 0 and chars[usual] >= _USUAL_SHARE * chars.total()
    return [_marked(page, usual if is_telling else float("inf")) for page in pages]


def _marked(page: Sequence[Line], usual: float) -> str:
    found: list[str] = []
    before = 0.0
    for line, size in page:
        text = line.strip()
        if _is_heading((line, size), usual) and size == before:
            found[-1] += f" {text}"
        elif _is_heading((line, size), usual) and not text[:1].islower():
            found.append(MARK + text)
            before = size
        else:
            found.append(line)
            before = 0.0
    return "\n".join(found)


def _is_heading(line: Line, usual: float) -> bool:
    text, size = line[0].strip(), line[1]
    return (
        size >= _LARGER * usual
        and len(text) <= _HEADING_CHARS
        and any(char.isalpha() for char in text)
        and not _NO_HEADING.search(text)
    )
