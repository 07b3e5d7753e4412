"""Words of one clause in another order: allowed where who does what stays the same."""

from __future__ import annotations

from collections.abc import Sequence

from askali.verify.align import Alignment
from askali.verify.lexicon import AUXILIARIES, CLAUSE_OPENERS, PAST, PREPOSITIONS
from askali.verify.moves import belongs, slot_of
from askali.verify.pieces import VALUES, is_verb
from askali.verify.tokens import DAY, FIG, MARK, NAME, Token


def keeps_roles(found: Alignment) -> bool:
    """True where the claim's words stand in one clause of the sentence and every name,
    figure and date keeps its order and its side of the verbs."""
    places = {**found.chain, **found.moved}
    if not places or not _in_one_clause(found, sorted(places.values())):
        return False
    if any(_is_rivalled(found, i) or not belongs(found, [places[i]]) for i in found.moved):
        return False
    for kind in (NAME, FIG, DAY):
        order = [places[i] for i in sorted(places) if found.claim.tokens[i].kind == kind]
        if order != sorted(order):
            return False
    verbs = [i for i in places if is_verb(found.sentence.tokens, places[i])]
    return bool(verbs) and all(
        _same_side(found, i, v, places) for v in verbs for i in places if i != v
    )


def _is_rivalled(found: Alignment, i: int) -> bool:
    kind = found.claim.tokens[i].kind
    return kind in VALUES and any(token.kind == kind for token in slot_of([i], found))


def _same_side(found: Alignment, i: int, verb: int, places: dict[int, int]) -> bool:
    if (i < verb) == (places[i] < places[verb]):
        return True
    mine = phrase_lead(found.claim.tokens, i)
    return mine not in ("", "of", "by") and mine == phrase_lead(found.sentence.tokens, places[i])


def phrase_lead(tokens: Sequence[Token], at: int) -> str:
    """The preposition of the phrase that the token belongs to; "now" for "this year"."""
    for token in reversed(tokens[max(0, at - 4) : at]):
        if token.folded in PREPOSITIONS:
            return token.folded
        if token.folded in ("this", "last", "next") and tokens[at].folded in _TIMES:
            return "now"
        if token.kind == MARK or token.folded in AUXILIARIES or token.folded in PAST:
            return ""
    return ""


_TIMES = frozenset("year month week quarter decade century summer winter spring autumn".split())


def _in_one_clause(found: Alignment, places: Sequence[int]) -> bool:
    tokens = found.sentence.tokens
    for at in range(places[0] + 1, places[-1]):
        token = tokens[at]
        if token.kind == MARK and token.text in ";:()—–[]":
            return False
        if token.folded in CLAUSE_OPENERS or token.folded in ("that", "before", "after", "if"):
            return False
        if token.folded in ("and", "or") and _opens_clause(tokens, at + 1):
            return False
    return True


def _opens_clause(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and (tokens[at].folded in AUXILIARIES or is_verb(tokens, at))
