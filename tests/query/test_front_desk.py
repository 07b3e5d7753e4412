import pytest

from askali.query.front_desk import (
    Field,
    Social,
    asked_fields,
    may_be_social,
    social,
)


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("Hello!", Social.GREETING),
        ("good afternoon everyone", Social.GREETING),
        ("hey askali", Social.GREETING),
        ("many thanks, that's very helpful", Social.THANKS),
        ("thx :)", Social.THANKS),
        ("bye for now", Social.FAREWELL),
        ("who are you?", Social.IDENTITY),
        ("What can you do for me?", Social.HELP),
        ("help", Social.HELP),
        ("ok great", Social.OTHER),
    ],
)
def test_a_message_that_is_social_as_a_whole_is_small_talk(message: str, wanted: Social) -> None:
    assert social(message) is wanted


@pytest.mark.parametrize(
    "message",
    [
        "hi, who owns the ferry?",
        "thanks, and the second bridge?",
        "help with the boiler",
        "who helped the crew",
        "What did the mayor say this morning?",
        "who are the owners",
        "good?",
        "",
    ],
)
def test_a_message_with_a_word_on_something_else_is_a_question(message: str) -> None:
    assert social(message) is None


def test_what_has_a_name_a_number_or_two_words_of_its_own_is_no_small_talk() -> None:
    assert may_be_social("nice to meet you")
    assert not may_be_social("nice to meet Marlow")
    assert not may_be_social("are you open at 9")
    assert not may_be_social("ways to reach the office")


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        ("who wrote the memo", (Field.AUTHOR,)),
        ("by whom was this drawn up", (Field.AUTHOR,)),
        ("who compiled this", (Field.AUTHOR,)),
        ("title please", (Field.TITLE,)),
        ("what is it called", (Field.TITLE,)),
        ("when was this published", (Field.DATE,)),
        ("which newspaper is it from?", (Field.PUBLISHER,)),
        ("what language is the letter in", (Field.LANGUAGE,)),
        ("how long is the text", (Field.LENGTH,)),
        ("number of pages", (Field.LENGTH,)),
        ("which chapters are there", (Field.SECTIONS,)),
        ("file name?", (Field.FILE,)),
        ("where does this come from", (Field.FILE,)),
        ("which files are loaded", (Field.LIBRARY,)),
        ("title and author?", (Field.AUTHOR, Field.TITLE)),
        ("what document is this", (Field.RECORD,)),
    ],
)
def test_the_detail_that_is_asked_for_is_told_by_its_words(
    question: str, fields: tuple[Field, ...]
) -> None:
    assert asked_fields(question) == fields
