"""Files that harm whoever reads them carelessly, each with what must be said of it.

`HOSTILE` maps a file's name to (how to write it, a part of the reason it is refused for).
`HARMLESS` are as odd, but hold text that must be read and nothing else.
"""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from document_files import CONTAINER, epub, page, pdf, rezip, stream, word, write_pdf

Write = Callable[[Path], object]

SECRET = "The vault opens at noon with the blue key."
"""What stands in a file outside of the folder, and must not be read from inside."""

LOUD = "Ponies graze here all year."
_ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'  # each ten times the one before
        for n in range(10)
    )
    + "]>"
)
_DOCUMENT = "word/document.xml"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


_LOCKED = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData'
    ' xmlns="http://www.w3.org/2001/04/xmlenc#"><CipherData>'
    '<CipherReference URI="OEBPS/a.xhtml"/></CipherData></EncryptedData></encryption>'
)


def _raw(content: bytes) -> Write:
    return lambda path: path.write_bytes(content)


def _cut(write: Write, keep: float) -> Write:
    """The first part of a sound file."""

    def cut(path: Path) -> None:
        write(path)
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * keep)])

    return cut


def _other(path: Path, suffix: str, write: Write) -> None:
    """What `write` makes of a file with `suffix`, under the name that is asked for."""
    made = path.with_name(f"made{suffix}")
    write(made)
    made.rename(path)


def _as(suffix: str, write: Write) -> Write:
    return lambda path: _other(path, suffix, write)


def _zip(members: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> Write:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", method) as archive:
            for name, content in members.items():
                archive.writestr(name, content)

    return write


def _many_members(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(_DOCUMENT, "<x/>")
        for number in range(10_050):
            archive.writestr(f"word/{number}", "")


def _nested_zip(path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(2_000_000))
    _zip({"inner.zip": inner.getvalue()})(path)


def _says_less(path: Path) -> None:
    """A book whose chapter unpacks to more than the archive declares."""
    epub(path, {"a.xhtml": "<p>" + "Bees dance. " * 20_000 + "</p>"})
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("OEBPS/a.xhtml").file_size.to_bytes(4, "little")
    while (at := raw.find(size)) >= 0:
        raw[at : at + 4] = (100).to_bytes(4, "little")
    path.write_bytes(raw)


def _flagged(flag: int) -> Write:
    """A Word document whose members say that they are encrypted."""

    def write(path: Path) -> None:
        word(path, LOUD)
        raw = bytearray(path.read_bytes())
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = raw.find(mark)
            while at >= 0:
                raw[at + offset] |= flag
                at = raw.find(mark, at + 4)
        path.write_bytes(raw)

    return write


def _wrong_checksum(path: Path) -> None:
    """Stored, so that only the checksum tells."""
    content = f'<w:document xmlns:w="{_W}"/>'.encode()
    _zip({_DOCUMENT: content, "[Content_Types].xml": b"<x/>"}, method=zipfile.ZIP_STORED)(path)
    path.write_bytes(path.read_bytes().replace(b"<w:document", b"<w:dxcument", 1))


def _word_with(name: str, content: bytes) -> Write:
    return lambda path: rezip(word(path, LOUD), {name: content})


def _word_body(body: str, head: str = "") -> Write:
    xml = f'<?xml version="1.0"?>{head}<w:document xmlns:w="{_W}"><w:body>{body}</w:body>'
    return _word_with(_DOCUMENT, f"{xml}</w:document>".encode())


def _book(body: str = "<p>Bees dance.</p>", **more: object) -> Write:
    return lambda path: epub(path, {"a.xhtml": body}, **more)  # type: ignore[arg-type]


def _external(where: str) -> str:
    return f'<!DOCTYPE x [<!ENTITY e SYSTEM "{where}">]>'


def _pdf_of(*objects: bytes) -> Write:
    return lambda path: write_pdf(path, objects)


def _pdf_page(content: bytes) -> Write:
    """One page that shows a stream."""
    return _pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R "
        b"/Resources << /Font << >> >> >>",
        content,
        b"<< >>",
    )


def _bomb(layers: int) -> bytes:
    """A stream of 300 MB of blanks, deflated again and again."""
    packer = zlib.compressobj()
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(300)) + packer.flush()
    for _ in range(layers - 1):
        packed = zlib.compress(packed)
    filters = " ".join(["/FlateDecode"] * layers)
    return (
        f"<< /Length {len(packed)} /Filter [{filters}] >>\nstream\n".encode()
        + packed
        + b"\nendstream"
    )


def _pages(count: int) -> Write:
    """A page that is named `count` times."""
    return _pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{'3 0 R ' * count}] /Count {count} >>".encode(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        b"<< >>",
    )


def _locked_pdf(path: Path) -> None:
    import pypdf

    pdf(path, [[LOUD]])
    writer = pypdf.PdfWriter(clone_from=path)
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(path)


