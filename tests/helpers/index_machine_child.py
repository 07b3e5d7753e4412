"""What the state machine's builders run: a process of their own, so that it may be killed."""

from __future__ import annotations

from pathlib import Path

import chromadb  # noqa: F401  (imported once, by the process that all builders are forked from)
import numpy as np

from askali.domain import Document
from askali.index import Index, Recipe, build_index, open_current, roll_back
from askali.index.check import check_generation
from askali.ingestion import make_recipe
from askali.models.embeddings import MiniLM

NAME = "machine"
_MADE: dict[str, np.ndarray] = {}
_ENCODER = MiniLM()


def embed(texts: list[str]) -> np.ndarray:
    """The real encoder's vectors, each text read once a process."""
    for text in texts:
        if text not in _MADE:
            _MADE[text] = _ENCODER.read(text).vector
    return np.stack([_MADE[text] for text in texts]) if texts else np.zeros((0, 384), np.float32)


_REAL = make_recipe(_ENCODER)
RECIPE = Recipe(
    _REAL.segment,
    embed,
    _REAL.analyze,
    _REAL.encoder_id,
    _REAL.segmentation,
    _REAL.embedding_text,
)


def build(home: Path, documents: list[Document]) -> None:
    build_index(home, NAME, documents, RECIPE, verify=check_generation, lock_timeout_s=10).close()


def back(home: Path) -> None:
    roll_back(home, NAME, verify=check_generation)


def opened(home: Path) -> Index | None:
    identity = {"encoder_id": RECIPE.encoder_id, "segmentation": RECIPE.segmentation}
    return open_current(home, NAME, **identity)
