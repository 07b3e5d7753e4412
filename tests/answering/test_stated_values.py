"""What stands in the source itself: totals, cells beside labels, values of a column, lines that
a heading leads to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from askali import Assistant, Document

BILL = """WORKSHOP BILL

Prepared By: Nadia Sorrel

Extra Parts Cost: $412.30

Claim # | K-71 | Make | Brunel
Inspector | Odd Fell | Colour | grey

Part | Unit Cost | Pieces
Belt | $45.00 | 2
Lamp | $12.50 | 4

Labour | Hours | Cost
Welding | 3 | 210
Painting | 2 | 90
Total | 5 | 333

WARRANTY

Six months on parts

Keep this bill
"""

FLEET = """boat | harbour | skipper | berths
Ama | Leith | Ines Holt | 12
Brae | Oban | Petra Lund | 8
Coll | Leith | Uma Marr | 6
Dun | Mallaig | Petra Lund | 9
"""


@pytest.fixture(scope="module")
def bill() -> Iterator[Assistant]:
    with Assistant.from_documents([Document("b", "Bill", BILL)], llm="none") as bot:
        yield bot


@pytest.fixture(scope="module")
def fleet() -> Iterator[Assistant]:
    document = Document("f", "fleet", FLEET, language="en")
    with Assistant.from_documents([document], llm="none") as bot:
        yield bot


@pytest.mark.parametrize(
    ("question", "says", "not_says"),
    [
        ("What is the extra parts cost?", "412.30", "57.50"),
        ("What is the total labour cost?", "333", "300"),
        ("What are the total hours of labour?", "5", "210"),
        ("Who is the inspector?", "Odd Fell", "grey"),
        ("What is the claim?", "K-71", "Brunel"),
        ("Who prepared the bill?", "Nadia Sorrel", "Odd"),
        ("What is the warranty?", "Six months on parts", "Belt"),
    ],
)
def test_a_value_is_taken_from_where_it_is_stated(
    bill: Assistant, question: str, says: str, not_says: str
) -> None:
    answer = bill.ask(question)
    assert says in answer.text
    assert not_says not in answer.text
    assert all(BILL[c.start : c.end] == c.quote for c in answer.citations)


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("Which harbours are listed?", ["Leith", "Oban", "Mallaig"]),
        ("List the skippers.", ["Ines Holt", "Petra Lund", "Uma Marr"]),
        ("Which boats are in Leith?", ["Ama (harbour: Leith)", "Coll (harbour: Leith)"]),
        ("Which boats are in Mallaig?", ["Dun (harbour: Mallaig)"]),
    ],
)
def test_a_column_is_listed_once_and_rows_by_a_cell(
    fleet: Assistant, question: str, values: list[str]
) -> None:
    assert [item.text for item in fleet.ask(question).items] == values


@pytest.mark.parametrize(
    ("text", "question", "author"),
    [
        ("# Reed\n\nAda Holm, Bo Ek and Cy Dunn\n\nReed grows.", "Who is the first author?", "Ada"),
        ("# Tides\n\nAda B. Holm, Bo Ek†, Cy Dunn\n\nTides turn.", "Who wrote the paper?", "Bo Ek"),
        ("# Corn\n\nCorn is eaten.\n\n## Author\n\nMia Rau\n\n## Licence\n\nMIT",
         "Who is the author?", "Mia Rau"),
    ],
)  # fmt: skip
def test_an_author_is_who_stands_below_the_title_or_under_that_heading(
    tmp_path, text: str, question: str, author: str
) -> None:
    (tmp_path / "text.md").write_text(text)
    with Assistant.open(corpus=tmp_path / "text.md", llm="none") as bot:
        said = bot.ask(question).text
    assert author in said
    assert "MIT" not in said


def test_documents_of_one_name_that_say_another_figure_are_told_apart(tmp_path) -> None:
    for year, sum_ in (("2021", 70), ("2022", 95)):
        folder = tmp_path / "bills" / year
        folder.mkdir(parents=True)
        text = f"The bill of Holm Glazing is {sum_} euros. The bill number is G-{sum_}."
        (folder / "bill.txt").write_text(text)
    with Assistant.open(corpus=tmp_path / "bills", llm="none") as bot:
        both = bot.ask("How much is the bill of Holm Glazing?").text
        one = bot.ask("What is the bill number of 2022?").text
    assert "2021/bill: " in both
    assert "2022/bill: " in both
    assert one == "The bill number is G-95. [1]"
