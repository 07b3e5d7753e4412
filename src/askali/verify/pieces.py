"""Which pieces of a sentence can go without changing what the rest says."""

from __future__ import annotations

from collections.abc import Sequence

from askali.verify.lexicon import AUXILIARIES, CLAUSE_OPENERS, PAST, PREPOSITIONS
from askali.verify.scope import governor
from askali.verify.tokens import DAY, FIG, MARK, NAME, WORD, Token
from askali.verify.verdict import Fault

_OPENING = frozenset(',(—–"[')


_CLOSING = frozenset(',)—–"];:')


_JOINS = frozenset("and or but nor".split())


RELATIVE = frozenset("who which that whose whom where".split())


STRUCTURE = PREPOSITIONS | _JOINS | RELATIVE | CLAUSE_OPENERS | frozenset("it he she they".split())


VALUES = (NAME, FIG, DAY)


FAULTS = {NAME: Fault.NAME, FIG: Fault.NUMBER, DAY: Fault.DATE}


def can_go(gap: Sequence[Token], a: Token, b: Token, claimed: Token) -> bool:
    first, last = gap[0], gap[-1]
    if any(token.kind == b.kind and token.text == b.text for token in gap):
        return False
    if a.kind == NAME and _resumes(gap):
        return True
    if first.kind == MARK and first.text in _OPENING and _closes(last):
        return True
    if _closes(last) or last.folded in _JOINS:
        return not (first.kind in VALUES and a.kind in VALUES)
    if last.folded in CLAUSE_OPENERS and last is not first:
        return False
    listed = any(token.folded in _JOINS for token in gap) or _describes(gap)
    if first.folded in _JOINS or first.folded in RELATIVE or (_opens(first) and listed):
        return b.kind == WORD or (b.lead != "" and b.lead == claimed.lead)
    if all(token.folded in _MEASURES or token.folded == b.lead for token in gap):
        return _lead_kept(b, claimed)
    if first.folded in PREPOSITIONS:
        return _lead_kept(b, claimed) and not any(_is_rival(token, b) for token in gap)
    return not any(_is_heavy(token) for token in gap)


def _describes(gap: Sequence[Token]) -> bool:
    """True for ", a paper mill" before "founded by": what it is, and no name in it."""
    plain = not any(token.kind in VALUES or token.folded in PAST for token in gap)
    return len(gap) > 1 and gap[1].folded in ("a", "an", "the") and plain


def _is_rival(token: Token, b: Token) -> bool:
    """True for a mark, a verb, or what stands in the same sort of phrase as `b`."""
    if token.kind == MARK or token.folded in PAST or token.folded.endswith("ed"):
        return True
    return token.kind == b.kind and token.kind in VALUES and token.lead == b.lead


def _resumes(gap: Sequence[Token]) -> bool:
    """True for "… but it": a pronoun takes the subject up, and no other name stands between."""
    tail = [token.folded for token in gap[-5:] if token.kind != MARK]
    return any(word in _RESUMING for word in tail) and not any(t.kind == NAME for t in gap)


_RESUMING = frozenset("it he she they".split())


_MEASURES = frozenset("scale level size volume amount".split())
"""Nouns that add nothing to the noun before them: "the consumption level of"."""


def _closes(token: Token) -> bool:
    return token.kind == MARK and token.text in _CLOSING


def drops_head(gap: Sequence[Token], tokens: Sequence[Token], b: int) -> bool:
    """True where the noun goes and its modifier stays: "the bank manager stole"."""
    if any(token.kind != WORD or token.folded in STRUCTURE for token in gap):
        return False
    nouns = [t for t in gap if t.is_hard and not t.folded.endswith("ly")]
    nouns = [t for t in nouns if t.folded not in _ADVERBS and t.folded not in _MEASURES]
    return bool(nouns) and not governor(tokens, tokens.index(nouns[-1])) and is_verb(tokens, b)


_ADVERBS = frozenset(
    """first once later still now then soon also even just often again together already always
    never ever long much well not alone""".split()
)


def is_verb(tokens: Sequence[Token], at: int) -> bool:
    """True for a word that looks like a verb where it stands."""
    token = tokens[at]
    if token.kind in (NAME, FIG, DAY):
        return False
    word = token.folded
    if word in PAST or word.endswith("ed"):
        return True
    before = tokens[at - 1] if at else token
    if word.endswith("ing") and before.kind == MARK:
        return True
    return before.folded in AUXILIARIES or before.folded == "to"


def _opens(token: Token) -> bool:
    return token.kind == MARK and token.text in _OPENING


def _lead_kept(b: Token, claimed: Token) -> bool:
    if b.kind == WORD:
        return not b.lead or b.lead == claimed.lead
    return bool(b.lead) and b.lead == claimed.lead


def _is_heavy(token: Token) -> bool:
    if token.kind in (MARK, *VALUES):
        return True
    return token.folded in PREPOSITIONS or token.folded in _JOINS or token.folded in RELATIVE
