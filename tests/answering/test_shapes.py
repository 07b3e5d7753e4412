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
