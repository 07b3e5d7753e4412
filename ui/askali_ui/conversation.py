"""A conversation as it is kept: what was asked and answered in one browser tab."""

from __future__ import annotations

from dataclasses import dataclass

from askali import Answer

MAX_TURNS = 100
"""A page sends no more of its newest turns than this."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One finished turn; `id` was made by the browser and is unique within a tab."""

    id: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Conversation:
    """Finished turns in order. The browser keeps it: no server remembers a reader."""

    turns: tuple[Exchange, ...] = ()
