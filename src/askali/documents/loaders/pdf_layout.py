"""Lines of a page back to paragraphs: a PDF knows where lines end, not why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_ENDS_SENTENCE = re.compile(r"[.!?。！？:;][\"')\]”’»]*$")
_STARTS_ENTRY = re.compile(r"(?:[-*•▪◦‣–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
_CUT_WORD = re.compile(r"(\w*[^\W\d_])-$")
_FULL = 0.75
"""A line of at least this share of the page's usual width may go on in the next."""


def paragraphs(page: str, known: Counter[str]) -> str:
    """The text of a page with each paragraph on a line of its own, an empty one between.

    `known` are the lower-cased words of the document: a word that is cut at a line's
    end is joined where the joined word occurs in it.
    """
    blocks: list[str] = []
    lines = page.split("\n")
    width = _usual_width(lines)
    is_open = False
    for raw in lines:
        line = " ".join(raw.split())
        if line.startswith(MARK):
            blocks.append(line)
            is_open = False
            continue
        if line and is_open and not _STARTS_ENTRY.match(line) and not _ends(blocks[-1], line):
            blocks[-1] = _joined(blocks[-1], line, known)
        elif line:
            blocks.append(line)
        is_open = bool(line) and (len(line) >= _FULL * width or bool(_CUT_WORD.search(line)))
    return "\n\n".join(blocks)


def without_running_lines(pages: Sequence[str]) -> list[str]:
    """Pages without the header or footer that at least half of them, and three, share:
    first and last lines that are alike but for their digits."""
    split = [page.strip("\n").split("\n") for page in pages]
    needed = max(3, (len(pages) + 1) // 2)
    for position in (0, -1):
        seen = Counter(_shape(lines[position]) for lines in split if len(lines) > 1)
        common = {shape for shape, count in seen.items() if count >= needed}
        for lines in split:
            if len(lines) > 1 and _shape(lines[position]) in common:
                del lines[position]
    return ["\n".join(lines) for lines in split]


def join_pages(pages: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """One text and where each page starts in it; a sentence that runs over a page's end
    stays one."""
    parts: list[str] = []
    starts: list[int] = []
    at, last = 0, ""
    for page in pages:
        if page and last:
            runs_on = not _ENDS_SENTENCE.search(last) and page[:1].islower()
            parts.append(" " if runs_on else "\n\n")
            at += len(parts[-1])
        starts.append(at)
        parts.append(page)
        at += len(page)
        last = page or last
        last = last[-200:]
    return "".join(parts), tuple(starts)


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", " ".join(line.split()).lower())


def _usual_width(lines: Sequence[str]) -> int:
    lengths = sorted(len(t) for line in lines if (t := line.strip()) and not t.startswith(MARK))
    return lengths[int(0.8 * (len(lengths) - 1))] if lengths else 0


def _ends(block: str, line: str) -> bool:
    """True where a full line ended its paragraph by chance: a heading or a new start."""
    return bool(_ENDS_SENTENCE.search(block[-10:])) and len(line) < 40 and line[:1].isupper()


def _joined(block: str, line: str, known: Counter[str]) -> str:
    cut = _CUT_WORD.search(block[-60:])
    if not cut:
        return f"{block} {line}"
    rest = re.match(r"\w+", line)
    word = (cut.group(1) + rest.group()).lower() if rest else ""
    return block[:-1] + line if known[word] else block + line


def words(texts: Sequence[str]) -> Counter[str]:
    """The lower-cased words of all texts with how often each occurs."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(re.findall(r"\w+", text.lower()))
    return counts


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
