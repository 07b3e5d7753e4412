"""Tables in running text: rows of cells between bars, and the rows that name their columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_RULE = re.compile(r"\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?")
_YEAR = re.compile(r"(?:[A-Za-z]+\s)?(?:1\d|20)\d\d(?:[-/–]\d{2,4})?")
_LINE = re.compile(r"\S[^\n]*")
# A caption that says what a table's figures are multiplied by.
_SCALE = re.compile(
    r"\bin (?:\w+ )?(?:hundreds|thousands|millions|billions|trillions)\b"
    r"|\((?:in |[^()]* )?(?:thousand|million|billion)s?\b[^()]*\)|\bper cent of\b",
    re.I,
)


def is_row(line: str) -> bool:
    """True for a line of cells: "| Sales | 12 | 9 |", or "Sales | 12 | 9"."""
    return line.startswith("|") or " | " in line


def is_label(row: str) -> bool:
    """True for a row with one cell that is filled: it says what the rows below are of."""
    return sum(map(bool, _cells(row))) == 1


def gives_scale(text: str) -> bool:
    """True for a line above a table without which its figures are wrong: "(in thousands)"."""
    return bool(_SCALE.search(text))


def head_rows(rows: Sequence[str]) -> int:
    """How many of a table's first rows name its columns; 0 where they are no table.

    In Markdown those down to the rule, elsewhere the first, and the rows below whose first
    cell is empty or whose others are years: "|  | (in thousands) |", "| Sales | 2019 | 2018 |".
    There must be a row below them, and two columns. A first row that has a figure in each cell
    but the first, no years, as the one below it does, names nothing: "Key deposit | 75 euros".
    """
    if not any(map(_is_rule, rows[:4])) and len(rows) > 1 and all(map(_is_of_figures, rows[:2])):
        return 0
    count = 1 + next((i for i, row in enumerate(rows[:4]) if _is_rule(row)), 0)
    while count < len(rows) and _names_columns(rows[count]):
        count += 1
    return count if count < len(rows) and " | " in columns(rows[:count]) else 0


def _is_of_figures(row: str) -> bool:
    first, *others = _cells(row)
    said = [cell for cell in others if cell]
    return bool(first and said) and all(
        any(map(str.isdigit, cell)) and not _YEAR.search(cell) for cell in said
    )


def _names_columns(row: str) -> bool:
    first, *others = _cells(row)
    return not is_label(row) and (not first or all(map(_YEAR.fullmatch, filter(None, others))))


def tables_of(text: str, lines: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The tables among the lines of a text, given as spans: the numbers of their rows.

    Rows that follow each other are one table, over an empty line too, unless those below
    it have another number of cells or begin with a row of names.
    """
    found: list[list[int]] = []
    for number, (start, end) in enumerate(lines):
        row = text[start:end]
        if not is_row(row):
            continue
        above = found[-1] if found and found[-1][-1] == number - 1 else None
        if above is not None and "\n\n" in text[lines[number - 1][1] : start]:
            head = text[slice(*lines[above[0]])]
            names = len(above) > 1 and not any(map(str.isdigit, row))
            if names or len(_cells(head)) != len(_cells(row)):
                above = None
        if above is None:
            found.append([])
        found[-1].append(number)
    return found


def about_rows(rows: Sequence[str]) -> list[str]:
    """What each row is to be read under: the names of the columns and the label above it.

    "" for the rows that name the columns, and for all where there are none.
    """
    head = head_rows(rows)
    if not head:
        return [""] * len(rows)
    names, label = columns(rows[:head]), ""
    found = [""] * head
    for row in rows[head:]:
        label = "" if is_label(row) else label
        found.append(" · ".join(part for part in (names, label) if part))
        label = columns([row]) if is_label(row) else label
    return found


def columns(rows: Sequence[str]) -> str:
    """The names of the columns as one line: "Year ended 31 May | 2019 | 2018"."""
    named = (cell for row in rows if not _is_rule(row) for cell in _cells(row))
    return " | ".join(cell for cell in named if cell)


