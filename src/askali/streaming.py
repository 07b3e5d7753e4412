"""The events of an answer in the making, and how they are taken off the event loop one by one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass

from askali.domain import Answer, Citation, Claim, Hit


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """Stream event: the hits, known before any claim."""

    standalone_question: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class FirstLook:
    """Stream event: the answer by quotes alone, at once, while a model is still reading."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class PassagesRead:
    """Stream event: so many of so many passages are read."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ClaimVerified:
    """Stream event: one claim that passed its check, with its citations.

    `text` is its piece of the answer's text, ``[n]`` included: the pieces, joined by spaces,
    are the text. One that begins a line of its own (a row) begins with the line break.
    """

    claim: Claim
    citations: tuple[Citation, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Stream event: the whole answer; always the last one."""

    answer: Answer


Event = EvidenceFound | FirstLook | PassagesRead | ClaimVerified | Finished


async def steps(
    events: Iterator[Event], at_rest: Callable[[], None]
) -> AsyncGenerator[Event, None]:
    """Each event as it comes. When the listener leaves in the middle of one, the
    engine is let finish just that step; then the rest is not begun.

    `at_rest` is called once, when no thread works on this answer any more.
    """
    pending: asyncio.Future[Event | None] | None = None

    def rest(_: object = None) -> None:
        close = getattr(events, "close", None)  # a generator has one, another iterator need not
        if close:
            close()
        at_rest()

    try:
        while True:
            pending = asyncio.ensure_future(asyncio.to_thread(next, events, None))
            event = await asyncio.shield(pending)
            if event is None:
                return
            yield event
    finally:
        if pending is None or pending.done():
            rest()
        else:
            pending.add_done_callback(rest)
            pending.add_done_callback(lambda done: done.cancelled() or done.exception())
