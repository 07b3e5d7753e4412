"""What a claim leaves out or moves: pieces that can go without changing the rest."""

from __future__ import annotations

from collections.abc import Sequence

from askali.verify.align import Alignment
from askali.verify.lexicon import LIMITING, PREPOSITIONS, PRONOUNS
from askali.verify.tokens import DAY, FIG, MARK, NAME, WORD, Token
from askali.verify.verdict import Check, Fault, failed

_OPENING = frozenset(',(—–"[')
_CLOSING = frozenset(',)—–"];:')
_JOINS = frozenset("and or but nor".split())
_RELATIVE = frozenset("who which that whose whom where".split())
_STRUCTURE = PREPOSITIONS | _JOINS | _RELATIVE | frozenset("it he she they".split())
_VALUES = (NAME, FIG, DAY)
_FAULTS = {NAME: Fault.NAME, FIG: Fault.NUMBER, DAY: Fault.DATE}


def check_gaps(found: Alignment) -> Check | None:
    """The first piece left out between two neighbours that could not be left out."""
    tokens = found.sentence.tokens
    steps = list(found.chain.items())
    inside, mine = _depths(tokens), _depths(found.claim.tokens)
    for (j, a), (i, b) in zip(steps, steps[1:], strict=False):
        if inside[a] != inside[b] and mine[i] == mine[j]:
            return _torn(tokens[a], tokens[a + 1 : b], tokens[b])
        gap = _core([tokens[at] for at in range(a + 1, b) if inside[at] <= inside[a]])
        if not any(token.is_hard for token in gap):
            continue
        limit = _limits(gap)
        if limit:
            return failed(Fault.COMPARISON, f"the source says “{limit} {tokens[b].text}”")
        if not _can_go(gap, tokens[a], tokens[b], found.claim.tokens[i]):
            return _torn(tokens[a], gap, tokens[b])
    return None


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
    structural = token.kind == MARK or token.folded in _STRUCTURE
    return not token.is_hard and not structural


def _limits(gap: Sequence[Token]) -> str:
    last = gap[-1]
    if last.kind == WORD and last.folded in LIMITING:
        return last.text
    if last.figure is not None and last.figure.unit == "th":
        return last.text
    return ""


def _torn(a: Token, gap: Sequence[Token], b: Token) -> Check:
    rivals = [token for token in gap if token.kind == b.kind and token.kind in _VALUES]
    if rivals:
        return failed(_FAULTS[b.kind], f"the source says {rivals[0].text} there, not {b.text}")
    between = next((token.text for token in gap if token.kind != MARK), "")
    return failed(Fault.ORDER, f"the source has “{between}” between “{a.text}” and “{b.text}”")


def _can_go(gap: Sequence[Token], a: Token, b: Token, claimed: Token) -> bool:
    first, last = gap[0], gap[-1]
    if a.kind == NAME and _resumes(gap):
        return True
    if first.kind == MARK and first.text in _OPENING and _closes(last):
        return True
    if _closes(last) or last.folded in _JOINS:
        return not (first.kind in _VALUES and a.kind in _VALUES)
    if first.folded in _JOINS or first.folded in _RELATIVE or _opens(first):
        return b.kind == WORD or (b.lead != "" and b.lead == claimed.lead)
    if first.folded in PREPOSITIONS:
        return _lead_kept(b, claimed) and not any(token.kind == MARK for token in gap)
    return not any(_is_heavy(token) for token in gap)


def _resumes(gap: Sequence[Token]) -> bool:
    """True for "… but it": a pronoun takes the subject up, and no other name stands between."""
    tail = [token.folded for token in gap[-5:] if token.kind != MARK]
    return any(word in _RESUMING for word in tail) and not any(t.kind == NAME for t in gap)


_RESUMING = frozenset("it he she they".split())


def _closes(token: Token) -> bool:
    return token.kind == MARK and token.text in _CLOSING


def _opens(token: Token) -> bool:
    return token.kind == MARK and token.text in _OPENING


def _lead_kept(b: Token, claimed: Token) -> bool:
    if b.kind == WORD:
        return not b.lead or b.lead == claimed.lead
    return bool(b.lead) and b.lead == claimed.lead


def _is_heavy(token: Token) -> bool:
    if token.kind in (MARK, *_VALUES):
        return True
    return token.folded in PREPOSITIONS or token.folded in _JOINS or token.folded in _RELATIVE


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
    rivals = [t for t in _slot(block, found) if t.kind == first.kind and t.kind in _VALUES]
    fault = _FAULTS.get(first.kind, Fault.ORDER)
    if rivals:
        reason = f"the source says {rivals[0].text} there, not {first.text}"
        return failed(fault, reason)
    inside = [found.moved[i] for i in block]
    whole = all(not tokens[at].is_hard or at in inside for at in range(inside[0], inside[-1]))
    adverbial = first.lead and first.lead == there.lead and first.lead not in ("of", "by", "to")
    if whole and (adverbial or first.kind == DAY) and _at_edge(block, found):
        return None
    return failed(Fault.ORDER, f"the source says “{first.text}” of something else")


def _slot(block: list[int], found: Alignment) -> Sequence[Token]:
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
    """The first name from another sentence or a title that displaces one here."""
    for i in borrowed:
        token = found.claim.tokens[i]
        if token.kind != NAME:
            continue
        slot = _slot([i], found)
        if any(t.folded in PRONOUNS and t.folded not in ("that", "which", "who") for t in slot):
            continue
        rivals = [t for t in slot if t.kind == NAME]
        if rivals:
            return failed(Fault.NAME, f"the source says {rivals[0].text} there, not {token.text}")
    return None
