"""Local models: fetched by one command, checked, converted once, kept on disk.

<home>/models/
├── <name>/            the converted model and manifest.json
├── <name>.partial     the pieces that a fetch has so far
├── tmp-<id>/          a conversion under way, or what a dead one left
└── .lock              held by the one process that fetches, converts or removes
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from askali.errors import StorageError, WeightsError
from askali.models.catalogue import CATALOGUE, DEFAULT, Model, known
from askali.models.conversion import (
    Converter,
    check_fully,
    check_quick,
    convert_gguf,
    convert_into,
    quick_hash,
)
from askali.models.download import Progress, download
from askali.models.hardware import check_processor, engine_command

__all__ = ["CATALOGUE", "DEFAULT", "Model", "Progress", "fetch", "fetch_model", "folder_of"]
__all__ += ["known", "model_folder", "remove"]


def model_folder(name: str, home: Path) -> Path | None:
    """The folder of a fetched model, None where it was not fetched.

    Compares sizes and samples. Raises `WeightsError` for a name that is not in the
    catalogue and for a damaged folder.
    """
    folder = home / "models" / known(name).name
    if not folder.exists():
        return None
    check_quick(folder)
    return folder


def folder_of(name: str, home: Path, on_progress: Progress | None = None) -> Path:
    """The folder of the model that a `ModelSpec` names: "" is the default one, a name that ends
    in ".gguf" a file.

    One of the catalogue has to be fetched before: `WeightsError` says how. A file of
    your own is converted when it is first named, which takes about half a minute; it
    has to speak ChatML, as Qwen does.
    """
    wanted = name or DEFAULT
    if wanted.lower().endswith(".gguf"):
        return _own_model(Path(wanted).expanduser(), home, on_progress or _silent, convert_gguf)
    folder = model_folder(wanted, home)
    if folder is None:
        raise WeightsError(
            f"the local model {wanted} is not here yet; run: askali models fetch {wanted} "
            f"({known(wanted).bytes / 1e9:.1f} GB, once), or use --llm none"
        )
    return folder


def fetch(name: str, home: Path, on_progress: Progress | None = None) -> Path:
    """Download, check and convert a model; returns its folder. Goes on where it stopped.

    Raises `ModelError` where the engine is missing, `StorageError` where there is no room,
    `WeightsError` where no mirror answers.
    """
    check_processor()
    engine_command()
    return fetch_model(known(name), home, on_progress or _silent, convert_gguf)


def fetch_model(model: Model, home: Path, on_progress: Progress, convert: Converter) -> Path:
    """`fetch` for any description of a model and any converter."""
    with _writing(home) as models:
        folder = models / model.name
        if folder.exists():
            check_fully(folder)
            return folder
        partial = models / f"{model.name}.partial"
        _check_space(models, model.needed_bytes - _size(partial), f"fetching {model.name}")
        whole = download(model, partial, on_progress)
        on_progress(model.bytes, model.bytes, "converting")
        convert_into(folder, whole, model.sha256, convert)
        whole.unlink()
        return folder


def remove(name: str, home: Path) -> bool:
    """Delete a fetched model and what an interrupted fetch left; False if there was nothing."""
    model = known(name)
    with _writing(home) as models:
        folder, partial = models / model.name, models / f"{model.name}.partial"
        found = folder.exists() or partial.exists()
        partial.unlink(missing_ok=True)
        if folder.exists():
            gone = models / f"tmp-{uuid.uuid4().hex[:12]}"
            folder.rename(gone)  # in one step, so that nobody opens half of it
            shutil.rmtree(gone)
        return found


def _own_model(gguf: Path, home: Path, on_progress: Progress, convert: Converter) -> Path:
    if not gguf.is_file():
        raise WeightsError(f"no such model file: {gguf}")
    quick = quick_hash(gguf)
    folder = home / "models" / f"gguf-{quick[:16]}"
    if not folder.exists():
        check_processor()
        engine_command()
        with _writing(home) as models:
            size = gguf.stat().st_size
            _check_space(models, size * 6 // 5, f"converting {gguf.name}")
            on_progress(size, size, "converting")
            convert_into(folder, gguf, f"quick:{quick}", convert)
    check_quick(folder)
    return folder


@contextmanager
def _writing(home: Path) -> Iterator[Path]:
    """The folder of models, ours alone; what a dead process left there is removed."""
    models = home / "models"
    try:
        models.mkdir(mode=0o700, parents=True, exist_ok=True)
        with filelock.FileLock(models / ".lock", timeout=0):
            for left in models.glob("tmp*"):
                shutil.rmtree(left, ignore_errors=True)
            yield models
    except filelock.Timeout as exc:
        raise WeightsError(
            f"another process is fetching or converting a model in {models}; "
            "wait until it has finished, then try again"
        ) from exc
    except OSError as exc:
        raise StorageError(
            f"cannot write {models}: {exc.strerror or exc}; free some space, mend the "
            "permissions, or set ASKALI_HOME to another folder"
        ) from exc


def _check_space(folder: Path, needed: int, what: str) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StorageError(
            f"{what} needs {needed / 1e9:.1f} GB of free disk space, {folder} has "
            f"{free / 1e9:.1f}; free some, or set ASKALI_HOME to a folder on another disk"
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _silent(done: int, total: int, what: str) -> None:
    """Progress that nobody watches."""
