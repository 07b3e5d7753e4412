"""CSV, TSV and JSON: records as the rows of a table, anything else as "name: value"."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from askali.documents.limits import Limits
from askali.documents.loaders import plain
from askali.documents.loaders.base import Extracted, require_text, row_text
from askali.errors import DocumentError

_SAMPLE_CHARS = 20_000
_MOST_COLUMNS = 200


def extract(path: Path, limits: Limits) -> Extracted:
    """By the file's ending; raises `DocumentError` for JSON that is none."""
    found = plain.extract(path, limits)
    ending = path.suffix.lower()
    if ending in (".csv", ".tsv"):
        text = "\n".join(_rows(found.text, ending))
    else:
        text = "\n\n".join(_told("", _values(found.text, ending)))
    return replace(found, text=require_text(text, limits.max_text_chars, "has no values"))


def _rows(text: str, ending: str) -> Iterator[str]:
    delimiter = "\t"
    if ending == ".csv":
        try:
            delimiter = csv.Sniffer().sniff(text[:_SAMPLE_CHARS], ",;\t|").delimiter
        except csv.Error:
            delimiter = ","
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for row in csv.reader((f"{line}\n" for line in lines), delimiter=delimiter):
        shown = row_text([" ".join(cell.split()) for cell in row] or [""])
        if shown:
            yield shown


def _values(text: str, ending: str) -> Any:
    try:
        if ending == ".json":
            return json.loads(text)
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    except ValueError as exc:
        raise DocumentError(f"is no JSON ({exc}); correct it, or rename it to .txt") from exc


def _told(name: str, value: Any) -> Iterator[str]:
    """Blocks of text that tell the value, under its dotted name."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _told(f"{name}.{key}" if name else str(key), inner)
    elif _are_records(value):
        columns = list(dict.fromkeys(key for record in value for key in record))
        rows = [columns, *([_cell(record.get(key)) for key in columns] for record in value)]
        table = "\n".join(row_text(row) for row in rows)
        yield f"# {name}\n\n{table}" if name else table
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for number, item in enumerate(value, start=1):
            yield from _told(f"{name}.{number}" if name else str(number), item)
    elif value not in (None, "", []):
        yield f"{name}: {_cell(value)}" if name else _cell(value)


def _are_records(value: Any) -> bool:
    """True for a list of two or more objects without objects in them."""
    return (
        isinstance(value, list)
        and len(value) > 1
        and all(isinstance(item, dict) for item in value)
        and not any(_is_nested(inner) for item in value for inner in item.values())
        and 1 < len({key for item in value for key in item}) <= _MOST_COLUMNS
    )


def _is_nested(value: Any) -> bool:
    inner = value if isinstance(value, list) else [value]
    return any(isinstance(item, dict | list) for item in inner)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    if isinstance(value, str):
        return " ".join(value.split())
    return "" if value is None else json.dumps(value)
