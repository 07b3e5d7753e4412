"""Names in running text and what they are of, with the encoder's own vectors."""

from __future__ import annotations

import pytest

from askali import Assistant, Document
from askali.answering.shapes.names import Mention, Named, mentions
from askali.domain import Sentence
from askali.models.embeddings import MiniLM

TEXT = (
    "Dr. Ilse Brandt, a biologist, came to Velmar in May. The supplier Kestrel Pumps Ltd and "
    "Brandt met at the Hotel Anker. Brandt said that Kestrel Pumps had paid. "
    "They have offices in Oslo, Bergen and Trondheim. Offices are dear."
)


@pytest.fixture(scope="module")
def found() -> dict[str, Mention]:
    with Assistant.from_documents([Document("t", "Talks", TEXT)], llm="none") as bot:
        sentences = [s for _, s in bot.searcher.index.sentences_in("t", 0, len(TEXT))]
    read = MiniLM().read
    return {m.name: m for m in mentions(sentences, lambda text: read(text).vector)}


def test_a_title_and_a_role_make_a_person_and_the_title_is_no_name(
    found: dict[str, Mention],
) -> None:
    assert found["Ilse Brandt"].kind is Named.PERSON


def test_the_last_word_and_what_leads_up_make_a_firm(found: dict[str, Mention]) -> None:
    assert found["Kestrel Pumps Ltd"].kind is Named.ORGANISATION


def test_what_is_listed_with_a_place_is_one(found: dict[str, Mention]) -> None:
    assert [found[name].kind for name in ("Oslo", "Bergen", "Trondheim")] == [Named.PLACE] * 3


def test_a_short_form_is_the_long_one_and_brings_its_sentences(found: dict[str, Mention]) -> None:
    assert "Brandt" not in found
    assert "Kestrel Pumps" not in found
    assert len(found["Ilse Brandt"].sentences) == 3
    assert len(found["Kestrel Pumps Ltd"].sentences) == 2


@pytest.mark.parametrize("word", ["May", "The", "They", "Offices"])
def test_months_and_words_that_open_a_sentence_are_no_names(
    found: dict[str, Mention], word: str
) -> None:
    assert word not in found


def test_a_text_without_capitals_has_no_names() -> None:
    plain = [Sentence("t", 0, 20, "nobody came at all.")]
    assert mentions(plain, lambda text: MiniLM().read(text).vector) == []
