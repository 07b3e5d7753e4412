"""Which files can be added, in words and for a browser's file dialog."""

from __future__ import annotations

from askali import readable_suffixes

ACCEPTED = ",".join(readable_suffixes())


def spoken() -> str:
    """Names without dots: "TXT, MD or MARKDOWN"."""
    *most, last = (suffix.lstrip(".").upper() for suffix in readable_suffixes())
    return f"{', '.join(most)} or {last}" if most else last
