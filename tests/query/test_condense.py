import pytest

from askali.domain import Turn
from askali.query.condense import condense_question


def after(*turns: str) -> list[Turn]:
    return [Turn("user" if i % 2 == 0 else "assistant", text) for i, text in enumerate(turns)]


UNITREE = after(
    "Who founded Unitree?",
    'Wang Xingxing, the founder of Unitree, said in July that revenue reached "one billion". [1]',
)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Is it profitable?", "Is Unitree profitable?"),
        ("What is its revenue?", "What is Unitree's revenue?"),
        ("When did that company apply for an IPO?", "When did Unitree apply for an IPO?"),
        ("the revenue?", "the revenue (Unitree)?"),
        ("what about Zebra Network?", "Who founded Zebra Network?"),
        ("and Kaola?", "Who founded Kaola?"),
        ("Who is the CEO of Tencent?", "Who is the CEO of Tencent?"),
    ],
)
def test_a_follow_up_becomes_a_question_of_its_own(asked: str, meant: str) -> None:
    assert condense_question(asked, UNITREE) == meant


def test_why_takes_up_the_question_before() -> None:
    history = after("Did Kaola shut down?", "Kaola came to a halt. [1]")
    assert condense_question("why?", history) == "why Did Kaola shut down?"


def test_another_year_replaces_the_year() -> None:
    history = after("What was the loss of Zebra in 2023?", "It was 2.")
    assert condense_question("and in 2024?", history) == "What was the loss of Zebra in 2024?"


def test_the_other_one_is_a_name_that_only_the_answer_had() -> None:
    history = after("What does Zhipu bet on?", "It bets as Zhipu does; also MiniMax does. [1]")
    assert condense_question("and the other one?", history) == "What does MiniMax bet on?"


def test_a_chain_of_three_keeps_its_topic() -> None:
    history = [*UNITREE, *after("Is it profitable?", "Yes, since 2020. [1]")]
    assert condense_question("why?", history).endswith("Is Unitree profitable?")


def test_without_history_a_question_stays_as_it_is() -> None:
    assert condense_question("What is it?", []) == "What is it?"


def test_a_name_before_the_pronoun_is_what_it_means() -> None:
    assert condense_question("When did Kaola say it would close?", UNITREE).startswith(
        "When did Kaola"
    )


def test_an_object_pronoun_means_the_topic_and_not_the_subject_before_it() -> None:
    history = after("When was Kaola launched?", "NetEase launched Kaola in 2015. [1]")
    assert condense_question("how much did Alibaba pay for it?", history) == (
        "how much did Alibaba pay for Kaola?"
    )


@pytest.mark.parametrize(
    ("before", "answer", "asked", "meant"),
    [
        (
            "When did the harbour bridge open?",
            "The bridge was opened in 1932. [1]",
            "How much did it cost?",
            "How much did the harbour bridge cost?",
        ),
        (
            "who designed the old mill",
            "Marta Lindqvist drew the plans. [1]",
            "how old is it?",
            "how old is the old mill?",
        ),
        (
            "who designed the old mill",
            "Marta Lindqvist drew the plans. [1]",
            "where was she born?",
            "where was Marta Lindqvist born?",
        ),
    ],
)
def test_it_is_the_thing_that_was_asked_about_even_without_capitals(
    before: str, answer: str, asked: str, meant: str
) -> None:
    assert condense_question(asked, after(before, answer)) == meant
