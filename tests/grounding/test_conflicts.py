"""Statements that disagree, and those that only look so."""

from __future__ import annotations

import pytest

from askali import Answer, Assistant, Document, Reason
from askali.grounding.conflicts import takes_back

FIRE = "The fire in the Alder mill killed {} people on Monday."
DISAGREE = [
    ("How many people did the fire in the Alder mill kill?", FIRE.format(12), FIRE.format(14)),
    (
        "How many people did the fire in the Alder mill kill?",
        FIRE.format("twelve"),
        FIRE.format("fourteen"),
    ),
    (
        "How much did the board approve for new books?",
        "The board approved the purchase of 1,200 new books at a cost of £12,500.",
        "The board approved the purchase of 1,200 new books at a cost of £14,500.",
    ),
    (
        "When does the Alder library open on Sundays?",
        "The Alder library opens on Sundays from 1 September 2024.",
        "The Alder library opens on Sundays from 1 October 2024.",
    ),
    (
        "What share of visitors of the Alder library want Sundays?",
        "Of 412 visitors of the Alder library 71% want it to open on Sundays.",
        "Of 412 visitors of the Alder library 64% want it to open on Sundays.",
    ),
]
AGREE = [
    (
        "How many people did the fire in the Alder mill kill?",
        FIRE.format(12),
        FIRE.format("twelve"),
    ),
    (
        "How many new books did the board approve?",
        "The board approved the purchase of 1,200 new books at a cost of £12,500.",
        "The board approved the purchase of 1,200 new books at a cost of £14,500.",
    ),
    (
        "When does the Alder library open on Sundays?",
        "The Alder library opens on Sundays from 1 September 2024.",
        "The Alder library opens on Sundays from September 2024.",
    ),
    (
        "How many teachers has the primary school of Elmby in the north?",
        "The primary school of Elmby in the north has 5 teachers.",
        "The primary school of Oakby in the north has 6 teachers.",
    ),
]


@pytest.mark.parametrize(("question", "one", "other"), DISAGREE)
def test_other_values_of_the_same_thing_are_shown_with_both_citations(
    question: str, one: str, other: str
) -> None:
    answer = _ask(question, one, other)
    assert answer.reason is Reason.CONFLICTING
    assert {c.quote for c in answer.citations} == {one, other}
    assert "Paper A (2024-05-01): " in answer.text
    assert "Paper B (2024-05-02): " in answer.text


@pytest.mark.parametrize(("question", "one", "other"), AGREE)
def test_what_is_said_otherwise_or_of_something_else_is_no_conflict(
    question: str, one: str, other: str
) -> None:
    answer = _ask(question, one, other)
    assert answer.reason is not Reason.CONFLICTING
    assert answer.citations


def test_the_reports_of_two_years_do_not_disagree() -> None:
    documents = [
        Document("a", "Annual report 2023", "Spending was £547,900 in all, £341,000 for staff."),
        Document("b", "Annual report 2024", "Spending was £571,200 in all, £352,800 for staff."),
    ]
    with Assistant.from_documents(documents, llm="none") as bot:
        answer = bot.ask("How much was the spending on staff in 2024?")
    assert not answer.abstained
    assert [c.document_id for c in answer.citations] == ["b"]  # the other year is no answer


def _ask(question: str, one: str, other: str) -> Answer:
    documents = [
        Document("a", "Paper A", one, date="2024-05-01"),
        Document("b", "Paper B", other, date="2024-05-02"),
    ]
    with Assistant.from_documents(documents, llm="none") as bot:
        return bot.ask(question)


@pytest.mark.parametrize(
    "text",
    [
        "Subsequently, the news was denied.",
        "Two days later the report turned out to be false.",
        "However, this figure was later corrected.",
        "The plan was abandoned in spring.",
    ],
)
def test_a_sentence_that_undoes_the_one_before_is_noticed(text: str) -> None:
    assert takes_back(text)


