"""Several indexes read as one: the same rows, found and counted as if they were one."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from askali import AskaliError, Assistant, Document, DocumentError
from ui_room import BEES, HARBOUR

NOTES = Document(
    id="notes",
    title="Notes on the ferry",
    text="The ferry Aurora was built in Gdansk.\n\nThe toll for cyclists is two crowns.\n",
)


@pytest.fixture(scope="module")
def house():
    with Assistant.from_documents([HARBOUR]) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def joined(house):
    return house.with_documents([NOTES, BEES])


def test_documents_stand_in_the_order_in_which_they_came(joined):
    assert list(joined.documents) == ["harbour", "notes", "bees"]
    assert joined.documents["notes"] == NOTES


def test_a_question_is_answered_from_whichever_document_knows(joined):
    for question, document_id, fact in (
        ("Where was the ferry Aurora built?", "notes", "Gdansk"),
        ("How much did the harbour bridge cost?", "harbour", "412 million"),
        ("How many bumblebees were counted?", "bees", "1,204"),
    ):
        answer = joined.ask(question)
        assert fact in answer.text
        for cited in answer.citations:
            assert joined.document(cited.document_id).text[cited.start : cited.end] == cited.quote
        assert answer.citations[0].document_id == document_id


def test_a_search_can_be_narrowed_to_added_documents(joined):
    hits = joined.search("toll", documents=["notes"])
    assert {hit.passage.document_id for hit in hits} == {"notes"}


def test_the_assistant_it_was_made_from_does_not_change(house, joined):
    assert list(house.documents) == ["harbour"]
    assert house.stamp != joined.stamp
    assert house.ask("Where was the ferry Aurora built?").abstained


def test_added_documents_can_go_again_and_others_cannot(joined):
    fewer = joined.without_documents(["notes"])
    assert list(fewer.documents) == ["harbour", "bees"]
    assert "1,204" in fewer.ask("How many bumblebees were counted?").text
    for id in ("harbour", "nowhere"):
        with pytest.raises(DocumentError, match="no added document"):
            joined.without_documents([id])


def test_an_id_that_is_taken_is_refused(joined):
    with pytest.raises(DocumentError, match="there already"):
        joined.with_documents([BEES])


def test_only_the_new_documents_are_read(house):
    seen: list[tuple[int, int]] = []
    house.with_documents([NOTES], on_progress=lambda *step: seen.append(step))
    assert seen and seen[-1] == (1, 1)


def test_rows_of_all_parts_are_counted_through(joined):
    index = joined._index
    rows = range(index.passage_count)
    passages = index.passages(rows)
    assert len({passage.id for passage in passages}) == index.passage_count
    assert index.passage_vectors(rows).shape == (index.passage_count, 384)
    assert index.passage_vectors([]).shape == (0, 0)
    for row, passage in enumerate(passages):
        vector = index.passage_vectors([row])[0]
        best, similarity = index.search_dense(vector, 1, [passage.document_id])[0]
        assert similarity == pytest.approx(1, abs=1e-3)
        assert np.allclose(index.passage_vectors([best])[0], vector, atol=1e-3)
    for row in range(index.sentence_count):
        sentence = index.sentence(row)
        assert (row, sentence) in index.sentences_in(
            sentence.document_id, sentence.start, sentence.end
        )


def test_words_are_counted_over_all_parts(joined):
    alone = [Assistant.from_documents([d])._index for d in (HARBOUR, NOTES, BEES)]
    tokens = ["toll", "bridg", "survey", "nothing"]
    counted = joined._index.sentence_frequencies(tokens)
    for token in tokens:
        assert counted[token] == sum(one.sentence_frequencies([token])[token] for one in alone)
    assert joined._index.vocabulary()["toll"] == sum(
        one.vocabulary().get("toll", 0) for one in alone
    )


def test_an_unknown_document_of_a_joined_index_is_a_key_error(joined):
    with pytest.raises(KeyError):
        joined._index.sentences_in("nowhere", 0, 1)


def test_an_index_that_nobody_can_reach_lets_go_of_its_memory():
    assistant = Assistant.from_documents([NOTES])
    vectors = assistant._index._vectors
    gone = weakref.ref(assistant._index)
    del assistant
    gc.collect()
    assert gone() is None
    with pytest.raises(AskaliError, match="closed"):
        vectors.query(np.zeros(384, np.float32), 1)
