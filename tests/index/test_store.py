"""The SQLite store gives back exactly what was written, by row, and searches words."""

from __future__ import annotations

import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askali.domain import Document, Passage, Sentence
from askali.errors import IndexBroken, StorageError
from askali.index.recipe import Recipe, Segment
from askali.index.store import Store
from index_helpers import CATS, IDENTITY, PETS, analyze, embed, segment


def make(documents: list[Document], path: Path | None = None, cut: Segment = segment) -> Store:
    recipe = Recipe(cut, embed, analyze, **IDENTITY)
    return Store.create(path, documents, recipe)


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "store.sqlite" if request.param == "disk" else None
    made = make(PETS, path)
    if path:
        made.close()
        made = Store.open(path)
    yield made
    made.close()


def test_documents_come_back_verbatim_and_in_order(store: Store) -> None:
    assert list(store.documents.values()) == PETS
    assert "bird" not in store.documents


def test_an_open_store_keeps_the_texts_of_the_last_documents_only() -> None:
    long = [Document(str(n), "", f"{n} {'x' * 12_000_000}") for n in range(4)]
    with closing(make(long, cut=lambda document: ([], []))) as store:
        tracemalloc.start()
        try:
            assert list(store.documents.values()) == long
            assert store.documents["3"] is store.documents["3"]
            kept_bytes, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert 12_000_000 < kept_bytes < 32_000_000


def test_rows_are_document_order_and_texts_are_slices(store: Store) -> None:
    sentences, passages = zip(*map(segment, PETS), strict=True)
    every_sentence: list[Sentence] = sum(sentences, [])
    every_passage: list[Passage] = sum(passages, [])
    assert store.sentences(range(store.sentence_count)) == every_sentence
    assert store.passages(range(store.passage_count)) == every_passage


def test_rows_come_back_in_the_order_asked_for_even_twice(store: Store) -> None:
    first, second = store.sentences([0, 1])
    assert store.sentences([1, 0, 1]) == [second, first, second]


def test_vectors_are_the_embedded_texts_in_the_order_asked_for(store: Store) -> None:
    texts = [p.text for p in store.passages([3, 0])]
    assert np.array_equal(store.passage_vectors([3, 0]), embed(texts))
    assert store.passage_vectors([]).shape[0] == 0
    assert store.passage_vectors([0]).dtype == np.float32


def test_an_unknown_row_or_document_is_a_key_error(store: Store) -> None:
    with pytest.raises(KeyError):
        store.sentences([999])
    with pytest.raises(KeyError):
        store.passage_vectors([999])
    with pytest.raises(KeyError):
        store.documents["bird"]


def test_sentences_in_a_span_are_those_wholly_inside(store: Store) -> None:
    found = store.sentences_in("cats", CATS.text.index("They"), len(CATS.text) - 1)
    assert [s.text for _, s in found] == ["They dream.", "Cats eat fish."]


def test_lexical_search_ranks_passages_that_hold_the_words(store: Store) -> None:
    found = store.search(analyze("fish cats"), 10, None)
    passages = store.passages([row for row, _ in found])
    assert passages[0].text == "Cats eat fish. Fish swim."
    assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)
    assert all(score > 0 for _, score in found)
    assert len(store.search(analyze("fish cats"), 1, None)) == 1


def test_lexical_search_keeps_to_the_documents_asked_for(store: Store) -> None:
    found = store.search(analyze("eat"), 10, [store.document_rows["dogs"]])
    assert {p.document_id for p in store.passages([row for row, _ in found])} == {"dogs"}
    assert store.search(analyze("eat"), 10, []) == []


def test_equal_lexical_scores_are_ordered_by_row() -> None:
    store = make([Document(f"d{n}", "", "Same words here. Again the same.") for n in range(9)])
    assert [row for row, _ in store.search(["same"], 5, None)] == [0, 1, 2, 3, 4]


@given(st.lists(st.text(), max_size=5))
@settings(max_examples=60)
def test_no_token_breaks_the_lexical_search(tokens: list[str]) -> None:
    store = _PETS_STORE
    assert isinstance(store.search(tokens, 3, None), list)
    assert set(store.sentence_frequencies(tokens)) == set(tokens)


def test_a_token_is_found_with_its_punctuation_and_without_its_accents() -> None:
    def whole(document: Document) -> tuple[list[Sentence], list[Passage]]:
        text = document.text
        return [], [Passage(document.id, 0, len(text), text)]

    recipe = Recipe(whole, embed, str.split, **IDENTITY)
    documents = [Document("a", "", "c++ naïve 3.5"), Document("b", "", "c 3 5")]
    store = Store.create(None, documents, recipe)
    found = {token: [row for row, _ in store.search([token], 9, None)] for token in
             ("c++", "c", "naive", "3.5", "3")}  # fmt: skip
    assert found == {"c++": [0], "c": [1], "naive": [0], "3.5": [0], "3": [1]}


def test_frequencies_count_sentences_and_an_unknown_token_is_zero(store: Store) -> None:
    assert store.sentence_frequencies(["cat", "fish", "bird"]) == {"cat": 2, "fish": 2, "bird": 0}
    assert store.sentence_count == 7


def test_the_vocabulary_holds_raw_words(store: Store) -> None:
    vocabulary = store.vocabulary()
    assert vocabulary["dogs"] == 3
    assert "bird" not in vocabulary


anything = st.text(st.characters(codec=None), max_size=40)  # lone surrogates and NUL too


@given(st.builds(Document, anything, anything, anything, anything, anything, anything), st.data())
@settings(max_examples=60)
def test_any_unicode_comes_back_verbatim_with_exact_slices(
    document: Document, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(document.text)))))
    spans = list(zip(cuts, cuts[1:], strict=False))
    heading = data.draw(anything)

    def cut(d: Document) -> tuple[list[Sentence], list[Passage]]:
        return (
            [Sentence(d.id, a, b, d.text[a:b], heading, n) for n, (a, b) in enumerate(spans)],
            [Passage(d.id, a, b, d.text[a:b], heading) for a, b in spans],
        )

    store = make([document], cut=cut)
    assert store.documents[document.id] == document
    sentences, passages = cut(document)
    assert store.sentences(range(len(spans))) == sentences
    assert store.passages(range(len(spans))) == passages
    store.close()


def test_an_empty_or_foreign_file_is_broken_and_says_what_to_run(tmp_path: Path) -> None:
    empty, foreign = tmp_path / "empty", tmp_path / "foreign"
    empty.touch()
    sqlite3.connect(foreign).close()
    foreign.write_bytes(b"not a database, but long enough to be looked at" * 40)
    for path in (empty, foreign, tmp_path / "missing"):
        with pytest.raises(IndexBroken, match="askali index"):
            Store.open(path)


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(StorageError, match="closed"):
        store.sentences([0])


_PETS_STORE = make(PETS)