_CYCLE = _pdf_of(
    b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>", b"<< >>"
)
_SELF_FORM = _pdf_of(
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R "
    b"/Resources << /XObject << /F 5 0 R >> >> >>",
    stream(b"/F Do"),
    stream(
        b"/F Do",
        dictionary="/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
        "/Resources << /XObject << /F 5 0 R >> >>",
    ),
    b"<< >>",
)
_SAID = f"<w:p><w:r><w:t>{LOUD}</w:t></w:r></w:p>"
_sound_pdf: Write = lambda path: pdf(path, [[LOUD] * 30])  # noqa: E731
_sound_word: Write = lambda path: word(path, LOUD)  # noqa: E731

HOSTILE: dict[str, tuple[Write, str]] = {
    # names that lie, and files that are something else
    "program.txt": (_raw(b"\x7fELF\x02\x01\x01\x00" + bytes(64)), "binary"),
    "picture.txt": (_raw(b"\x89PNG\r\n\x1a\n" + bytes(64)), "not UTF-8"),
    "latin.txt": (_raw("Die B\xe4ume bl\xfchen.".encode("latin-1")), "not UTF-8"),
    "odd-utf16.txt": (_raw(b"\xff\xfeB\x00e"), "not UTF-16"),
    "empty.txt": (_raw(b""), "is empty"),
    "blank.txt": (_raw(b" \n\t\n" * 99), "is empty"),
    "headings.md": (_raw(b"# Only\n\n## Headings\n"), "headings only"),
    "large.txt": (_raw(b"Bees fly. " * 350_000), "the limit is 3"),
    "long.txt": (_raw(b"Bees fly. " * 60_000), "characters"),
    "text.pdf": (_raw(b"Bees fly a long way."), "no PDF inside"),
    "text.docx": (_raw(b"Bees fly a long way."), "no DOCX inside"),
    "text.epub": (_raw(b"Bees fly a long way."), "no EPUB inside"),
    "empty.pdf": (_raw(b""), "is empty"),
    "old-office.docx": (_raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)), "encrypted or"),
    "archive.txt": (_zip({"a.txt": b"Bees fly."}), "is an archive"),
    "nested.docx": (_nested_zip, "is an archive"),
    "head-only.docx": (_raw(b"PK\x03\x04"), "damaged archive"),
    "nothing-inside.epub": (_zip({}), "no EPUB inside"),
    # cut short
    "cut-start.pdf": (_cut(_sound_pdf, 0.02), "is damaged"),
    "cut-end.pdf": (_cut(_sound_pdf, 0.9), "is damaged"),
    "cut-half.docx": (_cut(_sound_word, 0.5), "damaged archive"),
    "cut-end.docx": (_cut(_sound_word, 0.98), "damaged archive"),
    "cut-half.epub": (_cut(_book(), 0.5), "damaged archive"),
    # bombs
    "ratio.docx": (_word_with("word/media/a.bin", bytes(9_000_000)), "100 to 1"),
    "ratio.epub": (_book(members={"OEBPS/b.xhtml": "b" * 9_000_000}), "100 to 1"),
    "total.epub": (
        lambda path: rezip(epub(path, {"a.xhtml": "<p>Bees dance.</p>"}), _much()),
        "unpacks to",
    ),
    "members.docx": (_many_members, "parts, the limit"),
    "says-less.epub": (_says_less, "Bad CRC"),
    "stream.pdf": (_pdf_page(_bomb(1)), "more than 700 MB"),
    "stream-in-stream.pdf": (_pdf_page(_bomb(3)), "more than 700 MB"),
    "laughs.docx": (_word_body(_SAID + "&k;", _ENTITIES), "XML entities"),
    "laughs.epub": (_book(head=_ENTITIES), "XML entities"),
    "laughs-container.epub": (
        _book(container=CONTAINER.replace("<container", f"{_ENTITIES}<container")),
        "XML entities",
    ),
    # entities from elsewhere, and paths
    "file.docx": (_word_body(f"{_SAID}&e;", _external("file:///etc/hostname")), "XML entities"),
    "net.docx": (_word_body(f"{_SAID}&e;", _external("http://127.0.0.1:9/")), "XML entities"),
    "styles.docx": (
        _word_with("word/styles.xml", f"{_external('file:///etc/hostname')}<x/>".encode()),
        "XML entities",
    ),
    "rels.docx": (
        _word_with("_rels/.rels", f"{_external('file:///etc/hostname')}<x/>".encode()),
        "XML entities",
    ),
    "utf16.docx": (
        _word_with(
            _DOCUMENT,
            f'<?xml version="1.0" encoding="utf-16"?>{_external("file:///etc/hostname")}'
            f'<w:document xmlns:w="{_W}"><w:body>{_SAID}</w:body></w:document>'.encode("utf-16"),
        ),
        "XML entities",
    ),
    "late.docx": (
        _word_body(f"{_SAID}&e;", f"<!--{'-x' * 60_000}-->{_external('file:///etc/hostname')}"),
        "XML entities",
    ),
    "file.epub": (_book(head=_external("file:///etc/hostname")), "XML entities"),
    "outside.epub": (
        _book(container=CONTAINER.replace("OEBPS/book.opf", "../../../etc/hostname")),
        "no EPUB that can",
    ),
    "absolute.epub": (
        _book(container=CONTAINER.replace("OEBPS/book.opf", "/etc/hostname")),
        "no EPUB that can",
    ),
    "drm.epub": (
        _book(members={"META-INF/encryption.xml": _LOCKED}),
        "protected",
    ),
    # locked and damaged
    "locked.pdf": (_locked_pdf, "encrypted"),
    "locked.docx": (_flagged(1), "encrypted"),
    "checksum.docx": (_wrong_checksum, "Bad CRC"),
    "no-types.docx": (_zip({_DOCUMENT: b"<x/>"}), "no Word document"),
    "broken-xml.docx": (_word_with(_DOCUMENT, b"<w:document><w:body>"), "no Word document"),
    "broken-xml.epub": (_book(head="<<<"), "no EPUB that can"),
    "no-book.epub": (_book(container="<container/>"), "no package"),
    # pages and trees
    "10000-pages.pdf": (_pages(10_000), "10,000 pages, the limit is 5,000"),
    "a-million-pages.pdf": (
        _pdf_of(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [] /Count 1000000 >>",
            b"<< >>",
        ),
        "",
    ),
    "no-pages.pdf": (_pages(0), "is damaged"),
    "pictures.pdf": (_pages(3), "OCR"),
    "cycle.pdf": (_CYCLE, "none of its 1 page"),
    "itself.pdf": (_SELF_FORM, ""),
    "nested.pdf": (_pdf_page(stream(b"[" * 200_000)), ""),
    "nested-objects.pdf": (_raw(b"%PDF-1.7\n1 0 obj\n" + b"<< /A " * 100_000), ""),
    "noise.pdf": (_raw(b"%PDF-1.7\n" + zlib.compress(bytes(range(256)) * 300)), ""),
    "scripts.html": (_raw(b"<html><body><script>alert('Bees.')</script></body></html>"), "no text"),
    "deep.html": (_raw(f"<html><body>{'<div>' * 50_000}<p>{LOUD}</p>".encode()), "no text"),
    "empty.html": (_raw(b"<!doctype html><html></html>"), ""),
}

