"""Who does it to whom: active and passive voice of English verbs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askali.grounding.verification.lexicon import AUXILIARIES, BE, PAST, PRONOUNS
from askali.grounding.verification.tokens import FIG, MARK, NAME, WORD, Reading, Token

_PASSIVE = re.compile(
    r"""^(?P<lead>(?:(?:In|On|By|After|During|At|Since)\s[^,]{1,60},\s)?)
    (?P<subject>[^,;]{2,90}?(?:,\s[^,;]{2,60},)?)\s
    (?:is|are|was|were|(?:has|have|had)\sbeen)\s(?P<adverb>(?:\w+ly\s)?)(?P<verb>\w+)\s
    (?P<middle>(?:(?:in|on|at|for)\s[^,;]{1,40}?\s)?)
    by\s(?P<agent>(?:(?:the|a|an|his|her|its|their)\s|(?=[A-Z]))[^,;.]{1,60}?)
    (?P<rest>(?:[,;.]|\s(?:in|on|at|from|for|as|to|after|before|with|during|and|who|which)\b).*)?$""",
    re.VERBOSE,
)


def active(text: str) -> str:
    """The sentence with a leading passive ("B was bought by A") made active ("A bought B")."""
    match = _PASSIVE.match(text)
    if match is None or not _is_participle(match["verb"].lower()):
        return text
    part = match.groupdict(default="")
    lead, adverb, middle = part["lead"], part["adverb"], part["middle"].rstrip()
    turned = f"{lead}{part['agent']} {adverb}{part['verb']} {part['subject']} {middle}"
    return " ".join((turned.rstrip() + part["rest"]).split())


_ACTIVE = re.compile(
    r"""^(?P<agent>[A-Z][\w'&-]*(?:(?:,|,?\sand)?\s[A-Z][\w'&-]*)*)\s(?P<adverb>(?:\w+ly\s)?)
    (?P<verb>[a-z]+)\s(?P<object>(?!(?:in|on|at|from|for|as|to|by|with|into|of)\s)(?:the\s|a\s|an\s)?[\w'&-]+(?:\s[\w'&-]+){0,5}?)
    (?P<rest>(?:,|\s(?:in|on|at|from|for|as|to|after|before|with|during)\s).*)?\.?$""",
    re.VERBOSE,
)


def passive(text: str) -> str:
    """The claim "A bought B in 2010" as "B was bought by A in 2010"; unchanged otherwise."""
    match = _ACTIVE.match(text)
    if match is None or not _is_participle(match["verb"]):
        return text
    part = match.groupdict(default="")
    turned = f"{part['object']} was {part['adverb']}{part['verb']} by {part['agent']}{part['rest']}"
    return f"{turned[0].upper()}{turned[1:]}".rstrip(".") + "."


def voice(tokens: Sequence[Token], at: int) -> str:
    """ "passive", "active" with its object just after, or empty where it cannot be told."""
    token = tokens[at]
    if token.kind != WORD or not _is_participle(token.folded):
        return ""
    if _after_be(tokens, at) or _before_agent(tokens, at):
        return "passive"
    if at == 0 or tokens[at - 1].kind == MARK or at + 1 == len(tokens):
        return ""
    following = tokens[at + 1]
    if following.folded in _DETERMINERS and at + 2 < len(tokens):
        return "active"
    return "active" if following.kind == "name" else ""


_DETERMINERS = frozenset("the a an its his her their".split())


def _is_participle(word: str) -> bool:
    return (word in PAST and word not in AUXILIARIES) or word.endswith(("ed", "en"))


def _after_be(tokens: Sequence[Token], at: int) -> bool:
    for token in reversed(tokens[max(0, at - 3) : at]):
        if token.folded in BE:
            return True
        if token.folded not in ("not", "also", "being") and not token.folded.endswith("ly"):
            return False
    return False


def _before_agent(tokens: Sequence[Token], at: int) -> bool:
    following = tokens[at + 1 : at + 3]
    return (
        bool(following)
        and following[0].folded == "by"
        and following[-1].kind
        not in (
            "figure",
            "date",
        )
    )


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


def is_statement(claim: Reading) -> bool:
    """True where the claim has a subject and something like a finite verb."""
    tokens = [token for token in claim.tokens if token.kind != MARK]
    if len(tokens) < 3:
        return False
    if claim.text.endswith("."):
        return True
    opens = tokens[0].text[0].isupper() or tokens[0].folded in PRONOUNS
    for before, token, after in zip(tokens, tokens[1:], [*tokens[2:], tokens[-1]], strict=False):
        named = before.kind == NAME and token.kind == WORD
        if named and token.folded.endswith("s") and _is_object(after):
            return True
        if token.folded in _SUBORDINATE:
            return False
        if token.kind == WORD and (_is_verb(token) or opens and token.folded.endswith("ed")):
            return True
    return False


def _is_object(token: Token) -> bool:
    return token.kind in (NAME, FIG) or token.folded in ("a", "an", "the", "its", "his", "her")


def _is_verb(token: Token) -> bool:
    word = token.folded
    return word in AUXILIARIES or word in _PRESENT or (word in PAST and word not in _PARTICIPLES)


_SUBORDINATE = frozenset("which who whom whose that how why when where whether to of what".split())
_PARTICIPLES = frozenset(
    """taken known given seen done written drawn driven eaten fallen flown forgotten frozen gone
    grown hidden proven shown spoken stolen sworn thrown woven worn born borne broken chosen
    risen""".split()
)
_PRESENT = frozenset(
    """says plans includes owns makes holds shows means expects believes becomes runs leads wants
    offers uses provides contains denies sells buys remains works lives takes gives goes comes
    grows rises falls gets needs seeks serves supports produces covers costs belongs pays""".split()
)
