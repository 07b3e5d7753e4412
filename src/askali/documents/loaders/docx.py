"""Word documents: paragraphs, headings and tables in order, by python-docx."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from askali.documents.limits import Limits
from askali.documents.loaders.archive import check_archive
from askali.documents.loaders.base import Extracted, clean, one_line, require_text
from askali.errors import DocumentError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TITLE = re.compile(r"title|heading ([1-6])", re.IGNORECASE)
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_LONGEST = len(b"<!DOCTYPE")
_PIECE_BYTES = 1_000_000


def extract(path: Path, limits: Limits) -> Extracted:
    """The running text; headers, footers, notes and deleted words are left out."""
    import docx

    check_archive(path)
    _refuse_declarations(path)
    try:
        opened = docx.Document(str(path))
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, SyntaxError) as exc:
        raise DocumentError(f"is no Word document that can be read ({exc}); save it again") from exc
    styles = {style.style_id: style.name or "" for style in opened.styles}
    text = "\n\n".join(_blocks(opened.element.body, styles))
    return Extracted(
        require_text(text, limits.max_text_chars, "has no text; add text or remove it"),
        title=_property(opened, "title"),
        date=_property(opened, "created")[:10],
    )


def _refuse_declarations(path: Path) -> None:
    """A document type or an entity has no place in a Word document: an attack has."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                with archive.open(name) as part:
                    if _declares(part):
                        raise DocumentError("declares XML entities, which no Word document does")


def _declares(part: IO[bytes]) -> bool:
    """True for a declaration anywhere in it, also in UTF-16, where every other byte is 0."""
    kept = b""
    while piece := part.read(_PIECE_BYTES):
        kept = kept[-_LONGEST:] + piece.replace(b"\0", b"")
        if _DECLARES.search(kept):
            return True
    return False


def _blocks(body: Any, styles: dict[str, str]) -> Iterator[str]:
    """Paragraphs and table rows; what stands inside of one of them is part of it."""
    from lxml import etree

    # Text moved away, and the older twin of what a newer Word draws.
    etree.strip_elements(body, f"{_W}moveFrom", f"{_MC}Fallback", with_tail=False)
    for element in body.iter(f"{_W}p", f"{_W}tr"):
        if next(element.iterancestors(f"{_W}p", f"{_W}tr"), None) is None:
            text = _row(element) if element.tag == f"{_W}tr" else _paragraph(element, styles)
            if text.strip():
                yield text


def _row(element: Any) -> str:
    own = [c for c in element.iter(f"{_W}tc") if next(c.iterancestors(f"{_W}tr")) is element]
    cells = (" ".join(_text(cell).split()) for cell in own)
    return " | ".join(cells).rstrip(" |").lstrip()  # an empty cell keeps its column


def _paragraph(element: Any, styles: dict[str, str]) -> str:
    text = "\n".join(" ".join(line.split()) for line in _text(element).split("\n"))
    named = element.find(f"{_W}pPr/{_W}pStyle")
    style = styles.get(named.get(f"{_W}val"), "") if named is not None else ""
    heading = _TITLE.fullmatch(style)
    if heading and text.strip():
        return "#" * int(heading.group(1) or 1) + " " + " ".join(text.split())
    is_entry = element.find(f"{_W}pPr/{_W}numPr") is not None or style.startswith("List")
    return f"- {text}" if is_entry and text.strip() else text


def _text(element: Any) -> str:
    parts = []
    for node in element.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}p"):
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        else:
            parts.append(" " if node.tag == f"{_W}tab" else "\n")
    return clean("".join(parts)).strip("\n")


def _property(opened: Any, name: str) -> str:
    try:
        value = getattr(opened.core_properties, name)
    except Exception:  # what a file says about itself is never worth the file
        return ""
    return one_line(str(value)) if value else ""
