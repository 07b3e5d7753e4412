"""From documents to a store: exact spans, one vector a text, only new texts embedded."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askali.domain import Document, Sentence
from askali.errors import DocumentError, IndexBroken, ModelError, StorageError
from askali.index.embedding_cache import carried_over
from askali.index.recipe import Recipe, index_stamp, text_hash
from askali.index.store import Store
from index_helpers import (
    CATS,
    DOGS,
    PETS,
    RECIPE,
    CountingEncoder,
    analyze,
    embed,
    segment,
    versioned,
)


def recipe(**changes: Any) -> Recipe:
    return replace(RECIPE, **changes)


def write(documents: Iterable[Document], made_with: Recipe = RECIPE, **more: Any) -> Store:
    return Store.create(None, documents, made_with, **more)


class Given:
    """Carries the vectors it was made with, and remembers what it was told to keep."""

    def __init__(self, vectors: Mapping[bytes, Any]) -> None:
        self.vectors, self.kept = vectors, set[bytes]()

    def find(self, hashes: Iterable[bytes]) -> Mapping[bytes, Any]:
        return {h: self.vectors[h] for h in hashes if h in self.vectors}

    def keep(self, hashes: Sequence[bytes], vectors: Any) -> None:
        assert len(hashes) == len(vectors)
        self.kept.update(hashes)


def hashes_of(document: Document) -> dict[bytes, Any]:
    texts = [passage.text for passage in segment(document)[1]]
    return {text_hash(RECIPE.encoder_id, t): embed([t])[0] for t in texts}


def test_every_passage_has_the_vector_of_its_embedding_text() -> None:
    store = write(PETS, recipe(embedding_text=lambda d, h, t: f"{d.title} {h} {t}"))
    titles = {d.id: d.title for d in PETS}
    rows = range(store.passage_count)
    for passage, vector in zip(store.passages(rows), store.passage_vectors(rows), strict=True):
        text = f"{titles[passage.document_id]} {passage.heading} {passage.text}"
        assert np.array_equal(vector, embed([text])[0])


def test_equal_texts_are_embedded_once() -> None:
    encoder = CountingEncoder()
    write([CATS, replace(CATS, id="twin")], recipe(embed=encoder))
    assert len(encoder.texts) == len(set(encoder.texts))


def test_known_vectors_are_reused_and_only_the_rest_is_embedded_and_kept() -> None:
    encoder, carried = CountingEncoder(), Given(hashes_of(CATS))
    store = write(PETS, recipe(embed=encoder), carried=carried)
    assert set(encoder.texts) == {passage.text for passage in segment(DOGS)[1]}
    assert carried.kept == set(hashes_of(DOGS))
    rows = range(store.passage_count)
    assert np.array_equal(store.passage_vectors(rows), write(PETS).passage_vectors(rows))


def test_documents_are_taken_one_at_a_time_and_only_once() -> None:
    taken: list[str] = []

    def one_at_a_time() -> Iterator[Document]:
        for document in PETS:
            taken.append(document.id)
            yield document

    assert dict(write(one_at_a_time()).documents) == {d.id: d for d in PETS}
    assert taken == [d.id for d in PETS]


def test_another_encoder_shares_no_vector() -> None:
    assert text_hash("a", "text") != text_hash("b", "text")


def test_progress_counts_embedded_texts_up_to_their_total() -> None:
    seen: list[tuple[int, int]] = []
    long = Document("long", "Long", " ".join(f"Sentence number {i}." for i in range(100)))
    write([long], on_progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 50)
    assert seen[-1] == (50, 50)
    assert seen == sorted(seen)


def test_a_span_that_is_not_the_documents_text_is_refused() -> None:
    wrong = Sentence("cats", 0, 4, "Dogs")
    with pytest.raises(IndexBroken, match="0-4 of document 'cats'"):
        write([CATS], recipe(segment=lambda document: ([wrong], [])))


def test_two_documents_with_one_id_are_refused() -> None:
    with pytest.raises(DocumentError, match="'cats'"):
        write([CATS, CATS], recipe())


@pytest.mark.parametrize(
    "broken",
    [
        lambda texts: np.zeros((1, 3)),
        lambda texts: np.zeros(len(texts)),
        lambda texts: np.full((len(texts), 3), np.nan),
    ],
)
def test_vectors_of_a_wrong_shape_or_value_are_refused(broken: Any) -> None:
    with pytest.raises(ModelError, match="encoder returned shape"):
        write(PETS, recipe(embed=broken))


def test_vectors_of_two_lengths_are_refused() -> None:
    carried = Given({h: np.ones(3, np.float32) for h in hashes_of(CATS)})
    with pytest.raises(ModelError, match="different lengths"):
        write(PETS, carried=carried)


def test_more_words_than_are_counted_in_memory_are_counted_right() -> None:
    texts = [" ".join(f"word{n}" for n in range(start, start + 60_000)) for start in (0, 50_000)]
    store = write([Document(str(n), "", text) for n, text in enumerate([*texts, "word55000"])])
    assert len(store.vocabulary()) == 110_000
    assert store.vocabulary()["word55000"] == 3
    assert store.sentence_frequencies(["word49999", "word55000"]) == {
        "word49999": 1,
        "word55000": 3,
    }


def test_the_vocabulary_counts_words_of_titles_and_texts() -> None:
    words = write(PETS).vocabulary()
    assert (words["cats"], words["dogs"], words["dog"]) == (3, 3, 1)


def test_terms_count_sentences_not_occurrences() -> None:
    twice = Document("t", "T", "Fish eat fish. Cats sleep.")
    assert write([twice]).sentence_frequencies(["fish"]) == {"fish": 1}


documents = st.lists(
    st.builds(Document, id=st.text(), title=st.text(), text=st.text()),
    max_size=4,
    unique_by=lambda d: d.id,
)


@given(documents, documents)
def test_a_stamp_is_equal_only_for_equal_documents(
    first: list[Document], second: list[Document]
) -> None:
    same = index_stamp(first, "e", "s") == index_stamp(second, "e", "s")
    assert same == (first == second)


def test_a_stamp_names_encoder_and_segmentation() -> None:
    stamps = {index_stamp(PETS, e, s) for e in ("e1", "e2") for s in ("s1", "s2")}
    assert len(stamps) == 4


def test_passages_are_lexically_indexed_by_their_embedding_text() -> None:
    store = write([CATS], recipe(embedding_text=lambda d, h, t: f"{h} {t}"))
    assert [row for row, _ in store.search(analyze("food"), 9, None)] == [1]


class Interrupted(Exception):
    """Stands for Ctrl-C: the build is cut short between two batches."""


def stop_after(batches: int) -> Any:
    left = [batches]

    def embed_or_stop(texts: list[str]) -> np.ndarray:
        if not left[0]:
            raise Interrupted
        left[0] -= 1
        return embed(texts)

    return embed_or_stop


LONG = [Document("long", "", " ".join(f"Fact {i} is worth {i * i}." for i in range(1500)))]


def test_a_build_cut_short_goes_on_where_it_was(tmp_path: Path) -> None:
    with pytest.raises(Interrupted), carried_over(tmp_path, None) as carried:
        write(LONG, recipe(embed=stop_after(1)), carried=carried)
    encoder = CountingEncoder()
    with carried_over(tmp_path, None) as carried:
        store = write(LONG, recipe(embed=encoder), carried=carried)
    assert len(encoder.texts) == 750 - 512
    rows = range(store.passage_count)
    assert np.array_equal(store.passage_vectors(rows), write(LONG).passage_vectors(rows))


def test_a_damaged_carry_file_is_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "carry.sqlite").write_bytes(b"not a database, but long enough to look like" * 40)
    with carried_over(tmp_path, None) as carried:
        assert carried.find([b"x"]) == {}
        carried.keep([b"x"], np.ones((1, 3), np.float32))
        assert list(carried.find([b"x", b"y"])) == [b"x"]


def test_a_carry_file_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    refused = pytest.raises(StorageError, match="embeddings made so far")
    with refused, carried_over(tmp_path / "missing", None):
        raise AssertionError("not reached")


def test_no_text_of_a_document_is_left_in_the_carry_file(tmp_path: Path) -> None:
    with carried_over(tmp_path, None) as carried:
        write(versioned(1), carried=carried)
    with closing(sqlite3.connect(tmp_path / "carry.sqlite")) as file:
        assert file.execute("SELECT count(*) FROM made").fetchone()[0] > 0
    assert b"version1" not in (tmp_path / "carry.sqlite").read_bytes()
