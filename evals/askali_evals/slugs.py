"""Ids for cases: a few words of the question in kebab-case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_SMALL = frozenset(
    re.findall(r"\w+", "a an the is are was were do does did of in on at to for and or by")
)


def slug(text: str, taken: Collection[str] = ()) -> str:
    """Up to six telling words of a text as an id that is not yet taken."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    telling = [word for word in words if word not in _SMALL] or words or ["case"]
    base = "-".join(telling[:6])
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name
