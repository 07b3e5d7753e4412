"""Shape of a question and kind of value asked for: two fitted linear models, NumPy only.

    question → unit vector of the encoder ┐
             → hashed word n-grams        ├→ logits of shapes and kinds → softmax
             → hashed character n-grams   │
             → hashed n-grams of its frame┘

Fitted by `evals/question_types/fit.py` on questions of its own and TREC's (Li and Roth 2002).
"""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from askali.domain import Shape
from askali.text.kinds import AnswerType

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

KIND_FROM = 0.4
"""Kinds that are less probable than this are right half of the time."""

_COEFFICIENTS = Path(__file__).parent / "question_types.npz"
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[%$€£]")
_ENDINGS = ("ss", "s", "ed", "ing", "ly", "er", "est")


@dataclass(frozen=True, slots=True)
class Classified:
    """The likeliest shape and kind with their probabilities.

    Below the fitted threshold the shape is `FACT`, below `KIND_FROM` the kind is `OTHER`, with
    the probability of what was not believed.
    """

    shape: Shape
    shape_probability: float
    kind: AnswerType
    kind_probability: float


def classify(question: str, vector: Array) -> Classified:
    """What a question asks for; `vector` is the encoder's, of unit length (384)."""
    fitted = _fitted()
    columns, values = hashed(question, fitted.common_words)
    logits = fitted.bias + vector.astype(np.float32) @ fitted.weights[:DIM]
    logits = logits + np.asarray(values, np.float32) @ fitted.weights[columns]
    of_shapes = _softmax(logits[: len(fitted.shapes)])
    of_kinds = _softmax(logits[len(fitted.shapes) :])
    shape, kind = int(of_shapes.argmax()), int(of_kinds.argmax())
    is_believed = of_shapes[shape] >= fitted.threshold
    return Classified(
        fitted.shapes[shape] if is_believed else Shape.FACT,
        float(of_shapes[shape]),
        fitted.kinds[kind] if of_kinds[kind] >= KIND_FROM else AnswerType.OTHER,
        float(of_kinds[kind]),
    )


@dataclass(frozen=True, slots=True)
class _Fitted:
    weights: Array
    bias: Array
    shapes: tuple[Shape, ...]
    kinds: tuple[AnswerType, ...]
    common_words: frozenset[str]
    threshold: float


@cache
def _fitted() -> _Fitted:
    with np.load(_COEFFICIENTS, allow_pickle=False) as stored:
        about = json.loads(str(stored["about"]))
        return _Fitted(
            stored["weights"].astype(np.float32),
            stored["bias"].astype(np.float32),
            tuple(map(Shape, about["shapes"])),
            tuple(map(AnswerType, about["kinds"])),
            frozenset(about["common_words"]),
            float(about["threshold"]),
        )


def _softmax(logits: Array) -> Array:
    raised = np.exp(logits - logits.max())
    return np.asarray(raised / raised.sum(), np.float32)


def tokens(question: str) -> list[str]:
    """Lower-case words without accents; a year is `0000`, another figure `0`."""
    text = unicodedata.normalize("NFKD", question[:MAX_CHARS].replace("’", "'")).casefold()
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return [
        ("0000" if len(token) == 4 else "0") if token[0].isdigit() else token
        for token in _TOKEN.findall(text)
    ]


def hashed(question: str, common: frozenset[str]) -> tuple[list[int], list[float]]:
    """Columns after the vector's, and their values; each block has the length of `BLOCKS`."""
    words = tokens(question)
    grams = (_word_grams(words), _char_grams(words), _frame_grams(words, common))
    columns: list[int] = []
    values: list[float] = []
    for (first, slots, length), of_block in zip(BLOCKS, grams, strict=True):
        taken = sorted({zlib.crc32(gram.encode()) % slots for gram in of_block})
        columns += [first + slot for slot in taken]
        values += [length * len(taken) ** -0.5] * len(taken)
    return columns, values


def _word_grams(words: list[str]) -> Iterator[str]:
    """Words, neighbours, the first three, and each word with the first one."""
    yield from words
    bounded = ["^", *words, "$"]
    yield from (f"{left} {right}" for left, right in zip(bounded, bounded[1:], strict=False))
    if words:
        yield "^ " + " ".join(words[:3])
        yield from (f"{words[0]}…{word}" for word in words[2:])


def _char_grams(words: list[str]) -> Iterator[str]:
    """Three to five neighbouring characters within each word and its bounds."""
    for word in words:
        bounded = f"<{word}>"
        for size in (3, 4, 5):
            yield from (bounded[at : at + size] for at in range(len(bounded) - size + 1))


def _frame_grams(words: list[str], common: frozenset[str]) -> Iterator[str]:
    """Two to four neighbours of the question without its topic, and where its first words stand.

    Common words stay, of the others only how they end: "which airlines fly to the island" is
    `which ~s ~ to the ~`, like every list asked that way.
    """
    frame = [
        word
        if word in common
        else "~" + next((ending for ending in _ENDINGS if word.endswith(ending)), "")
        for word in words
    ]
    bounded = ["^", *frame, "$"]
    for size in (2, 3, 4):
        yield from (" ".join(bounded[at : at + size]) for at in range(len(bounded) - size + 1))
    # What stands anywhere after the first two words: "how many … than".
    yield from (f"{' '.join(frame[:2])}…{word}" for word in frame[2:])
