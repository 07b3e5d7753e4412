"""From documents and a recipe to the content of an index; embeds only what is new."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

import numpy as np

from askali.domain import Document, Passage, Sentence
from askali.errors import DocumentError, IndexBroken, ModelError
from askali.index.records import (
    Embed,
    IndexContent,
    OnProgress,
    Recipe,
    Vectors,
    index_stamp,
    text_hash,
)

Known = Callable[[Iterable[bytes]], Mapping[bytes, Vectors]]
"""Finds vectors that an earlier generation has, by `text_hash`."""

_EMBED_BATCH = 512
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def nothing_known(hashes: Iterable[bytes]) -> Mapping[bytes, Vectors]:
    return {}


def gather(
    documents: Sequence[Document],
    recipe: Recipe,
    *,
    known: Known = nothing_known,
    on_progress: OnProgress | None = None,
    ledger: str = "",
) -> IndexContent:
    """Segment, analyse and embed `documents`; every vector that `known` has is reused."""
    _require_unique_ids(documents)
    sentences, passages = _segmented(documents, recipe)
    by_id = {d.id: d for d in documents}

    passage_texts = [
        recipe.embedding_text(by_id[p.document_id], p.heading, p.text) for p in passages
    ]
    hashes = {text: text_hash(recipe.encoder_id, text) for text in passage_texts}
    analysed = [recipe.analyze(s.text) for s in sentences]
    return IndexContent(
        documents=tuple(documents),
        sentences=tuple(sentences),
        passages=tuple(passages),
        passage_hashes=tuple(hashes[text] for text in passage_texts),
        vectors=_vectors(hashes, recipe.embed, known, on_progress),
        passage_tokens=tuple(" ".join(recipe.analyze(text)) for text in passage_texts),
        term_sentences=dict(Counter(chain.from_iterable(map(set, analysed)))),
        words=_words(documents),
        stamp=index_stamp(documents, recipe.encoder_id, recipe.segmentation),
        ledger=ledger,
    )


def _require_unique_ids(documents: Sequence[Document]) -> None:
    counts = Counter(d.id for d in documents)
    repeated = sorted(id for id, count in counts.items() if count > 1)
    if repeated:
        raise DocumentError(f"two documents have the id {repeated[0]!r}; give each its own")


def _segmented(
    documents: Sequence[Document], recipe: Recipe
) -> tuple[list[Sentence], list[Passage]]:
    sentences: list[Sentence] = []
    passages: list[Passage] = []
    for document in documents:
        cut_sentences, cut_passages = recipe.segment(document)
        items: list[Sentence | Passage] = [*cut_sentences, *cut_passages]
        for item in items:
            _require_exact(document, item)
        sentences += cut_sentences
        passages += cut_passages
    return sentences, passages


def _require_exact(document: Document, item: Sentence | Passage) -> None:
    is_exact = document.text[item.start : item.end] == item.text and item.start < item.end
    if item.document_id != document.id or not is_exact:
        raise IndexBroken(
            f"segmentation {item.start}-{item.end} of document {document.id!r} is not its text; "
            "this is a bug in the segmentation, please report it"
        )


def _vectors(
    hashes: Mapping[str, bytes], embed: Embed, known: Known, on_progress: OnProgress | None
) -> dict[bytes, Vectors]:
    """One vector for each hash, in the order of `hashes`."""
    found = dict(known(hashes.values()))
    # The longest first: a batch of like lengths is padded least, and the
    # remaining time that a progress bar shows errs on the safe side.
    missing = sorted((t for t, h in hashes.items() if h not in found), key=len, reverse=True)
    if missing and on_progress:
        on_progress(0, len(missing))
    for first in range(0, len(missing), _EMBED_BATCH):
        texts = missing[first : first + _EMBED_BATCH]
        for text, vector in zip(texts, _embedded(texts, embed), strict=True):
            found[hashes[text]] = vector
        if on_progress:
            on_progress(first + len(texts), len(missing))
    if len({v.shape for v in found.values()}) > 1:
        raise ModelError("the encoder returned vectors of different lengths; check the encoder")
    return {digest: found[digest] for digest in hashes.values()}


def _embedded(texts: list[str], embed: Embed) -> Vectors:
    vectors = np.asarray(embed(texts), dtype=np.float32)
    if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
        raise ModelError(
            f"the encoder returned shape {vectors.shape} or values that are not finite "
            f"for {len(texts)} texts; check the encoder"
        )
    return vectors


def _words(documents: Iterable[Document]) -> dict[str, int]:
    words: Counter[str] = Counter()
    for document in documents:
        words.update(_WORD.findall(f"{document.title}\n{document.text}".lower()))
    return dict(words)
