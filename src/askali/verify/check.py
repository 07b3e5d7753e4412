"""Judge a claim against one cited sentence, the others standing by for names."""

from __future__ import annotations

from collections.abc import Sequence

from askali.verify.align import Alignment, align, places_of
from askali.verify.gaps import check_borrowed, check_gaps, check_moved
from askali.verify.lexicon import AUXILIARIES, BE, BINDING, COMPARATIVES, LIMITING, PAST, PRONOUNS
from askali.verify.reasons import explain
from askali.verify.scope import FAULT_OF, governed, governor
from askali.verify.tokens import DAY, FIG, MARK, WORD, Reading, Token, read
from askali.verify.verdict import Check, Fault, failed
from askali.verify.voice import voice

_FIRST = (Fault.NUMBER, Fault.UNIT, Fault.DATE, Fault.NAME)


def judge(claim: Reading, sentence: str, others: Sequence[str], context: str) -> Check | None:
    """The fault of a claim against `sentence`; None if it says all of it."""
    found = align(claim, sentence)
    borrowed = [i for i in found.missing if _is_elsewhere(claim.tokens[i], others, context)]
    missing = [explain(i, found) for i in found.missing if i not in borrowed]
    if missing:
        return min(missing, key=lambda c: c.fault not in _FIRST)
    problem = check_moved(found) or check_borrowed(borrowed, found) or check_values(found)
    if problem or not is_statement(claim):
        return problem
    return (
        check_gaps(found)
        or check_governors(found)
        or check_voice(found)
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


def check_governors(found: Alignment) -> Check | None:
    """A "not", "plans to" or "denied" on one side only."""
    mine, theirs = governed(found.claim.text), governed(found.sentence.text)
    skipped = _skipped(found)
    if skipped:
        fault = FAULT_OF.get(governor(found.sentence.tokens, skipped), Fault.MODALITY)
        return failed(fault, f"the source says “{found.sentence.tokens[skipped].text}” of this")
    for i, at in {**found.chain, **found.moved}.items():
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
        marks = any(found.sentence.tokens[at].kind == MARK for at in between)
        mine = any(governor(found.claim.tokens, at) for at in range(j, i))
        if governors and not others and not marks and not mine:
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


def check_voice(found: Alignment) -> Check | None:
    """A verb that is passive on one side and takes its object on the other."""
    for i, at in found.chain.items():
        voices = {voice(found.claim.tokens, i), voice(found.sentence.tokens, at)}
        if voices == {"active", "passive"}:
            verb = found.sentence.tokens[at].text
            return failed(Fault.ORDER, f"the source has it the other way round (“{verb}”)")
    return None


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


def check_subject(found: Alignment) -> Check | None:
    """A statement whose first words hang on a preposition of the source."""
    if not found.chain:
        return None
    i, at = next(iter(found.chain.items()))
    said, source = found.claim.tokens[i], found.sentence.tokens[at]
    if i != found.claim.hard[0] or not source.lead or said.lead or source.lead in ("as", "like"):
        return None
    before = [t for t in found.sentence.tokens[:at] if t.folded == source.lead]
    if not before or said.kind in (FIG, DAY):
        return None
    return failed(
        Fault.ORDER, f"the source says this of something else (“{source.lead} {source.text}”)"
    )


def is_statement(claim: Reading) -> bool:
    """True where the claim has a subject and something like a finite verb."""
    tokens = [token for token in claim.tokens if token.kind != MARK]
    if claim.text.endswith(".") and len(tokens) >= 5:
        return True
    shouted = bool(tokens) and (tokens[0].text[0].isupper() or tokens[0].folded in PRONOUNS)
    for token in tokens[1:]:
        if token.folded in _SUBORDINATE:
            return False
        if token.kind == WORD and (_is_verb(token) or shouted and token.folded.endswith("ed")):
            return True
    return False


_SUBORDINATE = frozenset("which who whom whose that how why when where whether to of what".split())


def _is_verb(token: Token) -> bool:
    word = token.folded
    return word in AUXILIARIES or word in _PRESENT or (word in PAST and word not in _PARTICIPLES)


_PARTICIPLES = frozenset(
    """taken known given seen done written drawn driven eaten fallen flown forgotten frozen gone
    grown hidden proven shown spoken stolen sworn thrown woven worn born borne broken chosen
    risen""".split()
)


_PRESENT = frozenset(
    """says plans includes owns makes holds includes shows means expects believes becomes runs leads
    wants offers uses provides contains denies sells buys remains works lives takes gives goes comes
    grows rises falls gets needs seeks serves supports produces covers costs belongs""".split()
)
