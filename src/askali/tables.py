"""Tables in running text: rows of cells between bars, and the rows that name their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_RULE = re.compile(r"\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?")
_YEAR = re.compile(r"(?:[A-Za-z]+\s)?(?:1\d|20)\d\d(?:[-/–]\d{2,4})?")
_LINE = re.compile(r"\S[^\n]*")
_SCALE = re.compile(
    r"\bin (?:\w+ )?(?:hundreds|thousands|millions|billions|trillions)\b"
    r"|\((?:in |[^()]* )?(?:thousand|million|billion)s?\b[^()]*\)|\bper cent of\b",
    re.I,
)
_LOOK_AHEAD_CHARS = 2000
"""How far behind a row the first rows of a table are looked for: they tell where its head ends."""


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
    There must be a row below them, and two columns.
    """
    count = 1 + next((i for i, row in enumerate(rows[:4]) if _is_rule(row)), 0)
    while count < len(rows) and _names_columns(rows[count]):
        count += 1
    return count if count < len(rows) and " | " in columns(rows[:count]) else 0


def _names_columns(row: str) -> bool:
    first, *others = _cells(row)
    return not is_label(row) and (not first or all(map(_YEAR.fullmatch, filter(None, others))))


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


def head_of(text: str, start: int) -> list[tuple[int, int]]:
    """The spans of the rows that name the columns of the table whose row begins at `start`.

    Empty where there is no table, in `text` or with such rows.
    """
    first = start
    for above_start, above in _lines_above(text, start):
        if not is_row(above.strip()):
            break
        first = above_start
    spans = []
    for line in _LINE.finditer(text, first, max(start, first) + _LOOK_AHEAD_CHARS):
        if not is_row(line.group()):
            break
        spans.append((line.start(), line.start() + len(line.group().rstrip())))
    count = head_rows([text[a:b] for a, b in spans])
    return [(a, b) for a, b in spans[:count] if any(ch.isalnum() for ch in text[a:b])]


def _lines_above(text: str, start: int) -> Iterator[tuple[int, str]]:
    """The lines above that are not blank, nearest first."""
    end = start
    while end > 0:
        line_start = text.rfind("\n", 0, end - 1) + 1
        line = text[line_start:end]
        if line.strip():
            yield line_start + len(line) - len(line.lstrip()), line
        end = line_start


def _is_rule(row: str) -> bool:
    return bool(_RULE.fullmatch(row.strip()))


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]
