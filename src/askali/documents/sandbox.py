"""Read one file after the other; the risky formats in a process of their own."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Self

from askali.documents.formats import format_of
from askali.documents.limits import Limits
from askali.documents.loaders import plain
from askali.documents.loaders.base import Extracted
from askali.documents.sidecar import read_sidecar
from askali.errors import DocumentError
from askali.isolation import Broken, Child, module_command

_ANSWER_BYTES = 64_000_000
"""Room in an answer beside the text."""


class Reader:
    """Extracts files within `limits`; close it, or use it as a context manager.

    A worker process reads all but plain text. It is started when first needed
    and again when a file has ended it.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._worker: Child | None = None

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
        if worker is not None:
            worker.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _extract(self, path: Path, format: str, limits: Limits) -> Extracted:
        # a character outside of the basic plane takes twelve bytes as JSON of ASCII letters
        most = limits.max_text_chars * 12 + _ANSWER_BYTES
        if self._worker is None:
            command = module_command("askali.documents.worker")
            self._worker = Child(command, most_bytes=most, OMP_NUM_THREADS="1")
        worker = self._worker
        worker.send({"path": str(path), "format": format, "limits": asdict(limits)})
        try:
            answer = worker.reply(limits.read_timeout_s)
        except Broken as exc:
            self.close()
            raise DocumentError(
                f"ended the process that read it ({exc}): it is damaged or needs more than "
                f"{limits.read_memory_mb} MB; save it again"
            ) from exc
        if answer is None:
            worker.kill()
            self.close()
            raise DocumentError(
                f"took longer than {limits.read_timeout_s:g} s to read; split it or set "
                "ASKALI_READ_TIMEOUT_S"
            )
        if answer.get("is_spent"):
            self.close()
        if "refused" in answer:
            raise DocumentError(answer["refused"])
        found = answer["found"]
        lists = {name: tuple(found[name]) for name in ("page_starts", "remarks")}
        return Extracted(**{**found, **lists})
