"""Put a model together from its pieces; a piece that is there is not fetched again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from askali.errors import WeightsError
from askali.models.catalogue import Model
from askali.models.mirrors import Mirror, MirrorFailed, is_pinned

Progress = Callable[[int, int, str], None]
"""Called with bytes done, bytes in all, and what is being done."""


def download(model: Model, partial: Path, on_progress: Progress) -> Path:
    """`partial`, made whole and checked. Raises `WeightsError` where no mirror answers."""
    partial.touch()
    mirrors, failures = list(model.mirrors), list[str]()
    with partial.open("r+b") as file:
        whole = _whole_pieces(partial, model)
        file.truncate(model.piece_span(whole)[0] if whole < len(model.pieces) else model.bytes)
        file.seek(0, 2)
        on_progress(file.tell(), model.bytes, "fetching")
        for number in range(whole, len(model.pieces)):
            file.write(_piece(model, number, mirrors, failures, partial.parent))
            file.flush()
            on_progress(file.tell(), model.bytes, "fetching")
    on_progress(model.bytes, model.bytes, "checking")
    _check_whole(model, partial)
    return partial


def _whole_pieces(partial: Path, model: Model) -> int:
    """How many pieces a fetch before this one left undamaged."""
    with partial.open("rb") as file:
        for number, pinned in enumerate(model.pieces):
            start, end = model.piece_span(number)
            if not is_pinned(file.read(end - start), pinned):
                return number
    return len(model.pieces)


def _piece(
    model: Model, number: int, mirrors: list[Mirror], failures: list[str], aside: Path
) -> bytes:
    """The piece from the first mirror that has it; one that fails is not asked again."""
    start, end = model.piece_span(number)
    while mirrors:
        try:
            data = mirrors[0].piece(number, start, end, aside)
            if is_pinned(data, model.pieces[number]):
                return data
            why = "it sent other bytes than the pinned ones"
        except MirrorFailed as exc:
            why = str(exc)
        failures.append(f"{mirrors.pop(0).name}: {why}")
    raise WeightsError(
        f"no mirror has piece {number + 1} of {len(model.pieces)} of {model.name} "
        f"({'; '.join(failures)}); check the network and pip's index settings, then run "
        f"`askali models fetch {model.name}` again: it goes on from here"
    )


def _check_whole(model: Model, path: Path) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != model.sha256:
        path.unlink()
        raise WeightsError(
            f"{model.name} has SHA-256 {found[:12]}…, expected {model.sha256[:12]}…; "
            f"run `askali models fetch {model.name}` again"
        )
