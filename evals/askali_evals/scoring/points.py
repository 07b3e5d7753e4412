"""The score of an answer to a natural question: required points, items, what is forbidden.

Matching is `occurs`; the fields and the rules are told in ``evals/natural/README.md``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from askali import Answer
from askali_evals.cases.case import Points

LIST_RECALL, LIST_PRECISION = 0.85, 0.90
"""A list with less than this of its items, or with more that does not belong, is not right."""

PHRASES = {
    "NOT_STATED": ["does not say", "not say", "not stated", "does not state", "no information"],
    "SOURCE_ONLY": [
        "only from the source", "from the source only", "only answer from", "answer only from",
        "from the document", "from these documents", "from your documents", "source does not",
        "no opinion", "no advice", "cannot advise", "cannot predict", "not in the source",
    ],
}  # fmt: skip
"""A name in capitals stands for phrases of which one must occur."""


@dataclass(frozen=True, slots=True)
class PointScores:
    """`missing` and `forbidden` say what is wrong; recall and precision are None without items."""

    missing: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    may_stand: bool = False
    recall: float | None = None
    precision: float | None = None
    understood: bool | None = None

    @property
    def right(self) -> bool:
        """True when nothing is missing and nothing forbidden is said."""
        return not self.missing and not self.forbidden


def score_points(points: Points, answer: Answer) -> PointScores:
    """Score the answer's text; whether a refusal is right, the caller decides."""
    text = normal(answer.text)

    def says(alternatives: tuple[str, ...]) -> bool:
        return any(_occurs(string, text) for string in alternatives)

    missing = [" or ".join(line) for line in points.any if not says(line)]
    if points.verdict and not _begins_with(points.verdict, text):
        missing.append(f"the answer {points.verdict!r}, or no contrary one")
    if points.number and not any(points.number[0] <= n <= points.number[1] for n in _numbers(text)):
        missing.append("a number from {:g} to {:g}".format(*points.number))
    places = [_place(string, text) for string in points.order]
    if any(a < 0 or b < a for a, b in zip(places, places[1:], strict=False)) or -1 in places:
        missing.append(f"the order {', '.join(points.order)}")
    met = sum(says(line) for line in points.items)
    wrong = [string for string in points.not_items if _occurs(string, text)]
    recall = met / len(points.items) if points.items else None
    precision = met / (met + len(wrong)) if points.items and met + len(wrong) else None
    if recall is not None and recall < LIST_RECALL:
        lost = [line[0] for line in points.items if not says(line)]
        missing.append(f"{met} of {len(points.items)} items, without {', '.join(lost[:3])}")
    forbidden = [string for string in points.none if _occurs(string, text)]
    if precision is not None and precision < LIST_PRECISION:
        forbidden += wrong
    if not points.cites and answer.citations:
        forbidden.append("a citation")
    return PointScores(
        tuple(missing),
        tuple(forbidden),
        may_stand=says(points.may_say),
        recall=recall,
        precision=precision,
        understood=_understood(points, answer.standalone_question),
    )


def _understood(points: Points, standalone: str) -> bool | None:
    if not (points.mentions or points.not_mentions):
        return None
    return all(occurs(s, standalone) for s in points.mentions) and not any(
        occurs(s, standalone) for s in points.not_mentions
    )


def _begins_with(verdict: str, text: str) -> bool:
    """It may begin with this word and not with the other; a sentence alone will do."""
    first = re.match(r"(yes|no)\b", text)
    return first is None or first.group() == verdict


def _numbers(text: str) -> list[float]:
    found = re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)
    return [float(number.replace(",", "")) for number in found]


def normal(text: str) -> str:
    """Lower case, one kind of space, quote and dash, "%" without a space, no markup, no [n]."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"\[\d+(?:\s*[,–-]\s*\d+)*\]", " ", text)
    text = re.sub(r"[*`_#]", "", text)
    text = re.sub(r"[“”„«»]", '"', text)
    text = re.sub(r"[‘’]", "'", text)
    text = re.sub(r"[‐‑‒–—−]", "-", text)
    text = re.sub(r"\s*(?:%|per ?cent\b)", "%", text)
    return " ".join(text.split())


def occurs(string: str, text: str) -> bool:
    """`string` begins a word of `text`; a number in it is the whole number there."""
    return _occurs(string, normal(text))


def _occurs(string: str, text: str) -> bool:
    return any(_place(wanted, text) >= 0 for wanted in PHRASES.get(string, [string]))


def _place(string: str, text: str) -> int:
    """Where the string occurs first in a normal text; -1 where it does not."""
    sought = normal(string)
    before = r"(?<!\w)" if sought[:1].isalpha() else ""
    if sought[:1].isdigit():
        before = r"(?<![\d])(?<!\d[.,])"
    after = r"(?![\d])(?![.,]\d)" if sought[-1:].isdigit() else ""
    found = re.search(before + re.escape(sought) + after, text)
    return found.start() if found else -1
