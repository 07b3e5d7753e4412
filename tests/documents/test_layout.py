"""What a page says is what is read: columns, tables, words cut at line ends, notes, lists."""

import json
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest

from askali.documents import load_documents, read_corpus
from askali.documents.chunking import split_sentences
from askali.documents.loaders.pdf_columns import Line
from askali.documents.loaders.pdf_layout import with_headings
from askali.documents.loaders.vocabulary import Vocabulary
from askali.domain import Document
from askali.errors import DocumentError
from askali.text.tokens import analyze
from document_files import epub, rezip
from placed_pdf import columns, placed, table

LEFT = [
    "The ferry between the two banks was",
    "built in 1931 by the harbour yard, and",
    "it carried up to forty carts at a time",
    "until the bridge was opened to traffic.",
]
RIGHT = [
    "Its last captain, Odile Marsh, wrote a",
    "book on the crossing in stormy weather",
    "which the town printed at its own cost",
    "and gave to each school of the county.",
]


def one(path: Path) -> Document:
    [document] = load_documents(path)
    return document


def about(document: Document, start: str) -> str:
    return next(s.heading for s in split_sentences(document) if s.text.startswith(start))


def test_columns_that_were_drawn_in_turn_are_read_one_after_the_other(tmp_path: Path) -> None:
    text = one(placed(tmp_path / "a.pdf", [columns(LEFT, RIGHT)])).text
    assert text == " ".join(LEFT) + "\n\n" + " ".join(RIGHT)


def test_cells_without_lines_are_rows_and_empty_ones_keep_their_column(tmp_path: Path) -> None:
    rows = [
        ["Quarry", "Opened", "Workers", "Stone (t)"],
        ["Hollin", "1874", "31", "1,200"],
        ["Mere Bank", "", "12", "480"],
        ["Stang", "1902", "", "95"],
    ]
    document = one(placed(tmp_path / "a.pdf", [table(rows)]))
    assert document.text.split("\n")[1:] == [
        "Hollin | 1874 | 31 | 1,200",
        "Mere Bank | | 12 | 480",
        "Stang | 1902 | | 95",
    ]
    assert "Workers" in about(document, "Stang")


def test_a_table_goes_on_over_a_page_without_its_repeated_head(tmp_path: Path) -> None:
    head = ["Quarry", "Opened", "Workers", "Stone"]
    pages = [
        [*table([head, [f"Q{n}a", "1900", str(n), "5"]]), (60, 30, f"Sheet {n} of 3")]
        for n in (1, 2, 3)
    ]
    document = one(placed(tmp_path / "a.pdf", pages))
    rows = [f"Q{n}a | 1900 | {n} | 5" for n in (1, 2, 3)]
    assert document.text == "\n".join(["Quarry | Opened | Workers | Stone", *rows])
    assert document.page_at(document.text.index("Q3a")) == 3


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("a new plan-", "ning board", "a new planning board"),
        ("a well-", "known firm", "a well-known firm"),
        ("by Ada Winter-", "mere", "by Ada Wintermere"),
        ("the Smith-", "Jones map", "the Smith-Jones map"),
    ],
)
def test_a_word_cut_at_a_line_is_whole_where_it_is_one(before: str, after: str, whole: str) -> None:
    assert Vocabulary([before, after]).joined(before, after) == whole


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("e\ufb03cient", "efficient"),
        ("co\u00adoperate", "cooperate"),
        ("\uff34\uff45\uff41", "tea"),
        ("cafe\u0301", "caf\u00e9"),
    ],
)
def test_search_knows_a_word_in_whatever_letters(written: str, typed: str) -> None:
    assert analyze(f"an {written} way") == analyze(f"an {typed} way")


