"""Which model serves a setting of `llm`: none, the local reader, or a chat model."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from askali.errors import AskaliError, ModelError
from askali.models.keeper import can_keep
from askali.models.local import LocalModel
from askali.models.registry import DEFAULT, folder_of
from askali.models.spec import ModelKind, ModelSpec, Unavailable
from askali.settings import Settings

_ENGINE = "openvino_genai"
_RUNNING: dict[Path, LocalModel] = {}
_LOCK = threading.Lock()


class ReadingModel(Protocol):
    """The seam to a local model; prompts are complete, no template is applied."""

    def yes(self, prompts: Sequence[str]) -> list[float]:
        """Probability, 0 to 1, that each prompt is continued with "yes"."""

    def complete(
        self, prompts: Sequence[str], *, max_tokens: int, stop: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """The greedy continuation of each prompt and its mean log-probability."""

    def close(self) -> None:
        """Free the model's memory."""


def open_model(settings: Settings) -> ReadingModel | None:
    """The local model for ``llm="local"``, ``"local:NAME"`` or ``"local:FILE.gguf"``, and
    for "auto" where it is ready to run.

    One engine a process: assistants share it. It starts with the first question.
    """
    spec = ModelSpec.parse(settings.llm)
    if spec.kind not in (ModelKind.AUTO, ModelKind.LOCAL):
        return None
    if spec.kind is ModelKind.AUTO and not _is_ready(settings.home):
        return None
    try:
        return _model(spec, settings)
    except AskaliError as exc:
        return Unavailable(str(exc))


def _is_ready(home: Path) -> bool:
    """True once the engine is installed and the model has been fetched, whole or not."""
    return importlib.util.find_spec(_ENGINE) is not None and (home / "models" / DEFAULT).exists()


def _model(spec: ModelSpec, settings: Settings) -> LocalModel:
    if importlib.util.find_spec(_ENGINE) is None:
        raise ModelError("the local model's engine is missing; run: pip install 'askali[local]'")
    folder = folder_of(spec.name, settings.home)
    with _LOCK:
        return _RUNNING.setdefault(folder, LocalModel(folder, kept=_kept(folder, settings)))


def _kept(folder: Path, settings: Settings) -> tuple[Path, float] | None:
    """The socket of the kept engine for this model, this askali and this Python; None where
    none is kept."""
    named = f"{folder.resolve()} {sys.executable} {importlib.metadata.version('askali')}"
    socket = settings.home / "run" / f"{hashlib.sha256(named.encode()).hexdigest()[:12]}.sock"
    if not settings.keep_model_s or not can_keep(socket):
        return None
    return socket, settings.keep_model_s


def start_model(settings: Settings) -> None:
    """Begin to load the local model that `settings` name, if any, and return at once; what goes
    wrong is told by the first question."""
    model = open_model(settings)
    if isinstance(model, LocalModel):
        threading.Thread(target=_start, args=(model,), daemon=True).start()


def _start(model: LocalModel) -> None:
    with suppress(ModelError):
        model.start()
