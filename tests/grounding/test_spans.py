"""Direct answers: new, of the kind asked for, and with what their meaning hangs on."""

from __future__ import annotations

import pytest

from askali.grounding.spans import ground, is_of_kind, repeats, whole
from askali.models.embeddings import shared_encoder
from askali.query.decompose import parts
from askali.query.understanding import understand
from askali.settings import Settings
from askali.text.kinds import AnswerType


def kind_of(question: str) -> AnswerType:
    encoder = shared_encoder(Settings.load().home)
    return understand(question, lambda text: encoder.read(text).vector).kind


_EK = "Jon Ek, the mill's director"
_BOTH = "Ida Koss and her pupil Per Holm"


def _answers(marked: str, question: str) -> bool:
    kind = kind_of(question)
    return not repeats(marked, question) and is_of_kind(marked, question, kind)


@pytest.mark.parametrize(
    ("said", "text", "found"),
    [
        ("4.2 Million  crowns", "It cost 4.2 million\ncrowns.", "4.2 million\ncrowns"),
        ("full-stack", "a full - stack layout", "full - stack"),
        ("5 million crowns", "It cost 4.2 million crowns.", None),
        ("art", "The harbour was part of it.", None),
        ("", "Anything.", None),
    ],
)
def test_words_are_found_as_they_stand_but_for_case_and_spaces(said, text, found) -> None:
    assert ground(said, text, is_exact=True) == found


@pytest.mark.parametrize(
    ("said", "text", "found"),
    [
        ("stay home", "They were staying home for 8 weeks.", "staying home"),
        ("eight weeks", "They stayed for 8 weeks.", "8 weeks"),
        ("12 boats", "It owned twelve boats then.", "twelve boats"),
        ("May 3, 2016", "It opened on 3 May 2016.", "3 May 2016"),
        ("director of the mill, Jon Ek", "Jon Ek, the mill's director, left.", _EK),
        ("because of the disputes", "He left after a dispute with unions.", "dispute"),
        ("Ida Koss and Per Holm", "Ida Koss and her pupil Per Holm built it.", _BOTH),
        ("the year 1911", "It was deepened in 1911.", None),
        ("the", "The end.", None),
    ],
)
def test_words_said_otherwise_are_aligned_by_stem_number_and_order(said, text, found) -> None:
    assert ground(said, text) == found


def test_the_questions_own_words_are_not_part_of_the_answer() -> None:
    text = "Ida Koss has led the yard since 2004."
    said, question = "The head of the yard is Ida Koss", "Who is the head of the yard?"
    assert ground(said, text, question) == "Ida Koss"
    assert ground("The head of the yard is Per Holm", text, question) is None


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
    assert not _answers(marked, question)


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
    assert _answers(marked, question)


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
