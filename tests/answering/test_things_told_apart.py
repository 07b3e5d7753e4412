"""Asked for one thing of several alike: that one, how many there are, and which has most."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from askali import Assistant, Document

BERTHS = """Berth A takes 3 boats and costs 40 euros a night. Berth B takes 7 boats and costs 55
euros a night. Berth C takes 5 boats and costs 35 euros a night. The berths were dredged in 2011."""

FLATS = [
    Document(f"flat{n}", f"flat{n}", f"Flat {n} is let to {who}. It was last painted by {painter}.")
    for n, who, painter in (
        (1, "tenant number 30", "crew 2"),
        (2, "tenant number 41", "crew 5"),
        (14, "tenant number 52", "crew 12"),
    )
]


@pytest.fixture(scope="module")
def port() -> Iterator[Assistant]:
    with Assistant.from_documents([Document("b", "Port", BERTHS)], llm="none") as bot:
        yield bot


@pytest.fixture(scope="module")
def house() -> Iterator[Assistant]:
    with Assistant.from_documents(FLATS, llm="none") as bot:
        yield bot


@pytest.mark.parametrize(
    ("question", "says", "not_says"),
    [
        ("How many boats does berth B take?", "7 boats", "Berth A"),
        ("What does berth C cost a night?", "35", "Berth B"),
        ("When were the berths dredged?", "2011", "Berth A"),
        ("Which berth takes most boats?", "Berth B", "Berth C"),
        ("Which berth takes fewest boats?", "Berth A", "Berth B"),
    ],
)
def test_the_thing_that_is_named_or_stands_out_is_quoted_alone(
    port: Assistant, question: str, says: str, not_says: str
) -> None:
    said = port.ask(question).text
    assert says in said
    assert not_says not in said


@pytest.mark.parametrize(
    "question", ["How many boats does berth D take?", "What does berth 4 cost a night?"]
)
def test_of_a_thing_that_is_not_named_nothing_is_said(port: Assistant, question: str) -> None:
    assert port.ask(question).abstained


def test_things_are_counted_by_their_labels(port: Assistant, house: Assistant) -> None:
    assert [item.text for item in port.ask("How many berths are there?").items] == [
        "Berth A",
        "Berth B",
        "Berth C",
    ]
    answer = house.ask("How many flats are there?")
    assert answer.text.startswith("3 are listed")
    assert all(item.citations for item in answer.items)


@pytest.mark.parametrize(
    ("question", "says", "not_says"),
    [
        ("To whom is flat 14 let?", "tenant number 52", "Flat 1 "),
        ("Which flats were painted by crew 5?", "Flat 2", "crew 12"),
        ("List all flats last painted by crew 12.", "Flat 14", "crew 2."),
    ],
)
def test_over_many_alike_documents_the_right_one_is_meant(
    house: Assistant, question: str, says: str, not_says: str
) -> None:
    said = house.ask(question).text
    assert says in said
    assert not_says not in said


def test_over_many_alike_documents_what_none_states_is_refused(house: Assistant) -> None:
    assert house.ask("To whom is flat 7 let?").abstained


def test_things_told_apart_by_their_order_are_listed_and_meant_one_by_one() -> None:
    text = """The first keeper was Odd Fell, who lit the lamp. The second keeper was Una Marr, who
left in 1931. The third keeper was Petra Lund, who wrote a book. The lamp was red."""
    with Assistant.from_documents([Document("k", "Lighthouse", text)], llm="none") as bot:
        assert len(bot.ask("List the keepers.").items) == 3
        assert bot.ask("How many keepers were there?").text.startswith("3 are listed")
        said = bot.ask("Who was the second keeper?").text
    assert "Una Marr" in said
    assert "Petra" not in said
