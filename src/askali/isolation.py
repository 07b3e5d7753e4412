"""Our own Python in a process of its own: it may die, hang or babble without harm to us.

`run` waits for one that does one thing, `Child` talks with one by JSON lines, `leave` starts one
that outlives us.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import weakref
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

_GOING_S = 1.0
"""How long a child may take to end by itself."""

_MOST_BYTES = 64_000_000
"""Room for a line, so that a child that babbles does not fill our memory."""

_WORDS_S = 1.0
"""How long the last words of a dead child may take; a grandchild can keep their pipe open."""


def module_command(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of ours with this interpreter."""
    # -P: the folder that askali was started in must not shadow a module.
    return [sys.executable, "-P", "-m", module, *arguments]


def environment() -> dict[str, str]:
    """This process's environment, in which a child finds the modules that we find."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}


def run(command: Sequence[str], timeout_s: float) -> str:
    """Run a command to its end; "" where it went well, else its last words, or its signal.

    Raises `Broken` where it does not end in time.
    """
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            env=environment(),
            timeout=timeout_s,
        )
    except subprocess.TimeoutExpired as exc:
        raise Broken(f"took over {timeout_s:.0f} s") from exc
    if done.returncode < 0:
        return f"died of signal {-done.returncode}"
    said = (done.stdout.strip() or done.stderr.strip() or "nothing").splitlines()
    return said[-1] if done.returncode else ""


def leave(command: Sequence[str], log: Path) -> None:
    """Start a program that goes on after us, in a session of its own, so that Ctrl-C is for the
    front end alone; what it says goes into `log`."""
    with log.open("wb") as said:
        left = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd="/",
            env=environment(),
            start_new_session=True,
        )
    _in_thread(left.wait)  # no zombie, should it end before us


class Broken(Exception):
    """The process died, hangs or talks nonsense."""


class Child:
    """A running program: `send` never waits, `reply` waits as long as it is told.

    `end` ends and buries it, from any thread; it also happens when the object or
    the interpreter goes away. A child that reads its input to the end stops by itself,
    also when we are killed; one that does not within a second is killed. A line of
    `most_bytes` is its last.
    """

    def __init__(
        self, command: Sequence[str], *, most_bytes: int = _MOST_BYTES, **more_environment: str
    ) -> None:
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**environment(), **more_environment},
            )
        except OSError as exc:
            raise Broken(f"it did not start: {exc}") from exc
        self.is_ready = False
        self._said: queue.Queue[bytes | None] = queue.Queue()
        self._unsent: queue.Queue[bytes | None] = queue.Queue()
        self._words: deque[str] = deque(maxlen=5)
        _in_thread(_read, self._process.stdout, self._said, most_bytes)
        self._last_words = _in_thread(_keep_words, self._process.stderr, self._words)
        _in_thread(_write, self._process.stdin, self._unsent)
        self.end = weakref.finalize(self, _end, self._process, self._unsent)

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """End it at once, without the second to end by itself; bury it by `end`."""
        self._process.kill()

    def send(self, message: dict[str, Any]) -> None:
        """Queue a message; a dead child is noticed by `reply`."""
        self._unsent.put(json.dumps(message).encode() + b"\n")

    def reply(self, timeout_s: float) -> dict[str, Any] | None:
        """The next line it says, None where it says none in time; raises `Broken`."""
        try:
            line = self._said.get(timeout=max(0.0, timeout_s))
        except queue.Empty:
            return None
        if line is None:
            self._said.put(None)  # whoever asks next shall know as well
            raise Broken(self._death())
        with suppress(ValueError):
            if isinstance(reply := json.loads(line), dict):
                return reply
        raise Broken(f"it said {line[:80]!r}")

    def _death(self) -> str:
        try:
            code = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            return "it stopped talking"
        self._last_words.join(_WORDS_S)  # its error pipe may be read later than its output
        how = f"died of signal {-code}" if code < 0 else f"ended with code {code}"
        return f"it {how}" + (f" ({self._words[-1]})" if self._words else "")


def _in_thread(work: Any, *arguments: Any) -> threading.Thread:
    # The thread must not know the Child, or the Child would never be collected.
    thread = threading.Thread(target=work, args=arguments, daemon=True)
    thread.start()
    return thread


def _read(pipe: Any, said: queue.Queue[bytes | None], most_bytes: int) -> None:
    with suppress(OSError, ValueError), pipe:
        while (line := pipe.readline(most_bytes)).endswith(b"\n"):
            said.put(line)
    said.put(None)


def _keep_words(pipe: Any, words: deque[str]) -> None:
    with suppress(OSError, ValueError), pipe:
        for line in pipe:
            if said := line.decode(errors="replace").strip():
                words.append(said[:300])


def _write(pipe: Any, unsent: queue.Queue[bytes | None]) -> None:
    """A child that does not read fills the pipe: then this thread waits, not the caller."""
    with suppress(OSError, ValueError), pipe:
        while (line := unsent.get()) is not None:
            pipe.write(line)
            pipe.flush()


def _end(process: subprocess.Popen[bytes], unsent: queue.Queue[bytes | None]) -> None:
    """No zombie, no open pipe: at the end of its input it goes by itself, or it is killed."""
    unsent.put(None)
    try:
        process.wait(timeout=_GOING_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
