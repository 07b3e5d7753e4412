import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askali.errors import QuestionError
from askali.query.spelling import Speller
from askali.query.validation import clean

VOCABULARY = {"alibaba": 9, "investment": 5, "infrastructure": 2, "kaola": 2, "market": 1}


def knows(word: str) -> bool:
    return word in {"market", "share", "founded", "tesla", "much", "over", "years"}


@pytest.mark.parametrize("question", ["", "   ", "?!?", "\n\t"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        clean(question, 100)


def test_a_long_question_is_refused_with_both_numbers() -> None:
    with pytest.raises(QuestionError, match=r"100,000 characters, the limit is 4,000"):
        clean("x" * 100_000, 4000)


@pytest.mark.parametrize("bad", ["a\x00b", "a\x1bb", "a\ud800b"])
def test_characters_that_are_not_text_are_refused_by_place(bad: str) -> None:
    with pytest.raises(QuestionError, match="position 1"):
        clean(bad, 100)


def test_shouting_is_calmed() -> None:
    assert clean("HOW MUCH???!!!   NOW!!", 100) == "HOW MUCH? NOW!"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("how much is alibba investing", "how much is alibaba investing"),
        ("alibbaa investmnet infrastructrue", "alibaba investment infrastructure"),
        ("Tesla market share", "Tesla market share"),
        ("kaola 2019 20x9", "kaola 2019 20x9"),
    ],
)
def test_typos_are_mended_and_names_and_numbers_survive(typed: str, meant: str) -> None:
    assert Speller(VOCABULARY, lambda w: knows(w) or w == "investing").correct(typed) == meant


@given(st.text(max_size=60))
def test_correction_never_changes_digits(text: str) -> None:
    def digits(s: str) -> list[str]:
        return [c for c in s if c.isdigit()]

    assert digits(Speller(VOCABULARY, knows).correct(text)) == digits(text)


def test_a_word_is_never_turned_into_its_opposite() -> None:
    vocabulary = {"damaged": 3, "profitable": 2, "paid": 1}
    asked = "Why were undamaged pins exchanged, and is it unprofitable?"
    assert Speller(vocabulary, lambda w: w in {"pins", "exchanged"}).correct(asked) == asked


def test_one_word_of_half_a_million_is_found_in_a_moment() -> None:
    vocabulary = {f"w{number:x}ing"[::-1]: 1 for number in range(500_000)} | {"orchard": 1}
    speller = Speller(vocabulary, lambda word: False)
    speller.correct("the orchad")
    started = time.process_time()  # not of the clock: other work must not fail it
    assert speller.correct("the orchad") == "the orchard"
    assert time.process_time() - started < 0.25
