"""What ``askali index`` tells of a reading and of a generation, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from askali.serving.cli.console import out

if TYPE_CHECKING:
    from askali.documents import Corpus
    from askali.index import Generation
    from askali.ingestion import Refreshed

_SHOWN_LINES = 20


def print_summary(found: Refreshed) -> None:
    """One line, then what was skipped, noted or put together, up to twenty lines of it."""
    corpus, index = found.corpus, found.index
    how = "" if found.is_new else "; nothing changed"
    out.print(
        f"{len(corpus.documents)} document(s) indexed, {index.passage_count} passages, "
        f"stamp {index.stamp} ({corpus.files_read} file(s) read, "
        f"{corpus.files_unchanged} known{how})"
    )
    lines = list(_remarks(corpus))
    if corpus.passed_over:
        kinds = ", ".join(f"{n} {suffix or 'without ending'}" for suffix, n in corpus.passed_over)
        lines.append(f"passed over, of other kinds: {kinds}")
    for line in lines[:_SHOWN_LINES]:
        out.print(escape(line))
    if len(lines) > _SHOWN_LINES:
        out.print(f"… and {len(lines) - _SHOWN_LINES} more; --json lists all")


def _remarks(corpus: Corpus) -> Sequence[str]:
    return [
        *(f"skipped  {skipped}" for skipped in corpus.skipped),
        *(f"note     {name}: {remark}" for name, remark in corpus.remarks),
        *(f"copy     {name} says nothing that {of} does not" for name, of in corpus.copies),
        *(f"similar  {a} and {b} are nearly the same; both are indexed" for a, b in corpus.alike),
    ]


def summary(found: Refreshed) -> dict[str, Any]:
    """All of it as JSON values."""
    corpus = found.corpus
    return {
        "documents": len(corpus.documents),
        "passages": found.index.passage_count,
        "stamp": found.index.stamp,
        "is_new": found.is_new,
        "files_read": corpus.files_read,
        "files_known": corpus.files_unchanged,
        "skipped": [asdict(skipped) for skipped in corpus.skipped],
        "remarks": [list(pair) for pair in corpus.remarks],
        "passed_over": dict(corpus.passed_over),
        "copies": [list(pair) for pair in corpus.copies],
        "similar": [list(pair) for pair in corpus.alike],
    }


def generation_line(generation: Generation | None) -> str:
    """Its name, age and size."""
    if generation is None:
        return "none"
    return (
        f"{generation.name} of {generation.built:%Y-%m-%d %H:%M} UTC · {generation.documents} "
        f"document(s), {generation.passages} passages, {generation.bytes_on_disk / 1e6:.1f} MB"
    )


def plain(value: Any) -> Any:
    """Nested values as JSON knows them; paths and times as text."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    with suppress(AttributeError):
        return value.isoformat(timespec="seconds")
    return str(value) if isinstance(value, Path) else value
