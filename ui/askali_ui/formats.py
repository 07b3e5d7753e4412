"""Which files can be added, in words and for a browser's file dialog."""

from __future__ import annotations

from askali import readable_suffixes

ACCEPTED = ",".join(readable_suffixes())

_CALLED = {
    "txt": "plain text", "text": "plain text", "md": "Markdown", "markdown": "Markdown",
    "html": "web pages", "htm": "web pages", "xhtml": "web pages", "docx": "Word",
}  # fmt: skip


def spoken() -> str:
    """Every kind once, as people call it: "Plain text, Markdown, PDF or Word"."""
    endings = (suffix.lstrip(".") for suffix in readable_suffixes())
    kinds = list(dict.fromkeys(_CALLED.get(ending, ending.upper()) for ending in endings))
    said = f"{', '.join(kinds[:-1])} or {kinds[-1]}" if len(kinds) > 1 else kinds[0]
    return said[0].upper() + said[1:]
