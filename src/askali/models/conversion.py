"""A converted model on disk: made aside, renamed when whole, compared before it is used."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

from askali.errors import WeightsError
from askali.isolation import Broken, run
from askali.models.hardware import engine_command

MANIFEST = "manifest.json"
CONVERT_S = 1200.0
"""A conversion takes half a minute; on a slow disk with little memory many times that."""

_QUICK_BYTES = 65_536

Converter = Callable[[Path], None]
"""Writes a converted model beside the GGUF file it is given."""


def convert_into(folder: Path, gguf: Path, source_sha256: str, convert: Converter) -> None:
    """Make `folder` from a GGUF file; it appears whole or not at all."""
    aside = folder.parent / f"tmp-{uuid.uuid4().hex[:12]}"
    aside.mkdir(mode=0o700)
    try:
        linked = aside / "model.gguf"
        _link(gguf.absolute(), linked)
        convert(linked)
        linked.unlink()
        _write_manifest(aside, source_sha256)
        for path in [*aside.iterdir(), aside]:
            _sync(path)
        aside.rename(folder)
        _sync(folder.parent)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def convert_gguf(gguf: Path) -> None:
    """Let the engine convert, in a process of its own; raises `WeightsError` with its words."""
    try:
        said = run(engine_command("--convert", str(gguf)), CONVERT_S)
    except Broken as exc:
        raise WeightsError(f"converting {gguf.name} {exc}") from exc
    if said:
        raise WeightsError(
            f"the engine cannot read the model: {said[:300]}; it takes GGUF files of the Llama "
            "and Qwen families with tensors in F16, Q8_0, Q4_0, Q4_1 or Q4_K_M"
        )


def check_quick(folder: Path) -> None:
    """Compare sizes and three samples of each file; raises `WeightsError` for a difference."""
    _compare(folder, "quick", quick_hash)


def check_fully(folder: Path) -> None:
    """Compare every byte, some seconds; raises `WeightsError` for a difference."""
    _compare(folder, "sha256", _full_hash)


def quick_hash(path: Path) -> str:
    """A hash of the size and of samples at the start, in the middle and at the end."""
    size = path.stat().st_size
    found = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        for start in (0, size // 2, max(0, size - _QUICK_BYTES)):
            file.seek(start)
            found.update(file.read(_QUICK_BYTES))
    return found.hexdigest()


def _full_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_manifest(folder: Path, source_sha256: str) -> None:
    files = {
        path.name: {
            "bytes": path.stat().st_size,
            "sha256": _full_hash(path),
            "quick": quick_hash(path),
        }
        for path in sorted(folder.iterdir())
    }
    if not any(name.endswith(".bin") for name in files):
        raise WeightsError("the engine converted the model into nothing; report this")
    content = {"format": 1, "source_sha256": source_sha256, "files": files}
    (folder / MANIFEST).write_text(json.dumps(content, indent=2) + "\n", encoding="ascii")


def _compare(folder: Path, kind: str, hash_of: Callable[[Path], str]) -> None:
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="ascii"))["files"]
        wrong = [name for name, known in files.items() if hash_of(folder / name) != known[kind]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        wrong = [str(getattr(exc, "filename", None) or MANIFEST)]
    if wrong:
        name = folder.name
        raise WeightsError(
            f"the local model {name} is damaged ({Path(wrong[0]).name}); "
            f"run: askali models remove {name}, then askali models fetch {name}"
        )


def _link(path: Path, name: Path) -> None:
    try:
        name.hardlink_to(path)
    except OSError:  # another disk
        name.symlink_to(path)


def _sync(path: Path) -> None:
    if os.name == "nt":
        return  # a folder cannot be opened there
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
