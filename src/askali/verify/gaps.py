"""What a claim leaves out between two words that it joins."""

from __future__ import annotations

from collections.abc import Sequence

from askali.verify.align import Alignment
from askali.verify.lexicon import AUXILIARIES, LIMITING, PAST, PREPOSITIONS
from askali.verify.pieces import FAULTS, RELATIVE, STRUCTURE, VALUES, can_go, drops_head
from askali.verify.tokens import MARK, NAME, WORD, Token
from askali.verify.verdict import Check, Fault, failed


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
