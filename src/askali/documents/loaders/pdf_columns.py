"""The words of a page, each with its place, to lines in the order in which they are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from askali.documents.loaders.pdf_tables import table_lines
from askali.documents.loaders.pdf_words import Row, Word, joined

_GUTTER_EM = 0.9
_CELL_EM = 1.2
_MOST_ROWS = 400
"""A page of more rows is no page of text; looking for its columns would take too long."""
_NUMBERING = re.compile(r"[-*•▪◦‣–o]|\(?(?:\d{1,3}(?:\.\d+)*|[a-zA-Z]|[ivxIVX]+)[.)]?")
_ENDS = re.compile(r"[.!?。！？:;][\"')\]”’»]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of running text, or a row of a table.

    `runs_on`: it goes on in the paragraph of the line above, as far as its place tells;
    `opens`: it is the first of a column.
    """

    text: str
    size: float
    runs_on: bool = False
    opens: bool = True
    is_row: bool = False


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Column by column, each from top to bottom."""
    rows = _rows(words)
    em = median(word.size for word in words) if words else 1.0
    return _read(rows, max(em, 1.0)) if len(rows) <= _MOST_ROWS else _plain_lines(rows)


def _rows(words: Sequence[Word]) -> list[Row]:
    rows: list[Row] = []
    for word in sorted(words, key=lambda w: w.y):
        if rows and word.y - rows[-1][0].y < 0.45 * min(word.size, rows[-1][0].size):
            if not any(map(word.repeats, rows[-1])):
                rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w.x0) for row in rows]


def _read(rows: list[Row], em: float, depth: int = 0) -> list[Line]:
    found = _gutter(rows, em) if depth < 8 else None
    if found is None:
        return list(_block(rows, em))
    first, last, x = found
    left = [part for row in rows[first:last] if (part := [w for w in row if w.x1 <= x])]
    right = [part for row in rows[first:last] if (part := [w for w in row if w.x1 > x])]
    return [
        line
        for part in (rows[:first], left, right, rows[last:])
        for line in _read(part, em, depth + 1)
    ]


def _gutter(rows: list[Row], em: float) -> tuple[int, int, float] | None:
    """The first and last row, and the place, of the white between two columns of text."""
    best: tuple[float, int, int, float] | None = None
    looked: list[tuple[int, int, float, float]] = []
    for at, row in enumerate(rows):
        for a, b in _gaps(row):
            if b - a < _GUTTER_EM * em:
                continue
            if any(i <= at < j and a <= x0 and x1 <= b for i, j, x0, x1 in looked):
                continue
            first, last, x0, x1 = _extended(rows, at, (a, b), _GUTTER_EM * em)
            looked.append((first, last, x0, x1))
            middle = (x0 + x1) / 2
            first, last = _trimmed(rows, first, last, middle)
            weight = _weight(rows[first:last], middle)
            if weight and (best is None or (weight, x1 - x0) > (best[0], 0)):
                best = (weight, first, last, middle)
    return best[1:] if best else None


def _gaps(row: Row) -> Iterator[tuple[float, float]]:
    reach = row[0].x1
    for word in row[1:]:
        if word.x0 > reach:
            yield reach, word.x0
        reach = max(reach, word.x1)


def _extended(
    rows: list[Row], at: int, gap: tuple[float, float], least: float
) -> tuple[int, int, float, float]:
    """How far up and down the gap stays free, and what is left of it there."""
    ends = [at, at]
    for side, step in ((0, -1), (1, 1)):
        n = at + step
        while 0 <= n < len(rows):
            row = rows[n]
            free = [(-1e9, row[0].x0), *_gaps(row), (max(w.x1 for w in row), 1e9)]
            common = [(max(a, gap[0]), min(b, gap[1])) for a, b in free]
            widest = max(common, key=lambda c: c[1] - c[0])
            if widest[1] - widest[0] < least:
                break
            gap, ends[side], n = widest, n, n + step
    return ends[0], ends[1] + 1, gap[0], gap[1]


def _trimmed(rows: list[Row], first: int, last: int, x: float) -> tuple[int, int]:
    """Without rows at either end that have one side only and stand apart, as a title does."""
    usual = _spacing(rows[first:last])

    def is_apart(n: int, other: int) -> bool:
        one_sided = all(w.x1 <= x for w in rows[n]) or all(w.x0 >= x for w in rows[n])
        larger = rows[n][0].size > 1.15 * rows[other][0].size
        return one_sided and (larger or abs(rows[n][0].y - rows[other][0].y) > 1.6 * usual)

    while last - first > 2 and is_apart(first, first + 1):
        first += 1
    while last - first > 2 and is_apart(last - 1, last - 2):
        last -= 1
    return first, last


def _weight(rows: list[Row], x: float) -> int:
    """How many rows speak for two columns of text; 0 where it is a table or chance."""
    left = [part for row in rows if (part := [w for w in row if w.x1 <= x])]
    right = [part for row in rows if (part := [w for w in row if w.x0 >= x])]
    fewest = min(len(left), len(right))
    both = len(left) + len(right) - len(rows)
    if fewest < 3:
        return 0
    if _is_prose(left) and _is_prose(right):
        return fewest
    # Lines that share no baseline with those beside them are no cells of a row.
    return fewest if both <= 0.25 * fewest and fewest >= 4 and _overlap(left, right) else 0


def _overlap(left: list[Row], right: list[Row]) -> bool:
    low, high = max(left[0][0].y, right[0][0].y), min(left[-1][0].y, right[-1][0].y)
    spans = [side[-1][0].y - side[0][0].y for side in (left, right)]
    return high - low > 0.5 * min(spans)


def _is_prose(rows: list[Row]) -> bool:
    """True where lines are long for their column, and of words rather than of figures."""
    widths = [row[-1].x1 - row[0].x0 for row in rows]
    texts = [joined(row) for row in rows]
    words = [len(re.findall(r"[^\W\d_]{2,}", text)) for text in texts]
    wide = [len(re.findall(r"[\u2e80-\u9fff\uac00-\ud7af]", text)) for text in texts]
    is_worded = [n >= 3 or w >= 8 for n, w in zip(words, wide, strict=True)]
    cells = sum(any(b - a > 2 * row[0].size for a, b in _gaps(row)) for row in rows)
    return (
        sum(is_worded) >= 0.6 * len(rows)
        and median(widths) >= 0.6 * max(widths)
        and cells <= 0.6 * len(rows)
    )


def _spacing(rows: list[Row]) -> float:
    steps = [b[0].y - a[0].y for a, b in zip(rows, rows[1:], strict=False)]
    return median(steps) if steps else 1e9


def _block(rows: list[Row], em: float) -> Iterator[Line]:
    """The lines of one column; where rows are made of cells, the rows of a table."""
    cut = _with_heads([_cells(row, em) for row in rows], em)
    at = 0
    lines: list[tuple[Row, Line]] = []
    while at < len(rows):
        end = _table_end(cut, at, em)
        if end - at > 1:
            for text, is_row, opens in table_lines(cut[at:end], em):
                line = Line(text, median(row[0].size for row in rows[at:end]), False, opens, is_row)
                lines.append((rows[at], line))
            at = end
            continue
        cells = [joined(cell) for cell in cut[at]]
        is_entry = len(cells) == 2 and bool(_NUMBERING.fullmatch(cells[0]))
        is_row = len(cells) > 1 and not is_entry
        text = " | ".join(cells) if is_row else " ".join(cells)
        lines.append((rows[at], Line(text, _size(rows[at]), is_row=is_row)))
        at += 1
    yield from _running(lines, em)


def _running(lines: list[tuple[Row, Line]], em: float) -> Iterator[Line]:
    """The same lines, those marked that go on in a paragraph."""
    plain = [row for row, line in lines if not line.is_row]
    right = max((row[-1].x1 for row in plain), default=0.0)
    left = min((row[0].x0 for row in plain), default=0.0)
    steps = [
        b[0][0].y - a[0][0].y
        for a, b in zip(lines, lines[1:], strict=False)
        if not a[1].is_row and not b[1].is_row and abs(a[1].size - b[1].size) < 0.1 * a[1].size
    ]
    usual = min(median(steps), 2.2 * em) if steps else 2.2 * em
    before: tuple[Row, Line] | None = None
    for row, line in lines:
        runs_on = False
        if before is not None and not before[1].is_row and not line.is_row:
            above, said = before
            step = row[0].y - above[0].y
            fits = above[-1].x1 + 0.3 * em + (row[0].x1 - row[0].x0) <= right
            indent = row[0].x0 - left > 0.8 * em and above[0].x0 - left < 0.4 * em
            runs_on = (
                not (fits and above[-1].x1 - left < 0.85 * (right - left))
                and step <= 1.35 * usual
                and abs(line.size - said.size) <= 0.12 * said.size
                and not (indent and _ENDS.search(said.text))
                and len(said.text) >= (12 if _is_wide(said.text) else 25)
            )
        opens = line.opens if line.is_row else before is None
        yield replace(line, runs_on=runs_on, opens=opens)
        before = (row, line)


def _plain_lines(rows: list[Row]) -> list[Line]:
    return [Line(joined(row), _size(row)) for row in rows]


def _cells(row: Row, em: float) -> list[Row]:
    """The words of a row parted where the white between them is no space."""
    gaps = [b.x0 - a.x1 for a, b in zip(row, row[1:], strict=False)]
    usual = median(gaps) if len(gaps) > 2 else 0.0
    cells = [[row[0]]]
    for gap, word in zip(gaps, row[1:], strict=True):
        if gap >= _CELL_EM * em and gap >= 2.5 * usual or gap >= 3 * em:
            cells.append([])
        cells[-1].append(word)
    return cells


def _with_heads(cut: list[list[Row]], em: float) -> list[list[Row]]:
    """The same rows; names of columns that stand close to each other are cells too."""
    for at, (row, below) in enumerate(zip(cut, cut[1:], strict=False)):
        if len(row) == 1 and len(below) > 2 and below[0][0].y - row[0][0].y < 3 * em:
            narrow = _cells(row[0], em / 2)
            if len(narrow) > 2 and abs(len(narrow) - len(below)) <= 1:
                cut[at] = narrow
    return cut


def _table_end(cut: list[list[Row]], at: int, em: float) -> int:
    """Where the table that begins with this row ends; right there if none begins."""
    if len(cut[at]) < 2:
        return at
    end = at + 1
    while end < len(cut):
        step = cut[end][0][0].y - cut[end - 1][0][0].y
        if step > 5 * em:
            break
        if len(cut[end]) < 2:
            # A line alone is of the table where it stands close and the rows go on below it.
            below = end + 1 < len(cut) and len(cut[end + 1]) > 1
            inside = cut[end][0][0].x0 > cut[at][0][-1].x1
            if not (inside and step < 2 * em) and not (below and len(joined(cut[end][0])) <= 60):
                break
        end += 1
    return end


def _size(row: Row) -> float:
    """The size that most letters of a row have."""
    return max(row, key=lambda word: len(word.text)).size


def _is_wide(text: str) -> bool:
    return any("\u2e80" <= letter <= "\ud7af" for letter in text)
