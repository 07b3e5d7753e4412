"""Judge a claim against one cited sentence, the others standing by for names."""

from __future__ import annotations

from collections.abc import Sequence

from askali.grounding.verification.alignment import Alignment, align, places_of
from askali.grounding.verification.deletions import check_gaps
from askali.grounding.verification.explanations import explain
from askali.grounding.verification.lexicon import BE, BINDING, COMPARATIVES, LIMITING
from askali.grounding.verification.modality import check_conditions, check_governors, governor
from askali.grounding.verification.paraphrases import is_statement, voice
from askali.grounding.verification.parsing import read
from askali.grounding.verification.reordering import check_borrowed, check_moved, keeps_roles
from askali.grounding.verification.tokens import DAY, FIG, Reading, Token
from askali.grounding.verification.verdict import Check, Fault, failed

_FIRST = (Fault.NUMBER, Fault.UNIT, Fault.DATE, Fault.NAME)


def judge(claim: Reading, sentence: str, others: Sequence[str], context: str) -> Check | None:
    """The fault of a claim against `sentence`; None if it says all of it."""
    found = align(claim, sentence)
    borrowed = [i for i in found.missing if _is_elsewhere(claim.tokens[i], others, context)]
    missing = [explain(i, found) for i in found.missing if i not in borrowed]
    if missing:
        return min(missing, key=lambda c: c.fault not in _FIRST)
    problem = check_borrowed(borrowed, found)
    if not (found.moved and is_statement(claim) and keeps_roles(found)):
        problem = problem or check_moved(found)
    problem = problem or check_values(found)
    if problem or not is_statement(claim):
        return problem
    return (
        check_gaps(found)
        or check_governors(found)
        or check_voice(found)
        or check_owners(found)
        or check_conditions(found)
        or check_subject(found)
    )


def _is_elsewhere(token: Token, others: Sequence[str], context: str) -> bool:
    if token.kind in (FIG, DAY) or token.folded in COMPARATIVES or token.folded in LIMITING:
        return False
    if governor((token,), 0):
        return False
    sources = [*others, context] if context else others
    return any(places_of(token, read(text), text) for text in sources)


def check_values(found: Alignment) -> Check | None:
    """Bounds ("at least") and binding prepositions ("from", "to") of figures and dates."""
    claim, tokens = found.claim.tokens, found.sentence.tokens
    for i, at in {**found.chain, **found.moved}.items():
        said, source = claim[i], tokens[at]
        if said.kind not in (FIG, DAY):
            continue
        if said.bound != source.bound and (said.bound or is_statement(found.claim)):
            reason = f"the source says “{_bounded(source)}”, not “{_bounded(said)}”"
            return failed(Fault.COMPARISON, reason)
        if _binds_otherwise(said, source, claim, i):
            reason = f"the source says “{source.lead} {source.text}”, not “{said.lead} {said.text}”"
            return failed(Fault.COMPARISON, reason.replace("“ ", "“"))
    return None


_WORDS = {">": "more than", ">=": "at least", "<": "less than", "<=": "at most", "": ""}


def _bounded(token: Token) -> str:
    return f"{_WORDS[token.bound]} {token.text}".strip()


def _binds_otherwise(said: Token, source: Token, claim: Sequence[Token], i: int) -> bool:
    if said.lead == source.lead or {said.lead, source.lead}.isdisjoint(BINDING):
        return False
    if said.lead in ("", "of") and (
        claim[i - 1].folded in BE or not any(t.is_hard for t in claim[:i])
    ):
        return False
    return not (said.kind == DAY and {said.lead, source.lead} <= {"until", "till", "to"})


def check_voice(found: Alignment) -> Check | None:
    """A verb that is passive on one side and takes its object on the other."""
    for i, at in found.chain.items():
        voices = {voice(found.claim.tokens, i), voice(found.sentence.tokens, at)}
        if voices == {"active", "passive"}:
            verb = found.sentence.tokens[at].text
            return failed(Fault.ORDER, f"the source has it the other way round (“{verb}”)")
    return None


def check_owners(found: Alignment) -> Check | None:
    """ "Dell's brother" out of which the claim makes Dell."""
    for i, at in {**found.chain, **found.moved}.items():
        said, source = found.claim.tokens[i], found.sentence.tokens[at]
        owns = source.text.endswith(("'s", "s'")) and not said.text.endswith(("'s", "s'"))
        if owns and not said.lead and source.kind != DAY:
            following = found.sentence.tokens[at + 1 : at + 2]
            whole = f"{source.text} {following[0].text if following else ''}".strip()
            return failed(Fault.ORDER, f"the source says it of “{whole}”")
    return None


def check_subject(found: Alignment) -> Check | None:
    """A statement whose first words hang on a preposition of the source."""
    if not found.chain:
        return None
    i, at = next(iter(found.chain.items()))
    said, source = found.claim.tokens[i], found.sentence.tokens[at]
    if i != found.claim.hard[0] or not source.lead or said.lead or source.lead in _CLAUSAL:
        return None
    if _is_described(found, i):
        return None
    before = [t for t in found.sentence.tokens[:at] if t.folded == source.lead]
    if not before or said.kind == DAY:
        return None
    return failed(
        Fault.ORDER, f"the source says this of something else (“{source.lead} {source.text}”)"
    )


_CLAUSAL = frozenset("as like before after since".split())


def _is_described(found: Alignment, i: int) -> bool:
    """True for "X is the mayor" out of "by X, the mayor": the preposition governs X alone."""
    steps = list(found.chain.items())
    for (j, a), (k, b) in zip(steps, steps[1:], strict=False):
        between = found.sentence.tokens[a + 1 : b]
        if any(t.folded in BE for t in found.claim.tokens[j + 1 : k]):
            return bool(between) and between[0].text == ","
    return False
