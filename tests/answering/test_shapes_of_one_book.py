"""What each shape makes of one farm's book: tables, prose, a form and a list in a sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from askali import Assistant, Document
from askali.answering.shapes.arithmetic import operation
from askali.answering.shapes.blocks import enumerated
from askali.answering.shapes.extraction import kind_of
from askali.answering.shapes.operand_choice import Operation
from askali.answering.shapes.tabular import alike, number, scale
from askali.domain import Reason, Shape

FARM = """# Farm book of Tidewater

Written by Greta Holm. Last updated on 9 June 2021.

## Animals

| Animal | Heads 2019 | Heads 2020 | Feed (kg) |
|---|---:|---:|---:|
| Goats | 40 | 46 | 92 |
| Sheep | 120 | 96 | 240 |
| Geese | 15 | 15 | 12 |
| Ponies | 4 | 6 | 60 |

## The year

On 4 February 2020 the barn roof was blown off.
The new roof cost 8,400 euros, of which the insurer paid 6,300 euros.
In August 2020 two ponies were bought from Ulf Brandt for 1,900 euros. On 12 May 2020 the well was
cleaned.
Holm told the dairy: "We sell no milk in winter." The vet, Dr. Ines Falk, came eleven times.

## Milking

To milk a goat, wash your hands and tie the goat to the rail. Press the teat from the top. Never
pull it.
The milk is cooled to 4 °C within an hour because it spoils fast in summer. The parlour is open from
5:30 to 7:00.

## Contact

Telephone: 0555 204 118. E-mail: farm@tidewater.example. Address: Dyke Road 3, Tidewater.