def test_a_page_gives_terms_with_their_meaning_and_nothing_hidden(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(
        "<h1>Mill</h1><p>The mill stands on the weir and has been there<br>since the flood.</p>"
        "<dl><dt>Keeper</dt><dd>Ugo Farr</dd><dt>Phone:</dt><dd>0555</dd></dl>"
        "<p hidden>Old keeper</p><p aria-hidden='true'>Icon</p>"
        "<table><tr><th>Day</th><th>Adult</th><th>Child</th></tr>"
        "<tr><td>Sunday</td><td colspan=2>free</td></tr>"
        "<tr><td rowspan=2>Weekday</td><td>4</td><td>2</td></tr><tr><td>5</td><td>3</td></tr>"
        "</table>"
    )
    text = one(file).text
    for block in ("there since the flood.", "Keeper: Ugo Farr", "Phone: 0555"):
        assert block in text
    assert "Sunday | free | free\nWeekday | 4 | 2\nWeekday | 5 | 3" in text
    assert "Old keeper" not in text and "Icon" not in text


def test_markdown_is_what_a_reader_sees_of_it(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(
        "---\ntitle: Weir\nauthor: [Ina Poe, Al Roe]\ndate: 2022-03-01\nstatus: draft\n---\n"
        "# The weir\n\n<!-- not for readers -->\nIt is **very** [old](http://x.example) and\n"
        "_steep_.[^1]\n\n* one\n* two\n\n| Gate | Width |\n|---|---|\n| A | 3 m |\n\n"
        "[^1]: By a survey.\n"
    )
    document = one(file)
    assert (document.title, document.author, document.date) == (
        "Weir",
        "Ina Poe, Al Roe",
        "2022-03-01",
    )
    assert document.text == (
        "status: draft\n\n# The weir\n\nIt is very old and steep.\n\n- one\n\n- two\n\n"
        "Gate | Width\nA | 3 m\n\nBy a survey."
    )


def test_a_word_document_keeps_tables_apart_also_one_in_a_cell(tmp_path: Path) -> None:
    made = docx.Document()
    for rows in ([["Plot", "Size"], ["North", "4 ha"]], [["Fee", "Sum"], ["Water", "30"]]):
        grid = made.add_table(2, 2)
        for n, row in enumerate(rows):
            for m, cell in enumerate(row):
                grid.cell(n, m).text = cell
    inner = grid.cell(1, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Deposit", "75"
    made.save(str(tmp_path / "a.docx"))
    document = one(tmp_path / "a.docx")
    assert document.text == "Plot | Size\nNorth | 4 ha\n\nFee | Sum\nWater | 30\n\nDeposit | 75"
    assert about(document, "Water") == "Fee | Sum"


def test_a_damaged_chapter_is_left_out_and_named(tmp_path: Path) -> None:
    said = {f"c{n}.xhtml": f"<p>Chapter {n} tells of the {n} boats.</p>" for n in (1, 2, 3)}
    file = rezip(epub(tmp_path / "a.epub", said), {})
    raw = file.read_bytes()
    at = raw.index(b"OEBPS/c2.xhtml") + len(b"OEBPS/c2.xhtml") + 8
    file.write_bytes(raw[:at] + bytes([raw[at] ^ 0x55]) + raw[at + 1 :])
    corpus = read_corpus(file)
    assert "1 boats" in corpus.documents[0].text and "3 boats" in corpus.documents[0].text
    assert corpus.remarks == (("a.epub", "1 damaged chapter(s) left out: c2.xhtml"),)


def test_sheets_slides_and_records_are_rows_under_their_names(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Boats"
    for row in (["Boat", "Length"], ["Wren", 7.5], ["Tern", 9]):
        book.active.append(row)
    book.create_sheet("Notes").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = "Boats", "Wren is the oldest boat."
    show.save(str(tmp_path / "b.pptx"))
    (tmp_path / "c.csv").write_text('Boat;Crew\nWren;"3; in winter 2"\n')
    (tmp_path / "d.json").write_text(
        json.dumps({"port": {"name": "Elm", "open": True}, "boats": [{"n": 1, "m": 2}, {"n": 3}]})
    )
    corpus = read_corpus(tmp_path)
    assert [document.text for document in corpus.documents] == [
        "## Boats\n\nBoat | Length\nWren | 7.5\nTern | 9",
        "# Boats\n\nWren is the oldest boat.",
        "Boat | Crew\nWren | 3; in winter 2",
        "port.name: Elm\n\nport.open: true\n\n# boats\n\nn | m\n1 | 2\n3",
    ]
    assert corpus.remarks == (("a.xlsx", "1 hidden sheet(s) left out"),)


@pytest.mark.parametrize(
    ("name", "advice"), [("a.odt", "save it as .docx"), ("a.exe", ".txt"), ("a.xls", ".xlsx")]
)
def test_other_kinds_are_refused_with_what_to_do(tmp_path: Path, name: str, advice: str) -> None:
    (tmp_path / name).write_text("Only words.")
    with pytest.raises(DocumentError, match=advice):
        read_corpus(tmp_path / name)


def test_rich_text_keeps_its_rows(tmp_path: Path) -> None:
    file = tmp_path / "a.rtf"
    row = r"\trowd\cellx900\cellx1800 {}\cell {}\cell\row "
    file.write_text(
        r"{\rtf1\ansi The boats are listed here.\par "
        + row.format("Boat", "Crew")
        + row.format("Wren", "3")
        + r"\pard They sail.\par}"
    )
    assert "Boat | Crew\nWren | 3" in one(file).text


def test_an_encoding_may_be_named_for_one_file_and_nonsense_is_refused(tmp_path: Path) -> None:
    japanese = "委員会は新しい橋の建設を承認した。費用は二億円である。" * 3
    (tmp_path / "a.txt").write_bytes(japanese.encode("shift_jis"))
    side = tmp_path / "a.toml"
    side.write_text('encoding = "shift_jis"')
    assert one(tmp_path / "a.txt").text == japanese
    side.write_text('encoding = "gbk"')
    with pytest.raises(DocumentError, match="nonsense"):
        read_corpus(tmp_path / "a.txt")
    (tmp_path / "b.txt").write_bytes("The boats sail at noon.".encode("utf-16-le"))
    assert one(tmp_path / "b.txt").text == "The boats sail at noon."


def test_a_label_is_one_with_its_value(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Harbour master\nIda Croft\n\nBerth:\n\nNorth quay 4\n\nIt is a calm place.")
    assert [s.text for s in split_sentences(one(file))] == [
        "Harbour master\nIda Croft",
        "Berth:\n\nNorth quay 4",
        "It is a calm place.",
    ]


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for year in ("2023", "2024"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "dues.txt").write_text(f"The dues of {year} are {year[2:]} euros.")
    assert [d.title for d in load_documents(tmp_path)] == ["2023/dues", "2024/dues"]


def _numbered(texts: list[str], *, last: int = 22) -> list[tuple[float, float, str]]:
    puts: list[tuple[float, float, str]] = []
    for n in range(last):
        puts.append((60, 720 - 24 * n, str(n + 1)))
        if n < len(texts) and texts[n]:
            puts.append((100, 720 - 24 * n, texts[n]))
    return puts


SPOKEN = [
    "THE CHAIR: The hearing of the harbour board is open.",
    "MS. DAVILA: The petitioner is the parish of Skell.",
    "The pier was closed on 4 March for repairs, and",
    "the board asked for a report.",
    "THE CHAIR: Thank you.",
]


def test_numbers_of_lines_are_not_the_text_of_a_transcript(tmp_path: Path) -> None:
    text = one(placed(tmp_path / "t.pdf", [_numbered(SPOKEN)])).text
    assert "The petitioner is the parish of Skell." in text
    assert "closed on 4 March for repairs, and the board asked" in text
    assert not any(line.strip().isdigit() for line in text.split("\n"))


def test_a_table_that_counts_its_rows_keeps_its_numbers(tmp_path: Path) -> None:
    rows = [[str(n + 1), f"Boat {chr(65 + n)}", f"{20 + n} tons", "wood"] for n in range(20)]
    text = one(placed(tmp_path / "t.pdf", [table(rows)])).text
    assert "3 | Boat C | 22 tons | wood" in text


def test_a_short_numbered_list_keeps_its_numbers(tmp_path: Path) -> None:
    text = one(placed(tmp_path / "t.pdf", [_numbered(SPOKEN, last=5)])).text
    assert "2" in text.split("MS. DAVILA")[0]


@pytest.mark.parametrize("rule", ["-" * 30, "=" * 12, "_" * 20])
def test_a_rule_of_characters_parts_what_it_stands_between(tmp_path: Path, rule: str) -> None:
    puts = [(60, 700, f"{rule} GUARANTEE"), (60, 688, "Two years from purchase"), (60, 676, rule)]
    text = one(placed(tmp_path / "r.pdf", [puts])).text
    assert "GUARANTEE" in text
    assert rule[:8] not in text


@pytest.mark.parametrize("amount", ["$84.20", "912,50 €", "£ 1,200"])
def test_a_sum_that_is_set_large_is_said_and_heads_nothing(tmp_path: Path, amount: str) -> None:
    page = [Line("Bread and butter for the crew of the boat", 10.0), Line(f"TOTAL {amount}", 14.0)]
    [marked] = with_headings([[page[0], page[0], *page]])
    assert marked[-1].text == f"TOTAL {amount}"


@pytest.mark.parametrize(
    "foot",
    ["{n} A Survey of Weirs", "Chapter 3. Of weirs {n}", "Holm Council, 2021, page {n}"],
)
def test_a_foot_that_counts_the_left_pages_alone_is_dropped(tmp_path: Path, foot: str) -> None:
    pages = []
    for n in range(1, 9):
        own = f"The keeper of lock {'abcdefgh'[n - 1]} was paid by the harbour."
        puts = [(60, 700 - 13 * i, line) for i, line in enumerate([*LEFT, own])]
        pages.append([*puts, *([(60, 40, foot.format(n=n))] if n % 2 == 0 else [])])
    text = one(placed(tmp_path / "a.pdf", pages)).text
    assert "Weirs" not in text
    assert "weirs" not in text
    assert "Council" not in text
    assert text.count("bridge") == 8


def test_last_rows_of_tables_that_count_things_are_kept(tmp_path: Path) -> None:
    head, at = ["Weir", "Gates", "Keeper"], (60, 200, 300)
    pages = [
        table([head, *[[f"Weir {4 * n + i}", str(90 + i), "Una Marr"] for i in range(4)]], at=at)
        for n in range(4)
    ]
    text = one(placed(tmp_path / "a.pdf", pages)).text
    assert all(f"Weir {n} | {90 + n % 4} | Una Marr" in text for n in range(16))


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Ferry</h1><p>The ferry leaves at nine.</p><table><tr><th>What</th><th>Fare</th></tr>"
        "<tr><td>Van</td><td>9</td></tr></table>",
        "<h2>Rooms</h2><ul><li>The attic is cold.</li><li>The cellar is dry.</li></ul>",
        "<div>The kiln is hot.<br>It burns wood.</div><h3>Pots</h3><div>It holds forty.</div>",
    ],
)
def test_a_short_page_without_an_article_keeps_its_blocks(tmp_path: Path, body: str) -> None:
    file = tmp_path / "page.html"
    file.write_text(f"<html><body>{body}<footer>Imprint</footer></body></html>")
    text = one(file).text
    assert text.startswith(
        ("# Ferry\n\nThe", "## Rooms\n\n- The attic", "The kiln is hot.\nIt burns")
    )
    assert "Imprint" not in text
