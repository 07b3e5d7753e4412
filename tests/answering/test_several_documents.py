"""What is answered of several documents at once, and of which of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from askali import Assistant, Document
from askali.domain import Shape
from askali.errors import DocumentError

WELL = Document(
    "well",
    "The well of Harn",
    "The well of Harn was dug in 1840 by two brothers from the valley.\n\n"
    "It gave water to sixty houses until 1911, when a pipe was laid.",
    date="2021-05-02",
)
KILN = Document(
    "kiln",
    "The kiln of Harn",
    "The kiln of Harn burned lime from 1862 on for the whole valley.\n\n"
    "Its chimney fell in 1903 and was never built again by anybody.",
    publisher="Harn Museum",
)
BRIEF = [
    Document(f"note-{n}", f"Note {n}", f"Note {n} says that gate {n} is shut at night.")
    for n in range(5)
]


@pytest.fixture(scope="module")
def two() -> Iterator[Assistant]:
    with Assistant.from_documents([WELL, KILN], llm="none") as bot:
        yield bot


def test_which_are_loaded_is_answered_with_their_titles_and_dates(two: Assistant) -> None:
    answer = two.ask("which files are loaded", shape=Shape.ABOUT_DOCUMENT)
    assert answer.text.startswith("2 documents are loaded:")
    assert [i.text for i in answer.items] == ["The well of Harn (2021-05-02)", "The kiln of Harn"]


def test_a_publisher_is_said_as_one_where_no_author_is_known(two: Assistant) -> None:
    answer = two.ask("who is the author", shape=Shape.ABOUT_DOCUMENT, documents=["kiln"])
    assert "Publisher" in answer.text
    assert "Harn Museum" in answer.text


def test_a_summary_of_several_has_a_point_of_each_under_its_title(two: Assistant) -> None:
    answer = two.ask("summarise the documents", shape=Shape.SUMMARY)
    assert [item.label for item in answer.items] == [WELL.title, KILN.title]
    assert [c.document_id for c in answer.citations] == ["well", "kiln"]


def test_a_timeline_is_of_all_documents_or_of_the_one_that_is_called(two: Assistant) -> None:
    both = two.ask("timeline of Harn", shape=Shape.TIMELINE)
    one = two.ask("timeline of the kiln", shape=Shape.TIMELINE)
    assert [item.label for item in both.items] == ["1840", "1862", "1903", "1911"]
    assert [item.label for item in one.items] == ["1862", "1903"]


def test_a_greeting_names_some_documents_and_counts_the_rest(two: Assistant) -> None:
    with Assistant.from_documents([WELL, KILN, *BRIEF], llm="none") as bot:
        answer = bot.ask("hello")
    assert "and 2 more" in answer.text
    assert answer.suggestions[0] == "What is “The well of Harn” about?"


def test_an_unknown_document_is_an_error_that_names_some(two: Assistant) -> None:
    with pytest.raises(DocumentError, match="known: well, kiln"):
        two.ask("When was it dug?", documents=["spring"])
