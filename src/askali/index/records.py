"""What an index is made of, as values: how to make it, and all that it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from askali.domain import Document, Passage, Sentence

FORMAT = 2
"""Version of the files of a generation; raised when older code cannot read them.
1: no pages and copies of documents, no ledger."""

Vectors = NDArray[np.float32]
Embed = Callable[[list[str]], Vectors]
Analyze = Callable[[str], list[str]]
Segment = Callable[[Document], tuple[list[Sentence], list[Passage]]]
EmbeddingText = Callable[[Document, str, str], str]
OnProgress = Callable[[int, int], None]


def plain_text(document: Document, heading: str, text: str) -> str:
    """The `embedding_text` that embeds a passage or sentence as it stands."""
    return text


@dataclass(frozen=True, slots=True)
class Recipe:
    """How documents become an index: four functions and the names that identify them.

    `embedding_text` is called with (document, heading, text); what it returns for a
    passage is embedded and lexically indexed. `segmentation` names all but the
    encoder: change it whenever segment, analyze or embedding_text change their result.
    """

    segment: Segment
    embed: Embed
    analyze: Analyze
    encoder_id: str
    segmentation: str
    embedding_text: EmbeddingText = plain_text


@dataclass(frozen=True, slots=True)
class IndexContent:
    """All that a build writes; rows are positions in these tuples, counted from 0.

    Sentences and passages are in document order. `passage_hashes[i]` is the
    `text_hash` whose vector is in `vectors`: equal texts share one vector.
    `passage_tokens[i]` is the analysed embedding text of passage
    i, `term_sentences` counts the sentences whose own text holds a token, `words`
    the raw lower-cased words of the documents. `ledger` is kept for the caller,
    who alone knows what it says.
    """

    documents: tuple[Document, ...]
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    passage_hashes: tuple[bytes, ...]
    vectors: dict[bytes, Vectors]
    passage_tokens: tuple[str, ...]
    term_sentences: dict[str, int]
    words: dict[str, int]
    stamp: str
    ledger: str = ""


def text_hash(encoder_id: str, text: str) -> bytes:
    """Names the vector of a text: the same text and encoder have the same one."""
    return hashlib.sha256(f"{encoder_id}\x1f{text}".encode("utf-8", "surrogatepass")).digest()


def index_stamp(documents: Iterable[Document], encoder_id: str, segmentation: str) -> str:
    """Short name of an index's content: documents in order, encoder, segmentation.

    Compare it with `Index.stamp` to see whether an index holds just these documents.
    """
    parts = [str(FORMAT), encoder_id, segmentation, *(d.content_hash for d in documents)]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
