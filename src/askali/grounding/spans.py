"""Direct answers: is a marked phrase of the kind that is asked for, and is it whole?

A local model marks words of a sentence. They stand as the answer only if they do more
than repeat the question and have the figure that it asks for; and they
take along what their meaning hangs on, such as "less than" before, or a unit and the time
that a figure is for after.
"""

from __future__ import annotations

import re

from askali.query.question_type import AnswerType, has_currency, states
from askali.text.tokens import STOPWORDS, stem, words

_BOUND = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|almost|nearly|some|over|under|above|below|exactly"
    r"|only|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?"
    r"|(?:more|less|fewer|higher|lower|better) than|at (?:least|most)|up to|as (?:many|much)"
    r" as|an? (?:estimated|average of)|no|not)\s+|[$€£¥₹]\s?|[+\-−])$",
    re.I,
)
"""What may stand right before a figure and changes it."""

_FIGURE_LAST = re.compile(
    r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?"
    r"|thousands?|millions?|billions?|trillions?|hundred|thousand|million|billion|trillion))$",
    re.I,
)
_UNIT = re.compile(r"\s?[%°‰]|\s+(?:percent|per cent)\b|[\s-]+(?P<noun>[^\W\d_][\w'’-]*)")


_FEW = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)"
)
_SHARE = re.compile(
    rf"\s+(?:out )?of (?:the |its |their |all )?(?:\d[\d.,]*|{_FEW})\b",
    re.I,
)
"""What a part is part of: "four of the eighteen"."""


_SPAN = re.compile(
    r"\s+(?:(?:in|over|within|for|during|across) (?:the )?(?:(?:next|last|past|first|coming) )?"
    rf"(?:\d+|{_FEW}) (?:year|quarter|month|week|day|hour)s?"
    r"|(?:a|per|each|every) (?:year|quarter|month|week|day|hour)|annually|yearly|monthly)\b",
    re.I,
)
"""The time that a figure is for: "in three years", "a month"."""

_FIGURE_AND_UNIT = re.compile(r"\d[\d.,]*\S*(?:\s[^\W\d_]+){0,2}$")


_NAME_LAST = re.compile(r"(?<!\w)[A-Z][\w’'&.-]*$")
_NAME_GOES_ON = re.compile(r"(?:\s[A-Z][\w’'&-]*)+")


def is_answer(marked: str, question: str, kind: AnswerType, under: str = "") -> bool:
    """True unless `marked` only repeats the question or lacks the figure it asks for; see
    `expects.states` for `under`."""
    if _repeats(marked, question):
        return False
    if kind is AnswerType.NUMBER and has_currency(marked) and not has_currency(question):
        return False
    return kind not in _FIGURES or states(kind, marked, question, under)


_FIGURES = (
    AnswerType.MONEY,
    AnswerType.NUMBER,
    AnswerType.PERCENT,
    AnswerType.DATE,
    AnswerType.DURATION,
    AnswerType.TIME_OF_DAY,
)


def _repeats(marked: str, question: str) -> bool:
    """True where the marked words, articles apart, stand in the question one after another."""
    asked = [stem(word.text) for word in words(question)]
    said = [stem(word.text) for word in words(marked) if word.text.lower() not in _ARTICLES]
    return any(asked[at : at + len(said)] == said for at in range(len(asked) - len(said) + 1))


_ARTICLES = ("a", "an", "the")


def whole(marked: str, sentence: str, kind: AnswerType = AnswerType.OTHER) -> str:
    """`marked`, a piece of `sentence` and an answer of that kind, with the bound before a
    figure, the unit and the time that it is for after it, and the rest of a name: "Acme" of
    "Acme Steel"."""
    found = re.search(rf"(?<!\w){re.escape(marked)}(?!\w)", sentence)
    if not found:
        return marked
    start, end = found.span()
    is_name = _NAME_LAST.search(marked) and not states(AnswerType.DATE, marked, "")
    if is_name and (rest := _NAME_GOES_ON.match(sentence, end)):
        end = rest.end()
    while start > 0 and (bound := _BOUND.search(sentence[:start])):
        start = bound.start()
    if kind is AnswerType.DATE:  # "in 1708 parliament …": what follows a year is no unit
        return sentence[start:end]
    while _FIGURE_LAST.search(sentence[:end]) and (unit := _UNIT.match(sentence, end)):
        if unit["noun"] and unit["noun"].lower() in STOPWORDS:
            break
        end = unit.end()
    if _FIGURE_LAST.search(sentence[:end]) and (share := _SHARE.match(sentence, end)):
        end = share.end()
    if _FIGURE_AND_UNIT.search(sentence[start:end]) and (span := _SPAN.match(sentence, end)):
        end = span.end()
    return sentence[start:end]
