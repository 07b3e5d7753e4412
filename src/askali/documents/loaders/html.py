"""A web page: its article, without navigation, by trafilatura."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from askali.documents.limits import Limits
from askali.documents.loaders.base import Extracted, one_line, require_text
from askali.documents.loaders.html_blocks import prepare, text_of
from askali.errors import DocumentError

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_AROUND = frozenset({"header", "footer", "aside", "nav"})
_NO_TEXT = "has no text in its HTML; a page that scripts write must be saved as text or PDF"


def extract(path: Path, limits: Limits) -> Extracted:
    """The main text; for a page without one, all but header, footer and navigation."""
    import trafilatura

    decoded = _decoded(path.read_bytes())
    tree = trafilatura.load_html(decoded)
    if tree is None:  # a fragment
        tree = trafilatura.load_html(f"<html><body>{decoded}</body></html>")
    if tree is None:
        raise DocumentError("is no HTML that can be read; save the page again")
    prepare(tree)
    whole = text_of(_body(tree), _AROUND)
    found: Any = trafilatura.bare_extraction(
        tree,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    body = text_of(found.body) if found is not None and found.body is not None else ""
    # Where nothing was left out, the blocks of the page are kept: for a short page without an
    # article trafilatura gives all its text as one paragraph.
    text = body if 0 < _letters(body) < _letters(whole) else whole
    return Extracted(
        require_text(text, limits.max_text_chars, _NO_TEXT),
        title=one_line(getattr(found, "title", "")) or one_line(tree.findtext(".//title")),
        publisher=one_line(getattr(found, "sitename", "")),
        date=one_line(getattr(found, "date", "")),
        author=one_line(getattr(found, "author", "")).replace("; ", ", "),
        language=one_line(tree.get("lang"))[:35],
    )


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _decoded(raw: bytes) -> str:
    """By its mark, by its own declaration, as UTF-8, or by a guess, in this order."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    declared = _CHARSET.search(raw[:2048])
    if declared:
        with suppress(LookupError, UnicodeDecodeError):
            return raw.decode(declared.group(1).decode("ascii"))
    from trafilatura.utils import decode_file

    return str(decode_file(raw))


def _body(tree: Any) -> Any:
    found = tree.find(".//body")
    return tree if found is None else found
