import pytest

from askali.text.tokens import analyze, capitals, content_words, words


@pytest.mark.parametrize("spelling", ["full - stack", "full-stack", "full stack", "FULL STACK"])
def test_spellings_of_a_compound_are_the_same_words(spelling: str) -> None:
    assert analyze(spelling) == ["full", "stack"]


def test_a_possessive_is_the_name_alone() -> None:
    assert [w.text for w in words("Alibaba's and Smith’s")] == ["Alibaba", "and", "Smith"]


def test_words_keep_their_spans() -> None:
    text = "R & D, 2.6 billion"
    assert [text[w.start : w.end] for w in words(text)] == ["R", "D", "2", "6", "billion"]


def test_a_question_of_stopwords_keeps_them() -> None:
    assert [w.text for w in content_words("who is it?")] == ["who", "is", "it"]


def test_capitals_leave_out_the_first_word_of_a_sentence() -> None:
    assert capitals("Recently Tencent grew. Then Geely did.") == {"tencent", "geely"}


def test_shouting_has_no_capitals() -> None:
    assert capitals("WHO OWNS ZEBRA NETWORK") == set()


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Does block A have a lift?", ["block", "a", "lift"]),
        ("vitamin d and Vitamin D", ["vitamin", "d", "vitamin", "d"]),
        ("what R & D costs the S&P", ["r", "d", "cost", "s", "p"]),
        ("A block of sentence(s)", ["block", "sentenc"]),
        ("He'd say I'm here, it ' s what they don't", ["don"]),
        ("THE A TEAM", ["team"]),
    ],
)
def test_a_letter_that_tells_things_apart_is_no_small_word(text: str, stems: list[str]) -> None:
    assert analyze(text) == stems
