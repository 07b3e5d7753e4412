"""The sources that the settings name: read for an index, and compared with what one knows."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import fields
from pathlib import Path

from askali.documents import (
    Corpus,
    Earlier,
    Limits,
    bundled_corpus,
    is_unchanged,
    is_url,
    read_corpus,
    read_page,
)
from askali.errors import AskaliError, DocumentError, SettingsError, StorageError
from askali.index import index_status, stored_documents
from askali.settings import Settings

OnRead = Callable[[int, int], None]

LOOK_AFTER_S = 3.0
"""So often a long-lived process looks whether its sources have changed."""


def index_name(settings: Settings) -> str:
    """The folder name of a corpus's index: its own name and a hash of its place."""
    place = settings.corpus or bundled_corpus()
    path = Path(place).resolve() if isinstance(place, Path) else Path(place)
    key = str(path) if isinstance(place, Path) else place
    digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    stem = "".join(ch if ch.isalnum() and ch.isascii() else "-" for ch in path.name)[:40]
    return f"{stem.strip('-') or 'corpus'}-{digest}"


def limits_of(settings: Settings) -> Limits:
    """The limits among the settings; they have the same names."""
    return Limits(**{field.name: getattr(settings, field.name) for field in fields(Limits)})


@contextmanager
def reading(settings: Settings, on_read: OnRead | None = None) -> Iterator[Corpus]:
    """What the settings' corpus holds; its documents can be fetched while inside."""
    place = settings.corpus or bundled_corpus()
    limits = limits_of(settings)
    if isinstance(place, str):
        if not settings.allow_url:
            raise SettingsError(
                f"{place} is an address, which askali does not fetch unless ASKALI_ALLOW_URL=true "
                "is set; save the page and name the file, or set it"
            )
        yield Corpus((read_page(place, limits),), files_read=1)
        return
    require_source(settings)
    with ExitStack() as held:
        yield read_corpus(
            place,
            limits,
            earlier=_earlier(settings, held),
            on_read=on_read,
            spool_in=settings.home,
        )


def _earlier(settings: Settings, held: ExitStack) -> Earlier | None:
    """What the index keeps, for as long as `held`; None where there is none or it cannot
    be read."""
    try:
        stored = held.enter_context(stored_documents(settings.home, index_name(settings)))
    except StorageError:
        return None
    return Earlier(stored[1], stored[0]) if stored else None


def is_as_before(settings: Settings, ledger: str) -> bool:
    """True where reading the sources again would find what the ledger says."""
    place = settings.corpus or bundled_corpus()
    if isinstance(place, str):
        return is_url(place)  # an address is fetched by `askali index`, not by every question
    return is_unchanged(place, limits_of(settings), ledger)


def require_source(settings: Settings) -> None:
    """Raises `DocumentError` where the corpus is not there (any more)."""
    if has_source(settings):
        return
    try:
        is_kept = index_status(settings.home, index_name(settings)).current is not None
    except StorageError:
        is_kept = True
    kept = ", or run `askali index rebuild` with it to ask what its index keeps" if is_kept else ""
    raise DocumentError(
        f"no such file or folder: {settings.corpus}; name an existing one with --corpus{kept}"
    )


def has_source(settings: Settings) -> bool:
    """True where the corpus is there; an address is taken to be."""
    place = settings.corpus or bundled_corpus()
    return isinstance(place, str) or place.exists()


class Watched:
    """Asks `has_changed` now and then, called for every question by many threads: at most
    every `LOOK_AFTER_S` seconds, and for at most a twentieth of the time. What has changed
    stays changed."""

    def __init__(self, has_changed: Callable[[], bool], look_after_s: float = LOOK_AFTER_S) -> None:
        self._has_changed = has_changed
        self._look_after_s = look_after_s
        self._lock = threading.Lock()
        self._next = time.monotonic() + self._look_after_s
        self._is_changed = False

    def __call__(self) -> bool:
        """True where the sources were found changed."""
        with self._lock:
            if self._is_changed or time.monotonic() < self._next:
                return self._is_changed
            began = time.monotonic()
            with suppress(AskaliError):  # a home that is gone says nothing of the sources
                self._is_changed = self._has_changed()
            ended = time.monotonic()
            self._next = ended + max(self._look_after_s, 20 * (ended - began))
            return self._is_changed
