import pytest
from hypothesis import given
from hypothesis import strategies as st

from askali.grounding.evidence_keys import Draft, key_letter, read_drafts


def drafts(text: str, step: int = 1, letters: str = "S") -> list[Draft]:
    return list(read_drafts((text[i : i + step] for i in range(0, len(text), step)), letters))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("A is 1. [S1]\nB is 2 [S2][S3].\n", [("A is 1.", (1,)), ("B is 2.", (2, 3))]),
        ("A. [S1] B. [S2]", [("A.", (1,)), ("B.", (2,))]),
        ("A [S1, S2] then [sic] B (S3)", [("A", (1, 2)), ("then [sic] B", (3,))]),
        ("A [S1] and [S2].", [("A.", (1, 2))]),
        ("A [S1] and B too [S2]", [("A and B too", (1, 2))]),
        ("- **A** `x` [S1]\n2. B [S2]", [("A x", (1,)), ("B", (2,))]),
        ("3800亿元。[S1]\n", [("3800亿元。", (1,))]),
        ("Here is the answer:\nA [S9]", [("A", (9,))]),
        ("<think>so [S1]\nhm [S2]</think>A [S1]", [("A", (1,))]),
        ("<think>so [S1]", []),
        ("The source does not say.", []),
        ("A [1]", []),
        ("A\x1b[2] is\u202e so [2] [S1]", [("A is so", (1,))]),
        ("A [S", []),
        ("[S1]", []),
        ("", []),
    ],
)
def test_statements_are_read_with_their_keys(written: str, expected: list[object]) -> None:
    assert [(d.text, d.numbers) for d in drafts(written)] == expected
    assert drafts(written, 1000) == drafts(written)


def test_a_statement_is_given_out_before_the_next_is_written() -> None:
    given_out = []

    def pieces():
        yield "A is 1. [S1"
        assert given_out == []
        yield "]\nB is"
        assert given_out == [Draft("A is 1.", (1,))]
        yield " 2. [S2]"

    for draft in read_drafts(pieces(), "S"):
        given_out.append(draft)
    assert len(given_out) == 2


@given(st.text("ab S[]()1,2.\n<think>/", max_size=60), st.integers(1, 7))
def test_nothing_depends_on_how_the_text_was_cut(text: str, step: int) -> None:
    assert drafts(text, step) == drafts(text, 1000)


@given(st.text("ab S[](),.1\n", max_size=60))
def test_no_statement_holds_a_key(text: str) -> None:
    assert not any("[S1" in draft.text for draft in drafts(text))


@given(st.lists(st.text("SEKQ1x[ ", max_size=30), max_size=4))
def test_a_key_occurs_in_no_text(texts: list[str]) -> None:
    letters = key_letter(texts)
    assert not any(f"[{letters}1" in text for text in texts)


def test_a_source_with_our_usual_keys_gets_others() -> None:
    assert key_letter(["see [S1]", "and [E2]"]) == "K"
