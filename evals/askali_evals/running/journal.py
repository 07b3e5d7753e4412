"""What a run has asked so far, on disk as it goes: a killed run goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Journal:
    """JSON Lines, one an answer; a line that was cut by the kill is asked again.

    A journal belongs to one code, one configuration and one set of documents: `of` names the
    file by a hash of them, so that an answer of another code is never taken for one of this.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: dict[str, dict[str, Any]] = {}
        whole = b""
        for line in path.read_bytes().splitlines(keepends=True) if path.is_file() else ():
            try:
                entry = json.loads(line)
                self._known[entry.pop("key")] = entry
                whole += line
            except (ValueError, KeyError, AttributeError):
                continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(whole)

    @classmethod
    def of(cls, folder: Path, belongs_to: Mapping[str, Any]) -> Journal:
        """The journal in a folder for what is to be asked now."""
        key = hashlib.sha256(json.dumps(belongs_to, sort_keys=True).encode()).hexdigest()[:12]
        return cls(folder / f"journal-{key}.jsonl")

    @property
    def entries(self) -> Mapping[str, dict[str, Any]]:
        """The answers that were there when it was opened, by key."""
        return self._known

    def put(self, key: str, entry: Mapping[str, Any]) -> None:
        """Keep an answer; it is on disk when this returns."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": key, **entry}, ensure_ascii=False) + "\n")

    def finish(self) -> None:
        """The run is whole: the next one asks everything anew."""
        self.path.unlink(missing_ok=True)
