"""Containment and overlap after the normalisation of SQuAD's official script (Rajpurkar et al.)."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable

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