@pytest.mark.parametrize(
    "text",
    ["The mayor denied entry to the press.", "The news was read on air.", "It was opened in May."],
)
def test_other_sentences_take_nothing_back(text: str) -> None:
    assert not takes_back(text)


def test_a_rumour_is_quoted_with_its_denial() -> None:
    text = (
        "The Alder library stands in Elm. In May the paper wrote that the Alder library would buy "
        "the mill for 3 million marks. The report was denied by the mayor. The mill is empty."
    )
    with Assistant.from_documents([Document("d", "News", text)], llm="none") as bot:
        answer = bot.ask("For how much would the Alder library buy the mill?")
    assert [c.quote for c in answer.citations][-1] == "The report was denied by the mayor."


APART = [
    ("How many guests does hut B sleep?", "Hut B sleeps 8 guests. Hut C sleeps 20 guests.", "8"),
    (
        "How high is the west dam?",
        "The west dam is 31 metres high. The east dam is 28 metres high.",
        "31",
    ),
    (
        "How much does room 4 cost?",
        "Room 4 costs 80 euros a night. Room 9 costs 95 euros a night.",
        "80",
    ),
    (
        "How many pupils has the school of Elmby?",
        "The school of Elmby has 140 pupils. The school of Oakby has 95 pupils.",
        "140",
    ),
    (
        "When was the blue buoy laid?",
        "The blue buoy was laid on 3 May 2019. The red buoy was laid on 9 June 2021.",
        "2019",
    ),
]


@pytest.mark.parametrize(("question", "text", "value"), APART)
def test_things_told_apart_by_a_letter_number_name_or_adjective_do_not_disagree(
    question: str, text: str, value: str
) -> None:
    with Assistant.from_documents([Document("d", "Survey", text)], llm="none") as bot:
        answer = bot.ask(question)
    assert answer.reason is not Reason.CONFLICTING
    assert value in answer.text


def test_records_of_one_form_in_several_documents_do_not_disagree() -> None:
    documents = [
        Document(f"n{number}", f"n{number}", f"Berth {number} is let to member {number * 7}.")
        for number in range(11, 17)
    ]
    with Assistant.from_documents(documents, llm="none") as bot:
        answer = bot.ask("How many berths are there?")
    assert answer.reason is not Reason.CONFLICTING


def test_files_of_one_name_in_two_folders_are_two_things() -> None:
    documents = [
        Document(
            "2021/bill", "bill", "The bill of Orme Joiners is 480 euros.", source="2021/bill.txt"
        ),
        Document(
            "2022/bill", "bill", "The bill of Orme Joiners is 615 euros.", source="2022/bill.txt"
        ),
    ]
    with Assistant.from_documents(documents, llm="none") as bot:
        answer = bot.ask("How much is the bill of Orme Joiners?")
    assert answer.reason is not Reason.CONFLICTING


def test_the_same_words_under_two_headings_are_of_two_things() -> None:
    opens = "The kiosk opens on {}."
    north, south = opens.format("2 May 2024"), opens.format("7 June 2024")
    text = f"# North kiosk\n\n{north}\n\n# South kiosk\n\n{south}\n"
    with Assistant.from_documents([Document("d", "Kiosks", text)], llm="none") as bot:
        answer = bot.ask("When does the kiosk open?")
    assert answer.reason is not Reason.CONFLICTING


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "How many guests does hut B sleep?",
            "Hut B sleeps 8 guests.",
            "Hut B sleeps 20 guests.",
        ),
        (
            "How high is the west dam?",
            "The west dam is 31 metres high.",
            "The west dam is 28 metres high.",
        ),
        (
            "How much does room 4 cost?",
            "Room 4 costs 80 euros a night.",
            "Room 4 costs 95 euros a night.",
        ),
    ],
)
def test_two_values_of_one_thing_still_disagree(question: str, one: str, other: str) -> None:
    assert _ask(question, one, other).reason is Reason.CONFLICTING
