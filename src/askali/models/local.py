"""A small model in a process of its own: it judges and writes, and cannot take us down."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from askali.errors import ModelError
from askali.isolation import Broken, Child
from askali.models.hardware import check_machine, engine_command
from askali.models.keeper import keeper_command

BATCH = 8
"""Prompts judged in one turn; between two turns another thread's question may go first."""

POLL_S = 0.05

_AGAIN = "ask again and it is started anew, or use --llm none"


class LocalModel:
    """A converted model in a process of its own; starts on first use; thread-safe.

    Every failure of the process is a `ModelError`, and the next call starts a new
    one. `silence_s` is how long it may say nothing, not how long it may take: one that is slow
    tells its steps and is waited for. `start_s` is the same while it loads, when it has no steps
    to tell. `command` is another program that speaks `askali.models.engine`'s lines.
    `kept` is a socket and for how many seconds the engine stays behind it after we have gone, for
    the next process that asks.
    """

    def __init__(
        self,
        folder: Path,
        *,
        silence_s: float = 120.0,
        start_s: float = 600.0,
        cache_gb: int = 1,
        command: Sequence[str] | None = None,
        kept: tuple[Path, float] | None = None,
    ) -> None:
        self._folder, self._cache_gb = folder, cache_gb
        self._silence_s, self._start_s = silence_s, start_s
        self._command, self._kept = command, kept
        self._turn = threading.Lock()
        self._child: Child | None = None
        self._last_id = 0
        self._is_closed = False

    def start(self) -> None:
        """Load the model and return when it is ready; any other call does so by itself."""
        with self._turns():
            pass

    def yes(self, prompts: Sequence[str]) -> list[float]:
        """For each complete prompt, the probability that the reply begins with "yes"."""
        said: list[float] = []
        for start in range(0, len(prompts), BATCH):
            some = list(prompts[start : start + BATCH])
            with self._turns() as child:
                said += _checked_yes(self._reply(child, {"yes": some}), len(some))
        return said

    def complete(
        self, prompts: Sequence[str], *, max_tokens: int, stop: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """For each complete prompt the likeliest text after it, up to the first `stop`, and its
        mean log-probability a token."""
        request = {"complete": list(prompts), "max_tokens": max_tokens, "stop": list(stop)}
        with self._turns() as child:
            return _checked_texts(self._reply(child, request), len(prompts))

    def close(self) -> None:
        """End the process and free its memory; whoever waits for it gets `ModelError`."""
        self._is_closed = True
        child, self._child = self._child, None
        if child:
            child.end()

    def __enter__(self) -> LocalModel:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _turns(self) -> Iterator[Child]:
        """The process, ready and ours alone."""
        with self._turn:
            try:
                yield self._ready()
            except Broken as exc:
                broken, self._child = self._child, None
                if broken:
                    broken.end()
                why = "it was closed" if self._is_closed else exc
                raise ModelError(
                    f"the local model {self._folder.name} failed: {why}; {_AGAIN}"
                ) from exc

    def _ready(self) -> Child:
        """A loaded model."""
        child = self._child = self._child or Child(self._program())
        give_up = time.monotonic() + self._start_s
        while not child.is_ready:
            if self._is_closed:  # closed while it started
                raise Broken("it was closed")
            reply = child.reply(POLL_S)
            if reply and "ready" not in reply:
                raise Broken(str(reply.get("error", reply)))
            if reply:
                child.is_ready = True
            elif time.monotonic() > give_up:
                raise Broken(f"it was not ready after {self._start_s:.0f} s")
        return child

    def _program(self) -> Sequence[str]:
        if self._is_closed:
            raise ModelError("the local model was closed; make a new LocalModel")
        command = self._command
        if command is None:
            if not (self._kept and self._kept[0].exists()):  # one that runs has its memory
                check_machine(self._folder, self._cache_gb)
            command = engine_command(str(self._folder), "--cache-gb", str(self._cache_gb))
        return keeper_command(*self._kept, list(command)) if self._kept else command

    def _reply(self, child: Child, request: dict[str, Any]) -> dict[str, Any]:
        """The result of one request; whoever is interrupted here cancels it."""
        self._last_id = id = self._last_id + 1
        child.send({"id": id, **request})
        is_over, give_up = False, time.monotonic() + self._silence_s
        try:
            while (now := time.monotonic()) < give_up:
                reply = child.reply(min(POLL_S, give_up - now))
                if reply is None or reply.get("id") != id:
                    continue  # silence, or the end of what somebody cancelled
                if "error" in reply:
                    is_over = True
                    raise ModelError(f"the local model refused: {reply['error']}")
                if "step" not in reply:
                    is_over = True
                    return reply
                give_up = time.monotonic() + self._silence_s  # it works
            raise Broken(f"it was silent for {self._silence_s:.0f} s")
        finally:
            if not is_over:
                child.send({"cancel": id})


def _checked_yes(reply: dict[str, Any], count: int) -> list[float]:
    said = reply.get("yes")
    if not isinstance(said, list):
        raise Broken(f"it said {str(reply)[:80]!r}")
    judged = [one for one in said if isinstance(one, float | int)]
    if len(judged) != count:
        raise Broken(f"it judged {said!r:.80} where {count} prompts were asked")
    return [float(one) for one in judged]


def _checked_texts(reply: dict[str, Any], count: int) -> list[tuple[str, float]]:
    try:
        said = [(str(text), float(likely)) for text, likely in reply["complete"]]
    except (KeyError, TypeError, ValueError) as exc:
        raise Broken(f"it said {str(reply)[:80]!r}") from exc
    if len(said) != count:
        raise Broken(f"it wrote {len(said)} texts where {count} prompts were asked")
    return said
