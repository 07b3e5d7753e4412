"""The questions inside one question: several in one, or the two sides of a comparison."""

from __future__ import annotations

import re

from askali.domain import Turn
from askali.query.condense import condense_question
from askali.text.tokens import analyze

# Where a second question begins inside one sentence.
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


# Words that hold one thing against another.
_COMPARES = re.compile(
    r"\b(?:compar\w+|contrast\w*|differ(?:s|ed|ences?)?|different (?:from|than|between)"
    r"|versus|vs)\b",
    re.I,
)
# How a question names the two sides that it compares.
_FRAMES = [
    re.compile(pattern, re.I)
    for pattern in (
        r"(?:please )?(?:compare|contrast) (?P<a>.+) (?:with|to|versus|vs\.?) (?P<b>.+?)\W*",
        r"(?:please )?(?:compare|contrast) (?P<a>.+) and (?P<b>.+?)\W*",
        r"what (?:is|are|was|were) the (?:\w+ )?differences? (?:between|of|in) "
        r"(?P<a>.+) and (?P<b>.+?)\W*",
        r"how (?:do|does|did) (?P<a>.+) (?:compare (?:with|to)|differ from) (?P<b>.+?)\W*",
        r"how (?:do|does|did) (?P<a>.+) and (?P<b>.+?) (?:compare|differ)\W*",
    )
]
# One thing in two years.
_TWO_YEARS = re.compile(
    r"(?P<head>.*\b(?:in|of|for) )(?P<a>(?:1\d|20)\d\d),? (?:and|versus|vs\.?) "
    r"(?:(?:in|of|for) )?(?P<b>(?:1\d|20)\d\d)\b(?P<tail>.*)",
    re.I,
)
_PLACED = re.compile(
    r"(?P<head>.+ (?:of|in|by|for|from|with|at|under|according to)) (?P<name>.+)", re.I
)
# The second side, where it only says of what or whom: "that of B", "in 2019".
_THAT_OF = re.compile(
    r"(?:(?:that|those) )?(?P<place>(?:of|in|by|for|from|with|at|under|according to) .+)", re.I
)


def asks_to_compare(question: str) -> bool:
    """True where several things, or several documents, are held against each other."""
    return bool(_COMPARES.search(question))


def sides(question: str) -> tuple[str, ...]:
    """One question for each side: "compare the loans in 2023 and in 2024" asks for "the
    loans in 2023" and "the loans in 2024".

    Empty where it compares nothing, or where what is compared is not said of each side.
    """
    for frame in _FRAMES:
        found = frame.fullmatch(question)
        if found and (both := _shared(found["a"], found["b"])):
            return both
    if found := _TWO_YEARS.fullmatch(question):
        return tuple(f"{found['head']}{year}{found['tail']}" for year in found.group("a", "b"))
    return ()


def compares(question: str) -> bool:
    """True where the answer sets documents side by side, so that it should name them."""
    return asks_to_compare(question) or bool(sides(question))


def _shared(one: str, other: str) -> tuple[str, ...]:
    """Both sides with what is said of them: "the price of A", "B" are prices both."""
    placed = _PLACED.fullmatch(one)
    if not placed:
        return ()
    if elsewhere := _THAT_OF.fullmatch(other):
        topic = placed["head"].rpartition(" ")[0]
        return one, f"{topic} {elsewhere['place']}"
    if _PLACED.fullmatch(other):
        return one, other
    # Two names, two figures, or phrases with a word in common are sides.
    both = placed["name"], other
    is_named = all(text[0].isupper() or text[0].isdigit() for text in both)
    are_alike = is_named or set.intersection(*(set(analyze(text)) for text in both))
    return (one, f"{placed['head']} {other}") if are_alike else ()
