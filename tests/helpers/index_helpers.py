"""What the index tests share: a tiny real encoder, a segmenter and a few documents."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import numpy as np

from askali.domain import Document, Passage, Sentence
from askali.index import Recipe, index_stamp
from askali.index.check import check_generation

DIMENSIONS = 64
IDENTITY = {"encoder_id": "bag-of-words-64", "segmentation": "test-1"}


def embed(texts: list[str]) -> np.ndarray:
    """Hashed words, counted and normalised: equal words are near, nothing is random."""
    vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for vector, text in zip(vectors, texts, strict=True):
        for word in analyze(text):
            vector[int(hashlib.sha256(word.encode()).hexdigest(), 16) % DIMENSIONS] += 1
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths == 0, 1, lengths)


def analyze(text: str, language: str = "en") -> list[str]:
    return [word.lower().removesuffix("s") for word in re.findall(r"\w+", text)]


def segment(document: Document) -> tuple[list[Sentence], list[Passage]]:
    """Sentences end at a stop; a passage is two sentences; a line "# x" is a heading."""
    sentences: list[Sentence] = []
    heading = ""
    for number, line in enumerate(re.finditer(r"[^\n]+", document.text)):
        if line.group().startswith("# "):
            heading = line.group()[2:]
            continue
        for found in re.finditer(r"[^.\s][^.]*\.?", line.group()):
            start, end = line.start() + found.start(), line.start() + found.end()
            text = document.text[start:end]
            sentences.append(Sentence(document.id, start, end, text, heading, number))
    passages = []
    for pair in (sentences[i : i + 2] for i in range(0, len(sentences), 2)):
        start, end = pair[0].start, pair[-1].end
        text = document.text[start:end]
        passages.append(Passage(document.id, start, end, text, pair[0].heading))
    return sentences, passages


RECIPE = Recipe(segment, embed, analyze, **IDENTITY)
CHECK: dict[str, Any] = {"verify": check_generation}
"""For `build_index`: the real check, but in this process, which saves a second."""


class CountingEncoder:
    """Embeds as `embed` does and remembers every text it was given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, texts: list[str]) -> np.ndarray:
        self.texts += texts
        return embed(texts)


CATS = Document(
    "cats", "Cats", "# Sleep\nCats sleep a lot. They dream.\n# Food\nCats eat fish. Fish swim."
)
DOGS = Document("dogs", "Dogs", "Dogs bark at night. A dog eats meat. Dogs like walks.")
PETS = [CATS, DOGS]


def versioned(version: int) -> list[Document]:
    """Six documents whose every sentence names the version."""
    return [
        Document(
            f"d{n}",
            f"Part {n}",
            " ".join(f"Fact {i} of part {n} holds in version{version}." for i in range(12)),
        )
        for n in range(6)
    ]


def stamp_of(documents: list[Document]) -> str:
    return index_stamp(documents, IDENTITY["encoder_id"], IDENTITY["segmentation"])
