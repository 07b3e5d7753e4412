"""Read a text: dates first, then figures, then words and marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from askali.grounding.verification.lexicon import (
    BE,
    COMPARATIVES,
    FREE,
    LEMMAS,
    NUMBER_BOUNDS,
    PREPOSITIONS,
    SYNONYM_GROUPS,
)
from askali.grounding.verification.tokens import DAY, FIG, MARK, NAME, WORD, Reading, Token
from askali.text.dates import DATE, read_date
from askali.text.quantities import FIGURE, Figure, read_figure
from askali.text.tokens import stem

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


_SAME = {form: group[0] for group in reversed(SYNONYM_GROUPS) for form in group}


_SAME = {stem(form): stem(first) for form, first in _SAME.items()}


_PLAIN = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "‐": "-",
        "‑": "-",
        "\xa0": " ",
        "\u202f": " ",
    }
)


_CONTRACTION = re.compile(r"\b(ca|wo|sha|\w+?)n't\b", re.I)


_FULL_FORM = {"ca": "can", "wo": "will", "sha": "shall"}


def tidy(text: str) -> str:
    """One spelling of quotes, hyphens, spaces and negated auxiliaries."""
    text = " ".join(unicodedata.normalize("NFC", text).translate(_PLAIN).split())
    text = re.sub(r"(?<=\w) - (?=\w)", "-", text)
    text = re.sub(r"(?<=\d)\s?[–—]\s?(?=\d)", "-", text)
    text = re.sub(r"(?<=\w) (?=[,.;:!?%)](?:\s|$))", "", text)
    return _CONTRACTION.sub(lambda m: f"{_FULL_FORM.get(m[1].lower(), m[1])} not", text)


def fold_name(text: str) -> str:
    """Lower-case letters without accents, dots or a possessive ending."""
    if text.endswith("'s"):
        text = text[:-2]
    if not text.isascii():
        text = "".join(
            ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch)
        )
    return text.replace(".", "").strip("'").lower()


@lru_cache(maxsize=50_000)
def lemma(folded: str) -> str:
    """The stem of a word, the same for its irregular forms and nearest synonyms."""
    if any(ch.isdigit() for ch in folded):
        return folded
    found = stem(LEMMAS.get(folded, folded))
    return _SAME.get(found, found)
