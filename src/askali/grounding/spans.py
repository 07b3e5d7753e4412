"""Direct answers: is a marked phrase of the kind that is asked for, and is it whole?

A local model copies words of a sentence, or says them in its own way. They are found again
there, and stand as the answer only if they do more than repeat the question; they
take along what their meaning hangs on, such as "less than" before, or a unit and the time
that a figure is for after.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from askali.text.kinds import FIGURES, AnswerType, has_currency, states
from askali.text.tokens import STOPWORDS, stem, words

_BOUND = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|almost|nearly|some|over|under|above|below|exactly"
    r"|only|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?"
    r"|(?:more|less|fewer|higher|lower|better) than|at (?:least|most)|up to|as (?:many|much)"
    r" as|an? (?:estimated|average of)|no|not)\s+|[$€£¥₹]\s?|[+\-−])$",
    re.I,
)
"""What may stand right before a figure and changes it."""

# Words that end in a number, so that its unit may follow.
_FIGURE_LAST = re.compile(
    r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?"
    r"|thousands?|millions?|billions?|trillions?|hundred|thousand|million|billion|trillion))$",
    re.I,
)
_UNIT = re.compile(r"\s?[%°‰]|\s+(?:percent|per cent)\b|[\s-]+(?P<noun>[^\W\d_][\w'’-]*)")


# Small numbers in words.
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


def ground(said: str, text: str, question: str = "", *, is_exact: bool = False) -> str | None:
    """The slice of `text` that says what a model said, None where there is none.

    `is_exact`: character for character but for case and spaces. Otherwise by aligned words:
    the shortest slice that has each word of `said`, articles apart, by its stem or number, in
    whichever order, with few others between. A reply that begins with the question's own words
    ("The head of Acme is Ida Koss") is looked for without them.
    """
    if is_exact:
        pattern = r"\s*".join(re.escape(one) for one in re.findall(r"\w+|[^\w\s]", said))
        found = pattern and re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)
        return found.group() if found else None
    wanted = _keys(said)
    asked = set(_keys(question))
    new = [key for key in wanted if key not in asked]
    return _aligned(wanted, text) or (_aligned(new, text) if asked else None)


_BETWEEN = 2
"""So many content words may stand between aligned ones: "3 May, a Tuesday, 2016"."""


def _aligned(wanted: Sequence[str], text: str) -> str | None:
    """The shortest slice of `text` that holds all of `wanted`."""
    there = [word for word in words(text) if _key(word.text)]
    keys = [_key(word.text) for word in there]
    best: tuple[int, int] | None = None
    for first in range(len(keys)):
        if keys[first] not in wanted:
            continue
        missing = list(wanted)
        for last in range(first, min(len(keys), first + len(wanted) + _BETWEEN)):
            if keys[last] in missing:
                missing.remove(keys[last])
            if not missing:
                if best is None or last - first < best[1] - best[0]:
                    best = first, last
                break
    return text[there[best[0]].start : there[best[1]].end] if best else None


def _keys(text: str) -> list[str]:
    return [key for word in words(text) if (key := _key(word.text))]


def _key(word: str) -> str:
    """A word by its stem, a spelled number by its figure; "" for what carries no meaning."""
    low = word.lower()
    if low in _EMPTY:
        return ""
    return _DIGITS.get(low) or stem(low)


_EMPTY = frozenset(
    "a an the of in on at to by for from is was are were be been it and because due".split()
)
_SPELLED = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen twenty"
)
_DIGITS = {word: str(n) for n, word in enumerate(_SPELLED.split())}


def is_of_kind(said: str, question: str, kind: AnswerType, under: str = "") -> bool:
    """True unless `said` lacks the figure that is asked for; see `text.kinds.states` for
    `under`."""
    if kind is AnswerType.NUMBER and has_currency(said) and not has_currency(question):
        return False
    return kind not in FIGURES or states(kind, said, question, under)


def repeats(said: str, question: str) -> bool:
    """True where the words, articles apart, stand in the question one after another."""
    asked = [stem(word.text) for word in words(question)]
    meant = [stem(word.text) for word in words(said) if word.text.lower() not in _ARTICLES]
    return any(asked[at : at + len(meant)] == meant for at in range(len(asked) - len(meant) + 1))


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
