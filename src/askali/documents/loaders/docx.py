"""Word documents: paragraphs, headings and tables in order, by python-docx."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from askali.documents.limits import Limits
from askali.documents.loaders.archive import check_archive
from askali.documents.loaders.base import (
    Extracted,
    clean,
    one_line,
    require_text,
    row_text,
)
from askali.errors import DocumentError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TITLE = re.compile(r"title|heading ([1-6])", re.IGNORECASE)
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_LONGEST = len(b"<!DOCTYPE")
_MOST_SPANNED = 50
_PIECE_BYTES = 1_000_000


def extract(path: Path, limits: Limits) -> Extracted:
    """The running text; headers, footers, comments and deleted words are left out."""
    import docx

    check_archive(path)
    _refuse_declarations(path)
    try:
        opened = docx.Document(str(path))
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, SyntaxError) as exc:
        raise DocumentError(f"is no Word document that can be read ({exc}); save it again") from exc
    styles = {style.style_id: style.name or "" for style in opened.styles}
    text = "\n\n".join(_blocks(opened.element.body, styles, _notes(opened)))
    return Extracted(
        require_text(text, limits.max_text_chars, "has no text; add text or remove it"),
        title=_property(opened, "title"),
        file_date=_property(opened, "created")[:10],
        author=_author(opened),
        language=_property(opened, "language")[:35],
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


def _blocks(body: Any, styles: dict[str, str], notes: dict[str, str]) -> Iterator[str]:
    """Paragraphs, each with its notes below it, and tables; a table in a cell is one of its
    own, below the table that it stands in."""
    from lxml import etree

    # Text moved away, and the older twin of what a newer Word draws.
    etree.strip_elements(body, f"{_W}moveFrom", f"{_MC}Fallback", with_tail=False)
    for element in body.iter(f"{_W}p", f"{_W}tbl"):
        if next(element.iterancestors(f"{_W}p", f"{_W}tc"), None) is None:
            is_table = element.tag == f"{_W}tbl"
            found = _tables(element) if is_table else [_paragraph(element, styles)]
            yield from (text for text in found if text.strip())
            yield from _notes_of(element, notes)


def _notes_of(element: Any, notes: dict[str, str]) -> Iterator[str]:
    for mark in element.iter(f"{_W}footnoteReference", f"{_W}endnoteReference"):
        kind = mark.tag.removeprefix(_W).removesuffix("Reference")
        if text := notes.get(f"{kind}{mark.get(f'{_W}id')}"):
            yield text


def _notes(opened: Any) -> dict[str, str]:
    """The texts of footnotes and endnotes by kind and number."""
    from lxml import etree

    found: dict[str, str] = {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for relation in opened.part.rels.values():
        kind = relation.reltype.rpartition("/")[2].removesuffix("s")
        if kind in ("footnote", "endnote") and not relation.is_external:
            for note in etree.fromstring(relation.target_part.blob, parser).iter(f"{_W}{kind}"):
                if text := " ".join(_text(note).split()):
                    found[f"{kind}{note.get(f'{_W}id')}"] = text
    return found


def _tables(table: Any) -> Iterator[str]:
    """The rows of a table, a line each, then those of the tables in its cells."""
    tag = f"{_W}tbl"
    own = [row for row in table.iter(f"{_W}tr") if next(row.iterancestors(tag)) is table]
    rows: list[str] = []
    above: list[str] = []
    for row in own:
        cells = _cells(row, above)
        text = row_text(cells)
        rows += [text] if text else []
        above = cells
    yield "\n".join(rows)
    for nested in table.iter(tag):
        if nested is not table and next(nested.iterancestors(tag)) is table:
            yield from _tables(nested)


def _cells(row: Any, above: list[str]) -> list[str]:
    """The texts of a row's cells; what spans columns or rows is in each of them."""
    own = [c for c in row.iter(f"{_W}tc") if next(c.iterancestors(f"{_W}tr")) is row]
    cells: list[str] = []
    for cell in own:
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        width = span.get(f"{_W}val", "1") if span is not None and len(own) > 1 else "1"
        merge = cell.find(f"{_W}tcPr/{_W}vMerge")
        goes_on = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
        text = above[len(cells)] if goes_on and len(cells) < len(above) else _cell_text(cell)
        cells += [text] * (min(int(width), _MOST_SPANNED) if width.isdigit() else 1)
    return cells


def _cell_text(cell: Any) -> str:
    parts = (_text(part) for part in cell if part.tag != f"{_W}tbl")
    return " ".join(" ".join(parts).split())


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


def _author(opened: Any) -> str:
    """What python-docx and others write where nobody is named is no author."""
    author = _property(opened, "author")
    return "" if author.lower() in ("python-docx", "microsoft office user", "user") else author
