"""What stands in ``name.toml`` beside a document: title, author, publisher, date, source, …"""

from __future__ import annotations

import tomllib
from pathlib import Path

from askali.errors import DocumentError

_METADATA = ("title", "author", "publisher", "date", "source", "language", "encoding")
_MAX_BYTES = 100_000


def sidecar_of(file: Path) -> Path:
    return file.with_suffix(".toml")


def read_sidecar(file: Path) -> dict[str, str]:
    """The known fields, none where there is no such file; `DocumentError` for a broken one."""
    path = sidecar_of(file)
    if not path.is_file() or path.is_symlink():
        return {}
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise DocumentError(f"has a sidecar {path.name} of over {_MAX_BYTES:,} bytes")
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as exc:
        raise DocumentError(
            f"has a sidecar {path.name} that is not readable TOML: {exc}; correct or remove it"
        ) from exc
    return {name: str(values[name]) for name in _METADATA if name in values}
