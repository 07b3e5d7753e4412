"""Rich Text Format: its plain text, rows of tables with their cells, by striprtf."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from askali.documents.limits import Limits
from askali.documents.loaders.base import Extracted, clean, one_line, require_text

_TITLE = re.compile(r"\{\\info.{0,400}?\{\\title ([^{}\\]{1,300})\}", re.DOTALL)
_AUTHOR = re.compile(r"\{\\info.{0,800}?\{\\author ([^{}\\]{1,300})\}", re.DOTALL)


def extract(path: Path, limits: Limits) -> Extracted:
    """Letters that the file's code page lacks are left out."""
    from striprtf import striprtf

    read: Any = striprtf.rtf_to_text
    raw = path.read_bytes().decode("latin-1")
    blocks: list[str] = []
    was_row = False
    for line in clean(str(read(raw, errors="ignore"))).split("\n"):
        row = _row(line)
        if row and was_row:
            blocks[-1] += f"\n{row}"
        elif row or line.strip():
            blocks.append(row or " ".join(line.split()))
        was_row = bool(row)
    text = "\n\n".join(blocks)
    title, author = _TITLE.search(raw[:20_000]), _AUTHOR.search(raw[:20_000])
    return Extracted(
        require_text(text, limits.max_text_chars, "has no text; add text or remove it"),
        title=one_line(title.group(1)) if title else "",
        author=one_line(author.group(1)) if author else "",
    )


def _row(line: str) -> str:
    """A row of cells, each of which striprtf ends with a bar; "" for any other line."""
    if not line.endswith("|") or line.count("|") < 2:
        return ""
    return " | ".join(" ".join(cell.split()) for cell in line[:-1].split("|")).rstrip(" |")
