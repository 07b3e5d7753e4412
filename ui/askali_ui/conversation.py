"""A conversation: what was asked and answered in one browser tab."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from askali import Answer

MAX_TURNS = 100
"""Older turns leave the server's memory; the browser still shows them."""

REMEMBERED_TURNS = 6
"""Turns that a follow-up question may lean on."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One finished turn; `id` was made by the browser and is unique within a tab."""

    id: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Conversation:
    """Finished turns in order. Never changed: each answer makes a new one."""

    turns: tuple[Exchange, ...] = field(default=())

    def after(self, turn: Exchange) -> Conversation:
        """This conversation with one more turn."""
        return Conversation((*self.turns, turn)[-MAX_TURNS:])

    def find(self, turn_id: str) -> Exchange | None:
        """The turn with that id."""
        return next((turn for turn in self.turns if turn.id == turn_id), None)

    def before(self, turn: Exchange) -> Sequence[str]:
        """The questions before a turn."""
        return [earlier.answer.question for earlier in self.turns[: self.turns.index(turn)]]

    def history(self) -> list[dict[str, str]]:
        """The last turns as messages, for the assistant."""
        messages = []
        for turn in self.turns[-REMEMBERED_TURNS:]:
            messages.append({"role": "user", "content": turn.answer.question})
            messages.append({"role": "assistant", "content": turn.answer.text})
        return messages
