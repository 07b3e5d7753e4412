"""Say who "it" is where a sentence has only one candidate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from askali.verify.reading import read
from askali.verify.tokens import MARK, NAME, WORD, Token

PRONOUNS = frozenset("it he she its his".split())
_POSSESSIVE = frozenset("its his her their our my".split())
_LOWER_ENDINGS = ("ing", "ly", "ed")


@lru_cache(maxsize=4096)
def resolve(text: str) -> str:
    """The sentence with "it" and "its" replaced by the only name before them.

    Unchanged if there is none or more than one.
    """
    reading = read(text)
    found = antecedents(reading.tokens)
    if len({name.lower() for _, name in found}) != 1:
        return reading.text
    after, name = found[0]
    pieces, done = [], 0
    for token in reading.tokens[after:]:
        if token.kind == WORD and token.folded in PRONOUNS:
            own = token.folded in ("its", "his")
            pieces += [reading.text[done : token.start], f"{name}'s" if own else name]
            done = token.end
    return "".join(pieces) + reading.text[done:]


def antecedents(tokens: Sequence[Token]) -> list[tuple[int, str]]:
    """(number of the token after it, name) of each name that a pronoun could mean.

    Not "its IPO", and not a name that only describes a noun, as in "Omdia data".
    """
    found = []
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and tokens[end].kind == NAME:
            end += 1
        if end > at and not _describes(tokens, at, end):
            words = [token.text for token in tokens[at:end]]
            found.append((end, re.sub(r"['’]s$", "", " ".join(words))))
        at = max(end, at + 1)
    return found


def _describes(tokens: Sequence[Token], at: int, end: int) -> bool:
    first, last = tokens[at], tokens[end - 1]
    if at and tokens[at - 1].folded in _POSSESSIVE:
        return True
    if end - at == 1 and first.opens and first.folded.endswith(_LOWER_ENDINGS):
        return True
    if last.text.endswith(("'s", "s'")) or end == len(tokens):
        return False
    after = tokens[end]
    return after.kind == WORD and after.is_hard and _is_noun(tokens, end)


def _is_noun(tokens: Sequence[Token], at: int) -> bool:
    """True for "Omdia data," and "AI strategy in": a word before a mark or small word."""
    word = tokens[at].folded
    if word.endswith(("ed", "s")) or at + 1 == len(tokens):
        return False
    after = tokens[at + 1]
    return after.kind == MARK or not after.is_hard
