"""What could keep askali from answering, each with its fix."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from askali.errors import AskaliError
from askali.settings import Settings

MIN_FREE_BYTES = 500_000_000
"""Below this an index build may not fit."""

MIN_SQLITE = (3, 35)
"""Chroma's floor."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `fix` says what to do where it is not ok."""

    name: str
    is_ok: bool
    found: str
    fix: str = ""


def examine(settings: Settings) -> Iterator[Check]:
    """All checks in order of dependence, each made when it is asked for."""
    for look in (_python, _sqlite, _home, _space, _weights, _model, _corpus, _index):
        yield _guarded(look, settings)


def _guarded(look: Callable[[Settings], Check], settings: Settings) -> Check:
    try:
        return look(settings)
    except AskaliError as exc:
        return Check(look.__name__.strip("_"), False, exc.problem, exc.fix)


def _python(settings: Settings) -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    return Check("python", sys.version_info >= (3, 11), found, "install Python 3.11 or newer")


def _sqlite(settings: Settings) -> Check:
    with closing(sqlite3.connect(":memory:")) as memory:
        options = [str(option) for (option,) in memory.execute("PRAGMA compile_options")]
    return sqlite_check(sqlite3.sqlite_version_info, options)


def sqlite_check(version: tuple[int, ...], options: Sequence[str]) -> Check:
    """Whether a SQLite of this version, compiled with these options, will do."""
    has_fts = any("FTS5" in option for option in options)
    found = f"{'.'.join(map(str, version))} {'with' if has_fts else 'without'} FTS5"
    fix = "use a Python whose SQLite is 3.35 or newer with FTS5: python.org, uv and conda have one"
    return Check("sqlite", version >= MIN_SQLITE and has_fts, found, fix)


def _home(settings: Settings) -> Check:
    existing = _existing(settings.home)
    is_ok = existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
    state = "writable" if is_ok else "not writable"
    fix = f"give yourself permission on {existing}, or set ASKALI_HOME to a folder of yours"
    return Check("home", is_ok, f"{settings.home} ({state})", fix)


def _space(settings: Settings) -> Check:
    free = shutil.disk_usage(_existing(settings.home)).free
    fix = "free some space, or set ASKALI_HOME to a folder on another disk"
    return Check("space", free >= MIN_FREE_BYTES, f"{free / 1e9:.1f} GB free", fix)


def _weights(settings: Settings) -> Check:
    from askali.models.weights import MINILM_ID, minilm_folder

    minilm_folder(settings.home)
    return Check("weights", True, f"{MINILM_ID}, every file as pinned")


def _model(settings: Settings) -> Check:
    from askali.models.hardware import check_machine, engine_command
    from askali.models.registry import DEFAULT, folder_of, model_folder
    from askali.models.spec import ModelKind, ModelSpec

    spec = ModelSpec.parse(settings.llm)
    if spec.kind is ModelKind.LOCAL:
        folder = folder_of(spec.name, settings.home)
        engine_command()
        check_machine(folder, cache_gb=1)
        return Check("model", True, f"{folder.name}, as it was converted")
    fetched = model_folder(DEFAULT, settings.home)
    return Check("model", True, f"{DEFAULT}, fetched" if fetched else "none fetched, none needed")


def _corpus(settings: Settings) -> Check:
    from askali.ingestion import examine_corpus

    found, fix = examine_corpus(settings)
    return Check("corpus", not fix, found, fix)


def _index(settings: Settings) -> Check:
    from askali.ingestion import index_state

    state, fix = index_state(settings)
    of = f" {shlex.quote(str(settings.corpus))}" if settings.corpus else ""
    return Check("index", not fix, state, f"{fix}{of}" if fix else "")


def _existing(path: Path) -> Path:
    """The path, or the nearest folder above it that exists as far as one may look."""
    for candidate in (path, *path.absolute().parents):
        with suppress(PermissionError):
            if candidate.exists():
                return candidate
    return Path(path.anchor)
