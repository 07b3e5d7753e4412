"""Files to documents: text, Markdown, HTML, PDF, Office, data, EPUB, folders of them, web pages.

`read_corpus` turns one path into documents and says what it could not read. The text
that a format gives is the document's text: offsets refer to it, and the index keeps it.
Each format has a module of its own, which alone imports its parser; a worker process
reads all but plain text, within `Limits` of time and memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from askali.documents.corpus import Corpus, Earlier, Skipped, is_unchanged, read_corpus
from askali.documents.formats import SUFFIXES
from askali.documents.limits import Limits
from askali.documents.loaders.web import is_url, read_page
from askali.documents.manifest import same_files
from askali.domain import Document
from askali.errors import DocumentError

__all__ = [
    "SUFFIXES",
    "Corpus",
    "Earlier",
    "Limits",
    "Skipped",
    "bundled_corpus",
    "check_documents",
    "is_unchanged",
    "is_url",
    "load_documents",
    "read_corpus",
    "read_page",
    "readable_suffixes",
    "same_files",
]


def bundled_corpus() -> Path:
    """The article that comes with askali: in a checkout or in the installed wheel."""
    here = Path(__file__).parents[1]
    for folder in (here / "corpus", here.parents[1] / "corpus"):
        if folder.is_dir():
            return folder
    raise DocumentError("the bundled corpus is missing; reinstall askali or name a file or folder")


def readable_suffixes() -> tuple[str, ...]:
    """The endings of files that `read_corpus` reads, for a front end to offer."""
    return tuple(SUFFIXES)


def load_documents(path: Path | str, limits: Limits | None = None) -> list[Document]:
    """Just the documents of `read_corpus`; the path may be given as text."""
    return list(read_corpus(Path(path), limits).documents)


def check_documents(documents: Iterable[Document]) -> Iterator[Document]:
    """The same documents one by one, if each has text and an id of its own; else
    `DocumentError`, as for none at all."""
    seen: set[str] = set()
    for document in documents:
        if not any(char.isalnum() for char in document.text):
            raise DocumentError(f"document {document.id!r} has no text; remove it or fill it")
        if document.id in seen:
            raise DocumentError(f"two documents have the id {document.id!r}; give each its own")
        seen.add(document.id)
        _check_encodable(document)
        yield document
    if not seen:
        raise DocumentError("no documents given; pass at least one Document")


def _check_encodable(document: Document) -> None:
    try:
        document.text.encode("utf-8")
        document.title.encode("utf-8")
    except UnicodeEncodeError as exc:
        raise DocumentError(
            f"document {document.id!r} holds a lone surrogate at position {exc.start}, which is "
            "not text; decode the source again"
        ) from exc
