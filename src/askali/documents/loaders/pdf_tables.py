"""Rows of words to rows of a table, with a cell for each column; lines are not needed for it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import median

from askali.documents.loaders.base import row_text
from askali.documents.loaders.pdf_words import Row, joined

_GUTTER_EM = 0.5
"""White that all rows have in one place parts columns, where it is wider than a space."""

_CLOSE_EM = 1.45
"""A row that starts no nearer to the one above may not go on in its cells."""

_APART = 2.2
"""So many times the usual step down begins another table."""

Cells = list[Row]
Gutters = list[tuple[float, float]]


def table_lines(rows: Sequence[Cells], em: float) -> Iterator[tuple[str, bool, bool]]:
    """(text, is it a row, does it open a table) for each row of what may be several tables.

    Rows are "a | b": an empty cell keeps its column, a cell of several lines is one. A
    line alone is a label where the table goes on below it, else it parts two tables.
    """
    before: Gutters = []
    label: Row | None = None
    for part in _parts(rows):
        if len(part) == 1 and len(part[0]) == 1:
            if label:
                yield joined(label), False, False
            label = part[0][0]
            continue
        gutters = _gutters(part, em)
        is_same = bool(before) and label is not None and _are_alike(before, gutters)
        if label is not None:
            yield (
                (f"| {joined(label)} |", True, False) if is_same else (joined(label), False, False)
            )
        for number, text in enumerate(_written(part, gutters, em)):
            yield text, True, number == 0 and not is_same
        before, label = gutters, None
    if label is not None:
        yield joined(label), False, False


def _parts(rows: Sequence[Cells]) -> Iterator[list[Cells]]:
    """Runs of rows between which there is a gap, or a line alone."""
    steps = [_top(b) - _top(a) for a, b in zip(rows, rows[1:], strict=False)]
    usual = median(steps) if steps else 0.0
    numbers = [0]
    for step, row, above in zip(steps, rows[1:], rows, strict=False):
        is_new = (
            step > _APART * usual or len(above) == 1 or (len(row) == 1 and _is_label(row, rows))
        )
        numbers.append(numbers[-1] + is_new)
    for _, group in groupby(zip(numbers, rows, strict=True), key=lambda item: item[0]):
        yield [row for _, row in group]


def _is_label(row: Cells, rows: Sequence[Cells]) -> bool:
    """False for a line alone under another column than the first: it belongs to a cell."""
    first = min(cells[0][0].x0 for cells in rows)
    return row[0][0].x0 - first < 2 * row[0][0].size or len(joined(row[0])) < 60


def _gutters(rows: Sequence[Cells], em: float) -> Gutters:
    """The white between columns, from left to right."""
    words = [[word for cell in row for word in cell] for row in rows if len(row) > 1]
    edges = sorted({word.x0 for row in words for word in row})
    ends = sorted(word.x1 for row in words for word in row)
    least = em * (_GUTTER_EM if len(words) > 2 else 2 * _GUTTER_EM)
    found: Gutters = []
    for right in edges[1:]:
        at = bisect_right(ends, right + 0.01)
        left = ends[at - 1] if at else edges[0]
        if right - left < least:
            continue
        across = sum(any(w.x0 < right - 0.01 and w.x1 > left + 0.01 for w in row) for row in words)
        if across > 0.12 * len(words):
            continue
        if found and left < found[-1][1]:  # the same white, seen from a row further in
            before = found.pop()
            left, right = max(before[0], left), min(before[1], right)
        found.append((left, right))
    return found


def _are_alike(one: Gutters, other: Gutters) -> bool:
    pairs = zip(one, other, strict=False)
    return len(one) == len(other) and all(a < d and c < b for (a, b), (c, d) in pairs)


def _written(rows: Sequence[Cells], gutters: Gutters, em: float) -> list[str]:
    steps = [_top(b) - _top(a) for a, b in zip(rows, rows[1:], strict=False)]
    found: list[list[str]] = []
    for number, row in enumerate(rows):
        cells = [""] * (len(gutters) + 1)
        for cell in row:
            for at, text in _split(cell, gutters, em):
                cells[at] = f"{cells[at]} {text}".strip()
        is_close = number > 0 and steps[number - 1] <= _CLOSE_EM * row[0][0].size
        if is_close and found[-1][0] and _goes_on(cells, found[-1]):
            found[-1] = [f"{a} {b}".strip() for a, b in zip(found[-1], cells, strict=True)]
        else:
            found.append(cells)
    used = [at for at in range(len(gutters) + 1) if any(cells[at] for cells in found)]
    return [_row([cells[at] for at in used]) for cells in found]


def _goes_on(cells: list[str], above: list[str]) -> bool:
    """True where some cells of the row above, but not the first, go on in this one."""
    filled = {at for at, cell in enumerate(cells) if cell}
    return 0 not in filled and filled < {at for at, cell in enumerate(above) if cell}


def _split(cell: Row, gutters: Gutters, em: float) -> Iterator[tuple[int, str]]:
    """The cell's text, with its column; several where it reaches over white between columns."""
    part = [cell[0]]
    for word in cell[1:]:
        gap = part[-1].x1, word.x0
        is_parted = any(gap[0] <= a + 0.01 and b <= gap[1] + 0.01 for a, b in gutters)
        if is_parted and gap[1] - gap[0] >= _GUTTER_EM * em:
            yield _column(part, gutters), joined(part)
            part = []
        part.append(word)
    yield _column(part, gutters), joined(part)


def _column(part: Row, gutters: Gutters) -> int:
    """By its left edge; what hangs into the white before a column is of that column."""
    x0, x1 = part[0].x0, part[-1].x1
    return sum(x0 >= a and (x0 >= (a + b) / 2 or x1 > b) for a, b in gutters)


def _row(cells: list[str]) -> str:
    text = row_text(cells)
    return text if " | " in text else f"| {text.strip(' |')} |"


def _top(row: Cells) -> float:
    return row[0][0].y
