"""Shape of a question and kind of value asked for, by two fitted linear models; NumPy only.

question → unit vector of the encoder (384) ┐
         → hashed word n-grams              ├→ logits (15 shapes, 13 kinds) → softmax
         → hashed character n-grams         │
         → hashed n-grams of its frame      ┘
"""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

DIM = 384
WORD_SLOTS = 8192
CHAR_SLOTS = 4096
FRAME_SLOTS = 8192
BLOCKS = (
    (DIM, WORD_SLOTS, 1.5),
    (DIM + WORD_SLOTS, CHAR_SLOTS, 1.0),
    (DIM + WORD_SLOTS + CHAR_SLOTS, FRAME_SLOTS, 1.5),
)
"""First column, columns and length of the blocks of words, characters and frames; the
encoder's vector comes before them and is of length one."""

COLUMNS = DIM + WORD_SLOTS + CHAR_SLOTS + FRAME_SLOTS

MAX_CHARS = 400
"""Beyond them a question is no longer than its beginning, where the asking mostly is."""

COEFFICIENTS = Path(__file__).parent / "question_types.npz"

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[%$€£]")


def tokens(question: str) -> list[str]:
    """Lower-case words without accents; a year is `0000`, another figure `0`."""
    text = unicodedata.normalize("NFKD", question[:MAX_CHARS].replace("’", "'")).casefold()
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return [
        ("0000" if len(token) == 4 else "0") if token[0].isdigit() else token
        for token in _TOKEN.findall(text)
    ]


def word_grams(words: list[str]) -> Iterator[str]:
    """Words, neighbours, the first three, and each word with the first one."""
    yield from words
    bounded = ["^", *words, "$"]
    yield from (f"{left} {right}" for left, right in zip(bounded, bounded[1:], strict=False))
    if words:
        yield "^ " + " ".join(words[:3])
        yield from (f"{words[0]}…{word}" for word in words[2:])


def char_grams(words: list[str]) -> Iterator[str]:
    """Three to five neighbouring characters within each word and its bounds."""
    for word in words:
        bounded = f"<{word}>"
        for size in (3, 4, 5):
            yield from (bounded[at : at + size] for at in range(len(bounded) - size + 1))


_ENDINGS = ("ss", "s", "ed", "ing", "ly", "er", "est")


def frame(words: list[str], common: frozenset[str]) -> list[str]:
    """The question without its topic: common words stay, of the others only how they end.

    "which airlines fly to the island" → `which ~s ~ to the ~`, like every list asked that way.
    """
    return [
        word
        if word in common
        else "~" + next((ending for ending in _ENDINGS if word.endswith(ending)), "")
        for word in words
    ]


def frame_grams(words: list[str]) -> Iterator[str]:
    """Two to four neighbours of the frame with its bounds, and where its first words stand."""
    bounded = ["^", *words, "$"]
    for size in (2, 3, 4):
        yield from (" ".join(bounded[at : at + size]) for at in range(len(bounded) - size + 1))
    # What stands anywhere after the first two words: "how many … than".
    yield from (f"{' '.join(words[:2])}…{word}" for word in words[2:])


def _slots(grams: Iterator[str], slots: int) -> list[int]:
    return sorted({zlib.crc32(gram.encode()) % slots for gram in grams})


def hashed_features(question: str, common: frozenset[str]) -> tuple[list[int], list[float]]:
    """Columns after the vector's, and their values; each block has the length of `BLOCKS`."""
    words = tokens(question)
    grams = (word_grams(words), char_grams(words), frame_grams(frame(words, common)))
    columns: list[int] = []
    values: list[float] = []
    for (first, slots, length), of_block in zip(BLOCKS, grams, strict=True):
        taken = _slots(of_block, slots)
        columns += [first + slot for slot in taken]
        values += [length * len(taken) ** -0.5] * len(taken) if taken else []
    return columns, values


@cache
def _models(path: Path) -> tuple[Array, Array, dict[str, Any]]:
    with np.load(path, allow_pickle=False) as stored:
        about = json.loads(str(stored["about"]))
        about["common_words"] = frozenset(about["common_words"])
        return stored["weights"].astype(np.float32), stored["bias"].astype(np.float32), about


def _softmax(logits: Array) -> Array:
    raised = np.exp(logits - logits.max())
    return raised / raised.sum()


def probabilities(
    question: str, vector: Array, path: Path = COEFFICIENTS
) -> tuple[dict[str, float], dict[str, float]]:
    """Every shape and every kind with its probability."""
    weights, bias, about = _models(path)
    shapes, kinds = about["shapes"], about["kinds"]
    columns, values = hashed_features(question, about["common_words"])
    logits = bias + vector.astype(np.float32) @ weights[:DIM]
    logits = logits + np.asarray(values, np.float32) @ weights[columns]
    of_shapes = _softmax(logits[: len(shapes)])
    of_kinds = _softmax(logits[len(shapes) :])
    return (
        dict(zip(shapes, of_shapes.tolist(), strict=True)),
        dict(zip(kinds, of_kinds.tolist(), strict=True)),
    )


def classify(
    question: str, vector: Array, path: Path = COEFFICIENTS
) -> tuple[str, float, str, float]:
    """(shape, its probability, kind, its probability); `vector` is the encoder's, unit length.

    Below the threshold the shape is `fact`, with the probability of the shape that was
    not believed.
    """
    of_shapes, of_kinds = probabilities(question, vector, path)
    shape = max(of_shapes, key=of_shapes.__getitem__)
    kind = max(of_kinds, key=of_kinds.__getitem__)
    believed = shape if of_shapes[shape] >= _models(path)[2]["threshold"] else "fact"
    return believed, of_shapes[shape], kind, of_kinds[kind]
