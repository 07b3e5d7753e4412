"""PowerPoint: the text, tables and notes of each slide, by python-pptx; slides are its pages."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from askali.documents.limits import Limits
from askali.documents.loaders.archive import check_archive
from askali.documents.loaders.base import Extracted, clean, one_line, require_text
from askali.errors import DocumentError

_DEEPEST = 10


def extract(path: Path, limits: Limits) -> Extracted:
    """Titles are headings; shapes come from top to bottom, the speaker's notes last."""
    import pptx
    from pptx.exc import PackageNotFoundError

    check_archive(path)
    try:
        opened = pptx.Presentation(str(path))
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, PackageNotFoundError) as exc:
        raise DocumentError(f"is no presentation that can be read ({exc}); save it again") from exc
    text, starts = "", []
    for slide in opened.slides:
        shown = "\n\n".join(_blocks(slide))
        text += "\n\n" if text and shown else ""
        starts.append(len(text))
        text += shown
    return Extracted(
        require_text(text, limits.max_text_chars, "has no text; it may hold only pictures"),
        title=_title(opened),
        author=one_line(opened.core_properties.author),
        file_date=str(opened.core_properties.created or "")[:10],
        page_starts=tuple(starts),
    )


def _title(opened: Any) -> str:
    first = next(iter(opened.slides), None)
    shape = first.shapes.title if first is not None else None
    shown = one_line(shape.text_frame.text) if shape is not None else ""
    return shown or one_line(opened.core_properties.title)


def _blocks(slide: Any) -> Iterator[str]:
    title = slide.shapes.title
    if title is not None and (text := one_line(title.text_frame.text)):
        yield f"# {text}"
    for shape in _shapes(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if getattr(shape, "has_table", False) and shape.has_table:
            rows = (
                " | ".join(" ".join(cell.text.split()) for cell in row.cells)
                for row in shape.table.rows
            )
            yield "\n".join(row.rstrip(" |") for row in rows if row.strip(" |"))
        elif shape.has_text_frame:
            yield from _paragraphs(shape.text_frame)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield from _paragraphs(slide.notes_slide.notes_text_frame)


def _paragraphs(frame: Any) -> Iterator[str]:
    for paragraph in frame.paragraphs:
        if text := " ".join(clean(paragraph.text).split()):
            yield text


def _shapes(shapes: Any, depth: int = 0) -> Iterator[Any]:
    for shape in sorted(shapes, key=lambda s: (s.top or 0, s.left or 0)):
        if hasattr(shape, "shapes") and depth < _DEEPEST:
            yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape
