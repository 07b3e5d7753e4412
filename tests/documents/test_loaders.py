"""Every format, read as a person would: running text, headings, pages, nothing around it."""

from pathlib import Path

import pypdf
import pytest

from askali.documents import load_documents, read_corpus
from askali.documents.chunking import split_sentences
from askali.documents.loaders.html_blocks import visible_text
from askali.documents.loaders.pdf_columns import Line
from askali.documents.loaders.pdf_layout import with_headings
from askali.domain import Document
from askali.errors import DocumentError
from document_files import epub, page, pdf, rezip, word

ARTICLE = (
    "<h1>Bees</h1><p>Bees fly a long way to find the flowers that they need. They return in the"
    " evening, when it is cold.</p><h2>Food</h2><ul><li>Pollen from the trees in spring</li>"
    "<li>Nectar of the clover</li></ul><p>A hive needs <b>30 kg</b> of honey for a winter, says"
    " the keeper.<br>He should know.</p><table><tr><th>Year</th><th>Hives</th></tr>"
    "<tr><td>2023</td><td><p>12</p></td></tr></table>"
)


def one(path: Path) -> Document:
    [document] = load_documents(path)
    return document


def test_a_web_page_is_its_article_without_navigation(tmp_path: Path) -> None:
    file = tmp_path / "bees.html"
    date = '<meta property="article:published_time" content="2024-05-06T10:00:00Z">'
    file.write_text(page(ARTICLE, date), encoding="utf-8")
    document = one(file)
    for text in ("long way", "30 kg of honey", "- Nectar of the clover", "2023 | 12", "## Food"):
        assert text in document.text
    for text in ("Navigation", "Cookies", "Subscribe", "alert", "recipes"):
        assert text not in document.text
    assert document.date == "2024-05-06"
    assert "Bees" in document.title


def test_a_short_page_without_an_article_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "s.htm"
    file.write_text("<p>Ann Lee is mayor.</p>", encoding="utf-8")
    assert one(file).text == "Ann Lee is mayor."


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_a_page_is_decoded_as_it_says(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "s.html"
    head = f'<meta charset="{encoding}">' if encoding.startswith("iso") else ""
    body = "<p>Zoë is the mayor of Córdoba, and her garden is full of bees in the summer.</p>"
    file.write_bytes(page(body, head).encode(encoding))
    assert "Zoë is the mayor of Córdoba" in one(file).text


LINES = [
    "The survey of the hives took place in the spring of the year, and it was the",
    "first one in a decade. The keepers counted 1,204 hives along the river and in",
    "the hills, of which a third was new. All of them were found to be in good con-",
    "dition.",
    "The next survey is planned for the autumn, when the clover has been cut and the",
    "condition of the young queens can be seen.",
]


def test_a_pdf_has_paragraphs_again_and_knows_its_pages(tmp_path: Path) -> None:
    second = ["Costs of the survey were 12,500 euros, paid by the county and two founda-", "tions."]
    file = pdf(tmp_path / "r.pdf", [LINES, second], title="Hive survey")
    document = one(file)
    assert (document.title, document.date, document.file_date) == ("Hive survey", "", "2024-05-06")
    assert document.shown_date == "2024-05-06, file's date"
    assert "it was the first one in a decade. The keepers counted 1,204 hives along the river" in (
        document.text
    )
    assert "found to be in good condition." in document.text
    assert "two foundations." in document.text  # cut by a page's last line but one
    assert document.page_at(document.text.index("1,204")) == 1
    assert document.page_at(document.text.index("12,500")) == 2


def test_lines_set_larger_are_headings_of_what_follows(tmp_path: Path) -> None:
    pages = [["# Hive survey 2024", "# of the county", *LINES], ["# Chapter 2", *LINES[:3]]]
    document = one(pdf(tmp_path / "r.pdf", pages, title="survey final.docx"))
    assert document.title == "Hive survey 2024 of the county"  # a file's name is no title
    headings = [line for line in document.text.split("\n") if line.startswith("# ")]
    assert headings == ["# Hive survey 2024 of the county", "# Chapter 2"]
    last = split_sentences(document)[-1]
    assert (last.heading, document.page_at(last.start)) == ("Chapter 2", 2)


def test_sizes_that_tell_nothing_and_entries_of_contents_make_no_headings() -> None:
    scanned = [Line(f"Line {n} of the scan", 6.0 + 2 * n) for n in range(9)]
    contents = [Line("1 Bees . . . . . . 4", 18.0), Line("Bees fly a long way to find it.", 11.0)]
    for lines in with_headings([scanned]) + with_headings([contents]):
        assert not any(line.text.startswith("#") for line in lines)


def test_a_sentence_over_two_pages_is_one_and_running_lines_are_gone(tmp_path: Path) -> None:
    pages = [["Hive survey, internal", *LINES, str(n)] for n in (1, 2, 3, 4)]
    pages[0][-2] = "The keepers then went on to the northern valleys, where the oldest of all the"
    pages[1][1] = "hives were kept since the war. Nobody had counted them."
    document = one(pdf(tmp_path / "r.pdf", pages))
    assert "internal" not in document.text
    [sentence] = [s for s in split_sentences(document) if "northern valleys" in s.text]
    assert sentence.text.endswith("since the war.")
    assert document.page_at(sentence.start) == 1


def test_a_pdf_with_the_empty_password_is_read_and_one_with_another_is_named(
    tmp_path: Path,
) -> None:
    plain = pdf(tmp_path / "r.pdf", [LINES])
    for name, password in (("open", ""), ("shut", "secret")):
        writer = pypdf.PdfWriter(clone_from=plain)
        writer.encrypt(password, "owner", algorithm="AES-256")
        writer.write(tmp_path / f"{name}.pdf")
    corpus = read_corpus(tmp_path)
    assert "1,204" in corpus.documents[0].text
    [skipped] = corpus.skipped
    assert skipped.name == "shut.pdf"
    assert "encrypted" in skipped.reason


def test_a_scanned_pdf_is_named_and_a_partly_scanned_one_is_read_with_a_remark(
    tmp_path: Path,
) -> None:
    pdf(tmp_path / "scan.pdf", [[], []])
    pdf(tmp_path / "some.pdf", [LINES, [], LINES[:2]])
    corpus = read_corpus(tmp_path)
    assert [s.name for s in corpus.skipped] == ["scan.pdf"]
    assert "OCR" in corpus.skipped[0].reason
    assert corpus.remarks == (("some.pdf", "1 page(s) without text: 2"),)
    assert corpus.documents[0].page_at(len(corpus.documents[0].text) - 1) == 3


def test_a_word_document_gives_headings_entries_and_tables_in_order(tmp_path: Path) -> None:
    file = word(tmp_path / "w.docx", "# Costs", "It costs 5 euros.", "Year |  | Hives", "- Honey")
    assert one(file).text == "# Costs\n\nIt costs 5 euros.\n\nYear |  | Hives\n\n- Honey"
    [sentence] = [s for s in split_sentences(one(file)) if "5 euros" in s.text]
    assert sentence.heading == "Costs"


def test_inserted_words_are_read_and_deleted_ones_are_not(tmp_path: Path) -> None:
    file = word(tmp_path / "w.docx", "It costs KEPT euros.")
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        f"<w:document {w}><w:body><w:p><w:r><w:t>It costs </w:t></w:r>"
        "<w:del><w:r><w:delText>four</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>five</w:t></w:r></w:ins><w:r><w:t> euros.</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a field.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "</w:body></w:document>"
    )
    rezip(file, {"word/document.xml": body.encode()})
    assert one(file).text == "It costs five euros.\n\nIn a field."


def test_a_book_gives_its_chapters_in_order(tmp_path: Path) -> None:
    chapters = {
        "b.xhtml": "<h1>One</h1><p>Bees fly.</p>",
        "a.xhtml": "<h1>Two</h1><p>They eat.</p>",
    }
    document = one(epub(tmp_path / "b.epub", chapters))
    assert document.text == "# One\n\nBees fly.\n\n# Two\n\nThey eat."
    assert (document.title, document.publisher) == ("The Bee Book", "Hive Press")
    assert document.date == "2021-03-04"


def test_a_protected_book_is_named(tmp_path: Path) -> None:
    locked = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData'
        ' xmlns="http://www.w3.org/2001/04/xmlenc#"><CipherData>'
        '<CipherReference URI="OEBPS/a.xhtml"/></CipherData></EncryptedData></encryption>'
    )
    members = {"META-INF/encryption.xml": locked}
    file = epub(tmp_path / "b.epub", {"a.xhtml": "<p>Bees.</p>"}, members=members)
    with pytest.raises(DocumentError, match="protected"):
        load_documents(file)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_text_is_decoded_by_its_mark(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "x.txt"
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    file.write_bytes(f"{mark}Zoë is mayor.".encode(encoding))
    assert one(file).text.lstrip("\ufeff") == "Zoë is mayor."


def test_the_first_bytes_decide_where_the_name_is_wrong(tmp_path: Path) -> None:
    pdf(tmp_path / "a.txt", [LINES])
    (tmp_path / "b.pdf").write_text(page(ARTICLE), encoding="utf-8")
    word(tmp_path / "c.epub", "It costs 5 euros.")
    texts = {d.id: d.text for d in load_documents(tmp_path)}
    assert "1,204" in texts["a"]
    assert "30 kg" in texts["b"]
    assert "5 euros" in texts["c"]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<ol><li>Fill.<li>Close.</ol>", ["1. Fill.", "2. Close."]),
        ("<ol start=4><li>Dry.</li><li>Oil.</li></ol>", ["4. Dry.", "5. Oil."]),
        (
            "<ol><li>Open.<ul><li>left</li></ul></li><li>Shut.</li></ol>",
            ["1. Open.", "- left", "2. Shut."],
        ),
        ("<ul><li>Rope</li></ul>", ["- Rope"]),
    ],
)
def test_an_ordered_list_of_a_web_page_keeps_its_numbers(html: str, lines: list[str]) -> None:
    assert visible_text(html).split("\n\n") == lines
