"""Questions that compare: their sides, their evidence, and answers that name their documents."""

from __future__ import annotations

import pytest

from askali import Assistant, Document
from askali.domain import Hit, Passage
from askali.query.decompose import asks_to_compare, sides
from askali.retrieval.hybrid import spread

REPORTS = [
    Document("a", "Annual report 2023", "The mill made 4,100 tonnes of flour.", date="2024-02-01"),
    Document("b", "Annual report 2024", "The mill made 4,700 tonnes of flour.", date="2025-02-03"),
    Document("c", "Visiting the mill", "The mill opens at nine. A ticket costs four euros."),
]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Compare the visits in 2023 and 2024.", ("the visits in 2023", "the visits in 2024")),
        (
            "What is the difference between the loans in 2023 and in 2024?",
            ("the loans in 2023", "the loans in 2024"),
        ),
        (
            "How do the guarantees of Hartley Heating and Nordic Warmth differ?",
            ("the guarantees of Hartley Heating", "the guarantees of Nordic Warmth"),
        ),
        (
            "How does the guarantee of Hartley compare with that of Nordic?",
            ("the guarantee of Hartley", "the guarantee of Nordic"),
        ),
        (
            "Compare the contracts with Hartley Heating and Sparkle Cleaning.",
            ("the contracts with Hartley Heating", "the contracts with Sparkle Cleaning"),
        ),
        (
            "How much did the council pay in 2023 and in 2024?",
            ("How much did the council pay in 2023?", "How much did the council pay in 2024?"),
        ),
        ("How does oxygen differ from nitrogen?", ()),
        (
            "Compare the price of bread and the mood of the baker.",
            ("the price of bread", "the mood of the baker"),
        ),
        ("Compare the price of bread and butter.", ()),
        ("What happened between 2023 and 2024?", ()),
        ("Who sold bread and milk in 2023?", ()),
    ],
)
def test_a_comparison_asks_of_each_side_what_is_said_of_both(
    question: str, expected: tuple[str, ...]
) -> None:
    assert sides(question) == expected


def test_a_comparison_quotes_both_documents_and_names_them() -> None:
    with Assistant.from_documents(REPORTS, llm="none") as bot:
        answer = bot.ask("Compare the tonnes of flour that the mill made in 2023 and 2024.")
    assert {c.document_id for c in answer.citations} == {"a", "b"}
    assert answer.table is not None
    first, second = answer.table.rows
    assert "Annual report 2023" in first[0].text and "4,100 tonnes" in first[1].text
    assert "Annual report 2024" in second[0].text and "4,700 tonnes" in second[1].text


def test_a_side_that_no_document_states_is_named() -> None:
    with Assistant.from_documents(REPORTS, llm="none") as bot:
        answer = bot.ask("How does the price of a ticket compare with that of a yacht in Monaco?")
    assert "yacht" in " ".join(answer.notes) or answer.abstained
    assert all("flour" not in c.quote for c in answer.citations)


def test_documents_that_are_compared_as_wholes_both_have_their_say() -> None:
    policies = [
        Document(
            "old", "Lending policy of 2021", "A reader may borrow eight books. Films cost 1 €."
        ),
        Document("new", "Lending policy", "Films are free. A reader may borrow twelve books."),
    ]
    with Assistant.from_documents(policies, llm="none") as bot:
        answer = bot.ask(
            "How many books does the lending policy of 2021 let a reader borrow, "
            "compared with the new lending policy?"
        )
    assert {c.document_id for c in answer.citations} == {"old", "new"}
    assert all("books" in c.quote for c in answer.citations)


def test_of_other_documents_the_one_that_is_asked_about_comes_first() -> None:
    documents = [
        Document("old", "Lending policy of 2021", "A loan can be renewed once."),
        Document("report", "Annual report", "The renewed loans rose. A loan was renewed twice."),
        Document("new", "Lending policy", "A loan can be renewed twice unless it is reserved."),
    ]
    with Assistant.from_documents(documents, llm="none") as bot:
        answer = bot.ask("Compare the lending policy of 2021 with the current lending policy.")
    assert [c.document_id for c in answer.citations] == ["old", "new"]


def test_no_document_has_more_than_half_of_the_evidence_while_others_have_any() -> None:
    hits = [_hit("long", n) for n in range(8)] + [_hit("short", 0), _hit("other", 0)]
    shown = spread(hits, 6)
    assert [h.passage.document_id for h in shown] == ["long"] * 4 + ["short", "other"]
    assert spread(hits[:8], 6) == hits[:6]


def test_evidence_of_a_comparison_comes_from_several_documents() -> None:
    long = " ".join(f"In year {n} the harbour of Oldby had {n + 7} cranes." for n in range(300))
    documents = [
        Document("long", "Oldby", long),
        Document("short", "Newby", "The harbour of Newby had two cranes for years."),
    ]
    with Assistant.from_documents(documents, llm="none") as bot:
        answer = bot.ask("Compare the cranes of the harbours over the years.")
    assert {hit.passage.document_id for hit in answer.evidence} == {"long", "short"}


def test_a_word_that_only_resembles_a_comparison_is_none() -> None:
    assert asks_to_compare("Which of the two differs?")
    assert asks_to_compare("How is it different from the older bridge?")
    assert not asks_to_compare("Who runs the company in Compiègne?")
    assert not asks_to_compare("How many different species are there?")


def _hit(document: str, number: int) -> Hit:
    score = 1.0 - number / 10 if document == "long" else 0.1
    return Hit(Passage(document, number, number + 1, "x"), score)


def test_what_one_document_compares_is_quoted_from_it_alone() -> None:
    text = "The oak is 31 metres high, the highest tree. The second highest is the elm, 28 metres."
    with Assistant.from_documents([Document("park", "Trees", text)], llm="none") as bot:
        answer = bot.ask("Compare the height of the two highest trees.")
    assert "31" in answer.text
    assert "28" in answer.text


def test_a_comparison_kept_to_one_document_says_nothing_twice() -> None:
    summary = "The mill made 4,100 tonnes of flour in 2023."
    text = f"# Summary\n\n{summary}\n\n# Report\n\nThe river was high. {summary} It rained."
    documents = [Document("a", "Annual report", text), REPORTS[1]]
    with Assistant.from_documents(documents, llm="none") as bot:
        answer = bot.ask("Compare the flour of the mill.", documents=["a"])
    assert answer.text.count(summary) == 1
    assert {c.quote for c in answer.citations} == {summary}
