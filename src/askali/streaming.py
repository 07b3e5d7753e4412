"""The events of one answer, taken off the event loop one by one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator

from askali.domain import Event


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
