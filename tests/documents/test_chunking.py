import pytest
from hypothesis import given
from hypothesis import strategies as st

from askali import Document
from askali.documents.chunking import PASSAGE_CHARS, join_passages, split_sentences


def sentences(text: str) -> list[str]:
    return [s.text for s in split_sentences(Document("d", "", text))]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Smith paid $1.5 billion to Acme Inc. in 2020.",
        "The R & D costs of core components are high.",
        "It reached 2.7 million pieces, up 68.5 %.",
        "He works for Yangtze Memory Technologies Co., Ltd. (YMTC).",
        "Dr. Lee of St. Paul came at 5 p.m. on Monday.",
        "Two members, Ms. Adair and Mx. Quill, had voted against the repair.",
        "See Figs. 3 and 4, Eq. 2 and Vol. 5; it cost approx. 5 million.",
    ],
)
def test_abbreviations_and_decimals_do_not_end_a_sentence(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize("unit", ["mm", "m", "g", "hr", "min", "sec", "km", "kg", "ft"])
def test_a_measure_at_the_end_of_a_sentence_ends_it(unit: str) -> None:
    one, two = f"The gap was 37 {unit}.", "Dr. Strand measured it again."
    assert sentences(f"{one} {two}\n") == [one, two]


def test_an_abbreviation_at_the_end_of_a_sentence_ends_it() -> None:
    assert sentences("He asked for a Ch. The others left.") == [
        "He asked for a Ch.",
        "The others left.",
    ]


def test_a_heading_is_context_and_not_a_sentence() -> None:
    text = "The first one.\n\nWhere does it go?\n\nIt goes far away from here."
    found = split_sentences(Document("d", "", text))
    assert [(s.text, s.heading) for s in found] == [
        ("The first one.", ""),
        ("It goes far away from here.", "Where does it go?"),
    ]


def test_a_markdown_heading_loses_its_marks() -> None:
    [sentence] = split_sentences(Document("d", "", "## Costs\n\nIt costs 5 euros."))
    assert sentence.heading == "Costs"


def test_an_image_credit_is_no_evidence() -> None:
    assert sentences("One sentence.\n\nImage source / pexels\n\nAnother sentence.") == [
        "One sentence.",
        "Another sentence.",
    ]


def test_a_line_with_figures_is_a_statement_even_without_a_stop() -> None:
    assert sentences("Revenue: $5 million\n\nThat is a lot of money.")[0] == "Revenue: $5 million"


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "This paragraph was wrapped by an editor at a width of sixty\n"
        "characters, so the line ends mean nothing at all and it has\n"
        "only one sentence."
    )
    assert sentences(text) == [text]


def test_a_question_heading_may_stand_between_questions_of_the_text() -> None:
    text = "We ask two things. Where is it? How is it?\n\nWe do not know yet at all."
    assert sentences(text)[:3] == ["We ask two things.", "Where is it?", "How is it?"]


def test_an_endless_sentence_is_cut_at_a_space() -> None:
    found = split_sentences(Document("d", "", "word " * 1000))
    assert len(found) > 3
    assert all(s.text == s.text.strip() for s in found)


def test_passages_do_not_cross_a_heading() -> None:
    text = "One thing here.\n\nNext Part\n\nAnother thing there."
    document = Document("d", "", text)
    passages = join_passages(document, split_sentences(document))
    assert [p.heading for p in passages] == ["", "Next Part"]


@given(st.text(max_size=2000))
def test_every_span_is_exact_in_order_and_without_overlap(text: str) -> None:
    document = Document("d", "", text)
    found = split_sentences(document)
    assert all(text[s.start : s.end] == s.text for s in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))


@given(st.lists(st.sampled_from(["A short one.", "Heading", "x" * 300 + ".", "\n\n"])))
def test_every_sentence_lies_in_exactly_one_passage(parts: list[str]) -> None:
    document = Document("d", "", "\n".join(parts))
    found = split_sentences(document)
    passages = join_passages(document, found)
    for s in found:
        assert sum(p.start <= s.start and s.end <= p.end for p in passages) == 1
    assert all(len(p.text) <= PASSAGE_CHARS or len(p.text) == 301 for p in passages)


@pytest.mark.parametrize(
    "text",
    [
        "Summary:\n\nTotal cost: 412 euros",
        "Details:\n\nOwner: Ada Holm",
        "Kontakt:\n\nTelefon: 0431 22",
    ],
)
def test_a_label_takes_no_value_that_has_a_label_of_its_own(text: str) -> None:
    document = Document("d", "d", text)
    assert [s.text for s in split_sentences(document)] == text.split("\n\n")
