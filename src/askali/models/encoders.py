"""Which encoder a setting names: the one that askali ships, any sentence-transformers model, or
a server's or library's embeddings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from askali.errors import ModelError, SettingsError
from askali.models.embeddings import Encoder, MiniLM, load_transformer, shared_encoder
from askali.models.minilm import Reading
from askali.models.weights import MINILM_ID
from askali.settings import Settings

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

Array = npt.NDArray[np.float32]

SHIPPED = "minilm"
_SMALL_FILE_BYTES = 5_000_000
_BATCH = 32
_SERVERS = ("openai", "ollama", "azure_openai", "cohere", "mistralai", "google_vertexai", "bedrock")


class TransformerEncoder:
    """Any sentence-transformers model, by folder or name, with the prompts that it brings for
    queries and passages. Its own token vectors rank sentences, so it serves its own languages."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.id = encoder_id_of(name)
        self._lock = Lock()

    def embed(
        self, texts: list[str], on_progress: Callable[[int, int], None] | None = None
    ) -> Array:
        """Vectors of passages (n × dim), with the model's passage prompt."""
        vectors: list[Array] = []
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            with self._lock:
                made = self._model.encode_document(batch, normalize_embeddings=True)
            vectors.append(np.asarray(made, np.float32))
            if on_progress:
                on_progress(start + len(batch), len(texts))
        dim = self._model.get_embedding_dimension()
        return np.concatenate(vectors) if vectors else np.zeros((0, dim), np.float32)

    def embed_query(self, text: str) -> Array:
        """The vector that passages are searched with, with the model's query prompt."""
        with self._lock:
            return np.asarray(self._model.encode_query(text, normalize_embeddings=True), np.float32)

    def read(self, text: str) -> Reading:
        """The text's vector and its tokens' unit vectors, without special tokens."""
        tokenizer = self._model.tokenizer
        with self._lock:
            tokens = self._model.encode(text, output_value="token_embeddings", prompt="")
            vector = self._model.encode(text, normalize_embeddings=True, prompt="")
            cut = tokenizer(
                text,
                return_offsets_mapping=True,
                return_special_tokens_mask=True,
                truncation=True,
                max_length=self._model.max_seq_length,
            )
        found = np.asarray(tokens, np.float32)
        kept = [i for i, special in enumerate(cut["special_tokens_mask"]) if not special]
        kept = [i for i in kept if i < len(found)]
        units = found[kept] / np.maximum(np.linalg.norm(found[kept], axis=1, keepdims=True), 1e-9)
        spans = tuple(tuple(map(int, cut["offset_mapping"][i])) for i in kept)
        return Reading(
            np.asarray(vector, np.float32),
            units.astype(np.float16),
            tuple((start, end) for start, end in spans),
        )

    def knows(self, word: str) -> bool:
        """True if the word is one piece of the model's vocabulary."""
        return len(self._model.tokenizer.tokenize(word)) == 1

    @cached_property
    def _model(self) -> Any:
        try:
            return load_transformer(self.name)
        except (OSError, ValueError) as exc:
            why = str(exc).strip().splitlines()[0][:200]
            raise ModelError(
                f"the encoder {self.name!r} cannot be loaded: {why}; name a folder that holds a "
                f"sentence-transformers model, or use encoder={SHIPPED}"
            ) from exc


class EmbeddingsEncoder:
    """Vectors of LangChain `Embeddings` search; sentences are ranked by the shipped encoder,
    since such a source gives no vectors of tokens."""

    def __init__(self, embeddings: Embeddings, name: str, ranking: MiniLM) -> None:
        self._embeddings = embeddings
        self._ranking = ranking
        self.id = f"{name} ranked by {MINILM_ID}"

    def embed(
        self, texts: list[str], on_progress: Callable[[int, int], None] | None = None
    ) -> Array:
        """Vectors of passages (n × dim), brought to unit length."""
        made: list[list[float]] = []
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            made += self._called(self._embeddings.embed_documents, batch)
            if on_progress:
                on_progress(len(made), len(texts))
        return _units(np.array(made, np.float32).reshape(len(texts), -1))

    def embed_query(self, text: str) -> Array:
        """The vector that passages are searched with, brought to unit length."""
        vector = self._called(self._embeddings.embed_query, text)
        return np.asarray(_units(np.array([vector], np.float32))[0], np.float32)

    def read(self, text: str) -> Reading:
        """The shipped encoder's reading, for ranking."""
        return self._ranking.read(text)

    def knows(self, word: str) -> bool:
        """True if the shipped encoder knows the word."""
        return self._ranking.knows(word)

    def _called(self, call: Callable[[Any], list[Any]], given: str | list[str]) -> list[Any]:
        try:
            return call(given)
        except Exception as exc:  # a vendor of the user's choice: its errors are not known here
            raise ModelError(f"the embeddings {self.id.partition(' ')[0]} failed: {exc}") from exc


def open_encoder(settings: Settings, embeddings: Embeddings | None = None) -> Encoder:
    """The encoder for `embeddings`, or else the one that `settings.encoder` names.

    "minilm" ships with askali; "openai:NAME" and the like ask a server (at
    `settings.encoder_url`, where set); anything else is a sentence-transformers model, by folder
    or by name from the local cache. Nothing is loaded before the first text.
    """
    if embeddings is not None:
        return EmbeddingsEncoder(embeddings, _named(embeddings), shared_encoder(settings.home))
    name = settings.encoder
    if name == SHIPPED:
        return shared_encoder(settings.home)
    if name.partition(":")[0] in _SERVERS and ":" in name:
        return EmbeddingsEncoder(_served(settings), name, shared_encoder(settings.home))
    return TransformerEncoder(name)


def encoder_id(settings: Settings) -> str:
    """What an index stamp calls the encoder that `settings` name; loads nothing."""
    if settings.encoder == SHIPPED:
        return MINILM_ID
    return open_encoder(settings).id


def encoder_id_of(name: str) -> str:
    """Name and content of a model: the hash of a folder's small files and the sizes of the large
    ones; only the name where the library finds it in its own cache."""
    folder = Path(name)
    if not folder.is_dir():
        return name
    digest = hashlib.sha256()
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        size = file.stat().st_size
        digest.update(f"{file.relative_to(folder).as_posix()} {size}\0".encode())
        if size <= _SMALL_FILE_BYTES:
            digest.update(file.read_bytes())
    return f"{folder.name}@{digest.hexdigest()[:16]}"


def _served(settings: Settings) -> Embeddings:
    from langchain.embeddings import init_embeddings

    extra: dict[str, Any] = {"base_url": settings.encoder_url} if settings.encoder_url else {}
    if extra:  # a compatible server cuts texts itself, and asks for no key
        extra |= {"check_embedding_ctx_length": False, "api_key": "none"}
    try:
        return init_embeddings(settings.encoder, **extra)
    except ImportError as exc:
        raise SettingsError(
            f"setting encoder = {settings.encoder!r}: its package is missing; {exc}"
        ) from exc
    except ValueError as exc:
        raise SettingsError(f"setting encoder = {settings.encoder!r}: {exc}") from exc


def _named(embeddings: Embeddings) -> str:
    model = getattr(embeddings, "model", "") or getattr(embeddings, "model_name", "")
    return f"{type(embeddings).__name__}:{model}" if model else type(embeddings).__name__


def _units(vectors: Array) -> Array:
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9), np.float32)
