"""Some sixty files that want to hurt whoever reads them, written into a folder."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from document_files import CONTAINER, epub, page, pdf, rezip, stream, word, write_pdf

SECRET = "the-secret-outside"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LINES = ["The hives were counted in spring by the keepers of the valley."] * 3
Make = Callable[[Path], object]


def spaces(megabytes: int) -> bytes:
    """So many megabytes of blanks, deflated."""
    packer, blank = zlib.compressobj(1), b" " * 1_000_000
    return b"".join([*(packer.compress(blank) for _ in range(megabytes)), packer.flush()])


def body(text: str, head: str = "") -> bytes:
    """A word/document.xml with one paragraph."""
    said = f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
    return f'<?xml version="1.0"?>{head}<w:document {W}>{said}</w:document>'.encode()


def laughs(depth: int) -> str:
    """Entities that grow tenfold with each level."""
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, depth)]
    return f"<!DOCTYPE x [{''.join(lines)}]>"


def outside(target: str) -> str:
    """An entity that names a file or an address."""
    return f'<!DOCTYPE x [<!ENTITY e SYSTEM "{target}">]>'


def hostile(folder: Path, secret: Path) -> dict[str, Make]:
    """What to write by file name; `secret` is a file outside that nobody may read."""
    good_pdf = pdf(folder.parent / "good.pdf", [LINES]).read_bytes()
    good_docx = word(folder.parent / "good.docx", "Bees fly in summer.").read_bytes()
    return {
        **_pdfs(good_pdf),
        **_words(good_docx, secret),
        **_books(secret),
        **_pages(),
        **_texts(),
        **_odd(folder, secret),
    }


def _bytes(content: bytes) -> Make:
    return lambda path: path.write_bytes(content)


def _pdfs(good: bytes) -> dict[str, Make]:
    catalog, info = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Title (x) >>"
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
    kids = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"

    def packed(data: bytes, filters: str) -> bytes:
        head = f"<< /Length {len(data)} /Filter {filters} >>\nstream\n".encode()
        return head + data + b"\nendstream"

    def objects(*middle: bytes) -> Make:
        return lambda path: write_pdf(path, [catalog, *middle, info])

    once = spaces(400)
    cut = {f"cut-{n}.pdf": _bytes(good[: len(good) * n // 100]) for n in (5, 30, 60, 90, 99)}
    return cut | {
        "bomb.pdf": objects(kids, leaf, packed(once, "/FlateDecode")),
        "bomb-in-bomb.pdf": objects(
            kids, leaf, packed(zlib.compress(once), "[/FlateDecode /FlateDecode]")
        ),
        "many-pages.pdf": lambda path: pdf(path, [[]] * 10_000),
        "own-parent.pdf": objects(b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>", leaf),
        "count-lies.pdf": objects(
            b"<< /Type /Pages /Kids [3 0 R] /Count 1000000000 >>", leaf, stream(b"BT ET")
        ),
        "deep-array.pdf": objects(kids, leaf, b"[" * 50_000 + b"]" * 50_000),
        "deep-dict.pdf": objects(kids, leaf, b"<< /A " * 20_000 + b">>" * 20_000),
        "length-lies.pdf": objects(
            kids, leaf, b"<< /Length 999999999999 >>\nstream\nBT ET\nendstream"
        ),
        "previous-loop.pdf": _bytes(good.replace(b"/Root", b"/Prev 15 /Root")),
        "program.pdf": _bytes(b"MZ\x90\x00" + bytes(range(256)) * 50),
        "picture.pdf": _bytes(b"\x89PNG\r\n\x1a\n" + bytes(500)),
        "only-head.pdf": _bytes(b"%PDF-1.7\n"),
    }


def _words(good: bytes, secret: Path) -> dict[str, Make]:
    def changed(content: bytes, name: str = "word/document.xml") -> Make:
        def make(path: Path) -> object:
            path.write_bytes(good)
            return rezip(path, {name: content})

        return make

    def bomb(path: Path) -> None:
        path.write_bytes(good)
        with (
            zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
            archive.open("word/extra.xml", "w") as member,
        ):
            for _ in range(250):
                member.write(b" " * 1_000_000)

    def inflated(path: Path) -> object:
        path.write_bytes(good)
        return rezip(path, {"word/document.xml": body(" " * 210_000_000)})

    def crowd(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for n in range(30_000):
                archive.writestr(f"{n}", b"")

    nested = "<w:p>" * 30_000 + "</w:p>" * 30_000
    deep = f"<w:document {W}><w:body>{nested}</w:body></w:document>".encode()
    return {
        "bomb.docx": bomb,
        "inflated.docx": inflated,
        "crowd.docx": crowd,
        "laughs.docx": changed(body("&a9;", laughs(10))),
        "entity.docx": changed(body("&e;", outside(secret.as_uri()))),
        "entity-web.docx": changed(body("&e;", outside("http://127.0.0.1:9/x"))),
        "square.docx": changed(body("&a0;" * 5000, f'<!DOCTYPE x [<!ENTITY a0 "{"b" * 50000}">]>')),
        "deep.docx": changed(deep),
        "broken-xml.docx": changed(b"<w:document"),
        "slip.docx": changed(b"x", "../../../slipped.txt"),
        "cut.docx": _bytes(good[: len(good) // 2]),
        "no-document.docx": lambda path: zipfile.ZipFile(path, "w").close(),
        "noise.docx": _bytes(bytes(range(256)) * 100),
        "old-word.docx": _bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)),
    }


def _books(secret: Path) -> dict[str, Make]:
    one = {"a.xhtml": "<p>Bees fly.</p>"}

    def inflated(path: Path) -> object:
        return epub(path, {"a.xhtml": "<p>" + " " * 210_000_000 + "</p>"})

    def cut(path: Path) -> None:
        epub(path, one)
        path.write_bytes(path.read_bytes()[:-60])

    def again(path: Path) -> None:
        epub(path, one)
        with zipfile.ZipFile(path) as archive:
            package = archive.read("OEBPS/book.opf").decode()
        many = package.replace('<itemref idref="c0"/>', '<itemref idref="c0"/>' * 200_000)
        rezip(path, {"OEBPS/book.opf": many.encode()})

    away = CONTAINER.replace("OEBPS/book.opf", f"../../..{secret}")
    return {
        "inflated.epub": inflated,
        "laughs.epub": lambda path: epub(path, one, head=laughs(10)),
        "entity.epub": lambda path: epub(path, one, head=outside(secret.as_uri())),
        "container-away.epub": lambda path: epub(path, one, container=away),
        "chapter-away.epub": lambda path: epub(path, {f"../../..{secret}": "<p>x</p>"}),
        "no-chapters.epub": lambda path: epub(path, {}),
        "cut.epub": cut,
        "again.epub": again,
        "deep.epub": lambda path: epub(path, {"a.xhtml": "<div>" * 50_000 + "</div>" * 50_000}),
        "bad-container.epub": lambda path: epub(path, one, container="<container"),
    }


def _pages() -> dict[str, Make]:
    return {
        "deep.html": _bytes(b"<div>" * 200_000),
        "brackets.html": _bytes(b"<" * 3_000_000),
        "attributes.html": _bytes(b"<p " + b"".join(b"a%d=1 " % n for n in range(200_000)) + b">"),
        "comment.html": _bytes(b"<html><body><!--" + b"x" * 3_000_000),
        "script.html": _bytes(b"<html><script>while(1);</script></html>"),
        "charset.html": _bytes(page("<p>Bees</p>", '<meta charset="klingon">').encode()),
        "odd-utf16.html": _bytes(b"\xff\xfe<\x00h"),
        "nul.html": _bytes(b"<p>\x00\x00\x00</p>"),
        "xml.html": _bytes((laughs(10) + "<p>&a9;</p>").encode()),
    }


def _texts() -> dict[str, Make]:
    return {
        "binary.txt": _bytes(bytes(range(256)) * 20),
        "empty.txt": _bytes(b""),
        "not-utf8.md": _bytes(b"caf\xe9 \xff\xfe\xfd"),
        "program.md": _bytes(b"\x7fELF" + bytes(2000)),
        "long.txt": _bytes(b"word " * 800_000),
        "packed.txt": _bytes(io.BytesIO(zlib.compress(b"x" * 9999)).getvalue()),
    }


def _odd(folder: Path, secret: Path) -> dict[str, Make]:
    def link(target: Path) -> Make:
        return lambda path: path.symlink_to(target)

    return {
        "link-out.txt": link(secret),
        "link-nowhere.txt": link(folder / "gone.txt"),
        "link-loop.txt": link(folder / "link-loop.txt"),
        "link-folder": link(secret.parent),
        "folder.pdf": lambda path: path.mkdir(),
        "pipe.txt": os.mkfifo,
        "two\nlines.pdf": _bytes(b"%PDF-1.7\nx"),
        "..dots.pdf": _bytes(b"%PDF-1.7\nx"),
        "red\x1b[31m.pdf": _bytes(b"%PDF-1.7\nx"),
        "-rf.docx": _bytes(b"PK\x03\x04"),
    }
