"""How a model's turns are written: its chat template, and what no passage may hold of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askali.text.visible import visible

_CONTROL = re.compile(r"<\|[^|>]*\|>")


@dataclass(frozen=True, slots=True)
class ChatTemplate:
    """The text around a turn: `begin` holds "{role}", `end` closes it."""

    begin: str
    end: str

    def system(self, text: str) -> str:
        """The instruction that stands before all turns."""
        return self._turn("system", text)

    def shown(self, asked: str, said: str) -> str:
        """A finished exchange: a worked example."""
        return self._turn("user", asked) + self._turn("assistant", said)

    def asked(self, text: str) -> str:
        """The last turn, which the model is to answer."""
        return self._turn("user", text) + self.begin.format(role="assistant")

    def reply(self, text: str) -> str:
        """A model's reply without the token that ends it, on one line."""
        return text.partition(self.end)[0].strip()

    @property
    def stops(self) -> Sequence[str]:
        """What ends a reply of one line."""
        return (self.end, "\n")

    def _turn(self, role: str, text: str) -> str:
        return f"{self.begin.format(role=role)}{text}{self.end}\n"


CHATML = ChatTemplate("<|im_start|>{role}\n", "<|im_end|>")
"""Qwen's, and that of every model that `models.registry` opens."""


def plain(text: str) -> str:
    """One line without control tokens: a passage cannot end its own turn, nor tell the model what
    no reader sees of it."""
    return " ".join(_CONTROL.sub(" ", visible(text)).split())
