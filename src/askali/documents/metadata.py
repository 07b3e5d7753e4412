"""One file as a document: its text, with title, date and source from whatever tells them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from askali.documents.chunking import split_sentences
from askali.documents.folder import File
from askali.documents.loaders.base import Extracted
from askali.documents.sidecar import read_sidecar
from askali.domain import Document
from askali.errors import DocumentError
from askali.text.dates import DATE, read_date

_START_CHARS = 3_000
_HEAD_LINES = 5
_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)")


def document_of(id: str, file: File, found: Extracted, name: str = "") -> Document:
    """`name` is what it is called where nothing gives a title, else its file's name.

    Raises `DocumentError` where nothing in it can be cited, and for a broken sidecar."""
    about = read_sidecar(file.path)
    stem = file.shown.rpartition("/")[2].removesuffix(file.path.suffix)
    day = _DAY.search(stem)
    document = Document(
        id=id,
        title=about.get("title")
        or found.title
        or _first_heading(found.text)
        or re.sub(r"(?<!\d)-|-(?!\d)|_", " ", name or stem),
        text=found.text,
        source=about.get("source", file.shown),
        publisher=about.get("publisher") or found.publisher,
        date=about.get("date") or (day.group() if day else _day_at_head(found.text) or found.date),
        page_starts=found.page_starts,
        author=about.get("author") or names_at_head(found.text) or found.author,
        language=about.get("language") or found.language,
        file_date=found.file_date,
    )
    if not _has_sentences(document):
        raise DocumentError("has headings only; add running text or remove it")
    return document


def names_at_head(text: str) -> str:
    """The line of three names or more below the title, as above an article; "" where none is.

    It goes before the property of a file, which names who saved it last."""
    for line in _lines_at_head(text):
        bare = re.sub(r"\band\b|&|[∗*†‡§|]", ",", line.strip(" #|"))
        named = [part.split() for part in bare.split(",") if part.strip()]
        is_name = (
            2 <= len(words) <= 4 and all(w[0].isupper() and w.strip(".").isalpha() for w in words)
            for words in named
        )
        if len(named) > 2 and all(is_name) and not line.isupper():
            return " ".join(line.strip(" #|").split())
    return ""


def _day_at_head(text: str) -> str:
    """The day of a line that is nothing but a date, as above a letter; "" where none is."""
    for line in _lines_at_head(text):
        found = DATE.fullmatch(line.strip())
        dates = read_date(found) if found else []
        if len(dates) == 1 and dates[0].year and dates[0].month and dates[0].day:
            return "{:04}-{:02}-{:02}".format(*dates[0][:3])
    return ""


def _lines_at_head(text: str) -> list[str]:
    lines = (line for line in text[:_START_CHARS].split("\n") if line.strip())
    return list(islice(lines, _HEAD_LINES))


def _has_sentences(document: Document) -> bool:
    """True if anything in it can be cited; a look at its start mostly suffices."""
    start = replace(document, text=document.text[:_START_CHARS])
    return bool(split_sentences(start) or split_sentences(document))


def _first_heading(text: str) -> str:
    line = text.lstrip()[:300].partition("\n")[0]
    return line.strip(" #\t") if line.startswith("# ") else ""
