"""Answers in the shape that is asked for, over a report of our own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from askali import Assistant, Document
from askali.domain import Answer, Shape

REPORT = """# Harbour report

Published on 3 March 2023 by the Port Office of Ostwick.

## Ships

| Ship | Built | Crew |
|---|---:|---:|
| Aurora | 1998 | 14 |
| Belinda | 2007 | 9 |
| Corvus | 2015 | 22 |

## Repairs

The crane stood still for six weeks because its cable had rusted through. A new one came in May.

To be repaired next are:

- the north quay,
- the lighthouse,
- two fenders.
"""


@pytest.fixture(scope="module")
def bot() -> Iterator[Assistant]:
    with Assistant.from_documents([Document("r", "Harbour report", REPORT)], llm="none") as bot:
        yield bot


def exact(answer: Answer) -> bool:
    return all(REPORT[c.start : c.end] == c.quote for c in answer.citations)


def test_a_greeting_gets_a_friendly_line_and_three_questions(bot: Assistant) -> None:
    answer = bot.ask("hello")
    assert answer.shape is Shape.SMALL_TALK
    assert not answer.abstained
    assert not answer.citations
    assert len(answer.suggestions) == 3


def test_a_list_has_each_bullet_with_its_citation(bot: Assistant) -> None:
    answer = bot.ask("what is to be repaired next", shape=Shape.LIST)
    assert [item.text for item in answer.items] == [
        "the north quay",
        "the lighthouse",
        "two fenders",
    ]
    assert all(item.citations for item in answer.items)
    assert exact(answer)


def test_rows_are_chosen_by_their_figures(bot: Assistant) -> None:
    answer = bot.ask("ships with more than 10 crew", shape="list")
    assert [item.text.split()[0] for item in answer.items] == ["Aurora", "Corvus"]


def test_a_column_is_added_up_by_code(bot: Assistant) -> None:
    answer = bot.ask("total crew of all ships", shape="arithmetic")
    assert "45" in answer.text
    assert len(answer.items) == 3
    assert exact(answer)


def test_a_reason_is_the_sentence_that_gives_it(bot: Assistant) -> None:
    answer = bot.ask("why did the crane stand still", shape="why")
    assert "rusted" in answer.text


def test_the_date_of_the_document_is_read_from_its_head(bot: Assistant) -> None:
    answer = bot.ask("when was this published", shape="about_document")
    assert "3 March 2023" in answer.text
    assert exact(answer)


def test_two_rows_are_compared_in_a_table(bot: Assistant) -> None:
    answer = bot.ask("compare Aurora and Corvus", shape="compare")
    assert answer.table is not None
    assert [row[0].text for row in answer.table.rows] == ["Aurora", "Corvus"]
    assert exact(answer)


FERRY = """# Ferry rules

Issued by the Harbour Office of Ostwick · photographs by Lena Marsh

Chair: Odd Brevik
Present: Odd Brevik, Mona Lie, Tariq Aziz

The board orders that the crew

(a) check the life jackets,
(b) close the bow door,
(c) sound the horn.

