"""What a claim leaves out between two words that it joins."""

from __future__ import annotations

from collections.abc import Sequence

from askali.grounding.verification.alignment import Alignment
from askali.grounding.verification.lexicon import (
    AUXILIARIES,
    CLAUSE_OPENERS,
    LIMITING,
    PAST,
    PREPOSITIONS,
)
from askali.grounding.verification.modality import governor
from askali.grounding.verification.tokens import DAY, FIG, MARK, NAME, WORD, Token
from askali.grounding.verification.verdict import Check, Fault, failed


def check_gaps(found: Alignment) -> Check | None:
    """The first piece left out between two neighbours that could not be left out."""
    tokens = found.sentence.tokens
    steps, used = list(found.chain.items()), set(found.moved.values())
    inside, mine = _depths(tokens), _depths(found.claim.tokens)
    for (j, a), (i, b) in zip(steps, steps[1:], strict=False):
        if inside[a] != inside[b] and mine[i] == mine[j]:
            return _torn(tokens[a], tokens[a + 1 : b], tokens[b])
        if _leaves_aside(found, a, b) or _narrows(found, (j, i), (a, b)):
            return _torn(tokens[a], tokens[a + 1 : b], tokens[b])
        gap = _core(
            [
                t
                for at, t in enumerate(tokens[a + 1 : b], a + 1)
                if inside[at] <= inside[a] and at not in used
            ]
        )
        if not any(token.is_hard for token in gap):
            continue
        limit = _limits(gap)
        if limit:
            return failed(Fault.COMPARISON, f"the source says “{limit} {tokens[b].text}”")
        if not can_go(gap, tokens[a], tokens[b], found.claim.tokens[i]) or drops_head(
            gap, tokens, b
        ):
            return _torn(tokens[a], gap, tokens[b])
    return None


def _leaves_aside(found: Alignment, a: int, b: int) -> bool:
    """True where the claim takes the end of an aside for the subject: "X, owned by A, grew"."""
    tokens = found.sentence.tokens
    commas = [at for at in range(a + 1, b) if tokens[at].text == ","]
    if len(commas) != 1 or not _is_finite(tokens, commas[0] + 1):
        return False
    opened = [at for at in range(1, a) if tokens[at].text == ","]
    first = min(found.chain.values())
    before = tokens[: opened[-1]] if opened else ()
    return bool(opened) and opened[-1] < first and any(token.is_hard for token in before)


def _narrows(found: Alignment, mine: tuple[int, int], theirs: tuple[int, int]) -> bool:
    """True where "the pilots who signed" has become "the pilots signed"."""
    tokens = found.sentence.tokens
    first = tokens[theirs[0] + 1]
    kept = any(t.folded in RELATIVE for t in found.claim.tokens[mine[0] : mine[1]])
    named = tokens[theirs[0]].kind == NAME
    return first.folded in ("who", "which", "that") and not kept and not named


def _is_finite(tokens: Sequence[Token], at: int) -> bool:
    word = tokens[at].folded
    if word in AUXILIARIES:
        return True
    agent = at + 1 < len(tokens) and tokens[at + 1].folded in PREPOSITIONS
    return (word in PAST or word.endswith("ed")) and not agent


def _depths(tokens: Sequence[Token]) -> list[int]:
    """How many brackets are open at each token."""
    depth, found = 0, []
    for token in tokens:
        depth += token.text in ("(", "[")
        found.append(depth)
        depth = max(0, depth - (token.text in (")", "]")))
    return found


def _core(gap: Sequence[Token]) -> Sequence[Token]:
    """The gap without the articles and auxiliaries at its ends."""
    start, end = 0, len(gap)
    while end > start and _is_plain(gap[end - 1]):
        end -= 1
    while start < end and _is_plain(gap[start]):
        start += 1
    return gap[start:end]


def _is_plain(token: Token) -> bool:
    structural = token.kind == MARK or token.folded in STRUCTURE
    return not token.is_hard and not structural


def _limits(gap: Sequence[Token]) -> str:
    last = gap[-1]
    if last.kind == WORD and last.folded in LIMITING:
        return last.text
    if last.figure is not None and last.figure.unit == "th":
        return last.text
    return ""


def _torn(a: Token, gap: Sequence[Token], b: Token) -> Check:
    rivals = [token for token in gap if token.kind == b.kind and token.kind in VALUES]
    if rivals:
        return failed(FAULTS[b.kind], f"the source says {rivals[0].text} there, not {b.text}")
    between = next((token.text for token in gap if token.kind != MARK), "")
    return failed(Fault.ORDER, f"the source has “{between}” between “{a.text}” and “{b.text}”")


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
