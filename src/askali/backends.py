"""Which model serves a setting of `llm`: none, the local reader, or a chat model."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from askali.errors import ModelError
from askali.local import LocalModel
from askali.models import DEFAULT_MODEL, model_folder
from askali.reader import Reader
from askali.settings import Settings

ENGINES = ("auto", "none", "local")
"""What `llm` may be: the local reader if it is fetched, quotes alone, the local reader."""

_ENGINE = "openvino_genai"
_RUNNING: dict[Path, LocalModel] = {}
_LOCK = Lock()


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Stands where a model was asked for and cannot be had: every use says why."""

    why: str

    def yes(self, prompts: Sequence[str]) -> list[float]:
        """Raises `ModelError`."""
        raise ModelError(self.why)

    def complete(
        self, prompt: str, *, max_tokens: int, stop: Sequence[str] = ()
    ) -> tuple[str, float]:
        """Raises `ModelError`."""
        raise ModelError(self.why)

    def close(self) -> None:
        """Nothing is held."""


def open_reader(settings: Settings) -> Reader | None:
    """The local reader for ``llm="local"``, and for "auto" where it is ready to run.

    One engine a process: assistants share it. It starts with the first question.
    """
    if settings.llm not in ("auto", "local"):
        return None
    folder = model_folder(DEFAULT_MODEL, settings.home)
    missing = _missing(folder)
    if folder and not missing:
        with _LOCK:
            return Reader(_RUNNING.setdefault(folder, LocalModel(folder)))
    return Reader(Unavailable(missing)) if settings.llm == "local" else None


def _missing(folder: Path | None) -> str:
    if importlib.util.find_spec(_ENGINE) is None:
        return "the local model's engine is not installed; run: pip install 'askali[local]'"
    if folder is None:
        return f"the local model is not fetched; run: askali models fetch {DEFAULT_MODEL}"
    return ""


def close_models() -> None:
    """End every engine of this process and free its memory."""
    with _LOCK:
        for model in _RUNNING.values():
            model.close()
        _RUNNING.clear()
