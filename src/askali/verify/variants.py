"""Other wordings of a claim that mean the same, for a second look at the evidence."""

from __future__ import annotations

import re

_FLIPPED = re.compile(
    r"^(?P<what>(?:The |[A-Z][\w' ]{0,40}?'s )[\w' -]{2,60}?) (?P<be>is|was)"
    r" (?P<who>[A-Z][\w' .-]{1,50}?)\.?$"
)
_OWNED = re.compile(r"(?P<owner>[A-Z][\w]*(?: [A-Z][\w]*)*)'s (?P<what>[a-z]+)")


def flip(claim: str) -> str:
    """ "The founder of X is Y" as "Y is the founder of X"; unchanged otherwise."""
    match = _FLIPPED.match(claim)
    if match is None:
        return claim
    what = match["what"]
    what = what[0].lower() + what[1:] if what.startswith("The ") else what
    return f"{match['who']} {match['be']} {own(what)}."


def own(claim: str) -> str:
    """ "X's tower" as "the tower of X"."""
    return _OWNED.sub(lambda m: f"the {m['what']} of {m['owner']}", claim)
