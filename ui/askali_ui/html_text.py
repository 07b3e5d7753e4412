"""Text that a document or a model wrote → inert HTML."""

from __future__ import annotations

from html import escape

from askali.text.visible import visible


def text(value: str) -> str:
    """`value` as inert HTML text, as `visible` shows it."""
    return escape(visible(value), quote=True)
