"""How much memory indexing a folder takes beside its vectors; prints a table in Markdown.

    python evals/experiments/folder_memory.py --files 300 1000 3000 --chars 30000

The text is synthetic and no two files are alike. Vectors have eight numbers and no
meaning, so that what is measured is what text, sentences and words take: each run is a
process of its own, first over a new folder, then with one file changed.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from scale import _part

from askali import Settings
from askali.ingestion import Progress, refresh

DIMENSIONS = 8


class Cheap:
    """An encoder for the size of things: numbers from a text's hash."""

    id = "cheap"

    def embed(self, texts: list[str]) -> Any:
        seeds = [hash(text) % 2**32 for text in texts]
        rows = [np.random.default_rng(seed).normal(size=DIMENSIONS) for seed in seeds]
        return np.asarray(rows, dtype=np.float32)


def write_files(folder: Path, files: int, chars: int) -> None:
    """`files` text files of about `chars` characters, one paragraph of 600 a line."""
    chance = random.Random(0)
    for number in range(files):
        (folder / f"{number:05}.txt").write_text(_text(chance, chars), encoding="utf-8")


def _text(chance: random.Random, chars: int) -> str:
    parts: list[str] = []
    while sum(map(len, parts)) < chars:
        parts.append(" ".join(_part(chance).partition("\n\n")[2] for _ in range(2)))
    return "\n\n".join(parts)


def one_refresh(folder: Path, home: Path) -> dict[str, float]:
    """Peak MB of this process: at the start, when all is read and cut, and at the end."""
    peaks = {"start": _peak_mb()}

    def note(done: int, total: int) -> None:
        peaks.setdefault("read and cut", _peak_mb())

    settings = Settings.load(corpus=folder, home=home, llm="none")
    with refresh(settings, Cheap(), Progress(on_embed=note)).index as index:  # type: ignore[arg-type]
        peaks["passages"] = index.passage_count
    peaks["end"] = _peak_mb()
    peaks["check"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return peaks


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(files: int, chars: int) -> list[str]:
    """A row for the first build and one for the refresh after a change."""
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as home:
        write_files(Path(made), files, chars)
        first = _in_a_process(made, home)
        (Path(made) / "00000.txt").write_text(_text(random.Random(1), chars), encoding="utf-8")
        again = _in_a_process(made, home)
    size = files * chars / 1e6
    return [
        f"| {files:,} files, {size:,.0f} MB, {found['passages']:,} passages | {what} "
        f"| {found['start']:.0f} | {found['read and cut']:.0f} | {found['end']:.0f} |"
        for what, found in (("new", first), ("one changed", again))
    ]


def _in_a_process(folder: str, home: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", folder, home]
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    found: dict[str, float] = json.loads(said)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, nargs="+", default=[1000, 3000])
    parser.add_argument("--chars", type=int, default=30_000)
    parser.add_argument("--one", type=Path, nargs=2, metavar=("FOLDER", "HOME"))
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(one_refresh(*chosen.one)))
        return
    print("| folder | | MB at the start | all read and cut | at the end |\n|---|---|---|---|---|")
    for files in chosen.files:
        print("\n".join(measure(files, chosen.chars)), flush=True)


if __name__ == "__main__":
    main()