def names_above(row: str, heading: str) -> str:
    """The heading of a row, which names its columns; "" for a line that is none."""
    return heading if is_row(row) else ""


def asked_cell(row: str, heading: str, marked: str, question: str) -> str:
    """The figure of the row that the question asks for by the name of its column, where
    `marked` is one of another column; else `marked`. The names of the columns stand in the
    heading, as from `about_rows`."""
    cells = _cells(row)
    parts = [part.split(" | ") for part in heading.split(" · ") if " | " in part]
    heads = next((names for names in parts if len(cells) - len(names) in (0, 1)), [])
    if not heads:
        return marked
    heads = [""] * (len(cells) - len(heads)) + heads
    asked = _words(question)
    named = [i for i, head in enumerate(heads) if i and _words(head) and _words(head) <= asked]
    if len(named) != 1 or not any(marked in cell for cell in cells) or marked in cells[named[0]]:
        return marked
    wanted = cells[named[0]]
    return wanted if all(any(map(str.isdigit, text)) for text in (marked, wanted)) else marked


def head_of(text: str, start: int) -> list[tuple[int, int]]:
    """The spans of the rows that name the columns of the table whose row begins at `start`.

    Empty where there is no table, in `text` or with such rows.
    """
    tables = _tables(text)
    at = bisect_right(tables, start, key=lambda table: table[0]) - 1
    first, end, head = tables[at] if at >= 0 else (0, 0, ())
    return list(head) if first <= start < end else []


class Grid(NamedTuple):
    """A table: the names of its columns, and of each row its span and its cells."""

    start: int
    end: int
    columns: tuple[str, ...]
    rows: tuple[tuple[int, int, tuple[str, ...]], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The first cell of each row, which names it."""
        return tuple(cells[0] for _, _, cells in self.rows)


@lru_cache(maxsize=8)
def grids(text: str) -> tuple[Grid, ...]:
    """The tables of a text that have named columns."""
    found = []
    for start, end, _ in _tables(text):
        lines = [(start + m.start(), m.group().rstrip()) for m in _LINE.finditer(text[start:end])]
        count = head_rows([line for _, line in lines])
        head = [_cells(line) for _, line in lines[:count] if not _is_rule(line)]
        rows = [
            (at, at + len(line), tuple(_cells(line)))
            for at, line in lines[count:]
            if not is_label(line) and not _is_rule(line)
        ]
        if not head or not rows:
            continue
        width = max(len(cells) for _, _, cells in rows)
        if all(len(cells) == width for _, _, cells in rows):
            # An empty first cell may be lost on the way: "Arle | Sill" above "Weirs | 11 | 4".
            head = [["", *cells] if len(cells) == width - 1 else cells for cells in head]
        named = [
            " ".join(filter(None, (cells[i] if i < len(cells) else "" for cells in head)))
            for i in range(width)
        ]
        padded = ((a, b, (*cells, *[""] * (width - len(cells)))) for a, b, cells in rows)
        found.append(Grid(start, end, tuple(named), tuple(padded)))
    return tuple(found)


@lru_cache(maxsize=8)
def _tables(text: str) -> tuple[tuple[int, int, tuple[tuple[int, int], ...]], ...]:
    """Each run of rows in order: its start and end, and the spans of those that name columns."""
    lines = [(m.start(), m.start() + len(m.group().rstrip())) for m in _LINE.finditer(text)]
    found = []
    for numbers in tables_of(text, lines):
        rows = [lines[number] for number in numbers]
        count = head_rows([text[a:b] for a, b in rows])
        named = (span for span in rows[:count] if any(map(str.isalnum, text[slice(*span)])))
        found.append((rows[0][0], rows[-1][1], tuple(named)))
    return tuple(found)


def _is_rule(row: str) -> bool:
    return bool(_RULE.fullmatch(row.strip()))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]
