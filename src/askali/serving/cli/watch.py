"""A refresh at each change of a folder, until someone ends it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.markup import escape

from askali.errors import AskaliError
from askali.serving.cli.console import err, print_error

_RETRY_S = 5


def follow(place: Path, refresh: Callable[[], object]) -> None:
    """Refresh at each change of a file or folder until interrupted; an error is told once,
    and tried again later."""
    import watchfiles

    err.print(f"Watching {escape(str(place))}; Ctrl-C ends.")
    root = place if place.is_dir() else place.parent
    is_due, told = False, ""
    with _until_interrupted() as is_over:
        for changes in watchfiles.watch(
            root,
            watch_filter=lambda _, changed: place.is_dir() or Path(changed).stem == place.stem,
            rust_timeout=_RETRY_S * 1000,
            yield_on_timeout=True,
            recursive=place.is_dir(),
            stop_event=is_over,
        ):
            if changes or is_due:
                is_due = True
                try:
                    refresh()
                    is_due, told = False, ""
                except AskaliError as exc:
                    if changes or str(exc) != told:
                        print_error(exc)
                    told = str(exc)


@contextmanager
def _until_interrupted() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets, so that a refresh is finished; then it is told on
    as `KeyboardInterrupt`. The second Ctrl-C interrupts at once."""
    is_over = threading.Event()

    def end(signum: int, frame: object) -> None:
        if is_over.is_set():
            raise KeyboardInterrupt
        is_over.set()

    before = signal.signal(signal.SIGINT, end)
    try:
        yield is_over
    finally:
        signal.signal(signal.SIGINT, before)
    if is_over.is_set():
        raise KeyboardInterrupt
