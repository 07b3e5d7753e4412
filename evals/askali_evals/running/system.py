"""The thing under test, by its contract, and what is seen when a case is put to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from askali import Answer, Document, Hit
from askali_evals.cases.case import Case, Suite

DEPTH = 12
"""Hits looked at; askali's own default of `Settings.k`."""


class Subject(Protocol):
    """Whatever answers as `askali.Assistant` does."""

    def ask(self, question: str, history: Sequence[Any] = ()) -> Answer:
        """An answer, or one of askali's errors."""

    def search(self, query: str, k: int = DEPTH) -> Sequence[Hit]:
        """The best passages, best first."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """Every document by its id."""

    @property
    def stamp(self) -> str:
        """Names the index that answers."""

    def close(self) -> None:
        """Gives everything back."""


Opener = Callable[[Suite], Subject]
OpenDocuments = Callable[[Sequence[Document]], Subject]


@dataclass(frozen=True, slots=True)
class Observation:
    """What one case got: an answer with its hits, or an error; never both."""

    answer: Answer | None
    hits: tuple[Hit, ...] = ()
    error: str = ""
    seconds: float = 0.0


def observe(subject: Subject, case: Case) -> Observation:
    """Ask a case, its history first; any exception is an observation, not a wrong answer.

    The time is that of the last question. The hits are the answer's evidence,
    or a search for the standalone question where the answer kept none.
    """
    started = time.perf_counter()
    try:
        history = [{"role": role, "content": content} for role, content in case.turns]
        for question in case.history:
            earlier = subject.ask(question, history=tuple(history))
            history.append({"role": "user", "content": question})
            history.append({"role": "assistant", "content": earlier.text})
        started = time.perf_counter()
        answer = subject.ask(case.question, history=tuple(history))
        seconds = time.perf_counter() - started
        query = answer.standalone_question or case.question
        hits = answer.evidence or subject.search(query, k=DEPTH)
        return Observation(answer, tuple(hits)[:DEPTH], seconds=seconds)
    except Exception as exc:  # a crash of any kind is what an evaluation must survive and tell
        return Observation(
            None, error=f"{type(exc).__name__}: {exc}", seconds=time.perf_counter() - started
        )
