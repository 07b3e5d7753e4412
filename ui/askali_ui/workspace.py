"""What readers bring along: each one's own documents, private, in memory, for a while."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from askali import Answer, AskaliError, Assistant, Document, DocumentError
from askali_ui.questions import Suggestion

_KEY = re.compile(r"[0-9a-f]{32}")
_UNFIT = re.compile(r"[^\w.-]+")


class DeskFull(AskaliError):
    """A limit on own documents is reached; the message names it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reader may bring, and how many readers with documents there may be."""

    file_bytes: int = 20_000_000
    documents: int = 10
    chars: int = 2_000_000
    desks: int = 40
    idle_s: float = 3600.0


@dataclass(slots=True)
class _Desk:
    assistant: Assistant
    own: dict[str, Document] = field(default_factory=dict)
    suggested: tuple[Suggestion, ...] = ()
    summaries: dict[str, Answer] = field(default_factory=dict)
    count: int = 0
    used: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Desks:
    """The desks of all readers, each found only by its secret key; thread-safe.

    A desk that nobody has used for `Limits.idle_s` is cleared. Nothing is written.
    """

    def __init__(
        self,
        house: Assistant,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.house = house
        self.limits = limits or Limits()
        self._clock = clock
        self._desks: dict[str, _Desk] = {}
        self._lock = threading.Lock()

    def assistant(self, key: str) -> Assistant:
        """The assistant that knows this reader's documents too."""
        desk = self._find(key)
        return desk.assistant if desk else self.house

    def own(self, key: str) -> Mapping[str, Document]:
        """This reader's documents by id, in the order in which they came."""
        desk = self._find(key)
        return dict(desk.own) if desk else {}

    def add(
        self, key: str, documents: Sequence[Document], on_progress: Callable[[int, int], None]
    ) -> list[Document]:
        """Read `documents` and put them on the desk; gives them as they are known there.

        Raises `DeskFull` where a limit would be passed; then nothing is added.
        """
        desk = self._find(key) or self._new(key)
        with desk.lock:
            self._check(desk, documents)
            named = [_named(d, desk.count + i) for i, d in enumerate(documents, 1)]
            desk.assistant = desk.assistant.with_documents(named, on_progress=on_progress)
            desk.count += len(named)
            desk.own = {**desk.own, **{document.id: document for document in named}}
        return named

    def suggest(self, key: str, suggestions: Sequence[Suggestion]) -> None:
        """Remember questions that this reader's documents answer."""
        if desk := self._find(key):
            desk.suggested += tuple(suggestions)

    def suggested(self, key: str) -> Sequence[Suggestion]:
        """Those whose document is still there."""
        desk = self._find(key)
        return [s for s in desk.suggested if s.document_id in desk.own] if desk else []

    def summarise(self, key: str, document_id: str, summary: Answer | None) -> None:
        """Remember a document's summary."""
        if (desk := self._find(key)) and summary:
            desk.summaries[document_id] = summary

    def summary(self, key: str, document_id: str) -> Answer | None:
        """The one that was remembered."""
        desk = self._find(key)
        return desk.summaries.get(document_id) if desk else None

    def remove(self, key: str, document_id: str) -> None:
        """Forget a document; raises `DocumentError` where the desk has none such."""
        desk = self._find(key)
        if desk is None or document_id not in desk.own:
            raise DocumentError("this document is gone already")
        with desk.lock:
            desk.assistant = desk.assistant.without_documents([document_id])
            desk.own = {id: d for id, d in desk.own.items() if id != document_id}

    def _find(self, key: str) -> _Desk | None:
        with self._lock:
            self._clear_idle()
            desk = self._desks.get(key)
            if desk:
                desk.used = self._clock()
            return desk

    def _new(self, key: str) -> _Desk:
        if not _KEY.fullmatch(key):
            raise DocumentError("this page has lost its key: reload it, then add the file again")
        with self._lock:
            if len(self._desks) >= self.limits.desks:
                raise DeskFull(
                    f"{self.limits.desks} readers have documents of their own here already; "
                    "try again later"
                )
            return self._desks.setdefault(key, _Desk(self.house, used=self._clock()))

    def _clear_idle(self) -> None:
        oldest = self._clock() - self.limits.idle_s
        self._desks = {key: desk for key, desk in self._desks.items() if desk.used >= oldest}

    def _check(self, desk: _Desk, documents: Sequence[Document]) -> None:
        if len(desk.own) + len(documents) > self.limits.documents:
            raise DeskFull(
                f"{self.limits.documents} documents of your own are the most; remove one first"
            )
        here = {d.text: d for d in (*self.house.documents.values(), *desk.own.values())}
        for document in documents:
            if twin := here.get(document.text):
                raise DocumentError(
                    f"the same text is here already as “{twin.title or twin.id}”; nothing was added"
                )
        chars = sum(len(document.text) for document in (*desk.own.values(), *documents))
        if chars > self.limits.chars:
            raise DeskFull(
                f"your documents would have {chars:,} characters together, at most "
                f"{self.limits.chars:,} are read; remove one or take a shorter file"
            )


def _named(document: Document, number: int) -> Document:
    """Under an id that no other document has: this reader's own count is in it."""
    stem = _UNFIT.sub("-", document.id)[:60].strip("-") or "document"
    return replace(document, id=f"own-{number}-{stem}")
