"""Searches and answers list their passages in one order: by the sentence that answers best."""

from __future__ import annotations

from askali import Assistant, Document
from askali.retrieval.langchain import PassageRetriever

LINES = [
    "Brannock Mills looks for a new head of sales. The head of Brannock Mills likes sales.",
    "Brannock Mills has a mill in Brannock, and the mill has a head miller.",
    "At the fair, Ruth Adeyemi, chief executive of Brannock Mills, showed a loom.",
    "Cotton is dear this year.",
]
REPORT = Document("report", "Brannock Mills", "\n\n".join(LINES))
QUESTION = "Who is the chief executive of Brannock Mills?"


def test_the_passage_whose_sentence_answers_is_found_first() -> None:
    with Assistant.from_documents([REPORT], llm="none") as bot:
        first, *others = bot.search(QUESTION)
    assert "Ruth Adeyemi" in first.passage.text
    assert first.standing and first.standing.rank == 1
    ranks = [hit.standing.rank for hit in others if hit.standing]
    assert ranks == sorted(ranks)


def test_search_retriever_and_answer_have_one_order() -> None:
    with Assistant.from_documents([REPORT], llm="none") as bot:
        searched = [hit.passage.text for hit in bot.search(QUESTION)]
        answered = [hit.passage.text for hit in bot.ask(QUESTION).evidence]
        retriever = bot.as_retriever()
        assert isinstance(retriever, PassageRetriever)
        retrieved = [document.page_content for document in retriever.invoke(QUESTION)]
    assert searched == answered == retrieved


def test_more_passages_than_are_ranked_follow_as_they_were_found() -> None:
    many = [
        Document(f"d{n}", f"Note {n}", f"Note {n} tells of Brannock Mills and its looms.")
        for n in range(20)
    ]
    with Assistant.from_documents([*many, REPORT], llm="none") as bot:
        hits = bot.search(QUESTION, 18)
    assert len(hits) == len({hit.passage.id for hit in hits}) == 18
    assert all(hit.standing is None for hit in hits[12:])
