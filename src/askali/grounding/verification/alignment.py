"""Lay a claim over a sentence: the heaviest run of its tokens that keeps their order."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from askali.grounding.verification.parsing import read
from askali.grounding.verification.tokens import DAY, FIG, MARK, NAME, WORD, Reading, Token
from askali.text.dates import Date
from askali.text.quantities import Figure

_WEIGHT = {WORD: 2.0, NAME: 3.0, FIG: 3.0, DAY: 1.5}
"""Dates weigh least: they are what a sentence can move about."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where each hard token of a claim stands in a sentence, by token numbers.

    `chain` keeps the order of both; `moved` stand elsewhere in the sentence;
    `missing` do not stand in it, or fewer times than in the claim.
    """

    claim: Reading
    sentence: Reading
    chain: dict[int, int]
    moved: dict[int, int]
    missing: tuple[int, ...]

    @property
    def weight(self) -> float:
        """How much of the claim the sentence has."""
        tokens = self.claim.tokens
        return sum(_WEIGHT[tokens[i].kind] for i in self.chain) + 0.5 * len(self.moved)


@lru_cache(maxsize=4096)
def _places(text: str) -> dict[object, list[int]]:
    reading = read(text)
    places: dict[object, list[int]] = defaultdict(list)
    for at, token in enumerate(reading.tokens):
        for key in _keys(token):
            places[key].append(at)
    return dict(places)


def _keys(token: Token) -> set[object]:
    if token.figure is not None:
        return {figure for figure in (token.figure, token.ranged) if figure}
    if token.date is not None:
        return {key for key in (DAY, _as_number(token.date)) if key}
    return {token.key, ("exact", token.folded)} if token.key else set()


def _as_number(date: Date) -> Figure | None:
    """1267 is read as a year, 1,267 as a number; a date with a month is never a number."""
    if date.month or date.day or date.span > 1:
        return None
    return Figure(Decimal(date.year).normalize())


def places_of(token: Token, sentence: Reading, text: str) -> list[int]:
    """Numbers of the sentence's tokens that say what `token` says."""
    places = _places(text)
    if token.figure is not None:
        found = places.get(token.figure, [])
        return found or (places.get(token.ranged, []) if token.ranged else [])
    if token.date is not None:
        dates = [(at, sentence.tokens[at].date) for at in places.get(DAY, [])]
        found = [at for at, date in dates if date is not None and date.says(token.date)]
        return found or places.get(_as_number(token.date), [])
    if token.kind == NAME and not token.opens:
        return places.get(("exact", token.folded), []) or _plural(token.folded, places)
    return places.get(token.key, [])


def _plural(folded: str, places: dict[object, list[int]]) -> list[int]:
    other = folded[:-1] if folded.endswith("s") else folded + "s"
    return places.get(("exact", other), []) if len(folded) > 3 else []


def align(claim: Reading, text: str) -> Alignment:
    """The alignment of a claim with the sentence `text`."""
    sentence = read(text)
    found = {i: places_of(claim.tokens[i], sentence, text) for i in claim.hard}
    if len(claim.hard) == 1 and (value := _value(claim.tokens[claim.hard[0]])):
        found[claim.hard[0]] = found[claim.hard[0]] or _places_of_value(value, sentence)
    rank = _ranks(sentence)
    chain = _heaviest(claim, found, rank)
    used = set(chain.values())
    moved: dict[int, int] = {}
    missing = []
    for i in claim.hard:
        if i in chain:
            continue
        free = [at for at in found[i] if at not in used]
        if free:
            moved[i] = min(free, key=lambda at: abs(at - moved.get(i - 1, at)))
            used.add(moved[i])
        else:
            missing.append(i)
    return Alignment(claim, sentence, chain, moved, tuple(missing))


def _ranks(sentence: Reading) -> dict[int, int]:
    """A number for each hard token; neighbours without a mark between differ by one."""
    ranks, rank = {}, 0
    for at, token in enumerate(sentence.tokens):
        rank += 1 if token.is_hard else 2 * (token.kind == MARK)
        ranks[at] = rank
    return ranks


def _value(token: Token) -> Figure | None:
    return _as_number(token.date) if token.date else token.figure


def _places_of_value(figure: Figure, sentence: Reading) -> list[int]:
    """For a figure alone as an answer: "11" is said by "11 points"."""
    same = [(at, t.figure) for at, t in enumerate(sentence.tokens) if t.figure]
    return [at for at, f in same if f.value == figure.value and figure.unit in ("", f.unit)]


def _heaviest(claim: Reading, found: dict[int, list[int]], rank: dict[int, int]) -> dict[int, int]:
    """Heaviest increasing chain of (claim, sentence) pairs; neighbours stay neighbours."""
    order = {i: number for number, i in enumerate(claim.hard)}
    pairs: list[tuple[int, int, float, int]] = []
    for i in claim.hard:
        weight = _WEIGHT[claim.tokens[i].kind]
        first = len(pairs)
        for at in found[i]:
            best, back = weight, -1
            for number in range(first):
                j, before, total, _ = pairs[number]
                if before < at:
                    near = order[i] - order[j] == 1 and rank.get(at, 0) - rank.get(before, 0) == 1
                    gain = total + weight + (0.9 if near else -0.002 * (at - before))
                    if gain > best:
                        best, back = gain, number
            pairs.append((i, at, best, back))
    if not pairs:
        return {}
    at_pair = max(range(len(pairs)), key=lambda number: pairs[number][2])
    chain = {}
    while at_pair >= 0:
        i, at, _, at_pair = pairs[at_pair]
        chain[i] = at
    return dict(sorted(chain.items()))


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
