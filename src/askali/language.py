"""Is a text written in the language of another, and does it keep that one's facts?

Without a language model: scripts, and how many of its words the other text has.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from askali.text import STOPWORDS, capitals, words

FOREIGN_BELOW = 0.34
"""With fewer than this share of its plain words known, a question is taken for another
language. Taking a misspelt one for it costs a translation into its own language."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def is_foreign(text: str, reference: str) -> bool:
    """True if `text` is in another script than `reference`, or few of its words other
    than names and numbers are words of `reference` or general English."""
    if _script(text) != _script(reference):
        return True
    named = capitals(text)
    plain = [w.text.lower() for w in words(text) if w.text.isalpha()]
    plain = [word for word in plain if word not in named]
    if len(plain) < 2:
        return False
    known = {w.text.lower() for w in words(reference)}
    if _is_english(reference):
        known |= STOPWORDS
    return sum(word in known for word in plain) < FOREIGN_BELOW * len(plain)


def keeps_facts(text: str, known: str, *, names: bool = True) -> bool:
    """True if every number of `text`, and unless told otherwise every name, is in `known`."""
    if not set(_NUMBER.findall(text)) <= set(_NUMBER.findall(known)):
        return False
    if not names:
        return True
    return capitals(text) <= {word.text.lower() for word in words(known)}


def _is_english(text: str) -> bool:
    found = [word.is_stopword for word in words(text[:5000])]
    return sum(found) > 0.25 * len(found)


def _script(text: str) -> str:
    """The script of most letters: "LATIN", "CJK", "CYRILLIC" …"""
    kinds = Counter(unicodedata.name(ch, "OTHER").split()[0] for ch in text[:5000] if ch.isalpha())
    return kinds.most_common(1)[0][0] if kinds else "LATIN"
