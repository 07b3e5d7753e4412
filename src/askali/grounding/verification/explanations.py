"""Why a token of a claim is not in its sentences, in a clause that a reader understands."""

from __future__ import annotations

from collections.abc import Sequence

from askali.grounding.verification.alignment import Alignment
from askali.grounding.verification.lexicon import COMPARATIVES, LIMITING
from askali.grounding.verification.modality import FAULT_OF, governor
from askali.grounding.verification.tokens import NAME, Token
from askali.grounding.verification.verdict import Check, Fault, failed
from askali.text.dates import show_date
from askali.text.quantities import Figure, show_figure


def explain(at: int, found: Alignment) -> Check:
    """The failed check for a token of the claim that stands in no sentence."""
    token = found.claim.tokens[at]
    if token.figure is not None:
        return _figure(token.figure, _unused(found))
    if token.date is not None:
        return _date(at, found)
    kind = governor(found.claim.tokens, at)
    if kind:
        fault = FAULT_OF.get(kind, Fault.MODALITY)
        return failed(fault, f"the source does not say “{token.text}”")
    if token.kind == NAME:
        return _name(token, found)
    if token.folded in COMPARATIVES or token.folded in LIMITING:
        return failed(Fault.COMPARISON, f"the source does not say “{token.text}”")
    return failed(Fault.COVERAGE, f"the source does not say “{token.text}”")


def _unused(found: Alignment) -> Sequence[Token]:
    used = {*found.chain.values(), *found.moved.values()}
    return [token for at, token in enumerate(found.sentence.tokens) if at not in used]


def _figure(figure: Figure, unused: Sequence[Token]) -> Check:
    others = [token.figure for token in unused if token.figure is not None]
    said = show_figure(figure)
    for other in others:
        if other.value == figure.value:
            return failed(Fault.UNIT, f"the source says {show_figure(other)}, not {said}")
    for other in others:
        if other.unit == figure.unit and "th" not in (other.unit, figure.unit):
            return failed(Fault.NUMBER, f"the source says {show_figure(other)}, not {said}")
    if figure.unit == "th" or not others:
        return failed(Fault.NUMBER, f"the source does not give the figure {said}")
    return failed(Fault.NUMBER, f"the source says {show_figure(others[0])}, not {said}")


def _date(at: int, found: Alignment) -> Check:
    date = found.claim.tokens[at].date
    assert date is not None
    said = show_date(date)
    others = [token.date for token in _unused(found) if token.date is not None]
    if others:
        return failed(Fault.DATE, f"the source says {show_date(others[0])}, not {said}")
    return failed(Fault.DATE, f"the source does not give the date {said}")


def _name(token: Token, found: Alignment) -> Check:
    return failed(Fault.NAME, f"the source does not mention {token.text} here")
