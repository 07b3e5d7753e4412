import pytest

from askali.query.question_type import (
    AnswerType,
    asks_for_overview,
    asks_for_several,
    expected,
    states,
)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("how much is Acme investing over three years", AnswerType.MONEY),
        ("How many people work there?", AnswerType.NUMBER),
        ("What percentage did it gain?", AnswerType.PERCENT),
        ("When was it founded?", AnswerType.DATE),
        ("in which year did it close", AnswerType.DATE),
        ("Who founded Acme?", AnswerType.PERSON),
        ("Where is it based?", AnswerType.PLACE),
        ("Which company bought it?", AnswerType.ORGANISATION),
        ("Why did it fail?", AnswerType.REASON),
        ("Did it fail?", AnswerType.YES_NO),
        ("How does it work?", AnswerType.MANNER),
        ("What is it?", AnswerType.OTHER),
        ("What sum was set aside for the school?", AnswerType.MONEY),
        ("At what valuation did it go public?", AnswerType.MONEY),
        ("What was the mill's net profit in 2024?", AnswerType.MONEY),
        ("How high was the budget of the town?", AnswerType.MONEY),
        ("How much turnover does it make?", AnswerType.MONEY),
        ("What does the feed cost?", AnswerType.MONEY),
        ("What did the works cost in 1911?", AnswerType.MONEY),
        ("What did the county pay for the ferry?", AnswerType.MONEY),
        ("What did the county pay for?", AnswerType.OTHER),
        ("What did the coast guard do?", AnswerType.OTHER),
        ("What stake does the town hold in it?", AnswerType.PERCENT),
        ("Which spokesman denied it?", AnswerType.PERSON),
        ("Why did the price war end?", AnswerType.REASON),
        ("What is the aim of the price cut?", AnswerType.OTHER),
        ("What was the cause of the loss of the ship?", AnswerType.OTHER),
        ("What caused the loss of life?", AnswerType.OTHER),
    ],
)
def test_question_words_tell_the_kind(question: str, kind: AnswerType) -> None:
    assert expected(question) is kind


@pytest.mark.parametrize(
    ("kind", "with_one", "without"),
    [
        (AnswerType.MONEY, "It paid $2 billion.", "It sold 2 billion chips."),
        (AnswerType.MONEY, "It paid 9.5 million florins.", "It paid in florins."),
        (AnswerType.NUMBER, "It has twenty stores.", "It has stores."),
        (AnswerType.PERCENT, "A 27.7% share.", "A large share."),
        (AnswerType.DATE, "It closed in July.", "It closed."),
        (AnswerType.PERSON, "The founder is Ann Lee.", "The founder is known."),
        (AnswerType.REASON, "It failed because of costs.", "It failed."),
    ],
)
def test_a_sentence_states_a_value_of_the_kind_or_not(
    kind: AnswerType, with_one: str, without: str
) -> None:
    assert states(kind, with_one, "q")
    assert not states(kind, without, "q")


def test_a_value_that_the_question_gave_is_no_answer() -> None:
    assert not states(AnswerType.DATE, "In 2015 it grew.", "When in 2015 did it grow?")


def test_lists_and_comparisons_ask_for_several() -> None:
    assert asks_for_several("Which companies are listed?")
    assert asks_for_several("compare A and B")
    assert not asks_for_several("Who is the CEO?")


@pytest.mark.parametrize(
    "question",
    [
        "What is this article about?",
        "what's it about",
        "Summarize the document, please!",
        "Can you give me a short summary of the text?",
        "TL;DR",
        "What is the main point of the report?",
    ],
)
def test_a_question_about_the_whole_source_is_known(question: str) -> None:
    assert asks_for_overview(question)


@pytest.mark.parametrize(
    "question",
    ["What is the report about DeepSeek?", "What is the gist of the deal?", "Who summed it up?"],
)
def test_a_question_about_a_part_of_it_is_not(question: str) -> None:
    assert not asks_for_overview(question)


def test_the_currency_of_a_row_may_stand_above_it():
    row, question = "| Staff | 2,310 | 2,255 |", "What did the staff cost in 2018?"
    assert not states(AnswerType.MONEY, row, question)
    assert states(AnswerType.MONEY, row, question, under="Costs (thousand crowns) | 2019 | 2018")
    assert not states(AnswerType.MONEY, "| Staff | n/a |", question, under="Costs (crowns) | 2018")
