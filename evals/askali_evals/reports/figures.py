"""The numbers of the public sets: kept as JSON, told as a table beside published ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from askali_evals.errors import EvalError
from askali_evals.reports.markdown import table
from askali_evals.scoring.stats import Interval


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of one set; `curve` is risk over coverage, where the number sums it up."""

    set: str
    name: str
    value: float
    n: int
    interval: Interval | None = None
    curve: tuple[tuple[float, float], ...] = ()


def bench_table(figures: Iterable[Figure]) -> str:
    """A Markdown table of figures beside the published ones."""
    lines = [
        [
            f.set,
            f.name,
            f"{f.value:.3g}",
            _between(f.interval),
            str(f.n),
            PEERS.get((f.set, f.name), ""),
        ]
        for f in figures
    ]
    return table(["set", "measure", "askali", "95 %", "n", "published by others"], lines)


def write_figures(figures: Sequence[Figure], path: Path, about: Mapping[str, str]) -> None:
    """Keep figures as JSON; those of other sets that are in the file stay."""
    sets: dict[str, list[Figure]] = {}
    for figure in read_figures(path) if path.is_file() else []:
        sets.setdefault(figure.set, []).append(figure)
    sets |= {name: [f for f in figures if f.set == name] for name in {f.set: 0 for f in figures}}
    rows = [asdict(figure) for found in sets.values() for figure in found]
    whole = {"about": dict(about), "figures": rows}
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_figures(path: Path) -> list[Figure]:
    """The figures of a file; raises `EvalError` when it is not one of `write_figures`."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["figures"]
        return [_figure(row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise EvalError(f"{path}: not the figures of askali eval bench ({exc!r})") from exc


def _figure(row: Mapping[str, Any]) -> Figure:
    interval = Interval(**row["interval"]) if row["interval"] else None
    curve = tuple((float(c), float(r)) for c, r in row["curve"])
    return Figure(**{**row, "interval": interval, "curve": curve})


def _between(interval: Interval | None) -> str:
    return f"{interval.low:.3g} – {interval.high:.3g}" if interval else ""


PEERS = {
    ("scifact", "nDCG@10"): "BM25 .67 (BEIR), all-MiniLM-L6-v2 alone .645 (MTEB)",
    ("timeqa", "answer contained"): "FiD .46, people .87, exact match (arXiv 2108.06314)",
    ("ramdocs", "every right answer, no planted one"): (
        "Llama 3.3 70B at most .326, exact match (arXiv 2504.13079)"
    ),
}
"""By set and measure. Only what was checked at its source is entered here."""
