"""Yes and no are said only where a sentence decides by its own words."""

import pytest

from askali.answering.yes_no import statement, yes_or_no


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Did Acme close its plant?", "Acme did close its plant"),
        ("is the harbour frozen", "the harbour is frozen"),
        ("And has Tarn a mayor?", "Tarn has a mayor"),
    ],
)
def test_a_yes_no_question_becomes_its_statement(question: str, asked: str) -> None:
    assert statement(question) == asked


@pytest.mark.parametrize(
    "question", ["Who closed it?", "Did it open or close?", "Didn't it close?", "Is it not open?"]
)
def test_other_and_ambiguous_questions_have_no_statement(question: str) -> None:
    assert statement(question) is None


@pytest.mark.parametrize(
    ("question", "sentence", "said"),
    [
        ("Did Acme close its plant in Tarn?", "Acme closed its plant in Tarn in 2019.", "Yes"),
        ("Did Acme close its plant in Tarn?", "Acme did not close its plant in Tarn.", "No"),
        ("Did Acme close its plant in Tarn?", "Acme plans to close its plant in Tarn.", ""),
        ("Did Acme close its plant in Tarn?", "Borea closed its plant in Tarn.", ""),
        ("Did Acme invest 5 billion yuan?", "Acme invested 6 billion yuan.", ""),
        ("Is the harbour closed in winter?", "The harbour is closed in winter.", "Yes"),
    ],
)
def test_the_sentence_decides_or_nothing_is_said(question: str, sentence: str, said: str) -> None:
    assert yes_or_no(question, [sentence]) == said
