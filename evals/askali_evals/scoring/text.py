"""What it means that a text says something: folding, phrases, patterns, numbers."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable

import regex

from askali_evals.errors import FactsError

PATTERN_S = 2.0
"""Seconds that a pattern may take over one answer."""

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
    Raises `FactsError` where a pattern takes too long.
    """
    folded = fold(text)
    if is_pattern(expected):
        try:
            return bool(regex.search(expected[1:-1], folded, regex.IGNORECASE, timeout=PATTERN_S))
        except TimeoutError as exc:
            raise FactsError(
                f"{expected}: the pattern takes more than {PATTERN_S:g} s over one answer; write "
                "it without a repetition inside a repetition"
            ) from exc
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


_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """Lower case, without punctuation, articles and repeated blanks."""
    plain = text.lower().translate(_PUNCTUATION)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", plain).split())


def contains_any(text: str, answers: Iterable[str]) -> bool:
    """True when one of the answers stands in the text as whole tokens: no "5" in "2015"."""
    tokens = f" {normalise(text)} "
    return any((wanted := normalise(answer)) and f" {wanted} " in tokens for answer in answers)


def overlap(text: str, answers: Iterable[str]) -> float:
    """Best F1 of the text's tokens against one of the answers, as SQuAD counts it."""
    return max((_f1(normalise(text).split(), normalise(a).split()) for a in answers), default=0.0)


def _f1(said: list[str], wanted: list[str]) -> float:
    shared = sum((Counter(said) & Counter(wanted)).values())
    return 2 * shared / (len(said) + len(wanted)) if shared else 0.0
