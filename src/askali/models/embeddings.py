"""Texts to vectors with all-MiniLM-L6-v2, from verified weights, offline.

Two roads to the same numbers: NumPy for the few texts of a question or a small
document (`minilm.py`), sentence-transformers for everything longer. Measured: texts laid end to
end in a forward pass of our own saved 10 to 17 % of embedding, for 170 lines of torch's inside.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from askali.models.minilm import Bert, Reading
from askali.models.weights import MINILM_ID, minilm_folder, own_minilm_folder

Array = npt.NDArray[np.float32]

FEW_TEXTS = 256
"""Up to here NumPy is faster than loading sentence-transformers (7 s)."""

CACHED_READINGS = 512
"""Readings kept for ranking: about 50 MB at 130 tokens a passage."""

_BATCH = 64


class Encoder(Protocol):
    """The seam to an embedding model; vectors are unit length, float32."""

    @property
    def id(self) -> str:
        """Names model and revision in an index stamp."""

    def embed(
        self, texts: list[str], on_progress: Callable[[int, int], None] | None = None
    ) -> Array:
        """Vectors of the texts (n × dim), in order."""

    def embed_query(self, text: str) -> Array:
        """The vector that passages are searched with (dim,)."""

    def read(self, text: str) -> Reading:
        """The text's vector and its tokens' vectors, which rank sentences."""

    def knows(self, word: str) -> bool:
        """True if the lower-cased word is in the model's vocabulary as a whole."""


class MiniLM:
    """all-MiniLM-L6-v2. Loads on first use; safe to share between threads."""

    id = MINILM_ID

    def __init__(self, home: Path | None = None) -> None:
        self._home = home
        self._readings: OrderedDict[str, Reading] = OrderedDict()
        self._lock = Lock()

    def embed(
        self, texts: list[str], on_progress: Callable[[int, int], None] | None = None
    ) -> Array:
        """See `Encoder.embed`."""
        few = len(texts) <= FEW_TEXTS and "_transformer" not in self.__dict__
        vectors: list[Array] = []
        # At once where nobody watches: at the end of each call cores wait for the last batch.
        step = _BATCH if on_progress else max(1, len(texts))
        for start in range(0, len(texts), step):
            batch = texts[start : start + step]
            vectors.append(
                np.stack([self.read(text).vector for text in batch])
                if few
                else self._transformer.encode_document(batch, batch_size=_BATCH)
            )
            if on_progress:
                on_progress(start + len(batch), len(texts))
        return np.concatenate(vectors) if vectors else np.zeros((0, self._bert.dim), np.float32)

    def embed_query(self, text: str) -> Array:
        """See `Encoder.embed_query`: the model has no prompt, so it is that of `read`."""
        return self.read(text).vector

    def read(self, text: str) -> Reading:
        """See `Encoder.read`; the newest `CACHED_READINGS` are kept."""
        with self._lock:
            if text in self._readings:
                self._readings.move_to_end(text)
                return self._readings[text]
        reading = self._bert.read(text)
        with self._lock:
            self._readings[text] = reading
            while len(self._readings) > CACHED_READINGS:
                self._readings.popitem(last=False)
        return reading

    def knows(self, word: str) -> bool:
        """See `Encoder.knows`."""
        return self._bert.knows(word)

    @cached_property
    def _folder(self) -> Path:
        return minilm_folder(self._home)

    @cached_property
    def _bert(self) -> Bert:
        return Bert(self._folder)

    @cached_property
    def _transformer(self) -> Any:
        return load_transformer(str(self._folder))


def load_transformer(name: str) -> Any:
    """A sentence-transformers model by folder, or by name from the local cache; asks no hub."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TQDM_DISABLE", "1")
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(name, device="cpu", local_files_only=True)


def question_vectors(encoder: Encoder) -> Callable[[str], Array]:
    """Gives all-MiniLM-L6-v2's vector of a text, of unit length, whichever encoder is used."""
    read = encoder.read if encoder.id == MINILM_ID else _minilm().read
    return lambda text: read(text).vector


@cache
def _minilm() -> MiniLM:
    return MiniLM()


_ENCODERS: dict[Path | None, MiniLM] = {}


def shared_encoder(home: Path) -> MiniLM:
    """One encoder a process: its 90 MB of weights are loaded once, however many homes there
    are. A home with weights of its own has its own."""
    own = own_minilm_folder(home)
    return _ENCODERS.setdefault(own, MiniLM(home if own else None))
