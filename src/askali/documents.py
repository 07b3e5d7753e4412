"""Files to documents: verbatim text, with what a sidecar file says about it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from askali.domain import Document
from askali.errors import DocumentError

TEXT_SUFFIXES = (".txt", ".md", ".markdown")
"""What is read today; every other file of a folder is passed over."""

MAX_BYTES = 50_000_000
"""A larger file is refused: it is not a document that a person reads."""

_METADATA = ("title", "publisher", "date", "source")


def bundled_corpus() -> Path:
    """The article that comes with askali: in a checkout or in the installed wheel."""
    here = Path(__file__).parent
    for folder in (here / "corpus", here.parents[1] / "corpus"):
        if folder.is_dir():
            return folder
    raise DocumentError("the bundled corpus is missing; reinstall askali or name a file or folder")


def load_documents(path: Path) -> list[Document]:
    """The documents of a file, or of a folder and all below it, in name order.

    A sidecar ``name.toml`` may give title, publisher, date and source. Raises
    `DocumentError` if the path is missing, holds no text, or is not readable text.
    """
    if not path.exists():
        raise DocumentError(f"no such file or folder: {path}; name an existing one with --corpus")
    files = [path] if path.is_file() else list(_text_files(path))
    if not files:
        raise DocumentError(
            f"no documents in {path}: askali reads {', '.join(TEXT_SUFFIXES)}; add one"
        )
    root = path.parent if path.is_file() else path
    return [_load(file, root) for file in files]


def check_documents(documents: list[Document]) -> list[Document]:
    """The same documents, if each has text and an id of its own; else `DocumentError`."""
    if not documents:
        raise DocumentError("no documents given; pass at least one Document")
    seen: set[str] = set()
    for document in documents:
        if not any(char.isalnum() for char in document.text):
            raise DocumentError(f"document {document.id!r} has no text; remove it or fill it")
        if document.id in seen:
            raise DocumentError(f"two documents have the id {document.id!r}; give each its own")
        seen.add(document.id)
        _check_encodable(document)
    return documents


def _check_encodable(document: Document) -> None:
    try:
        document.text.encode("utf-8")
        document.title.encode("utf-8")
    except UnicodeEncodeError as exc:
        raise DocumentError(
            f"document {document.id!r} holds a lone surrogate at position {exc.start}, which is "
            "not text; decode the source again"
        ) from exc


def _text_files(folder: Path) -> Iterator[Path]:
    """Text files below `folder`, none hidden and none that a link takes elsewhere."""
    root = folder.resolve()
    for file in sorted(folder.rglob("*")):
        inside = file.resolve().is_relative_to(root)
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if inside and not hidden and file.is_file() and file.suffix.lower() in TEXT_SUFFIXES:
            yield file


def _load(file: Path, root: Path) -> Document:
    text = _read_text(file)
    about = _sidecar(file)
    title = about.get("title") or _first_heading(text) or file.stem.replace("-", " ")
    return Document(
        id=file.relative_to(root).with_suffix("").as_posix(),
        title=title,
        text=text,
        source=about.get("source", file.name),
        publisher=about.get("publisher", ""),
        date=about.get("date", ""),
    )


def _read_text(file: Path) -> str:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise DocumentError(f"{file} is larger than {MAX_BYTES:,} bytes; split it")
        raw = file.read_bytes()
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise DocumentError(
            f"{file} is not UTF-8 text (byte {exc.start}); convert it to UTF-8 or remove it"
        ) from exc
    except OSError as exc:
        raise DocumentError(
            f"{file} cannot be read: {exc.strerror}; check its permissions"
        ) from exc
    if "\x00" in text:
        raise DocumentError(f"{file} is binary, not text; convert it to plain text first")
    if not any(char.isalnum() for char in text):
        raise DocumentError(f"{file} is empty; add text or remove it")
    return text


def _sidecar(file: Path) -> dict[str, str]:
    path = file.with_suffix(".toml")
    if not path.is_file():
        return {}
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise DocumentError(f"{path} is not readable TOML: {exc}; correct or remove it") from exc
    return {name: str(values[name]) for name in _METADATA if name in values}


def _first_heading(text: str) -> str:
    match = re.match(r"\s*#\s+(.+)", text)
    return match.group(1).strip(" #") if match else ""
