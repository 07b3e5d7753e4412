"""Is a claim a whole statement, or a short answer such as "4.2 million crowns"?"""

from __future__ import annotations

from askali.verify.lexicon import AUXILIARIES, PAST, PRONOUNS
from askali.verify.tokens import FIG, MARK, NAME, WORD, Reading, Token


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