The ferry takes 40 cars and 12 lorries.
The ticket costs 18 euros for a car and 55 euros for a lorry.
In May 2021 the engineer Mona Lie replaced the pump. Three firms are owed money: Nordlys Marine
3,000 euros, Bolt & Sons 700 euros and the painter Grieg 90 euros.
"""


@pytest.fixture(scope="module")
def ferry() -> Iterator[Assistant]:
    with Assistant.from_documents([Document("f", "Ferry rules", FERRY)], llm="none") as bot:
        yield bot


def test_a_lead_without_a_colon_brings_its_lettered_items(ferry: Assistant) -> None:
    answer = ferry.ask("what does the board order", shape="list")
    assert [item.text for item in answer.items] == [
        "check the life jackets",
        "close the bow door",
        "sound the horn",
    ]


def test_two_named_sides_are_subtracted(ferry: Assistant) -> None:
    answer = ferry.ask("how much more is a ticket for a lorry than for a car", shape="arithmetic")
    assert "37" in answer.text
    assert answer.items
    assert all(FERRY[c.start : c.end] == c.quote for c in answer.citations)


def test_figures_of_other_units_are_not_added(ferry: Assistant) -> None:
    answer = ferry.ask("add the 40 cars and the 18 euros", shape="arithmetic")
    assert answer.abstained


def test_one_of_several_debts_is_said_alone(ferry: Assistant) -> None:
    answer = ferry.ask("how much is Bolt & Sons owed")
    assert "700" in answer.text
    assert "3,000" not in answer.text


def test_who_did_what_to_a_document_is_found_by_its_words(ferry: Assistant) -> None:
    answer = ferry.ask("who took the photographs", shape="about_document")
    assert "Lena Marsh" in answer.text
    assert "Harbour Office" not in answer.text


def test_nobody_is_named_for_work_that_nobody_is_named_for(ferry: Assistant) -> None:
    assert ferry.ask("who translated it", shape="about_document").abstained


def test_a_line_of_a_form_is_listed_by_its_label(ferry: Assistant) -> None:
    answer = ferry.ask("list who was present", shape="list")
    assert [item.text for item in answer.items] == ["Odd Brevik", "Mona Lie", "Tariq Aziz"]


def test_people_are_told_from_firms(ferry: Assistant) -> None:
    answer = ferry.ask("all people", shape="extract")
    assert "Mona Lie" in answer.text
    assert "Nordlys" not in answer.text


def test_a_column_whose_empty_head_was_lost_keeps_its_rows() -> None:
    text = "Rivers\n\n| Arle | Sill |\n|---|---|\n| Weirs | 11 | 4 |\n| Locks | 2 | 3 |\n"
    with Assistant.from_documents([Document("t", "Rivers", text)], llm="none") as bot:
        answer = bot.ask("how many more weirs has the Arle than the Sill", shape="arithmetic")
    assert "7" in answer.text


CISTERN = """# Cistern handbook

The company was founded in 1951. In 1974 a second hall was built. In 2021 the pumps were
renewed, and since July every cistern has been checked.

For a first filling, proceed as follows:

1. Close the lower valve.
2. Open the inlet by a quarter turn.
3. Wait until the float rises.

## Halls

| Hall | Cisterns |
|---|---|
| North | 11 |
| South | 9 |

In 2022 its loss was 1.2 million crowns, one of the highest of the region; a year later it was
2 million.
"""


@pytest.fixture(scope="module")
def handbook() -> Iterator[Assistant]:
    with Assistant.from_documents(
        [Document("cistern-memo.md", "Cistern handbook", CISTERN, author="Runa Vik")], llm="none"
    ) as bot:
        yield bot


def test_a_way_that_is_only_led_into_brings_its_steps(handbook: Assistant) -> None:
    said = handbook.ask("how do i do a first filling")
    assert [item.text for item in said.items][:2] == [
        "Close the lower valve",
        "Open the inlet by a quarter turn",
    ]
    assert all(CISTERN[c.start : c.end] == c.quote for c in said.citations)


def test_a_timeline_makes_up_no_year(handbook: Assistant) -> None:
    said = handbook.ask("history of the company, in order")
    assert "1951" in said.text
    assert not any(year in said.text for year in ("July 1974", "July 2021", "July 2022"))


def test_a_column_of_something_else_is_not_averaged(handbook: Assistant) -> None:
    assert "10" not in handbook.ask("average price of a water meter").text


def test_one_of_the_highest_is_no_figure(handbook: Assistant) -> None:
    assert "1.199999" not in handbook.ask("by how much did the loss of 2022 rise").text


def test_a_document_is_called_by_its_kind_as_its_name_says(handbook: Assistant) -> None:
    assert "Runa Vik" in handbook.ask("Who wrote the handbook?").text


BATHS = """# Baths

Orla Springs, a bath of five pools near Thornley, opened in 1931. Since Orla is dear, many stay
away.

| Ticket | Adults | Children |
|---|---|---|
| Day | 4.50 euros | 2.00 euros |
"""


@pytest.fixture(scope="module")
def baths() -> Iterator[Assistant]:
    with Assistant.from_documents([Document("baths", "Baths", BATHS)], llm="none") as bot:
        yield bot


def test_a_price_is_not_multiplied_for_some_of_those_who_pay(baths: Assistant) -> None:
    said = baths.ask("what do two adults and one child pay for a day")
    assert said.shape is not Shape.ARITHMETIC or said.abstained


def test_a_thing_is_defined_beside_its_longer_name(baths: Assistant) -> None:
    assert "five pools" in baths.ask("What is Orla?").text


def test_a_sentence_that_answers_every_part_is_said_once(bot: Assistant) -> None:
    answer = bot.ask("how long did the crane stand still, and what had rusted through?")
    assert answer.text.count("The crane stood still") == 1
    assert answer.standalone_question.startswith("how long did the crane stand still")
    two = bot.ask("what had rusted through, and when was the report published?")
    assert "2." in two.text


FLEET = """# Fleet of Sandvik Yachts

