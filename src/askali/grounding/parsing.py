"""A claim or sentence as tokens that can be compared: dates, figures, names, words, marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from askali.text.dates import DATE, Date, read_date
from askali.text.quantities import FIGURE, Figure, read_figure
from askali.text.tokens import stem


class Kind(StrEnum):
    """What a token is."""

    MARK = "mark"
    WORD = "word"
    NAME = "name"
    FIGURE = "figure"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Token:
    """One comparable piece of a text.

    `key` is what must be equal of a word or name: its folded stem; values are compared by
    `figure` and `date`.
    """

    kind: Kind
    text: str
    key: str = ""
    start: int = 0
    end: int = 0
    figure: Figure | None = None
    date: Date | None = None

    @property
    def is_hard(self) -> bool:
        """True where a claim may have it only if the source does: all but grammar."""
        return self.kind is not Kind.MARK and self.text.lower() not in _FREE


_FREE = frozenset(
    """a an the this that these those its his her their our my your it he she they we i you me
    us there and or as is are was were be been being am has have had having do does did of in on
    at for with to also so then""".split()
)
"""Grammar that a claim may add or leave out; no preposition that turns its noun's role."""

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['.&][^\W_]+)*|[,;:.!?()\[\]|\"—–]")
_PLAIN = str.maketrans("‘’“”„‐‑\xa0\u202f", '\'\'"""--  ')
_NEGATED = re.compile(r"\b(ca|wo|sha|\w+?)n't\b", re.I)
_FULL_FORM = {"ca": "can", "wo": "will", "sha": "shall"}


def tidy(text: str) -> str:
    """One spelling of quotes, hyphens, spaces and negated auxiliaries."""
    text = " ".join(unicodedata.normalize("NFC", text).translate(_PLAIN).split())
    text = re.sub(r"(?<=\w) - (?=\w)|(?<=\d)\s?[–—]\s?(?=\d)", "-", text)
    text = re.sub(r"(?<=\w) (?=[,.;:!?%)](?:\s|$))", "", text)
    return _NEGATED.sub(lambda m: f"{_FULL_FORM.get(m[1].lower(), m[1])} not", text)


@lru_cache(maxsize=4096)
def parse(text: str) -> tuple[Token, ...]:
    """The tokens of a text that is tidy, in order."""
    return tuple(sorted(_tokens(text), key=lambda token: token.start))


def _tokens(text: str) -> Iterator[Token]:
    rest = text
    for match in DATE.finditer(text):
        rest = _blank(rest, *match.span())
        for date in read_date(match):
            yield Token(Kind.DATE, match.group(), start=match.start(), end=match.end(), date=date)
    for match in FIGURE.finditer(rest):
        start, end = match.span()
        if start and text[start - 1].isalnum():
            continue
        rest = _blank(rest, start, end)
        yield Token(Kind.FIGURE, match.group(), start=start, end=end, figure=read_figure(match))
    for match in _WORD.finditer(rest):
        word = Token(Kind.WORD, match.group(), start=match.start(), end=match.end())
        low = fold_name(word.text)
        if not word.text[0].isalnum():
            yield replace(word, kind=Kind.MARK)
        elif word.text[0].isupper() and low not in _FREE:
            yield replace(word, kind=Kind.NAME, key=stem(low))
        else:
            yield replace(word, key=stem(low))


def _blank(text: str, start: int, end: int) -> str:
    """The text with a value taken out and its length kept: no word goes on across it."""
    return text[:start] + "\n" * (end - start) + text[end:]


def fold_name(text: str) -> str:
    """Lower-case letters without accents, dots or a possessive ending."""
    letters = unicodedata.normalize("NFKD", text.removesuffix("'s"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain.replace(".", "").strip("'").lower()
