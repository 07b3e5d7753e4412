"""What a setting of `llm` names, and what stands in for a model that cannot be had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from askali.errors import ModelError


class ModelKind(StrEnum):
    """Nobody, the local model once it is fetched, a local model, or a chat model that writes."""

    NONE = "none"
    AUTO = "auto"
    LOCAL = "local"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A setting of `llm`, read. `name` is "" where the kind says it all: the catalogue's model
    or a GGUF file for `LOCAL`, the whole setting for `CHAT`."""

    kind: ModelKind
    name: str = ""

    @classmethod
    def parse(cls, llm: str) -> ModelSpec:
        """Of "none", "auto", "local", "local:NAME", "local:FILE.gguf" or a chat model's name."""
        kind, _, name = llm.strip().partition(":")
        if kind in (ModelKind.NONE, ModelKind.AUTO, ModelKind.LOCAL):
            return cls(ModelKind(kind), name.strip())
        return cls(ModelKind.CHAT, llm.strip())


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Stands where a model was asked for and cannot be had: every use says why."""

    why: str
    name: str = "none"

    def yes(self, prompts: Sequence[str]) -> list[float]:
        """Raises `ModelError`."""
        raise ModelError(self.why)

    def complete(
        self, prompts: Sequence[str], *, max_tokens: int, stop: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """Raises `ModelError`."""
        raise ModelError(self.why)

    def say(self, messages: Sequence[tuple[str, str]]) -> str:
        """Raises `ModelError`."""
        raise ModelError(self.why)

    def stream(self, messages: Sequence[tuple[str, str]]) -> Iterator[str]:
        """Raises `ModelError`."""
        raise ModelError(self.why)

    def close(self) -> None:
        """Nothing is held."""
