"""What an index is made of: how to make it, and the names of what it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from askali.domain import Document, Passage, Sentence

FORMAT = 2
"""Version of the files of a generation; raised when older code cannot read them.
1: no pages and copies of documents, no ledger."""

Vectors = NDArray[np.float32]
Embed = Callable[[list[str]], Vectors]
Analyze = Callable[[str, str], list[str]]
Segment = Callable[[Document], tuple[list[Sentence], list[Passage]]]
EmbeddingText = Callable[[Document, str, str], str]
OnProgress = Callable[[int, int], None]


def plain_text(document: Document, heading: str, text: str) -> str:
    """The `embedding_text` that embeds a passage or sentence as it stands."""
    return text


@dataclass(frozen=True, slots=True)
class Recipe:
    """How documents become an index: four functions and the names that identify them.

    `analyze` is called with (text, language code), `embedding_text` with (document, heading,
    text); what that returns for a passage is embedded and lexically indexed. `segmentation`
    names all but the encoder: change it whenever segment, analyze or embedding_text change
    their result.
    """

    segment: Segment
    embed: Embed
    analyze: Analyze
    encoder_id: str
    segmentation: str
    embedding_text: EmbeddingText = plain_text


class Carried(Protocol):
    """Vectors that were made before, by `text_hash`; keeps those that are made now."""

    def find(self, hashes: Iterable[bytes]) -> Mapping[bytes, Vectors]:
        """Those of `hashes` that are at hand."""

    def keep(self, hashes: Sequence[bytes], vectors: Vectors) -> None:
        """Called with each batch as soon as it is made."""


class DenseSearch(Protocol):
    """The vectors of all passages by row, wherever they are; for many threads at once."""

    count: int

    def query(
        self, vector: Vectors, k: int, document_rows: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The nearest passages as (row, cosine similarity), best first, ties by row."""

    def stored(self, rows: Sequence[int]) -> dict[int, Vectors]:
        """The vectors as they are held, for the check."""

    def nearest_similarity(self, vectors: Vectors) -> list[float]:
        """For each vector the similarity of the nearest passage, for the check."""

    def close(self) -> None:
        """A second call does nothing."""


class NothingCarried:
    """Every vector is made anew and kept nowhere else."""

    def find(self, hashes: Iterable[bytes]) -> Mapping[bytes, Vectors]:
        return {}

    def keep(self, hashes: Sequence[bytes], vectors: Vectors) -> None:
        pass


def text_hash(encoder_id: str, text: str) -> bytes:
    """Names the vector of a text: the same text and encoder have the same one."""
    return hashlib.sha256(f"{encoder_id}\x1f{text}".encode("utf-8", "surrogatepass")).digest()


def index_stamp(documents: Iterable[Document], encoder_id: str, segmentation: str) -> str:
    """Short name of an index's content: documents in order, encoder, segmentation.

    Compare it with `Index.stamp` to see whether an index holds just these documents.
    """
    return stamp_of_hashes((d.content_hash for d in documents), encoder_id, segmentation)


def stamp_of_hashes(content_hashes: Iterable[str], encoder_id: str, segmentation: str) -> str:
    """`index_stamp` from the documents' content hashes."""
    parts = [str(FORMAT), encoder_id, segmentation, *content_hashes]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
