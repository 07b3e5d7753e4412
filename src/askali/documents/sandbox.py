"""Read one file after the other; the risky formats in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from askali.documents.formats import format_of
from askali.documents.limits import Limits
from askali.documents.loaders import plain
from askali.documents.loaders.base import Extracted
from askali.documents.sidecar import read_sidecar
from askali.errors import DocumentError

_ANSWER_BYTES = 64_000_000
"""Room in an answer beside the text."""

_GOING_S = 2.0
"""How long a worker may take to end by itself."""


class Reader:
    """Extracts files within `limits`; close it, or use it as a context manager.

    A worker process reads all but plain text. It is started when first needed
    and again when a file has ended it.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._worker: subprocess.Popen[bytes] | None = None

    def read(self, path: Path) -> Extracted:
        """Raises `DocumentError`, whose message goes on after the file's name."""
        try:
            size = path.stat().st_size
            if size > self.limits.max_file_mb * 1e6:
                raise DocumentError(
                    f"has {size / 1e6:,.1f} MB, the limit is {self.limits.max_file_mb:g}; split "
                    "it or set ASKALI_MAX_FILE_MB"
                )
            if not size:
                raise DocumentError("is empty; add text or remove it")
            format = format_of(path)
            limits = self.limits
            if encoding := read_sidecar(path).get("encoding"):
                limits = replace(limits, text_encoding=encoding)
            if format == "text":
                return plain.extract(path, limits)
            return self._extract(path, format, limits)
        except OSError as exc:
            reason = exc.strerror or type(exc).__name__
            raise DocumentError(f"cannot be read: {reason}; check its permissions") from exc

    def close(self) -> None:
        """End the worker: at the end of its input it goes by itself, or it is killed."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        try:
            worker.communicate(timeout=_GOING_S)
        except (subprocess.TimeoutExpired, OSError, ValueError):
            worker.kill()
            worker.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _extract(self, path: Path, format: str, limits: Limits) -> Extracted:
        worker = self._worker = self._worker or _start()
        asked = {"path": str(path), "format": format, "limits": asdict(limits)}
        is_late = threading.Event()

        def stop() -> None:
            is_late.set()
            worker.kill()

        timer = threading.Timer(self.limits.read_timeout_s, stop)
        timer.daemon = True
        timer.start()
        try:
            answer = self._ask(worker, asked)
        finally:
            timer.cancel()
        if answer is None or answer.get("is_spent"):
            self.close()
        if answer is None:
            raise DocumentError(self._died(worker, is_late.is_set()))
        if "refused" in answer:
            raise DocumentError(answer["refused"])
        found = answer["found"]
        lists = {name: tuple(found[name]) for name in ("page_starts", "remarks")}
        return Extracted(**{**found, **lists})

    def _ask(self, worker: subprocess.Popen[bytes], asked: dict[str, Any]) -> dict[str, Any] | None:
        """The worker's answer, None where it ended instead."""
        assert worker.stdin is not None
        assert worker.stdout is not None
        try:
            worker.stdin.write(json.dumps(asked).encode("ascii") + b"\n")
            worker.stdin.flush()
            length = int.from_bytes(worker.stdout.read(8), "big")
            if not 0 < length <= self.limits.max_text_chars * 4 + _ANSWER_BYTES:
                return None
            written = worker.stdout.read(length)
        except OSError:
            return None
        if len(written) < length:
            return None
        answer: dict[str, Any] = json.loads(written.decode("utf-8", "surrogatepass"))
        return answer

    def _died(self, worker: subprocess.Popen[bytes], is_late: bool) -> str:
        if is_late:
            return (
                f"took longer than {self.limits.read_timeout_s:g} s to read; split it or set "
                "ASKALI_READ_TIMEOUT_S"
            )
        return (
            f"ended the process that read it (exit code {worker.returncode}): it is damaged or "
            f"needs more than {self.limits.read_memory_mb} MB; save it again"
        )


def _start() -> subprocess.Popen[bytes]:
    search_path = os.pathsep.join(entry for entry in sys.path if entry)
    # -P: the folder that askali was started in must not shadow a module.
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "askali.documents.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": search_path, "OMP_NUM_THREADS": "1"},
    )
