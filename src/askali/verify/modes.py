""" "Not", "plans to", "denied" and "if": the same in claim and sentence, or a fault."""

from __future__ import annotations

from collections.abc import Sequence

from askali.verify.align import Alignment
from askali.verify.scope import FAULT_OF, governed, governor
from askali.verify.tokens import DAY, Token
from askali.verify.verdict import Check, Fault, failed


def check_governors(found: Alignment) -> Check | None:
    """A "not", "plans to" or "denied" on one side only."""
    mine, theirs = governed(found.claim.text), governed(found.sentence.text)
    skipped = _skipped(found)
    if skipped:
        fault = FAULT_OF.get(governor(found.sentence.tokens, skipped), Fault.MODALITY)
        return failed(fault, f"the source says “{found.sentence.tokens[skipped].text}” of this")
    for i, at in {**found.chain, **found.moved}.items():
        if i in found.moved and found.claim.tokens[i].kind == DAY:
            continue  # a date may stand before or after its "will"
        sure, maybe = mine[i]
        source_sure, source_maybe = theirs[at]
        dropped, added = source_sure - maybe, sure - source_maybe
        if dropped or added:
            return _governor_fault(found, dropped, added, at, i)
    return None


def _skipped(found: Alignment) -> int:
    """A governor, by its number, that alone stands between two neighbours of the claim."""
    steps = list(found.chain.items())
    for (j, a), (i, b) in zip(steps, steps[1:], strict=False):
        between = range(a + 1, b)
        governors = [at for at in between if governor(found.sentence.tokens, at)]
        others = [at for at in between if found.sentence.tokens[at].is_hard and at not in governors]
        mine = any(governor(found.claim.tokens, at) for at in range(j, i))
        if governors and not others and not mine:
            return governors[0]
    return 0


def _governor_fault(
    found: Alignment, dropped: frozenset[str], added: frozenset[str], at: int, i: int
) -> Check:
    kind = min(dropped or added)
    reading, end = (found.sentence, at) if dropped else (found.claim, i)
    word = next(
        (reading.tokens[j].text for j in range(end, -1, -1) if governor(reading.tokens, j) == kind),
        kind,
    )
    fault = FAULT_OF.get(kind, Fault.MODALITY)
    says = "the source says" if dropped else "the source does not say"
    return failed(fault, f"{says} “{word}” of this")


def check_conditions(found: Alignment) -> Check | None:
    """A condition of the sentence that the claim leaves out."""
    if _condition(found.claim.tokens, ()):
        return None
    word = _condition(found.sentence.tokens, found.chain.values())
    if not word:
        return None
    return failed(Fault.MODALITY, f"the source says it only under a condition (“{word} …”)")


def _condition(tokens: Sequence[Token], kept: object) -> str:
    for at, token in enumerate(tokens):
        if token.folded in ("if", "unless") and (at == 0 or tokens[at - 1].folded not in _AS):
            return token.text
    return ""


_AS = frozenset("as even and or ask asked wonder wondered see know".split())
