"""The questions inside one question, each to be answered for itself."""

from __future__ import annotations

import re

from askali.domain import Turn
from askali.query.comparison import sides
from askali.query.condense import condense_question

_PART = re.compile(
    r",?\s+(?:and|&)\s+(?=(?:also\s+)?(?:who|what|when|where|which|why|how|by how"
    r"|is|are|was|were|did|does|do|has|have|in which|in what|at what)\b)"
    r"|,\s+(?=(?:how|what|when)\b)|\s*\b\d\)\s+",
    re.I,
)

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\w)")


def parts(question: str, at_most: int) -> tuple[str, ...]:
    """The first questions inside one: "who … and when …?", or the sides of a comparison;
    "it" in a later one is resolved. One that is asked twice counts once.

    Beside a question, sentences that ask nothing are context for "it", no more:
    whatever they tell askali to do, there is nothing here that would do it.
    """
    sentences = _SENTENCE.split(question)
    asking = [sentence for sentence in sentences if sentence.endswith("?")] or [question]
    said = [Turn("user", sentence) for sentence in sentences if sentence not in asking]
    pieces = [piece.strip(" ,") for sentence in asking for piece in _PART.split(sentence)]
    pieces = [piece for piece in pieces if len(piece.split()) > 1] or asking
    found: dict[str, None] = {}
    for piece in dict.fromkeys(pieces):
        whole = condense_question(piece, [*said, *(Turn("user", part) for part in found)])
        found.update(dict.fromkeys(sides(whole) or (whole,)))
        if len(found) >= at_most:
            break
    return tuple(found)[:at_most]
