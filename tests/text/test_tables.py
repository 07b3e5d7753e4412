"""Tables: which rows name the columns, and what a row is read under."""

import pytest

from askali import Assistant, Document
from askali.documents.chunking import split_sentences
from askali.text.tables import (
    about_rows,
    asked_cell,
    columns,
    gives_scale,
    head_of,
    head_rows,
    is_label,
    is_row,
    names_above,
)

TABLE = """Loans by branch (in thousands):

|  | Year ended 31 May, |  |
|---|---|---|
|  | 2019 | 2018 |
| Loans: |  |  |
| Books | 4,310 | 3,958 |
| Films | 812 | 1,077 |
| Visits | 96,400 | 91,020 |
"""


def rows_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if is_row(line)]


def test_a_line_of_cells_is_a_row() -> None:
    assert is_row("| Books | 4,310 |")
    assert is_row("Books | 4,310")
    assert not is_row("Either/or|both is written without spaces.")


def test_markdown_rows_with_an_empty_first_cell_below_the_rule_name_columns_too() -> None:
    assert head_rows(rows_of(TABLE)) == 3
    assert columns(rows_of(TABLE)[:3]) == "Year ended 31 May, | 2019 | 2018"


def test_a_row_of_years_names_columns_whatever_its_first_cell_says() -> None:
    rows = [
        "|  | Year ended |  |",
        "|---|---|---|",
        "| SALES | 2019 | FY 2018 |",
        "| Home | 7 | 9 |",
    ]
    assert head_rows(rows) == 3


def test_without_a_rule_the_first_row_names_the_columns() -> None:
    assert head_rows(["Name | Fee", "Ann Dahl | 300", "Bo Ek | 250"]) == 1


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        (["Key deposit | 75 euros", "Garden deposit | 220 euros"], 0),
        (["Chairs | 12 | 4.50", "Desks | 3 | 80.00"], 0),
        (["Loans | 2019 | 2018", "Books | 4,310 | 3,958"], 1),
        (["Column 1 | Column 2", "Red | Green"], 1),
    ],
)
def test_a_row_of_figures_above_another_names_no_columns(rows: list[str], count: int) -> None:
    assert head_rows(rows) == count


def test_a_single_row_and_a_single_column_are_no_table() -> None:
    assert head_rows(["Home | News | Contact"]) == 0
    assert head_rows(["| Name |", "|---|", "| Ann |"]) == 0


def test_a_row_is_read_under_its_columns_and_the_label_above_it() -> None:
    about = about_rows(rows_of(TABLE))
    assert is_label("| Loans: |  |  |")
    assert about[:3] == ["", "", ""]
    assert about[4] == "Year ended 31 May, | 2019 | 2018 · Loans:"


def test_the_head_of_a_row_is_found_by_its_place() -> None:
    spans = head_of(TABLE, TABLE.index("| Films"))
    assert [TABLE[a:b] for a, b in spans] == [
        "|  | Year ended 31 May, |  |",
        "|  | 2019 | 2018 |",
    ]
    assert head_of(TABLE, TABLE.index("|  | 2019")) == spans
    assert head_of("A sentence.\n\nHome | News", 13) == []


def test_a_row_is_one_sentence_under_its_columns() -> None:
    document = Document("d", "Library", TABLE)
    [books] = [s for s in split_sentences(document) if "Books" in s.text]
    assert books.text == "| Books | 4,310 | 3,958 |"
    assert books.heading == "Year ended 31 May, | 2019 | 2018 · Loans:"


def test_a_row_is_quoted_below_its_scale_and_the_rows_that_name_its_columns() -> None:
    document = Document("d", "Oak Library", TABLE)
    with Assistant.from_documents([document], llm="none") as bot:
        answer = bot.ask("How many loans of films were there in 2018?")
    assert sorted(c.quote for c in answer.citations) == sorted(
        [
            "Loans by branch (in thousands):",
            "|  | Year ended 31 May, |  |",
            "|  | 2019 | 2018 |",
            "| Films | 812 | 1,077 |",
        ]
    )
    assert all(document.text[c.start : c.end] == c.quote for c in answer.citations)


def test_a_line_that_gives_the_scale_of_figures_is_told() -> None:
    assert gives_scale("Loans by branch (in thousands):")
    assert gives_scale("Revenue by area is as follows, in millions of crowns.")
    assert gives_scale("Costs (million crowns)")
    assert not gives_scale("The thousand lakes (a park) are shown below.")


def test_a_cell_is_found_by_the_names_of_its_row_and_column() -> None:
    text = (
        "The repairs of the lift in Block C cost 51,000 pounds.\n\nThe blocks:\n\n"
        "| Block | Flats | Built |\n|---|---|---|\n| A | 24 | 1962 |\n| B | 20 | 1964 |\n"
        "| C | 36 | 1971 |\n"
    )
    with Assistant.from_documents([Document("d", "Minutes", text)], llm="none") as bot:
        answer = bot.ask("How many flats are in Block C?")
    assert "| C | 36 | 1971 |" in [c.quote for c in answer.citations]
    assert "36" in answer.text and "1971" not in answer.text


@pytest.mark.parametrize(
    ("marked", "question", "expected"),
    [
        ("340", "What did the repairs cost in 2023?", "205"),
        ("205", "What did the repairs cost in 2023?", "205"),
        ("340", "What did the repairs cost?", "340"),  # no column is named
        ("340", "Were repairs dearer in 2024 than in 2023?", "340"),  # two are
        ("Repairs", "What cost 205 in 2023?", "Repairs"),  # no figure is asked for
        ("Repairs | 340", "What did the repairs cost in 2023?", "Repairs | 340"),
    ],
)
def test_a_figure_is_that_of_the_column_which_is_asked_for(
    marked: str, question: str, expected: str
) -> None:
    row = "| Repairs | 205 | 340 |"
    for names in ("Costs | 2023 | 2024", "2023 | 2024", "The fleet · 2023 | 2024 · Upkeep"):
        assert asked_cell(row, names, marked, question) == expected
    for names in ("", "Year ended | in thousands | 2023 | 2024"):  # which is which, is not known
        assert asked_cell(row, names, marked, question) == marked


def test_only_a_row_is_read_under_the_names_above_it() -> None:
    assert names_above("| Crew | 880 |", "Costs (pounds) | 2024") == "Costs (pounds) | 2024"
    assert names_above("The team has 40 members.", "How the team won") == ""  # no currency here