Sandvik Yachts runs three boat yards on the western shore. Its museum shows eleven boats.
The canteen seats ninety guests. In 2022 it sold 14 engine covers and one winch.
"""


@pytest.fixture(scope="module")
def fleet() -> Iterator[Assistant]:
    with Assistant.from_documents([Document("y", "Fleet", FLEET)], llm="none") as bot:
        yield bot


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How many engines did Sandvik Yachts sell in 2022?", ""),
        ("How many boats does the museum show?", "eleven boats"),
        ("How many engine covers were sold in 2022?", "14 engine covers"),
        ("How many yards does Sandvik Yachts run?", "three boat yards"),
    ],
)
def test_a_number_counts_the_head_of_its_phrase(fleet: Assistant, question: str, said: str) -> None:
    answer = fleet.ask(question)
    assert answer.abstained != bool(said)
    assert said in answer.text


MINUTES = "The harbour board met in Ostwick and approved the new quay. It costs four million euros."


@pytest.mark.parametrize(
    ("head", "said"),
    [("", "2013-12-23, file's date"), ("Date: 9 January 2026\n\n", "9 January 2026")],
)
def test_a_day_in_the_text_goes_before_the_date_of_a_files_properties(head: str, said: str) -> None:
    minutes = Document("m", "Minutes", head + MINUTES, file_date="2013-12-23")
    with Assistant.from_documents([minutes], llm="none") as bot:
        answer = bot.ask("When was this document written?")
        assert "January" not in bot.ask("Who wrote this document?").text
    assert f"**Date**: {said}" in answer.text
    assert ("2013" in answer.text) == (not head)


def test_a_quote_is_no_reason_for_itself() -> None:
    text = "The mill will buy four looms. The dye works stand by the river."
    said = [
        {"role": "user", "content": "How many looms will the mill buy?"},
        {"role": "assistant", "content": "The mill will buy four looms. [1]"},
    ]
    with Assistant.from_documents([Document("m", "Mill", text)], llm="none") as bot:
        assert not bot.ask("How many looms will the mill buy?").abstained
        assert bot.ask("and why?", said).abstained


LETTER = """Ostwick, 4 March 2025

To the keepers of the lock

Dear keepers,

from May on the lock opens on Sunday afternoons. The trial costs 900 euros.

Yours sincerely,

Pia Anders, head of the harbour office
"""


def test_a_letter_is_by_who_signed_it_and_a_day_of_each_week_has_no_date() -> None:
    with Assistant.from_documents([Document("l", "Lock letter", LETTER)], llm="none") as bot:
        assert "Pia Anders" in bot.ask("Who wrote the letter?").text
        assert "2 March" not in bot.ask("What happens on Sunday?").text


ASPECTS = """# Oats

The trade is changing in three ways:

Buyers want less sugar. Sweet bars lost a tenth of their sales.

Shops want small packs. One chain asked for 200 grams.

Farmers want longer contracts. Most ask for five years.

The mill at Arl opened in 1999.
"""


def test_a_lead_brings_as_many_paragraphs_as_it_announces() -> None:
    with Assistant.from_documents([Document("o", "Oats", ASPECTS)], llm="none") as bot:
        answer = bot.ask("In which ways is the trade changing?")
    assert [item.text for item in answer.items] == [
        "Buyers want less sugar.",
        "Shops want small packs.",
        "Farmers want longer contracts.",
    ]
    assert all(ASPECTS[c.start : c.end] == c.quote for c in answer.citations)


@pytest.mark.parametrize(
    "asked", ["who wrote the report and when was it published", "author and date of this"]
)
def test_a_detail_that_is_not_given_is_named_beside_the_one_that_is(
    bot: Assistant, asked: str
) -> None:
    answer = bot.ask(asked, shape=Shape.ABOUT_DOCUMENT)
    assert "3 March 2023" in answer.text
    assert ("author" in " ".join(answer.notes)) == ("Author" not in answer.text)
