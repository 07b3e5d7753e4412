"""EPUB: the chapters of a book in reading order."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import ParseError

from askali.documents.limits import Limits
from askali.documents.loaders.archive import check_archive
from askali.documents.loaders.base import Extracted, one_line, require_length, require_text
from askali.documents.loaders.html_blocks import prepare, text_of
from askali.errors import DocumentError

_DC = "{http://purl.org/dc/elements/1.1/}"
_PROTECTED = "is protected (DRM); askali reads only books without it"


def extract(path: Path, limits: Limits) -> Extracted:
    """The text of the spine's chapters; a chapter that the file lacks is remarked."""
    from defusedxml.common import DefusedXmlException

    check_archive(path)
    try:
        with zipfile.ZipFile(path) as archive:
            return _book(archive, limits)
    except DefusedXmlException as exc:
        raise DocumentError("declares XML entities, which no book does; remove it") from exc
    except (ParseError, KeyError, zipfile.BadZipFile, zipfile.LargeZipFile, ValueError) as exc:
        raise DocumentError(f"is no EPUB that can be read ({exc}); save it again") from exc


def _book(archive: zipfile.ZipFile, limits: Limits) -> Extracted:
    package_name = _package_name(archive)
    package = _xml(archive, package_name)
    encrypted = _encrypted(archive)
    chapters: list[str] = []
    damaged: list[str] = []
    fault: Exception | None = None
    missing = total = 0
    for name in _spine(package, posixpath.dirname(package_name)):
        if name in encrypted:
            raise DocumentError(_PROTECTED)
        try:
            chapters.append(_chapter(archive.read(name)))
        except KeyError:
            missing += 1
            continue
        except (zipfile.BadZipFile, zlib.error, EOFError) as exc:
            fault = exc
            damaged.append(posixpath.basename(name))
            continue
        total += len(chapters[-1])
        require_length(total, limits.max_text_chars)
    if fault and not any(chapters):
        raise DocumentError(f"is damaged in each of its chapters ({fault}); copy it again")
    text = "\n\n".join(chapter for chapter in chapters if chapter)
    return Extracted(
        require_text(text, limits.max_text_chars, "has no text; it may hold only pictures"),
        title=one_line(package.findtext(f".//{_DC}title")),
        publisher=one_line(package.findtext(f".//{_DC}publisher")),
        date=one_line(package.findtext(f".//{_DC}date"))[:10],
        author=one_line(", ".join(e.text or "" for e in package.iter(f"{_DC}creator"))),
        language=one_line(package.findtext(f".//{_DC}language"))[:35],
        remarks=_remarks(missing, damaged),
    )


def _remarks(missing: int, damaged: list[str]) -> tuple[str, ...]:
    remarks = []
    if missing:
        remarks.append(f"{missing} chapter(s) that the book names are not in it")
    if damaged:
        more = ", …" if len(damaged) > 8 else ""
        remarks.append(
            f"{len(damaged)} damaged chapter(s) left out: {one_line(', '.join(damaged[:8]))}{more}"
        )
    return tuple(remarks)


def _xml(archive: zipfile.ZipFile, name: str) -> Any:
    from defusedxml import ElementTree

    return ElementTree.fromstring(archive.read(name), forbid_dtd=False)


def _package_name(archive: zipfile.ZipFile) -> str:
    container = _xml(archive, "META-INF/container.xml")
    root = next((e for e in container.iter() if e.tag.endswith("}rootfile")), None)
    if root is None or not root.get("full-path"):
        raise DocumentError("is no EPUB that can be read (it names no package); save it again")
    return str(root.get("full-path"))


def _encrypted(archive: zipfile.ZipFile) -> set[str]:
    """Names of encrypted members; fonts often are, chapters only under DRM."""
    if "META-INF/encryption.xml" not in archive.namelist():
        return set()
    found = _xml(archive, "META-INF/encryption.xml")
    return {unquote(e.get("URI", "")) for e in found.iter() if e.tag.endswith("CipherReference")}


def _spine(package: Any, folder: str) -> list[str]:
    """Archive names of the chapters in order, each once, without the table of contents."""
    items = {e.get("id"): e for e in package.iter() if e.tag.endswith("}item")}
    order = [items.get(e.get("idref")) for e in package.iter() if e.tag.endswith("}itemref")]
    names = [
        posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
        for item in order
        if item is not None and "nav" not in item.get("properties", "").split()
    ]
    return list(dict.fromkeys(names))


def _chapter(raw: bytes) -> str:
    from lxml import etree

    parser = etree.HTMLParser(no_network=True, recover=True, encoding=_encoding(raw))
    tree = etree.fromstring(raw, parser) if raw.strip() else None
    body = None if tree is None else tree.find(".//body")
    if body is None:
        return ""
    prepare(body)
    return text_of(body)


def _encoding(raw: bytes) -> str:
    return "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
