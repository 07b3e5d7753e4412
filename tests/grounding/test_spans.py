"""Direct answers: new, of the kind asked for, and with what their meaning hangs on."""

from __future__ import annotations

import pytest

from askali.grounding.spans import is_answer, whole
from askali.models.embeddings import shared_encoder
from askali.query.decompose import parts
from askali.query.question_type import AnswerType
from askali.query.understanding import understand
from askali.settings import Settings


def kind_of(question: str) -> AnswerType:
    encoder = shared_encoder(Settings.load().home)
    return understand(question, lambda text: encoder.read(text).vector).kind


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("Which fungicide was detected?", "the fungicide"),
        ("How old is Imelda Strand?", "Dr. Imelda Strand"),
        ("How many jobs will it create?", "£5 billion"),
        ("Who launched Kaola originally?", "Kaola"),
        ("How much did the bridge cost?", "four years"),
        ("When was it shut?", "the same evening"),
        ("In which three respects does it change?", "three"),
    ],
)
def test_words_that_do_not_answer_are_no_answer(question: str, marked: str) -> None:
    assert not is_answer(marked, question, kind_of(question))


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("Which fungicide was detected?", "boscalid"),
        ("How many pupils has the school?", "340 pupils"),
        ("How many dollars did it cost?", "5 dollars"),
        ("Who launched Kaola?", "NetEase"),
        ("What was the name of the primary colony of France in the New World?", "New France"),
        ("When was it shut?", "on 3 May"),
        ("When was the town founded?", "911"),
        ("What does the mill grind?", "wheat and rye"),
    ],
)
def test_words_that_answer_are_an_answer(question: str, marked: str) -> None:
    assert is_answer(marked, question, kind_of(question))


@pytest.mark.parametrize(
    ("marked", "sentence", "wanted"),
    [
        ("20 people", "Less than 20 people stayed.", "Less than 20 people"),
        ("2.6 billion", "The loss exceeded 2.6 billion yuan.", "exceeded 2.6 billion yuan"),
        ("412", "The bridge is 412 metres long.", "412 metres"),
        ("12", "Of 412 pins, 12 pins broke.", "12 pins"),
        ("2.6 billion", "It cost about $2.6 billion in all.", "about $2.6 billion"),
        ("38", "It grew by 38 % last year.", "38 %"),
        ("Ann Lee", "The mayor is Ann Lee of Elmford.", "Ann Lee"),
        ("Acme", "Recently Acme Steel opened a mill.", "Acme Steel"),
        ("Acme", "It sold Acme, Borea and Corran.", "Acme"),
        ("Monday", "On Monday Acme opened a mill.", "Monday"),
        ("crossings", "There were no crossings.", "no crossings"),
        ("four", "Cracks were found in four of the eighteen pins.", "four of the eighteen"),
        ("four", "He met four of the mayors.", "four"),
        (
            "38 billion yuan",
            "A plan of 38 billion yuan in three years.",
            "38 billion yuan in three years",
        ),
        ("412 hours", "It runs 412 hours a month.", "412 hours a month"),
        ("38 billion yuan", "It spent 38 billion yuan in Hangzhou.", "38 billion yuan"),
        ("Ann Lee", "It was led by Ann Lee for three years.", "Ann Lee"),
    ],
)
def test_a_figure_takes_its_bound_and_its_unit_along(
    marked: str, sentence: str, wanted: str
) -> None:
    assert whole(marked, sentence) == wanted


def test_questions_in_one_are_answered_each_for_itself() -> None:
    assert parts("Who runs Acme and when was it founded?", 2) == (
        "Who runs Acme",
        "when was Acme founded?",
    )
    assert parts("Who runs Acme?", 2) == ("Who runs Acme?",)


def test_the_first_of_many_questions_are_taken_and_each_once() -> None:
    many = "Who runs Acme? Who runs Acme? Where is it? What does it cost? When did it open?"
    assert parts(many, 3) == ("Who runs Acme?", "Where is Acme?", "What does Acme cost?")


def test_what_follows_a_year_is_no_unit_of_it() -> None:
    assert whole("1708", "After its 1708 passage it rose.", AnswerType.DATE) == "1708"
