"""A small reader: the words of a window that answer a question, and how likely they do.

A BERT of six layers started from all-MiniLM-L6-v2 and trained on public questions
(`tools/span_reader` in the repository, figures in docs/measurements.md). Start and end of the
answer as in Devlin et al. 2019; whether there is one has a score of its own beside that of the
span "nowhere". The 8-bit file holds what was trained; the table of words is the encoder's, which
ships anyway.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from safetensors import safe_open
from tokenizers import Tokenizer

from askali.errors import WeightsError
from askali.models.weights import check_file, minilm_folder

Array = npt.NDArray[np.float32]

LONGEST_QUESTION = 300
"""Characters of a question that are read."""

SPAN_TOKENS = 30
"""Tokens of the longest answer that is marked."""

_BATCH = 16
_WORDS = "embeddings.word_embeddings.weight"
_FIX = "reinstall askali, which brings it"


@dataclass(frozen=True, slots=True)
class Marking:
    """The words of a window that most likely answer: `window[start:end]`.

    `log_odds` says whether the window answers at all, `margin` by how much the words beat
    marking none; both are scores without a unit, higher for likelier, to be calibrated.
    """

    start: int
    end: int
    log_odds: float
    margin: float


class SpanReader(Protocol):
    """The seam to a model that marks answers."""

    @property
    def id(self) -> str:
        """Names the reader and its weights."""

    def read(self, question: str, windows: Sequence[str]) -> list[Marking]:
        """One marking for every window, in order."""


class OnnxSpanReader:
    """The trained reader of a folder; loads on first use, safe to share between threads.

    `read` raises `WeightsError` where a file is missing or is not the pinned one.
    """

    def __init__(self, folder: Path, home: Path | None = None, *, threads: int = 1) -> None:
        self._folder = folder
        self._home = home
        self._threads = threads
        self._lock = Lock()

    @property
    def id(self) -> str:
        return f"span-reader@{self._card['sha256'][:8]}"

    def read(self, question: str, windows: Sequence[str]) -> list[Marking]:
        """See `SpanReader.read`. What is beyond the tokens that the reader was trained with, 192
        for question and window together, is not read; a window without a word is marked empty."""
        with self._lock:
            session, tokenizer, table = self._loaded
        encoded = tokenizer.encode_batch([(question[:LONGEST_QUESTION], w) for w in windows])
        order = sorted(range(len(windows)), key=lambda i: len(encoded[i].ids))
        found: dict[int, Marking] = {}
        for at in range(0, len(order), _BATCH):
            some = order[at : at + _BATCH]
            ids, kinds, mask = _padded([encoded[i] for i in some])
            given = {"words": table[ids], "kinds": kinds, "mask": mask}
            start, end, odds = session.run(["start", "end", "odds"], given)
            for row, i in enumerate(some):
                found[i] = marking(start[row], end[row], float(odds[row]), encoded[i])
        return [found[i] for i in range(len(windows))]

    @cached_property
    def _card(self) -> dict[str, Any]:
        try:
            card: dict[str, Any] = json.loads((self._folder / "reader.json").read_text("utf-8"))
        except (OSError, ValueError) as exc:
            raise WeightsError(f"{self._folder / 'reader.json'} is unreadable; {_FIX}") from exc
        return card

    @cached_property
    def _loaded(self) -> tuple[Any, Tokenizer, Array]:
        """Session, tokenizer and table of words. ONNX Runtime takes 0.3 s to import: not before."""
        import onnxruntime

        path = self._folder / "reader.onnx"
        check_file(path, self._card["sha256"], _FIX)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        encoder = minilm_folder(self._home)
        tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(self._card["longest"], strategy="only_second")
        with safe_open(encoder / "model.safetensors", framework="numpy") as weights:
            table: Array = weights.get_tensor(_WORDS)
        return session, tokenizer, table


def _padded(encoded: Sequence[Any]) -> tuple[npt.NDArray[np.int64], ...]:
    """Token numbers, which are the window's, which are none: windows × longest, zeros behind."""
    size = (len(encoded), max(len(e.ids) for e in encoded))
    ids, kinds, mask = (np.zeros(size, np.int64) for _ in range(3))
    for row, e in enumerate(encoded):
        ids[row, : len(e.ids)] = e.ids
        kinds[row, : len(e.ids)] = e.type_ids
        mask[row, : len(e.ids)] = 1
    return ids, kinds, mask


def marking(start: Array, end: Array, odds: float, encoded: Any) -> Marking:
    """The likeliest span of at most `SPAN_TOKENS` of the window's tokens, from a score for each
    token to start and to end it; token 0 stands for nowhere."""
    inside = np.flatnonzero(np.array(encoded.type_ids) & ~np.array(encoded.special_tokens_mask))
    if not len(inside):
        return Marking(0, 0, odds, -np.inf)
    both = start[inside, None] + end[None, inside]
    reach = np.triu(np.ones(both.shape, bool)) & ~np.triu(np.ones(both.shape, bool), SPAN_TOKENS)
    first, last = divmod(int(np.where(reach, both, -np.inf).argmax()), len(inside))
    margin = float(both[first, last] - start[0] - end[0])
    at, to = encoded.offsets[inside[first]][0], encoded.offsets[inside[last]][1]
    return Marking(at, to, odds, margin)
