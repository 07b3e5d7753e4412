"""What readers of PDFs get right on public files: columns, tables, hyphens, running heads, letters.

Usage: python evals/experiments/pdf_bakeoff.py FOLDER [--only READER] [--show]

FOLDER holds checkouts of the repositories that ``pdf_bakeoff.yaml`` names, as
``FOLDER/owner/name``. Each reader runs in a process of its own, for its memory; one that is not
installed is left out (pypdf, pdfplumber and pymupdf are for comparison and no part of askali).
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

LIST = Path(__file__).with_suffix(".yaml")
KINDS = ("columns", "rows", "hyphens", "dropped", "letters")


def askali(path: Path) -> str:
    """As documents are read."""
    from askali.documents.limits import Limits
    from askali.documents.loaders.pdf import extract

    return extract(path, Limits()).text


def pypdf(path: Path) -> str:
    """Text in the order in which it was drawn."""
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def pdfplumber(path: Path) -> str:
    """Lines of the page, and each table that it finds as rows."""
    import pdfplumber as library

    with library.open(path) as opened:
        parts = []
        for page in opened.pages:
            parts.append(page.extract_text() or "")
            for table in page.extract_tables():
                parts += [" | ".join(_on_a_line(cell) for cell in row) for row in table]
        return "\n".join(parts)


def pymupdf(path: Path) -> str:
    """Blocks of the page, and each table that it finds as rows."""
    import pymupdf as library

    with library.open(path) as opened:
        parts = []
        for page in opened:
            parts.append(page.get_text())
            for table in page.find_tables().tables:
                parts += [" | ".join(_on_a_line(cell) for cell in row) for row in table.extract()]
        return "\n".join(parts)


def _on_a_line(cell: str | None) -> str:
    return " ".join((cell or "").split())


READERS: dict[str, Callable[[Path], str]] = {
    "askali": askali,
    "pdfplumber": pdfplumber,
    "pypdf": pypdf,
    "pymupdf": pymupdf,
}


def is_met(kind: str, text: str, wanted: Any) -> bool:
    """True where the text has what the page shows."""
    if kind == "rows":
        pattern = re.compile(r"[^\w\n]+(?:[^\n]*[^\w\n])?".join(map(re.escape, wanted)))
        return any(pattern.search(line) for line in text.split("\n"))
    flat = " ".join(text.split())
    if kind == "dropped":
        return bool(text) and wanted not in flat.replace(" | ", " ")
    return wanted in flat


def measure(reader: str, folder: Path, show: bool) -> dict[str, Any]:
    """Right of asked by kind, processor seconds and megabytes over all files."""
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    seconds = 0.0
    for entry in yaml.safe_load(LIST.read_text("utf-8")):
        started = time.process_time()
        try:
            text = READERS[reader](folder / entry["file"])
        except ImportError:
            raise
        except Exception as exc:  # a reader that fails has none right
            text = ""
            print(f"{reader}: {entry['file']}: {exc!r}", file=sys.stderr)
        seconds += time.process_time() - started
        for kind in KINDS:
            for wanted in entry.get(kind, []):
                is_right = is_met(kind, text, wanted)
                asked[kind] += 1
                right[kind] += is_right
                if show and not is_right:
                    print(f"{reader}: {Path(entry['file']).name}: {wanted}", file=sys.stderr)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"right": right, "asked": asked, "seconds": round(seconds, 1), "MB": round(most)}


def main() -> None:
    """Print a row for each reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=READERS)
    parser.add_argument("--show", action="store_true", help="print what is missed")
    given = parser.parse_args()
    logging.disable(logging.WARNING)  # the libraries tell of each font
    if given.only:
        print(json.dumps(measure(given.only, given.folder, given.show)))
        return
    print(f"| | {' | '.join(KINDS)} | seconds | MB |")
    for reader in READERS:
        more = ["--show"] if given.show else []
        command = [sys.executable, __file__, str(given.folder), "--only", reader, *more]
        ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if ran.returncode:
            print(f"| {reader} | not installed |")
            continue
        found = json.loads(ran.stdout.splitlines()[-1])
        shares = [f"{found['right'].get(k, 0)} of {found['asked'][k]}" for k in KINDS]
        print(f"| {reader} | {' | '.join(shares)} | {found['seconds']} | {found['MB']} |")


if __name__ == "__main__":
    main()