The farm sells four things: cheese, wool, goose down and riding lessons.
"""


@pytest.fixture(scope="module")
def bot() -> Iterator[Assistant]:
    document = Document("f", "Farm book of Tidewater", FARM)
    with Assistant.from_documents([document], llm="none") as bot:
        yield bot


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Which animals have more than 30 heads in 2020?", ["Goats", "Sheep"]),
        ("Which animals have fewer than 10 heads in 2020?", ["Ponies"]),
        ("Which animals were fewer in 2020 than in 2019?", ["Sheep"]),
        ("Which animals were more in 2020 than in 2019?", ["Goats", "Ponies"]),
        ("List what the farm sells", ["cheese", "wool", "goose", "riding"]),
    ],
)
def test_a_list_has_what_meets_the_condition(
    bot: Assistant, question: str, names: list[str]
) -> None:
    answer = bot.ask(question, shape=Shape.LIST)
    assert [item.text.split()[0] for item in answer.items] == names
    assert all(item.citations for item in answer.items)


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("how many heads of sheep in 2020", ["Sheep", "96"]),
        ("Which animal eats the most feed?", ["Sheep", "240"]),
        ("which animal has the fewest heads in 2020", ["Ponies", "6"]),
    ],
)
def test_a_cell_is_said_with_its_row_alone(bot: Assistant, question: str, row: list[str]) -> None:
    answer = bot.ask(question, shape=Shape.FACT)
    assert answer.table is not None
    assert [[cell.text for cell in cells] for cells in answer.table.rows] == [row]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("how many animals are listed?", "4 are listed"),
        ("How many things does the farm sell?", "four things"),
        ("How often did the vet come?", "eleven times"),
    ],
)
def test_what_is_counted_is_stated_or_listed(bot: Assistant, question: str, said: str) -> None:
    assert said in bot.ask(question, shape=Shape.COUNT).text


def test_what_the_farm_has_none_of_is_not_counted(bot: Assistant) -> None:
    assert bot.ask("How many tractors does the farm have?", shape=Shape.COUNT).abstained


@pytest.mark.parametrize(
    ("question", "result", "operands"),
    [
        ("sum of the feed of goats and sheep", "332 kg", 2),
        ("average feed of the animals", "101 kg", 4),
        ("By how many percent did the heads of sheep fall from 2019 to 2020?", "20%", 2),
        ("What share of the roof's cost did the insurer pay, in percent?", "75%", 2),
    ],
)
def test_a_result_is_computed_of_cited_figures(
    bot: Assistant, question: str, result: str, operands: int
) -> None:
    answer = bot.ask(question, shape=Shape.ARITHMETIC)
    assert f"{result}**" in answer.text
    assert len(answer.items) == operands
    assert all(FARM[c.start : c.end] == c.quote for c in answer.citations)
    assert any(result in note for note in answer.notes)


def test_heads_are_not_subtracted_from_feed(bot: Assistant) -> None:
    answer = bot.ask(
        "difference between the heads of goats and the feed of sheep", shape=Shape.ARITHMETIC
    )
    assert answer.abstained
    assert "same unit" in answer.text


def test_a_timeline_is_in_the_order_of_time_not_of_the_text(bot: Assistant) -> None:
    answer = bot.ask("timeline of 2020", shape=Shape.TIMELINE)
    assert [item.label for item in answer.items] == [
        "4 February 2020",
        "12 May 2020",
        "August 2020",
    ]
    of_may = bot.ask("what happened in May 2020, by date", shape=Shape.TIMELINE)
    assert [item.label for item in of_may.items] == ["12 May 2020"]


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("all amounts of money", ["8,400 euros", "6,300 euros", "1,900 euros"]),
        ("which people are mentioned", ["Greta Holm", "Ines Falk"]),
        ("phone numbers", ["0555 204 118"]),
        ("e-mail addresses", ["farm@tidewater.example"]),
        ("all temperatures", ["4 °C"]),
        ("quotes by Holm", ["“We sell no milk in winter.”"]),
        ("which times of day are given", ["5:30", "7:00"]),
    ],
)
def test_everything_of_a_kind_is_pulled_out_once(
    bot: Assistant, question: str, values: list[str]
) -> None:
    answer = bot.ask(question, shape=Shape.EXTRACT)
    assert [item.text.partition(" – ")[0] for item in answer.items] == values


def test_a_kind_that_does_not_occur_is_refused(bot: Assistant) -> None:
    assert bot.ask("which percentages are given", shape=Shape.EXTRACT).abstained


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("who wrote this", "Greta Holm"),
        ("when was it updated", "9 June 2021"),
        ("how long is the document", "4 sections"),
        ("what sections does it have", "- Milking"),
    ],
)
def test_the_document_as_such_is_read_from_its_record_and_edges(
    bot: Assistant, question: str, said: str
) -> None:
    assert said in bot.ask(question, shape=Shape.ABOUT_DOCUMENT).text


def test_what_no_record_has_is_not_answered_with_another_detail(bot: Assistant) -> None:
    answer = bot.ask("what is the ISBN", shape=Shape.ABOUT_DOCUMENT)
    assert answer.abstained
    assert not answer.citations


def test_two_years_are_compared_by_their_columns(bot: Assistant) -> None:
    answer = bot.ask("compare 2019 and 2020 heads of ponies", shape=Shape.COMPARE)
    assert answer.table is not None
    assert answer.table.columns == ("Animal", "Heads 2019", "Heads 2020")
    assert [cell.text for cell in answer.table.rows[0]] == ["Ponies", "4", "6"]


def test_what_is_compared_with_a_thing_that_is_not_there_is_refused(bot: Assistant) -> None:
    assert bot.ask("compare the well and the lighthouse", shape=Shape.COMPARE).abstained


def test_a_way_is_told_by_the_whole_of_a_short_paragraph(bot: Assistant) -> None:
    answer = bot.ask("how do I milk a goat", shape=Shape.HOW)
    assert [c.quote.split()[0] for c in answer.citations] == ["To", "Press", "Never"]


def test_a_reason_is_the_sentence_with_its_because(bot: Assistant) -> None:
    answer = bot.ask("why is the milk cooled", shape=Shape.WHY)
    assert [c.quote for c in answer.citations] == [
        "The milk is cooled to 4 °C within an hour because it spoils fast in summer."
    ]


def test_a_section_is_summarised_by_its_own_sentences(bot: Assistant) -> None:
    answer = bot.ask("summarise the milking", shape=Shape.SUMMARY)
    assert len(answer.items) > 2
    assert all(c.heading.startswith("Milking") for c in answer.citations)


def test_advice_is_refused_and_what_comes_near_is_shown(bot: Assistant) -> None:
    answer = bot.ask("should I buy goats", shape=Shape.OUTSIDE)
    assert answer.abstained
    assert answer.reason is Reason.RELATED_BUT_NOT_STATED
    assert answer.citations


def test_a_farewell_suggests_no_further_question(bot: Assistant) -> None:
    assert not bot.ask("bye", shape=Shape.SMALL_TALK).text.count("- ")
    assert bot.ask("hello", shape=Shape.SMALL_TALK).text.count("\n- ") == 3


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("It has three rooms: a hall, a kitchen and a bath.", ["a hall", "a kitchen", "a bath"]),
        ("Owed are Ann 3 and Bo 2 and Cy 1.", ["Owed are Ann 3", "Bo 2", "Cy 1"]),
        ("He came and went.", []),
        ("It is closed (on Mondays, Fridays and holidays).", []),
    ],
)
def test_a_sentence_enumerates_after_its_colon_or_not_at_all(
    sentence: str, parts: list[str]
) -> None:
    assert enumerated(sentence) == parts


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("what is 12 percent of the budget", Operation.PORTION),
        ("by how many percent did sales grow", Operation.CHANGE),
        ("what percentage went to schools", Operation.CHANGE),
        ("what share of the cost was paid", Operation.SHARE),
        ("how much more did A cost than B", Operation.DIFFERENCE),
        ("cost per household", Operation.QUOTIENT),
        ("the mean of both", Operation.AVERAGE),
        ("altogether, how much", Operation.SUM),
        ("who is the mayor", None),
    ],
)
def test_the_first_word_of_an_operation_names_it(question: str, wanted: Operation | None) -> None:
    assert operation(question) is wanted


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("give me word for word what she said", "quotes"),
        ("telephone numbers please", "phones"),
        ("list all deadlines", "dates"),
        ("times of day", "times"),
        ("which companies occur", "companies"),
        ("what is beautiful", None),
    ],
)
def test_what_is_to_be_pulled_out_is_told_by_its_word(question: str, kind: str | None) -> None:
    assert kind_of(question) == kind


def test_a_cell_is_read_as_a_figure_or_not_at_all() -> None:
    assert str(number("−1,250.5 kg")) == "-1250.5"
    assert number("–") is None
    assert scale("Loans (thousand marks)") == 1000
    assert scale("Loans") == 1
    assert alike("tonn", "tonnag")
    assert not alike("ton", "tonnag")
