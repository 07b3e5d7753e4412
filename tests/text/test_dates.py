"""Periods: what a text gives, and how well they fit a question's."""

import pytest

from askali import Assistant, Document
from askali.text.dates import (
    Period,
    is_of_other_time,
    periods,
    timeliness,
    without_time,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in 1998", [(1998, 1999)]),
        ("Mayor from June 2001 to February 2008", [(2001 + 5 / 12, pytest.approx(2008 + 2 / 12))]),
        ("Hildegard Dahl (1998–2002)", [(1998, 2003)]),
        ("between 1976 and 1981", [(1976, 1982)]),
        ("founded in 1990, sold in 1995", [(1990, 1991), (1995, 1996)]),
        ("throughout the 1970s", [(1970, 1980)]),
        ("on 4 March", []),
        ("4.3 million", []),
    ],
)
def test_a_text_gives_periods(text: str, expected: list[tuple[float, float]]) -> None:
    assert periods(text) == tuple(Period(*one) for one in expected)


def test_the_same_period_fits_fully_and_another_not_at_all() -> None:
    asked = periods("from 1998 to 2002")
    assert timeliness(asked, "She led it from 1998 to 2002.") == 1
    assert timeliness(asked, "She led it from 1980 to 1984.") == 0
    assert timeliness(asked, "She led it for long.") == 0
    assert timeliness((), "She led it from 1998 to 2002.") == 0


def test_a_period_that_begins_alike_fits_better_than_one_that_only_overlaps() -> None:
    asked = periods("from 1998 to 2002")
    assert timeliness(asked, "Elected in 1998.") > timeliness(asked, "Re-elected in 2000.") > 0


def test_who_held_an_office_in_a_period_is_told_by_the_period() -> None:
    text = (
        "Ann Dahl led the Oak Union from 1984 to 1989. Bo Ek led the Oak Union from 1990 to 1997. "
        "Cy Fors led the Oak Union from 1998 to 2006. Di Gran led the Oak Union from 2007 to 2015."
    )
    with Assistant.from_documents([Document("d", "Oak Union", text)], llm="none") as bot:
        answer = bot.ask("Who led the Oak Union from 1991 to 1996?")
    assert answer.citations[0].quote.startswith("Bo Ek")


def test_a_text_is_of_another_time_where_it_gives_only_other_periods() -> None:
    told = ["Edda Holm was librarian from 1968 to 1984."]
    assert is_of_other_time("Who was librarian from 1955 to 1960?", told)
    assert not is_of_other_time("Who was librarian in 1970?", told)
    assert not is_of_other_time("Who was librarian?", told)
    assert not is_of_other_time("Who was librarian from 1955 to 1960?", ["Edda Holm was."])


def test_after_a_year_asks_about_no_period() -> None:
    assert not is_of_other_time("Who led it after 1998?", ["In 2004 Bo Ek led it."])
    assert is_of_other_time("Who led it in 1998?", ["In 2004 Bo Ek led it."])


def test_a_question_about_a_time_that_the_source_does_not_speak_of_is_refused() -> None:
    text = (
        "Edda Holm was librarian of Oak from 1968 to 1984. "
        "Bo Ek was librarian of Oak from 1985 to 1997."
    )
    with Assistant.from_documents([Document("d", "Oak", text)], llm="none") as bot:
        assert bot.ask("Who was librarian of Oak from 1955 to 1960?").abstained
        answer = bot.ask("Who was librarian of Oak in 1975?")
    assert [c.quote[:10] for c in answer.citations] == ["Edda Holm "]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who was librarian from 1970 to 1975?", "Who was librarian?"),
        ("Who was librarian in 1970?", "Who was librarian?"),
        ("In 1970, who was librarian?", "who was librarian?"),
        ("Who was librarian between May 1970 and 1975?", "Who was librarian?"),
        ("Who was librarian from 1980 to 1990?", "Who was librarian from 1980 to 1990?"),
        ("Who was librarian after 1970?", "Who was librarian after 1970?"),
        ("Who was librarian?", "Who was librarian?"),
    ],
)
def test_a_period_that_the_text_covers_need_not_be_asked(question: str, asked: str) -> None:
    assert without_time(question, "Edda Holm was librarian from 1968 to 1984.") == asked


def test_a_period_is_asked_where_a_text_gives_others_beside() -> None:
    question = "What was sold in 2019?"
    assert without_time(question, "In 2019 it sold mills, in 2018 barns.") == question
    assert without_time("What does the 2019 report say?", "In 2019 it sold mills.") == (
        "What does the 2019 report say?"
    )
