"""What it means that a text says something: folding, phrases, patterns, numbers."""

from __future__ import annotations

import re

_TYPOGRAPHY = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "\u00ad": None}
)
_MARKER = re.compile(r"\s*\[\d+\]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")


def fold(text: str) -> str:
    """Case, runs of whitespace and typographic quotes and dashes do not matter."""
    return " ".join(text.translate(_TYPOGRAPHY).casefold().split())


def without_markers(text: str) -> str:
    """The answer's text without ``[n]``: a marker must not meet ``expect: [1]``."""
    return _MARKER.sub("", text)


def is_pattern(expected: str) -> bool:
    """True for ``/…/``, a regular expression."""
    return len(expected) > 2 and expected.startswith("/") and expected.endswith("/")


def says(text: str, expected: str) -> bool:
    """True when the text contains the phrase as whole words, or matches the ``/pattern/``.

    Whole words and whole numbers: "5" is not said by "2015" or "5.2", "no" not by "know".
    Only a plural or possessive s may follow: "robot" is said by "robots" and "robot's".
    """
    folded = fold(text)
    if is_pattern(expected):
        return re.search(expected[1:-1], folded, re.IGNORECASE) is not None
    phrase = fold(expected)
    before = r"(?<!\w)(?<!\d[.,])" if phrase[:1].isalnum() else ""
    after = r"(?!\w)(?![.,]\d)" if phrase[-1:].isalnum() else ""
    after = r"(?:'?s)?" + after if phrase[-1:].isalpha() else after
    return re.search(before + re.escape(phrase) + after, folded) is not None


def says_any(text: str, alternatives: tuple[str, ...]) -> bool:
    """True when one of the alternatives is said."""
    return any(says(text, expected) for expected in alternatives)


def numbers(text: str) -> set[str]:
    """Every figure in the text, thousands separators dropped: "2,600" is "2600"."""
    found = _NUMBER.findall(without_markers(text))
    return {re.sub(r",(?=\d{3}(?:\D|$))", "", number) for number in found}


def words(text: str) -> list[str]:
    """The words a reader reads, markers not counted."""
    return _WORD.findall(without_markers(text))
