"""Words: how a text is cut, folded and stemmed, the same for index and question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import Stemmer

_STEMMER = Stemmer.Stemmer("english")
_WORD = re.compile(r"[^\W_](?:[\u0300-\u036f\u00ad]*[^\W_]|[\u0300-\u036f])*")
"""Letters and digits; an accent of its own and a soft hyphen are inside of a word."""
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
_CLITIC = re.compile(r"\w ?['’] ?$")
_SHOUTED = 0.8
_KEPT = 4096
"""Texts whose words are remembered: the passages of a document are read for every question."""

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
    """A run of letters and digits, folded, and its span in the text it came from.

    `is_label`: a letter that tells things apart, as in "vitamin D" or "block A".
    """

    text: str
    start: int
    end: int
    is_label: bool = False

    @property
    def is_stopword(self) -> bool:
        """True for words that carry grammar rather than content."""
        return not self.is_label and self.text.lower() in STOPWORDS


def fold(text: str) -> str:
    """Compatibility forms as the letters that they show: ligatures, full-width letters,
    accents of their own; soft hyphens are gone. What is found may be another length."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text.replace("\u00ad", ""))


def words(text: str) -> Iterator[Word]:
    """All words in order. Hyphens and spaces around them separate: "full - stack"
    and "full-stack" give the same two words; a possessive 's gives none."""
    blanked = _POSSESSIVE.sub(lambda m: " " * len(m.group()), text)
    is_shouted = cache(lambda: _is_shouted(_WORD.findall(blanked)))  # once, if at all
    for match in _WORD.finditer(blanked):
        word, start = fold(match.group()), match.start()
        is_label = len(word) == 1 and _is_label(word, text, start, is_shouted)
        yield Word(word, start, match.end(), is_label)


def _is_label(letter: str, text: str, at: int, is_shouted: Callable[[], bool]) -> bool:
    """True for a letter that is not the article, not "I", and not the end of "don't"."""
    if letter not in "dmtDMTAS" or _CLITIC.search(text[max(0, at - 4) : at]):
        return False
    return letter not in "AS" or not (_opens_sentence(text, at) or is_shouted())


def _is_shouted(found: Sequence[str]) -> bool:
    """True where nearly every word has a capital, so that capitals say nothing."""
    upper = sum(word[0].isupper() for word in found)
    return len(found) > 2 and upper >= _SHOUTED * len(found)


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
    return list(_analyzed(text))


@lru_cache(maxsize=_KEPT)
def _analyzed(text: str) -> tuple[str, ...]:
    return tuple(stem(word.text) for word in words(text) if not word.is_stopword)


@lru_cache(maxsize=_KEPT)
def capitals(text: str) -> frozenset[str]:
    """Lower-cased words written with a capital other than as a sentence's first.

    Empty for shouted text, where capitals say nothing.
    """
    found = list(words(text))
    if _is_shouted([word.text for word in found]):
        return frozenset()
    return frozenset(
        word.text.lower()
        for word in found
        if word.text[0].isupper()
        and (not _opens_sentence(text, word.start) or _is_acronym(word.text))
    )


def _opens_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \t\n\"'“‘([")
    return not before or before[-1] in ".!?:"


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and any(letter.isupper() for letter in word[1:])
