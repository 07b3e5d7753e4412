"""Read a text: dates first, then figures, then words and marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from askali.verify.dates import DATE, read_date
from askali.verify.figures import FIGURE, read_figure
from askali.verify.leads import with_leads, with_ranges
from askali.verify.lexicon import COMPARATIVES, FREE, PREPOSITIONS
from askali.verify.spelling import fold_name, lemma, tidy
from askali.verify.tokens import DAY, FIG, MARK, NAME, WORD, Reading, Token

_PUNCTUATION = re.compile(r"[,;:.!?()\[\]|\"—–]")


_LETTERS = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W_]+(?:[’'.&][^\W_]+)*")


_TOKEN = re.compile(
    rf"(?P<abbreviated>(?:[A-Z]\.){{2,}})|{_LETTERS.pattern}|{_PUNCTUATION.pattern}"
)


@lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    """Read a claim or a sentence."""
    tidied = tidy(text)
    tokens = tuple(with_ranges(with_leads(tidied, sorted(_pieces(tidied), key=_start)), tidied))
    return Reading(tidied, tokens, tuple(i for i, t in enumerate(tokens) if t.is_hard))


def _start(token: Token) -> int:
    return token.start


def _pieces(text: str) -> Iterator[Token]:
    taken = bytearray(len(text))
    for match in DATE.finditer(text):
        taken[match.start() : match.end()] = b"\1" * len(match.group())
        for date in read_date(match):
            yield Token(DAY, match.group(), start=match.start(), end=match.end(), date=date)
    rest = "".join("\n" if used else ch for used, ch in zip(taken, text, strict=True))
    for match in FIGURE.finditer(rest):
        if match.start() and rest[match.start() - 1].isalnum():
            continue
        taken[match.start() : match.end()] = b"\1" * len(match.group())
        figure, (start, end) = read_figure(match), match.span()
        yield Token(FIG, match.group(), start=start, end=end, figure=figure)
    rest = "".join("\n" if used else ch for used, ch in zip(taken, text, strict=True))
    opens = True
    for match in _TOKEN.finditer(rest):
        start, end = match.span()
        if start and taken[start - 1]:
            opens = False
        yield _word(match.group(), start, end, opens)
        opens = match.group() in '.!?:"|' or (opens and not match.group()[0].isalnum())


def _word(text: str, start: int, end: int, opens: bool) -> Token:
    if not text[0].isalnum():
        return Token(MARK, text, text, text, start=start, end=end)
    folded = fold_name(text)
    if text[0].isupper() and (folded not in FREE or not opens) and folded not in _NEVER_NAMES:
        return Token(NAME, text, lemma(folded), folded, start=start, end=end, opens=opens)
    return Token(WORD, text, lemma(folded), folded, start=start, end=end, opens=opens)


_NEVER_NAMES = frozenset("i the a an".split()) | PREPOSITIONS | COMPARATIVES
