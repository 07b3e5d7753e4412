"""An engine that outlives the command that started it, for some minutes, behind a local socket.

``python -m askali.models.keeper SOCKET KEEP_S COMMAND…`` speaks the engine's lines for its
caller: it connects to the engine that is kept behind SOCKET, or has one started:

    caller ⇄ relay ⇄ (socket) ⇄ keeper ⇄ engine

The keeper is alone by a lock that dies with it, serves its own user only, gives each caller
the replies to its own requests, cancels what a caller leaves behind, and ends itself and
the engine when nobody has been connected for KEEP_S seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

import filelock

from askali.isolation import Broken, Child, leave, module_command

MAX_SOCKET_PATH = 100
"""What a socket's path may have of bytes on every system that has such sockets."""

CONNECT_S = 20.0
"""How long a keeper may take to be there; the engine behind it loads after that."""

_POLL_S = 0.1


def can_keep(path: Path) -> bool:
    """True where the system has local sockets, and `path` fits into one's address."""
    return hasattr(socket, "AF_UNIX") and len(os.fsencode(path)) <= MAX_SOCKET_PATH


def keeper_command(path: Path, keep_s: float, command: list[str]) -> list[str]:
    """The program that speaks for the engine `command`, kept behind `path`."""
    kept = module_command("askali.models.keeper", str(path), str(keep_s))
    return [*kept, "--", *command]


def main() -> None:
    """Relay, or with --keep be the keeper."""
    parser = argparse.ArgumentParser(prog="python -m askali.models.keeper")
    parser.add_argument("path", type=Path)
    parser.add_argument("keep_s", type=float)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    if asked.keep:
        with contextlib.suppress(filelock.Timeout):  # another one is there
            _keep(asked.path, asked.keep_s, asked.command)
    else:
        _relay(asked.path, asked.keep_s, asked.command)


def _relay(path: Path, keep_s: float, command: list[str]) -> None:
    """Lines of standard input to the keeper, its lines to standard output."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = _connected(path) or _started(path, keep_s, command)

    def listen() -> None:
        with contextlib.suppress(OSError), line.makefile("rb") as said:
            for one in said:
                if "gone" in (words := json.loads(one)):
                    sys.stderr.write(f"{words['gone']}\n")
                    sys.stderr.flush()
                    break
                sys.stdout.buffer.write(one)
                sys.stdout.buffer.flush()
        os._exit(1)  # the engine is gone, and whoever reads us shall know

    threading.Thread(target=listen, daemon=True).start()
    with contextlib.suppress(OSError):
        for one in sys.stdin.buffer:
            line.sendall(one)
    os._exit(0)


def _connected(path: Path) -> socket.socket | None:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.connect(str(path))
    except OSError:
        line.close()
        return None
    return line


def _started(path: Path, keep_s: float, command: list[str]) -> socket.socket:
    kept = keeper_command(path, keep_s, command)
    kept.insert(kept.index("--"), "--keep")
    leave(kept, path.with_suffix(".log"))
    give_up = time.monotonic() + CONNECT_S
    while time.monotonic() < give_up:
        if line := _connected(path):
            return line
        time.sleep(_POLL_S)
    raise SystemExit(f"no engine answers at {path}")


def _keep(path: Path, keep_s: float, command: list[str]) -> None:
    with filelock.FileLock(path.with_suffix(".lock"), timeout=0):
        path.unlink(missing_ok=True)  # of a keeper that was killed
        os.umask(0o077)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
            door.bind(str(path))
            door.listen()
            door.settimeout(_POLL_S)
            try:
                Keeper(command).serve(door, keep_s)
            finally:
                path.unlink(missing_ok=True)


class Keeper:
    """One engine and its callers; requests get numbers of our own on their way."""

    def __init__(self, command: list[str]) -> None:
        self._engine = Child(command)
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self._callers: set[socket.socket] = set()
        self._asked: dict[int, tuple[socket.socket, int]] = {}
        self._last_id = 0
        self._greeting: dict[str, Any] | None = None
        self._left_at = time.monotonic()

    def serve(self, door: socket.socket, keep_s: float) -> None:
        """Until the engine ends, or nobody was connected for `keep_s`."""
        threading.Thread(target=self._listen, daemon=True).start()
        while not self._is_over.is_set():
            if not self._callers and time.monotonic() - self._left_at > keep_s:
                break
            with contextlib.suppress(TimeoutError):
                caller, _ = door.accept()
                caller.settimeout(None)
                with self._lock:
                    self._callers.add(caller)
                    if self._greeting:
                        _send(caller, self._greeting)
                threading.Thread(target=self._hear, args=(caller,), daemon=True).start()
        for caller in list(self._callers):
            caller.close()
        self._engine.end()

    def _hear(self, caller: socket.socket) -> None:
        """A caller's requests, until it goes; what it leaves behind is cancelled."""
        with contextlib.suppress(OSError, ValueError), caller.makefile("rb") as said:
            for line in said:
                self._ask(caller, json.loads(line))
        with self._lock:
            self._callers.discard(caller)
            left = [number for number, (who, _) in self._asked.items() if who is caller]
            for number in left:
                self._engine.send({"cancel": number})
            self._left_at = time.monotonic()
        caller.close()

    def _ask(self, caller: socket.socket, request: dict[str, Any]) -> None:
        with self._lock:
            if "cancel" in request:
                wanted = (caller, request["cancel"])
                for number in [n for n, asked in self._asked.items() if asked == wanted]:
                    self._engine.send({"cancel": number})
                return
            self._last_id += 1
            self._asked[self._last_id] = (caller, request["id"])
            self._engine.send({**request, "id": self._last_id})

    def _listen(self) -> None:
        """What the engine says, each to whoever asked; what is no reply goes to everybody."""
        why = ""
        while not why:
            try:
                said = self._engine.reply(_POLL_S)
            except Broken as exc:
                said, why = {"gone": str(exc)}, str(exc)
            with self._lock:
                if said is not None:
                    self._pass_on(said)
        self._is_over.set()
        for caller in list(self._callers):
            with contextlib.suppress(OSError):
                caller.shutdown(socket.SHUT_RDWR)

    def _pass_on(self, said: dict[str, Any]) -> None:
        number = said.get("id")
        if number in self._asked:
            caller, asked = self._asked[number]
            _send(caller, {**said, "id": asked})
            if "step" not in said:
                del self._asked[number]
        elif number is None:
            self._greeting = said if "ready" in said else self._greeting
            for caller in self._callers:
                _send(caller, said)


def _send(caller: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # it has gone, which `_hear` notices
        caller.sendall(json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    main()
