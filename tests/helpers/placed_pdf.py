"""Write a PDF whose words stand at given places, in a given order, for tests of layout."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from document_files import stream, write_pdf

Put = tuple[float, float, str]
"""x, y from the bottom, text."""


def placed(path: Path, pages: Sequence[Sequence[Put]], *, size: float = 10) -> Path:
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for n, puts in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        shown = "".join(f"1 0 0 1 {x} {y} Tm ({text}) Tj " for x, y, text in puts)
        objects.append(stream(f"BT /F1 {size} Tf {shown}ET".encode("cp1252")))
    return write_pdf(path, [*objects, b"<< >>"])


def columns(left: Sequence[str], right: Sequence[str], *, top: float = 700) -> list[Put]:
    """Two columns, drawn left, right, left, right."""
    puts: list[Put] = []
    for n, pair in enumerate(zip(left, right, strict=True)):
        puts += [(x, top - 13 * n, text) for x, text in zip((60, 320), pair, strict=True)]
    return puts


def table(
    rows: Sequence[Sequence[str]], *, top: float = 700, at: Sequence[float] = (60, 200, 300, 400)
) -> list[Put]:
    """Cells without lines around them."""
    return [
        (x, top - 16 * n, cell)
        for n, row in enumerate(rows)
        for x, cell in zip(at, row, strict=True)
        if cell
    ]
