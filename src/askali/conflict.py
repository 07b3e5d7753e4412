"""Notice statements that disagree: the same words around different values."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askali.domain import Sentence
from askali.expects import Expects
from askali.quote import Verdict
from askali.text import analyze

_VALUED = (Expects.MONEY, Expects.NUMBER, Expects.PERCENT, Expects.DATE)
_VALUE = re.compile(r"\d[\d.,]*")
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")

SAME_WORDS = 0.6
"""Share of words (Jaccard) from which two sentences make the same statement."""

CLOSE = 4.0
"""A statement this much below the best score still speaks of what was asked."""


def conflicting(verdict: Verdict) -> Sequence[Sentence] | None:
    """The best sentence and one that states another value of the same thing.

    Only for questions that ask for a value. Both must share most of their other
    words, and, where a figure is asked, the same years; so "2023: 5, 2024: 6"
    is no conflict. None if there is no such pair.
    """
    if verdict.query.expects not in _VALUED:
        return None
    best = verdict.best
    top = verdict.scores[verdict.order[0]]
    for i in verdict.order[1:]:
        other = verdict.candidates[i].sentence
        if top - verdict.scores[i] > CLOSE:
            return None
        if _disagree(best.text, other.text, verdict.query.expects):
            return (best, other)
    return None


def _disagree(one: str, other: str, expects: Expects) -> bool:
    values, others = _values(one, expects), _values(other, expects)
    if not values or not others or values & others:
        return False
    if expects is not Expects.DATE and set(_YEAR.findall(one)) != set(_YEAR.findall(other)):
        return False
    return _overlap(one, other) >= SAME_WORDS


def _values(text: str, expects: Expects) -> set[str]:
    found = {value.strip(".,") for value in _VALUE.findall(text)}
    years = set(_YEAR.findall(text))
    return years or found if expects is Expects.DATE else found - years


def _overlap(one: str, other: str) -> float:
    a, b = ({w for w in analyze(text) if not w[0].isdigit()} for text in (one, other))
    return len(a & b) / max(1, len(a | b))
