"""What is known of a question after each step of the chain; the values flow one way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from askali.answering.shapes.asking import Shaped
from askali.domain import Answer, Hit, Shape, Turn
from askali.grounding.citations import marked
from askali.query.question import Question
from askali.retrieval.ranking import RankedEvidence
from askali.streaming import ClaimVerified


@dataclass(frozen=True, slots=True)
class Request:
    """A question as it came: verbatim, with the conversation before it.

    `shape` is the one that the asker has chosen, None where the question tells it.
    """

    question: str
    history: tuple[Turn, ...] = ()
    document_ids: tuple[str, ...] | None = None
    shape: Shape | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """The standalone question with its parts, each to be answered for itself.

    `wording` is the question to answer in the asker's language, `text` the one that is
    searched. `is_writable` is false after a chat model failed to resolve it.
    """

    asked: Request
    question: Question
    notes: tuple[str, ...]
    timings_ms: dict[str, float] = field(default_factory=dict)
    wording: str = ""
    is_writable: bool = True

    @property
    def text(self) -> str:
        """The question that is searched."""
        return self.question.text

    @property
    def parts(self) -> tuple[Question, ...]:
        """The questions inside it; itself where it is a single one."""
        return self.question.parts


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of each part, and all of them without repetition, best first."""

    resolved: Resolved
    by_part: tuple[tuple[Hit, ...], ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """The ranked evidence of each part; None where nothing was found at all.

    `is_read` is true if a local model has read it, not only the rankers. `shaped` is what code
    alone answers in the shape that is asked for, None where it does not.
    """

    found: Found
    verdicts: tuple[RankedEvidence | None, ...]
    is_read: bool = False
    shaped: Shaped | None = None


def timed(resolved: Resolved, step: str, started: float) -> Resolved:
    """The same with the milliseconds that `step` took since `started`."""
    return replace(resolved, timings_ms={**resolved.timings_ms, step: since(started)})


def since(started: float) -> float:
    """Milliseconds since a `time.perf_counter`."""
    return round((time.perf_counter() - started) * 1000, 3)


def noted(found: Found, note: str) -> Found:
    """The same with one more note for the reader, if it is not there already."""
    resolved = found.resolved
    if note in resolved.notes:
        return found
    return replace(found, resolved=replace(resolved, notes=(*resolved.notes, note)))


def verified(answer: Answer) -> Iterator[ClaimVerified]:
    """The claims of a finished answer as events."""
    cited = {citation.number: citation for citation in answer.citations}
    at = 0
    for claim in answer.claims:
        start = answer.text.find(marked(claim), at)
        if start < 0:
            continue
        end = start + len(marked(claim))
        end += 2 if answer.text.startswith(" |", end) else 0
        if claim is answer.claims[-1]:
            end = len(answer.text)
        citations = tuple(cited[number] for number in claim.citations)
        yield ClaimVerified(claim, citations, answer.text[at:end].strip(" "))
        at = end
