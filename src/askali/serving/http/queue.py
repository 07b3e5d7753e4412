"""The line before the engine: a few are served at once, the rest are told their place."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class LineFull(Exception):
    """As many as may wait are waiting."""


class Line:
    """First come, first served. `servers` at once, `places` in all; one event loop."""

    def __init__(self, servers: int = 2, places: int = 40) -> None:
        self._servers, self._places = servers, places
        self._tickets: deque[object] = deque()
        self._moved = asyncio.Event()

    def is_empty(self) -> bool:
        """True while nobody is served and nobody waits; any thread may ask."""
        return not self._tickets

    def join(self) -> object:
        """A ticket at the end of the line; raises `LineFull`."""
        if len(self._tickets) >= self._places:
            raise LineFull(f"{self._places} questions are waiting already; try again in a minute")
        ticket = object()
        self._tickets.append(ticket)
        return ticket

    def place(self, ticket: object) -> int:
        """0 when served; otherwise 1 for the next one, 2 for the one after, and so on."""
        return max(0, self._tickets.index(ticket) - self._servers + 1)

    def movement(self) -> asyncio.Event:
        """Is set when the next one leaves the line. Take it before you look at your place:
        who leaves between the look and the wait would otherwise go unnoticed."""
        return self._moved

    def leave(self, ticket: object) -> None:
        """Served or gone; everyone behind moves up. A second time does nothing."""
        if ticket not in self._tickets:
            return
        self._tickets.remove(ticket)
        self._moved.set()
        self._moved = asyncio.Event()


@asynccontextmanager
async def turn_in(line: Line) -> AsyncIterator[None]:
    """Waits in line; leaves it whatever happens. Raises `LineFull`."""
    ticket = line.join()
    try:
        while line.place(ticket):
            await line.movement().wait()
        yield
    finally:
        line.leave(ticket)
