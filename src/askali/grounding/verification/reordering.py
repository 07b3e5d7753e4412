"""What a claim moves, and what it borrows from another sentence or a title."""

from __future__ import annotations

from collections.abc import Sequence

from askali.grounding.verification.alignment import Alignment, antecedents
from askali.grounding.verification.deletions import FAULTS, VALUES, is_verb
from askali.grounding.verification.lexicon import AUXILIARIES, CLAUSE_OPENERS, PAST, PREPOSITIONS
from askali.grounding.verification.tokens import DAY, FIG, MARK, NAME, Token
from askali.grounding.verification.verdict import Check, Fault, failed


def check_moved(found: Alignment) -> Check | None:
    """The first token that stands elsewhere and may not be moved."""
    for block in _blocks(found):
        problem = _check_block(block, found)
        if problem:
            return problem
    return None


def _blocks(found: Alignment) -> list[list[int]]:
    blocks: list[list[int]] = []
    hard = {i: number for number, i in enumerate(found.claim.hard)}
    for i in sorted(found.moved):
        if (
            blocks
            and hard[i] == hard[blocks[-1][-1]] + 1
            and (found.moved[i] > found.moved[blocks[-1][-1]])
        ):
            blocks[-1].append(i)
        else:
            blocks.append([i])
    return blocks


def _check_block(block: list[int], found: Alignment) -> Check | None:
    claim, tokens = found.claim.tokens, found.sentence.tokens
    first = claim[block[0]]
    there = tokens[found.moved[block[0]]]
    rivals = [t for t in slot_of(block, found) if t.kind == first.kind and t.kind in VALUES]
    fault = FAULTS.get(first.kind, Fault.ORDER)
    if rivals:
        reason = f"the source says {rivals[0].text} there, not {first.text}"
        return failed(fault, reason)
    inside = [found.moved[i] for i in block]
    whole = all(not tokens[at].is_hard or at in inside for at in range(inside[0], inside[-1]))
    whole = whole and belongs(found, inside)
    adverbial = first.lead and first.lead == there.lead and first.lead not in ("of", "by", "to")
    if whole and (adverbial or first.kind == DAY) and _at_edge(block, found):
        return None
    return failed(Fault.ORDER, f"the source says “{first.text}” of something else")


def belongs(found: Alignment, inside: Sequence[int]) -> bool:
    """True unless the moved piece is part of an aside that the claim leaves out."""
    tokens, used = found.sentence.tokens, {*found.chain.values(), *found.moved.values()}
    start, end = inside[0], inside[-1]
    while start > 0 and tokens[start - 1].kind != MARK:
        start -= 1
    while end + 1 < len(tokens) and tokens[end + 1].kind != MARK:
        end += 1
    piece = [at for at in range(start, end + 1) if tokens[at].is_hard]
    leading = start == 0 and not any(is_verb(tokens, at) for at in piece)
    others = [at for at in piece if at not in inside]
    return leading or not others or any(at in used for at in others)


def slot_of(block: Sequence[int], found: Alignment) -> Sequence[Token]:
    """The sentence's tokens where the block would stand if it had not moved."""
    tokens = found.sentence.tokens
    before = [at for i, at in found.chain.items() if i < block[0]]
    after = [at for i, at in found.chain.items() if i > block[-1]]
    start = before[-1] + 1 if before else 0
    end = after[0] if after else len(tokens)
    used = set(found.moved.values())
    if not before or not after:
        near = [at for at in range(start, end) if at not in used]
        near = near[-6:] if not before else near[:6]
        return [tokens[at] for at in near]
    return [tokens[at] for at in range(start, end) if at not in used]


def _at_edge(block: list[int], found: Alignment) -> bool:
    hard = found.claim.hard
    return True if block[0] == hard[0] or block[-1] == hard[-1] else len(block) <= 3


def check_borrowed(borrowed: Sequence[int], found: Alignment) -> Check | None:
    """What another sentence or a title lends must stand for one "it" or "the firm" here."""
    if not borrowed:
        return None
    token = found.claim.tokens[borrowed[0]]
    hard = {i: number for number, i in enumerate(found.claim.hard)}
    if hard[borrowed[-1]] - hard[borrowed[0]] != len(borrowed) - 1 or len(borrowed) > 6:
        return failed(Fault.COVERAGE, "the cited sentences do not say this together")
    slot = slot_of(borrowed, found)
    rivals = antecedents(slot)
    if rivals:
        return failed(Fault.NAME, f"the source says {rivals[0][1]} there, not {token.text}")
    if not any(t.folded in _ANAPHORS for t in slot) or _has_antecedent(slot, found):
        fault = Fault.NAME if token.kind == NAME else Fault.COVERAGE
        return failed(fault, f"the source does not say “{token.text}” of this")
    return None


def _has_antecedent(slot: Sequence[Token], found: Alignment) -> bool:
    """True where the sentence itself names what its "it" means."""
    tokens = found.sentence.tokens
    at = next(n for n, t in enumerate(tokens) if t in slot and t.folded in _ANAPHORS)
    return bool(antecedents(tokens[:at]))


_ANAPHORS = frozenset("it he she they his her its their we our this these".split())


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
