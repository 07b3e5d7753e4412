"""A local model whose replies are kept in a file: a fit or a table is made anew for free."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from askali.models.serving import ReadingModel


class Remembered:
    """Asks the model only what it was never asked before; `path` is a file of JSON lines.

    Without a model it raises `LookupError` there."""

    def __init__(self, model: ReadingModel | None, path: Path) -> None:
        self.model, self.path = model, path
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        self._known = dict(map(json.loads, lines))
        self.asked = 0

    def yes(self, prompts: Sequence[str]) -> list[float]:
        """As `ReadingModel.yes`."""
        keys = [_key("yes", prompt) for prompt in prompts]
        new = [(k, p) for k, p in zip(keys, prompts, strict=True) if k not in self._known]
        if new:
            for (key, _), said in zip(new, self._asked().yes([p for _, p in new]), strict=True):
                self._keep(key, said)
        return [float(self._known[key]) for key in keys]

    def complete(
        self, prompts: Sequence[str], *, max_tokens: int, stop: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """As `ReadingModel.complete`."""
        task = f"{max_tokens} {list(stop)}"
        keys = [_key(task, prompt) for prompt in prompts]
        new = {k: p for k, p in zip(keys, prompts, strict=True) if k not in self._known}
        if new:
            said = self._asked().complete(list(new.values()), max_tokens=max_tokens, stop=stop)
            for key, one in zip(new, said, strict=True):
                self._keep(key, one)
        return [(str(text), float(likely)) for text, likely in map(self._known.__getitem__, keys)]

    def close(self) -> None:
        """As `ReadingModel.close`."""
        if self.model:
            self.model.close()

    def _asked(self) -> ReadingModel:
        if self.model is None:
            raise LookupError("the model was never asked this")
        return self.model

    def _keep(self, key: str, said: object) -> None:
        self.asked += 1
        self._known[key] = said
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([key, said]) + "\n")


def _key(task: str, prompt: str) -> str:
    return hashlib.sha256(f"{task}\n{prompt}".encode()).hexdigest()[:32]
