"""`SentenceTransformer.encode` for many texts: its weights and tokenizer, other batches.

Texts lie end to end, so nothing is padded and nothing is masked; query, key and value are one
product; residuals are added where they lie. Each core takes batches of its own and computes them
with one thread: two threads at one product wait for each other at its end, and on a busy machine
for whoever has the other core. Tests hold both within 1e-5; docs/scaling.md has the rates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

Array = npt.NDArray[np.float32]

_BATCH_TOKENS = 1024
"""1024 and 2048 take the same processor time; smaller ones leave less to wait for at the end."""

_TOKENIZED_TOGETHER = 32


@dataclass(frozen=True, slots=True)
class _Part:
    """A linear part or a layer norm."""

    weight: Tensor
    bias: Tensor


@dataclass(frozen=True, slots=True)
class _Layer:
    asked: _Part
    """Query, key and value of all heads."""
    attended: _Part
    attended_norm: _Part
    wide: _Part
    narrow: _Part
    narrow_norm: _Part


class Packed:
    """A loaded SentenceTransformer: BERT, mean pooling, unit length; for many threads at once."""

    def __init__(self, transformer: Any) -> None:
        config = transformer[0].auto_model.config
        weights = {
            name.partition("model.")[2]: weight.detach()
            for name, weight in transformer.state_dict().items()
        }
        self._heads: int = config.num_attention_heads
        self._eps: float = config.layer_norm_eps
        self._words = weights["embeddings.word_embeddings.weight"]
        self._positions = (
            weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = _part(weights, "embeddings.LayerNorm")
        self._layers = [_layer(weights, i) for i in range(config.num_hidden_layers)]
        # A copy, since `encode` sets the padding of its own at each call.
        self._tokenizer = Tokenizer.from_str(transformer.tokenizer.backend_tokenizer.to_str())
        self._tokenizer.enable_truncation(transformer.max_seq_length)
        self._tokenizer.no_padding()
        self._cores = torch.get_num_threads()
        self._workers = ThreadPoolExecutor(self._cores, "embedding")

    def encode(self, texts: Sequence[str]) -> Array:
        """Unit vectors of the texts (n × dim), in order."""
        vectors = np.empty((len(texts), self._words.shape[1]), np.float32)
        with self._one_thread_each():
            ids = self._tokens(texts)
            batches = list(_batches([len(tokens) for tokens in ids]))
            made = self._workers.map(self._vectors, ([ids[i] for i in b] for b in batches))
            for batch, found in zip(batches, made, strict=True):
                vectors[batch] = found
        return vectors

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        step = _TOKENIZED_TOGETHER
        slices = (texts[first : first + step] for first in range(0, len(texts), step))
        read = self._workers.map(self._tokenizer.encode_batch_fast, slices)
        return [encoding.ids for encodings in read for encoding in encodings]

    @torch.inference_mode()
    def _vectors(self, ids: Sequence[list[int]]) -> Array:
        """Those of one batch, in which texts of equal length stand together."""
        runs = [(length, len(list(same))) for length, same in groupby(map(len, ids))]
        x = self._embedded(ids)
        for layer in self._layers:
            x = self._residual(x, self._attend(x, layer, runs), layer.attended, layer.attended_norm)
            wide = functional.linear(x, layer.wide.weight, layer.wide.bias)
            x = self._residual(x, functional.gelu(wide), layer.narrow, layer.narrow_norm)
        means = [run.view(count, length, -1).mean(1) for run, length, count in _cut(x, runs)]
        vectors: Array = functional.normalize(torch.cat(means), dim=1).numpy()
        return vectors

    def _embedded(self, ids: Sequence[list[int]]) -> Tensor:
        words = self._words[torch.from_numpy(np.concatenate(ids))]
        where = np.concatenate([np.arange(len(tokens)) for tokens in ids])
        return self._normed(words.add_(self._positions[torch.from_numpy(where)]), self._norm)

    def _attend(self, x: Tensor, layer: _Layer, runs: Sequence[tuple[int, int]]) -> Tensor:
        asked = functional.linear(x, layer.asked.weight, layer.asked.bias)
        heads, mixed = self._heads, []
        for run, length, count in _cut(asked, runs):
            q, k, v = run.view(count, length, 3, heads, -1).permute(2, 0, 3, 1, 4)
            found = functional.scaled_dot_product_attention(q, k, v)
            mixed.append(found.transpose(1, 2).reshape(count * length, -1))
        return torch.cat(mixed)

    def _residual(self, x: Tensor, y: Tensor, part: _Part, norm: _Part) -> Tensor:
        return self._normed(x.add_(part.bias).addmm_(y, part.weight.t()), norm)

    def _normed(self, x: Tensor, norm: _Part) -> Tensor:
        return functional.layer_norm(x, x.shape[1:], norm.weight, norm.bias, self._eps)

    @contextmanager
    def _one_thread_each(self) -> Iterator[None]:
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(self._cores)


def _part(weights: dict[str, Tensor], name: str) -> _Part:
    return _Part(weights[f"{name}.weight"], weights[f"{name}.bias"])


def _layer(weights: dict[str, Tensor], number: int) -> _Layer:
    layer = f"encoder.layer.{number}."
    asked = [_part(weights, f"{layer}attention.self.{name}") for name in ("query", "key", "value")]
    return _Layer(
        _Part(torch.cat([p.weight for p in asked]), torch.cat([p.bias for p in asked])),
        _part(weights, f"{layer}attention.output.dense"),
        _part(weights, f"{layer}attention.output.LayerNorm"),
        _part(weights, f"{layer}intermediate.dense"),
        _part(weights, f"{layer}output.dense"),
        _part(weights, f"{layer}output.LayerNorm"),
    )


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Which texts to take together, the longest first, by their lengths in tokens."""
    batch: list[int] = []
    tokens = 0
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        batch.append(i)
        tokens += lengths[i]
        if tokens >= _BATCH_TOKENS:
            yield batch
            batch, tokens = [], 0
    if batch:
        yield batch


def _cut(rows: Tensor, runs: Iterable[tuple[int, int]]) -> Iterator[tuple[Tensor, int, int]]:
    """The rows of each run of texts of equal length, with that length and their number."""
    first = 0
    for length, count in runs:
        yield rows[first : first + length * count], length, count
        first += length * count
