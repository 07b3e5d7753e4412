"""What it means to say something, and where sentences begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askali.domain import Answer, Citation, Claim, Document
from askali_evals.errors import FactsError
from askali_evals.scoring.spans import Span, find, is_whole, sentences, sentences_of
from askali_evals.scoring.support import is_supported, unsupported
from askali_evals.scoring.text import numbers, says, without_markers, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is 380  Billion\nyuan.", "380 billion yuan"),
        ("the “core” of it", 'the "core"'),
        ("It took ten times as long", "/tenfold|ten times/"),
        ("Alibaba's plan", "alibaba's"),
        ("up 17.2%, mainly", "17.2%"),
        ("No, it did not.", "no"),
        ("Two penguins walk in.", "penguin"),
        ("the robot's arm", "robot"),
    ],
)
def test_a_text_says(text: str, expected: str) -> None:
    assert says(text, expected)


def test_a_pattern_without_end_is_told_and_does_not_hang() -> None:
    with pytest.raises(FactsError, match=r"/\(a\|aa\)\+\$/: the pattern takes more than 2 s"):
        says("a" * 80 + "b", "/(a|aa)+$/")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in 2015", "5"),
        ("5.2 million", "5"),
        ("1,582 million", "582"),
        ("1,582 million", "1"),
        ("I know", "no"),
        ("investors", "invest"),
    ],
)
def test_a_text_does_not_say(text: str, expected: str) -> None:
    assert not says(text, expected)


def test_a_marker_is_not_part_of_what_is_said() -> None:
    assert without_markers("It is so [1]. Or not [12].") == "It is so. Or not."
    assert numbers("In 2024 [3] it was 2,600.5") == {"2024", "2600.5"}
    assert len(words("It is well-known, isn't it [1]?")) == 5


@given(st.text(max_size=60), st.text(min_size=1, max_size=10))
def test_saying_never_fails_on_any_text(text: str, expected: str) -> None:
    if not (expected.startswith("/") and expected.endswith("/")):
        says(text, expected)


@given(st.text(alphabet='ab .!?\n"', max_size=80))
def test_reference_sentences_are_in_order_and_inside_of_the_text(text: str) -> None:
    end = 0
    for start, stop in sentences(text):
        assert end <= start < stop <= len(text)
        end = stop


TEXT = 'Intro\n\nOne is first, of 3.5 km. "Two is second." Three Co., Ltd. is third.\n\nFour.'


def test_whole_sentences_are_told_from_cut_ones() -> None:
    for start, end in sentences(TEXT):
        assert is_whole(TEXT, start, end)
        assert not is_whole(TEXT, start + 1, end)
        assert not is_whole(TEXT, start, end - 1)


def test_spans_meet_when_they_share_half_of_the_shorter() -> None:
    assert Span("d", 0, 10).meets(Span("d", 5, 30))
    assert not Span("d", 0, 10).meets(Span("d", 6, 30))
    assert not Span("d", 0, 10).meets(Span("e", 0, 10))


def test_a_quote_is_found_wherever_it_stands_with_the_sentences_around_it() -> None:
    document = Document("d", "d", TEXT)
    (span,) = find("of 3.5 km", {"d": document})
    (sentence,) = sentences_of(span, document)
    assert TEXT[sentence.start : sentence.end] == "One is first, of 3.5 km."


@pytest.mark.parametrize(
    "claim", ["Sales grew by 12%.", "The firm's sales grew 12% in May.", "sales GREW by 12%"]
)
def test_a_supported_claim(claim: str) -> None:
    assert is_supported(claim, "In May, the firm said sales grew by 12%.")


@pytest.mark.parametrize(
    "claim",
    ["Sales grew by 13%.", "Sales never grew by 12%.", "Whales swim south in winter."],
)
def test_an_unsupported_claim(claim: str) -> None:
    assert not is_supported(claim, "In May, the firm said sales grew by 12%.")


def test_claims_without_citations_and_figures_from_nowhere_are_unsupported() -> None:
    cited = Citation(1, "d", 0, 10, "It was 12.")
    answer = Answer("q", "q", "It was 12 [1]. Or 40.", (Claim("It was 12", (1,)),), (cited,))
    assert unsupported(answer) == ["the figure 40 is in no citation"]
    loose = Answer("q", "q", "It was.", (Claim("It was", ()), Claim("It was", (2,))), (cited,))
    assert [line.split(":")[0] for line in unsupported(loose)] == [
        "claim without a citation",
        "claim cites [2], which is not there",
    ]
    assert unsupported(Answer("q", "q", "Well.")) == ["an answer without a claim"]
