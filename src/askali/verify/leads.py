"""What stands before a token: its preposition, "at least", the scale of a range."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from askali.verify.figures import Figure
from askali.verify.lexicon import BE, NUMBER_BOUNDS, PREPOSITIONS
from askali.verify.tokens import DAY, FIG, WORD, Token

_RANGE = re.compile(r"\s?(?:-|–|—|to|or|and|,|, and)\s?")


_BOUND = re.compile(rf"\b(?:{'|'.join(sorted(NUMBER_BOUNDS, key=len, reverse=True))})$", re.I)


def with_leads(text: str, tokens: list[Token]) -> list[Token]:
    found: list[Token] = []
    lead = ""
    for token in tokens:
        if token.kind in (FIG, DAY):
            bound = _BOUND.search(text[max(0, token.start - 20) : token.start].rstrip())
            sign = NUMBER_BOUNDS[bound.group().lower()] if bound else ""
            if bound and bound.group().lower() == "over" and _is_duration(token):
                sign = ">" if _is_amount(found) else ""  # "over three years" may be "during"
            if bound:
                lead = _absorb(found, len(bound.group().split()))
            token = replace(token, lead=lead, bound=sign)
        elif lead:
            token = replace(token, lead=lead)
        found.append(token)
        if token.kind == WORD and token.folded in PREPOSITIONS and token.folded not in _DETERMINERS:
            lead = token.folded
        elif token.kind != WORD or token.folded not in _DETERMINERS:
            lead = ""
    return found


_DETERMINERS = frozenset(
    """the a an its his her their this that these those about around approximately roughly circa
    nearly almost just""".split()
)


def _is_amount(found: list[Token]) -> bool:
    """True for "for over three years" and "is over three years"."""
    before = found[-2].folded if len(found) > 1 else ""
    return before in PREPOSITIONS or before in BE


def _is_duration(token: Token) -> bool:
    return token.figure is not None and token.figure.unit in _TIMES


_TIMES = frozenset("second minute hour day week month year decade".split())


def _absorb(found: list[Token], count: int) -> str:
    """Take the words of a bound out of comparison; the preposition before them."""
    for at in range(max(0, len(found) - count), len(found)):
        if not found[at].folded.startswith(("exceed", "excess", "minimum", "maximum")):
            found[at] = replace(found[at], absorbed=True)
    first = found[max(0, len(found) - count)]
    return "" if first.folded.startswith("exceed") else first.lead


def with_ranges(tokens: list[Token], text: str) -> Iterator[Token]:
    for number, token in enumerate(tokens):
        yield replace(token, ranged=ranged) if (ranged := _ranged(tokens, number, text)) else token


def _ranged(tokens: list[Token], number: int, text: str) -> Figure | None:
    """The unit and scale that "5" has in "5 to 10 million yuan"."""
    token = tokens[number]
    if token.figure is None or token.figure.unit:
        return None
    values = [t for t in tokens[number + 1 : number + 8] if t.figure]
    before = token
    for value in values:
        if not _RANGE.fullmatch(text[before.end : value.start]) or value.figure is None:
            return None
        shown = re.search(r"\d[\d.,]*\d|\d", value.text)
        if value.figure.unit or (shown and not value.text.endswith(shown.group())):
            return _scaled(token.figure, value, shown)
        before = value
    return None


def _scaled(figure: Figure, value: Token, shown: re.Match[str] | None) -> Figure:
    assert value.figure is not None
    if shown is None:
        return Figure(figure.value, value.figure.unit)
    number = float(shown.group().replace(",", "")) or 1.0
    scale = round(float(value.figure.value) / number)
    return Figure((figure.value * max(1, abs(scale))).normalize(), value.figure.unit)
