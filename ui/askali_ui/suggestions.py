"""Questions worth suggesting: those that quotes alone answer from where they were made;
remembered with the index."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict

from askali import Answer, AskaliError, Assistant, Document
from askali_ui import card_store
from askali_ui.questions import TRIED, Suggestion, candidates, varied

FIRST, WANTED = 4, 12


class Suggestions:
    """Finds its questions in a thread of its own, while `is_busy` says that nobody waits.

    `ready` is set as soon as there are enough for the empty page, or no more.
    """

    def __init__(self, assistant: Assistant, is_busy: Callable[[], bool] = lambda: False) -> None:
        self._assistant = assistant
        self._is_busy = is_busy
        self._kept: tuple[Suggestion, ...] = ()
        self.summary: Answer | None = None
        self._closing = threading.Event()
        self.ready = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True, name="suggestions")

    def start(self) -> None:
        """Begin in the background; does nothing the second time."""
        if self._thread.ident is None:
            self._thread.start()

    def close(self) -> None:
        """Stop after the question at hand."""
        self._closing.set()

    def first(self, count: int = FIRST) -> list[str]:
        """For the empty page: of each document in turn, in the order of its text."""
        by_document: dict[str, list[Suggestion]] = {}
        for suggestion in self._kept:
            by_document.setdefault(suggestion.document_id, []).append(suggestion)
        kept = varied(by_document.values(), count)
        return [s.question for s in sorted(kept, key=lambda s: (s.document_id, s.start))]

    def after(
        self,
        answer: Answer,
        asked: set[str],
        own: Sequence[Suggestion] = (),
        *,
        within: Collection[str] | None = None,
        count: int = 3,
    ) -> list[str]:
        """Questions of the documents in use (`within`), of each form those nearest to what is
        cited first."""
        shown = [*answer.citations, *([answer.nearest] if answer.nearest else [])]
        fresh = [
            s
            for s in (*own, *self._kept)
            if s.question not in asked
            and not _is_shown(s, answer)
            and (within is None or s.document_id in within)
        ]

        def distance(s: Suggestion) -> int:
            near = [abs(s.start - c.start) for c in shown if c.document_id == s.document_id]
            return min(near, default=10**9)

        return [each.question for each in varied([sorted(fresh, key=distance)], count)]

    def _work(self) -> None:
        try:
            home, stamp = self._assistant.settings.home, self._assistant.stamp
            if stored := card_store.read(home, stamp):
                self._kept = tuple(Suggestion(**each) for each in stored["questions"])
                self.summary = stored["summary"]
                return
            quoting = self._assistant.quoting()
            self.summary = card_store.summary_of(quoting, list(quoting.documents))
            enough = FIRST + 2 * (len(quoting.documents) > 1)  # some of each document
            for suggestion in answered(quoting, quoting.documents, wait=self._wait):
                self._kept = (*self._kept, suggestion)
                if len(self._kept) >= enough:
                    self.ready.set()
                if self._closing.is_set():
                    return
                if len(self._kept) >= WANTED:
                    break
            card_store.write(home, stamp, [asdict(s) for s in self._kept], self.summary)
        except AskaliError:
            pass  # the assistant was closed: what was found so far stays
        finally:
            self.ready.set()

    def _wait(self) -> None:
        while self._is_busy() and not self._closing.wait(0.1):
            pass


def answered(
    assistant: Assistant,
    documents: Mapping[str, Document],
    *,
    tried: int = TRIED,
    wait: Callable[[], None] = lambda: None,
) -> Iterator[Suggestion]:
    """Of the candidates, those that quotes alone answer where they say; spread out."""
    is_one_of_several = len(assistant.documents) > 1
    for candidate in candidates(documents, tried, names=is_one_of_several):
        wait()
        answer = assistant.ask(candidate.question, documents=list(documents))
        if not answer.abstained and _is_shown(candidate, answer):
            yield candidate


def _is_shown(suggestion: Suggestion, answer: Answer) -> bool:
    return any(
        c.document_id == suggestion.document_id
        and c.start < suggestion.end
        and suggestion.start < c.end
        for c in answer.citations
    )
