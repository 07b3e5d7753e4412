"""Text that a document or a model wrote → inert HTML."""

from __future__ import annotations

import re
from html import escape

_CONTROL = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def text(value: str) -> str:
    """`value` as inert HTML text; direction overrides become visible nothing."""
    return escape(_CONTROL.sub("", value), quote=True)
