"""The forward pass of a BERT sentence encoder in NumPy, for a few short texts.

Why beside sentence-transformers, which embeds everything that is indexed:
importing it costs 7 CPU seconds on two cores, a question needs one row.
Same weights, same tokenizer, same pooling; tests hold the two within 1e-5.
It also gives what evidence ranking needs: the vector of every token.

Architecture: Devlin et al. 2019 (BERT), GELU by erf, post-layer-norm; mean
pooling over tokens and L2 norm as in Reimers & Gurevych 2019 (Sentence-BERT).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file
from threadpoolctl import ThreadpoolController
from tokenizers import Tokenizer

Array = npt.NDArray[np.float32]

MAX_TOKENS = 256
"""Longer texts are cut, as sentence-transformers does for this model."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One text as the encoder sees it.

    `vector` is the text's unit vector (dim,); `tokens` are the contextual unit
    vectors of its tokens (n × dim, half precision) without [CLS] and [SEP], zero for one that is
    not in the vocabulary, and `spans` where each token stands in the text.
    """

    vector: Array
    tokens: npt.NDArray[np.float16]
    spans: tuple[tuple[int, int], ...]


class Bert:
    """A sentence encoder from a folder with config, tokenizer and safetensors."""

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        self.dim: int = config["hidden_size"]
        self._heads: int = config["num_attention_heads"]
        self._layers: int = config["num_hidden_layers"]
        self._eps: float = config["layer_norm_eps"]
        self._weights: dict[str, Array] = load_file(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self._unknown = self._tokenizer.token_to_id("[UNK]")
        self._threads = ThreadpoolController()

    def read(self, text: str) -> Reading:
        """The text's vector as sentence-transformers computes it, and its tokens'."""
        encoding = self._tokenizer.encode(text)
        # One thread: as fast for so little work, and a busy neighbour does not make
        # the others spin (8 ms against 1,000 ms measured with both cores taken).
        with self._threads.limit(limits=1, user_api="blas"):
            hidden = self._hidden(encoding.ids)
        known = np.array([i != self._unknown for i in encoding.ids])[:, None]
        return Reading(
            vector=_unit(hidden.mean(axis=0)),
            tokens=(_unit(hidden) * known)[1:-1].astype(np.float16),
            spans=tuple(encoding.offsets[1:-1]),
        )

    def knows(self, word: str) -> bool:
        """True if the lower-cased word is one token of the vocabulary."""
        return self._tokenizer.token_to_id(word.lower()) is not None

    def _hidden(self, ids: list[int]) -> Array:
        w = self._weights
        x = w["embeddings.word_embeddings.weight"][ids]
        x = x + w["embeddings.position_embeddings.weight"][: len(ids)]
        x = x + w["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(x, "embeddings.LayerNorm")
        for i in range(self._layers):
            layer = f"encoder.layer.{i}."
            attended = self._linear(self._attend(x, layer), layer + "attention.output.dense")
            x = self._norm(x + attended, layer + "attention.output.LayerNorm")
            wide = _gelu(self._linear(x, layer + "intermediate.dense"))
            narrow = self._linear(wide, layer + "output.dense")
            x = self._norm(x + narrow, layer + "output.LayerNorm")
        return x

    def _attend(self, x: Array, layer: str) -> Array:
        n, dim = x.shape
        q, k, v = (
            self._linear(x, f"{layer}attention.self.{name}")
            .reshape(n, self._heads, dim // self._heads)
            .transpose(1, 0, 2)
            for name in ("query", "key", "value")
        )
        scores = q @ k.transpose(0, 2, 1) / np.float32(np.sqrt(dim // self._heads))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ v
        return np.asarray(mixed.transpose(1, 0, 2).reshape(n, dim))

    def _linear(self, x: Array, name: str) -> Array:
        return np.asarray(x @ self._weights[name + ".weight"].T + self._weights[name + ".bias"])

    def _norm(self, x: Array, name: str) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self._eps)
        return np.asarray(
            centred / scale * self._weights[name + ".weight"] + self._weights[name + ".bias"]
        )


def _unit(x: Array) -> Array:
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12))


def _gelu(x: Array) -> Array:
    return np.asarray(0.5 * x * (1 + _erf(x * np.float32(0.70710678))))


def _erf(x: Array) -> Array:
    """Abramowitz & Stegun 7.1.26, absolute error below 1.5e-7."""
    t = 1 / (1 + np.float32(0.3275911) * np.abs(x))
    poly = t * (
        0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
    )
    return np.asarray(np.sign(x) * (1 - poly * np.exp(-x * x)), dtype=np.float32)