HARMLESS: dict[str, Write] = {
    "attributes.html": _raw(
        f"<html><body {' '.join(f'a{n}=1' for n in range(20_000))}><p>{LOUD}</p>".encode()
    ),
    "entity.html": _raw(f"{_external('file:///etc/hostname')}{page(f'<p>{LOUD}</p>')}".encode()),
    "wrong-name.txt": _as(".pdf", _sound_pdf),
    "page.pdf": _raw(page(f"<p>{LOUD}</p>").encode()),
    "up.epub": _book(f"<p>{LOUD}</p>", members={"../../outside.txt": "x", "/etc/x": "y"}),
    "entity-chapter.epub": _book(f"<p>{LOUD}&e;</p>"),
    "two\nlines.txt": _raw(LOUD.encode()),
    "bell\x07 and \x1b[31mred.txt": _raw(LOUD.encode()),
    "a..b..txt": _raw(LOUD.encode()),
    "right\u202eto-left.txt": _raw(LOUD.encode()),
    "<script>alert(1)<／script>.txt": _raw(LOUD.encode()),
    "' OR 1=1; --.txt": _raw(LOUD.encode()),
    "x" * 240 + ".txt": _raw(LOUD.encode()),
    "no text-\udcff.txt": _raw(LOUD.encode()),
}


def _much() -> dict[str, bytes]:
    """More than 200 MB unpacked, no member of it packed more than 100 to 1."""
    part = os.urandom(130_000) + bytes(12_000_000)
    return {f"OEBPS/{number}.bin": part for number in range(18)}


def write_all(folder: Path) -> None:
    """Every file of both kinds, and links that lead elsewhere, in `folder`."""
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text(SECRET)
    for name, (write, _) in HOSTILE.items():
        write(folder / name)
    for name, write in HARMLESS.items():
        write(folder / name)
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "linked-folder").symlink_to(outside, target_is_directory=True)
    (folder / "to-itself.txt").symlink_to("to-itself.txt")
    (folder / "to-nothing.txt").symlink_to("nothing.txt")
    (folder / "up.txt").symlink_to("../outside/secret.txt")
    os.mkfifo(folder / "waits.txt")
    (folder / "folder.txt").mkdir()
