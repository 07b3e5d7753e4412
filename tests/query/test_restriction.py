import pytest

from askali import Assistant, Document
from askali.domain import Shape
from askali.query.restriction import restricted_to

SHELF = [
    Document("m", "Memo on parking", "The barrier opens at six.", source="inbox/parking.md"),
    Document("r", "Annual report 2021", "The barrier opens at seven."),
    Document("q", "Annual report 2022", "The barrier opens at eight."),
    Document("f", "Lindow", "The barrier opens at nine.", source="/shelf/harbour_minutes.txt"),
]


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("When does the barrier open according to the memo?", ("m",)),
        ("what does the parking memo say on the barrier", ("m",)),
        ("In the minutes, when does the barrier open?", ("f",)),
        ("When does it open in the annual report 2022?", ("q",)),
        ("When does it open in the report?", None),
        ("When does the barrier open?", None),
        ("what does a memo look like", None),
        ("Is parking free?", None),
        ("What does the memo of Lindow say?", ("m",)),
        ("Summarise the report of Lindow", ("f",)),
        ("Summarise the Lindow report", ("f",)),
    ],
)
def test_a_question_that_names_one_document_by_its_kind_is_asked_of_it(
    question: str, ids: tuple[str, ...] | None
) -> None:
    assert restricted_to(question, SHELF) == ids


NAMED = [
    Document("o", "Otter Ferries: review of 2021", "Otter Ferries runs two boats."),
    Document("h", "Heron Trains: review of 2021", "Heron Trains runs three trains."),
]


@pytest.mark.parametrize(
    ("question", "shape", "ids"),
    [
        ("Which boats does Otter Ferries run?", Shape.LIST, ("o",)),
        ("Summarise Heron Trains", Shape.SUMMARY, ("h",)),
        ("When did Otter Ferries buy its boats?", Shape.FACT, None),  # any document may say that
        ("Which boats does Heron run?", Shape.LIST, None),
        ("What do Heron Trains and Otter Ferries run?", Shape.LIST, None),
        ("Which trains run?", Shape.LIST, None),
        ("When was the ferries review written?", Shape.ABOUT_DOCUMENT, ("o",)),
        ("When was it written?", Shape.ABOUT_DOCUMENT, None),
    ],
)
def test_what_is_read_as_a_whole_is_the_document_that_is_called_by_the_name(
    question: str, shape: Shape, ids: tuple[str, ...] | None
) -> None:
    assert restricted_to(question, NAMED, shape=shape) == ids


def test_what_the_asker_chose_is_not_widened() -> None:
    assert restricted_to("what does the memo say", SHELF, ("r", "q")) == ("r", "q")
    assert restricted_to("what does the report say", SHELF, ("r", "m")) == ("r",)


def test_a_single_document_needs_no_restriction() -> None:
    assert restricted_to("what does the memo say", SHELF[:1]) is None


def test_the_answer_comes_from_the_document_that_is_named() -> None:
    with Assistant.from_documents(SHELF, llm="none") as bot:
        answer = bot.ask("When does the barrier open, going by the memo?")
    assert {hit.passage.document_id for hit in answer.evidence} == {"m"}
