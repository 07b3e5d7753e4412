"""One document as rows: its sentences, passages, embedding texts, tokens and words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain

import numpy as np

from askali.domain import Document, Passage, Sentence
from askali.errors import IndexBroken, ModelError
from askali.index.records import Embed, Recipe, Vectors

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Cut:
    """A document, cut and analysed by a recipe.

    `texts[i]` is the embedding text of passage i and `tokens[i]` the same analysed.
    `terms` counts the sentences whose own text holds a token, `words` the raw
    lower-cased words of title and text.
    """

    document: Document
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    tokens: tuple[str, ...]
    terms: Counter[str]
    words: Counter[str]


def cut(document: Document, recipe: Recipe) -> Cut:
    """Segment and analyse one document; raises `IndexBroken` for a span that is not its text."""
    sentences, passages = recipe.segment(document)
    items: list[Sentence | Passage] = [*sentences, *passages]
    for item in items:
        _require_exact(document, item)
    texts = [recipe.embedding_text(document, p.heading, p.text) for p in passages]
    analysed = (set(recipe.analyze(s.text)) for s in sentences)
    return Cut(
        document=document,
        sentences=tuple(sentences),
        passages=tuple(passages),
        texts=tuple(texts),
        tokens=tuple(" ".join(recipe.analyze(text)) for text in texts),
        terms=Counter(chain.from_iterable(analysed)),
        words=Counter(_WORD.findall(f"{document.title}\n{document.text}".lower())),
    )


def _require_exact(document: Document, item: Sentence | Passage) -> None:
    is_exact = document.text[item.start : item.end] == item.text and item.start < item.end
    if item.document_id != document.id or not is_exact:
        raise IndexBroken(
            f"segmentation {item.start}-{item.end} of document {document.id!r} is not its text; "
            "this is a bug in the segmentation, please report it"
        )


def embedded(texts: list[str], embed: Embed) -> Vectors:
    """One finite row for each text; raises `ModelError` for anything else."""
    vectors = np.asarray(embed(texts), dtype=np.float32)
    if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
        raise ModelError(
            f"the encoder returned shape {vectors.shape} or values that are not finite "
            f"for {len(texts)} texts; check the encoder"
        )
    return vectors
