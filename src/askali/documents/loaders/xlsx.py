"""Excel workbooks: the values of each sheet, a row a line, by openpyxl."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from askali.documents.limits import Limits
from askali.documents.loaders.archive import check_archive
from askali.documents.loaders.base import (
    Extracted,
    clean,
    one_line,
    require_length,
    require_text,
    row_text,
)
from askali.errors import DocumentError

_MOST_CELLS = 2_000


def extract(path: Path, limits: Limits) -> Extracted:
    """Sheets under their names; figures as the file keeps them, formulas by their last result."""
    import openpyxl

    check_archive(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, SyntaxError, TypeError) as exc:
        raise DocumentError(f"is no workbook that can be read ({exc}); save it again") from exc
    try:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        hidden = len(book.worksheets) - len(shown)
        blocks: list[str] = []
        total = 0
        for sheet in shown:
            rows = list(_tables(sheet, limits.max_text_chars - total))
            blocks += [f"## {one_line(sheet.title)}", *rows] if rows else []
            total += sum(map(len, rows))
        return Extracted(
            require_text("\n\n".join(blocks), limits.max_text_chars, "has no values; add some"),
            title=one_line(book.properties.title),
            author=_author(book.properties.creator),
            remarks=(f"{hidden} hidden sheet(s) left out",) if hidden else (),
        )
    finally:
        book.close()


def _tables(sheet: Any, limit_chars: int) -> Iterator[str]:
    """Rows below each other; an empty row begins another table."""
    sheet.reset_dimensions()  # what the file declares may be a million rows
    rows: list[str] = []
    total = 0
    for row in sheet.iter_rows(max_col=_MOST_CELLS):
        cells = [_shown(cell) for cell in row]
        text = row_text(cells)
        total += len(text)
        require_length(total, limit_chars)
        if text:
            rows.append(text if " | " in text or not rows else f"| {text} |")
        elif rows:
            yield "\n".join(rows)
            rows = []
    if rows:
        yield "\n".join(rows)


def _shown(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, float | int) and not isinstance(value, bool):
        if "%" in (cell.number_format or ""):
            return f"{round(value * 100, 6):g}%"
        return str(int(value)) if value == int(value) else repr(round(value, 10))
    return " ".join(clean(str(value)).split())


def _author(name: str | None) -> str:
    return "" if (name or "").lower() in ("openpyxl", "microsoft office user") else one_line(name)
