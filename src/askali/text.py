"""Words: how a text is cut, folded and stemmed, the same for index and question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

_STEMMER = Stemmer.Stemmer("english")
_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")

STOPWORDS = frozenset(
    """a about after again against all also am an and any are as at be because been before being
    between both but by can could did do does doing done down during each few for from further
    give given had has have having he her here hers herself him himself his how i if in into is
    it its itself just ll m may me might mine more most must my myself no nor not of off on once
    only or other our ours ourselves out over own per please re s same say says shall she should
    so some such t tell than that the their theirs them themselves then there these they this
    those through to too under until up upon us ve very via was we were what whats when where
    which while who whom whose why will with would yet you your yours yourself d""".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters and digits and its span in the text it came from."""

    text: str
    start: int
    end: int

    @property
    def is_stopword(self) -> bool:
        """True for words that carry grammar rather than content."""
        return self.text.lower() in STOPWORDS


def words(text: str) -> Iterator[Word]:
    """All words in order. Hyphens and spaces around them separate: "full - stack"
    and "full-stack" give the same two words; a possessive 's gives none."""
    blanked = _POSSESSIVE.sub(lambda m: " " * len(m.group()), text)
    for match in _WORD.finditer(blanked):
        yield Word(match.group(), match.start(), match.end())


def content_words(text: str) -> list[Word]:
    """The words that say what a text is about; all words if none would be left."""
    everything = list(words(text))
    return [word for word in everything if not word.is_stopword] or everything


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Snowball stem of the lower-cased word (Porter 2001)."""
    return str(_STEMMER.stemWord(word.lower()))


def analyze(text: str) -> list[str]:
    """Stems of the content words: what the lexical index holds and is asked for."""
    return [stem(word.text) for word in words(text) if not word.is_stopword]


def capitals(text: str) -> set[str]:
    """Lower-cased words written with a capital other than as a sentence's first.

    Empty for shouted text, where capitals say nothing.
    """
    found = list(words(text))
    upper = [word for word in found if word.text[0].isupper()]
    if len(found) > 2 and len(upper) >= 0.8 * len(found):
        return set()
    return {
        word.text.lower()
        for word in upper
        if not _opens_sentence(text, word.start) or _is_acronym(word.text)
    }


def _opens_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \t\n\"'“‘([")
    return not before or before[-1] in ".!?:"


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and any(letter.isupper() for letter in word[1:])
