"""Write small documents of every format, for tests."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)


def pdf(path: Path, pages: Sequence[Sequence[str]], *, title: str = "", extra: str = "") -> Path:
    """A PDF with each page's lines set in Helvetica, one below the other; "# " makes a
    larger one."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, lines in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * n} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> >> {extra} >>".encode()
        )
        shown = "".join(map(_shown, lines))
        objects.append(stream(f"BT /F1 11 Tf 14 TL 72 720 Td {shown}ET".encode("latin-1")))
    objects.append(f"<< /Title ({_escaped(title)}) /CreationDate (D:20240506120000Z) >>".encode())
    return write_pdf(path, objects)


def stream(content: bytes, *, dictionary: str = "") -> bytes:
    packed = zlib.compress(content)
    head = f"<< /Length {len(packed)} /Filter /FlateDecode {dictionary} >>\nstream\n".encode()
    return head + packed + b"\nendstream"


def write_pdf(path: Path, objects: Sequence[bytes]) -> Path:
    """Objects numbered from 1; the first is the catalogue, the last the information."""
    written, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    path.write_bytes(
        written
        + f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode()
        + f"trailer << /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\n".encode()
        + f"startxref\n{len(written)}\n%%EOF\n".encode()
    )
    return path


def epub(
    path: Path,
    chapters: Mapping[str, str],
    *,
    container: str = CONTAINER,
    head: str = "",
    members: Mapping[str, str] | None = None,
) -> Path:
    """A book whose chapters are XHTML bodies by file name."""
    items = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(chapters)
    )
    order = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    package = (
        f'<?xml version="1.0"?>{head}<package xmlns="http://www.idpf.org/2007/opf"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>The Bee Book</dc:title>'
        "<dc:date>2021-03-04T00:00:00Z</dc:date><dc:publisher>Hive Press</dc:publisher></metadata>"
        f"<manifest>{items}</manifest><spine>{order}</spine></package>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("OEBPS/book.opf", package)
        for name, body in chapters.items():
            archive.writestr(
                f"OEBPS/{name}",
                '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'
                f"<body>{body}</body></html>",
            )
        for name, content in (members or {}).items():
            archive.writestr(name, content)
    return path


def rezip(path: Path, changes: Mapping[str, bytes]) -> Path:
    """Replace or add members of a zip file."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**members, **changes}.items():
            archive.writestr(name, content)
    return path


def word(path: Path, *texts: str) -> Path:
    """A Word document; "# " makes a heading, "- " an entry, "a | b" a row of a table."""
    import docx

    made = docx.Document()
    for text in texts:
        if text.startswith("# "):
            made.add_heading(text[2:], 1)
        elif text.startswith("- "):
            made.add_paragraph(text[2:], style="List Bullet")
        elif " | " in text:
            cells = text.split(" | ")
            row = made.add_table(1, len(cells)).rows[0]
            for cell, content in zip(row.cells, cells, strict=True):
                cell.text = content
        else:
            made.add_paragraph(text)
    made.save(str(path))
    return path


def page(body: str, head: str = "") -> str:
    """An HTML page with navigation around `body`."""
    links = "".join(f'<li><a href="/{n}">Navigation {n}</a></li>' for n in range(12))
    return (
        f"<!doctype html><html><head><title>Bees - Example Site</title>{head}</head><body>"
        f"<nav><ul>{links}</ul></nav><header>Example Site. Subscribe now!</header>"
        f"<article>{body}</article><aside>Related: Ten honey recipes</aside>"
        "<footer>Cookies policy. All rights reserved.</footer><script>alert(1)</script>"
        "</body></html>"
    )


def _shown(line: str) -> str:
    text = _escaped(line.removeprefix("# "))
    return f"/F1 18 Tf ({text}) Tj /F1 11 Tf T* " if line.startswith("# ") else f"({text}) Tj T* "


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
