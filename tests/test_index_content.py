"""From documents to content: exact spans, one vector a text, only new texts embedded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askali.domain import Document, Passage, Sentence
from askali.errors import DocumentError, IndexBroken, ModelError
from askali.index.content import gather
from askali.index.records import Recipe, index_stamp, text_hash
from index_helpers import CATS, DOGS, IDENTITY, PETS, CountingEncoder, analyze, embed, segment


def recipe(**changes: Any) -> Recipe:
    return replace(Recipe(segment, embed, analyze, **IDENTITY), **changes)


def test_every_passage_has_the_vector_of_its_embedding_text() -> None:
    content = gather(PETS, recipe(embedding_text=lambda d, h, t: f"{d.title} {h} {t}"))
    titles = {d.id: d.title for d in PETS}
    for item, digest in zip(content.passages, content.passage_hashes, strict=True):
        text = f"{titles[item.document_id]} {item.heading} {item.text}"
        assert np.array_equal(content.vectors[digest], embed([text])[0])


def test_equal_texts_are_embedded_once() -> None:
    encoder = CountingEncoder()
    twin = replace(CATS, id="twin")
    gather([CATS, twin], recipe(embed=encoder))
    assert len(encoder.texts) == len(set(encoder.texts))


def test_known_vectors_are_reused_and_only_the_rest_is_embedded() -> None:
    encoder = CountingEncoder()
    earlier = gather([CATS], recipe())

    def known(hashes: Iterable[bytes]) -> Mapping[bytes, Any]:
        return {h: earlier.vectors[h] for h in hashes if h in earlier.vectors}

    content = gather(PETS, recipe(embed=encoder), known=known)
    assert set(encoder.texts) == {passage.text for passage in segment(DOGS)[1]}
    assert set(content.vectors) == set(gather(PETS, recipe()).vectors)


def test_another_encoder_shares_no_vector() -> None:
    assert text_hash("a", "text") != text_hash("b", "text")


def test_progress_counts_embedded_texts_up_to_their_total() -> None:
    seen: list[tuple[int, int]] = []
    long = Document("long", "Long", " ".join(f"Sentence number {i}." for i in range(100)))
    gather([long], recipe(), on_progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 50)
    assert seen[-1] == (50, 50)
    assert seen == sorted(seen)


def test_a_span_that_is_not_the_documents_text_is_refused() -> None:
    wrong = Sentence("cats", 0, 4, "Dogs")
    with pytest.raises(IndexBroken, match="0-4 of document 'cats'"):
        gather([CATS], recipe(segment=lambda document: ([wrong], [])))


def test_two_documents_with_one_id_are_refused() -> None:
    with pytest.raises(DocumentError, match="'cats'"):
        gather([CATS, CATS], recipe())


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
        gather(PETS, recipe(embed=broken))


def test_vectors_of_two_lengths_are_refused() -> None:
    def known(hashes: Iterable[bytes]) -> Mapping[bytes, Any]:
        return {next(iter(hashes)): np.ones(3, dtype=np.float32)}

    with pytest.raises(ModelError, match="different lengths"):
        gather(PETS, recipe(), known=known)


def test_the_vocabulary_counts_words_of_titles_and_texts() -> None:
    words = gather(PETS, recipe()).words
    assert words["cats"] == 3
    assert words["dogs"] == 3
    assert words["dog"] == 1


def test_terms_count_sentences_not_occurrences() -> None:
    twice = Document("t", "T", "Fish eat fish. Cats sleep.")
    assert gather([twice], recipe()).term_sentences["fish"] == 1


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
    content = gather([CATS], recipe(embedding_text=lambda d, h, t: f"{h} {t}"))
    first: Passage = content.passages[0]
    assert first.heading == "Sleep"
    assert content.passage_tokens[0].split()[0] == "sleep"
