"""What governs a word: negation, plans, possibility, conditions, opinions, denials."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from askali.verify.lexicon import CLAUSE_OPENERS, PAST
from askali.verify.reading import read
from askali.verify.tokens import DAY, FIG, MARK, NAME, Token
from askali.verify.verdict import Fault

Governors = frozenset[str]

_NEGATIONS = frozenset(
    """not no never none neither nor cannot without hardly barely scarcely nobody nothing
    nowhere unable""".split()
)
_BEFORE_TO = {
    "fail": "not", "refuse": "not", "decline": "not", "unable": "not", "neglect": "not",
    "plan": "plan", "intend": "plan", "aim": "plan", "hope": "plan", "want": "plan",
    "seek": "plan", "propose": "plan", "expect": "expect", "schedule": "plan", "set": "plan",
    "promise": "plan", "agree": "plan", "threaten": "plan", "offer": "plan", "try": "try",
    "attempt": "try", "go": "will", "about": "will", "pledge": "plan", "prepare": "plan",
    "vow": "plan", "wish": "plan", "consider": "plan", "decide": "plan", "likely": "may",
    "unlikely": "not", "appear": "may", "seem": "may", "need": "must", "have": "must",
    "require": "must", "believe": "opinion", "think": "opinion", "say": "opinion",
    "rumor": "opinion", "rumour": "opinion", "allege": "opinion", "claim": "opinion",
    "suppose": "opinion", "suspect": "opinion", "project": "expect", "forecast": "expect",
}  # fmt: skip
_MODALS = {
    "will": "will", "shall": "will", "would": "would", "may": "may", "might": "may",
    "could": "may", "can": "may", "must": "must", "should": "must", "ought": "must",
    "perhaps": "may", "possibly": "may", "maybe": "may", "probably": "may",
    "potentially": "may", "reportedly": "opinion", "allegedly": "opinion",
    "supposedly": "opinion", "purportedly": "opinion", "apparently": "opinion",
    "if": "if", "unless": "if", "whether": "if",
}  # fmt: skip
_OPINIONS = {
    "deny": "deny", "reject": "deny", "claim": "opinion", "believe": "opinion", "argue": "opinion",
    "allege": "opinion", "suggest": "opinion", "think": "opinion", "speculate": "opinion",
    "predict": "expect", "expect": "expect", "assume": "opinion", "consider": "plan",
    "doubt": "deny", "dispute": "deny", "hypothesize": "opinion", "warn": "may",
}  # fmt: skip
_STRONG = frozenset(";:.!?|")
_BREAKS = frozenset(",()—–") | _STRONG
FAULT_OF = {"not": Fault.NEGATION, "deny": Fault.ATTRIBUTION, "opinion": Fault.ATTRIBUTION}


@lru_cache(maxsize=4096)
def governed(text: str) -> tuple[tuple[Governors, Governors], ...]:
    """For each token of ``read(text)``: what surely governs it, and what may.

    A governor reaches forward to the next mark or clause for sure, and to the
    end of the statement at most.
    """
    tokens = read(text).tokens
    sure: list[set[str]] = [set() for _ in tokens]
    maybe: list[set[str]] = [set() for _ in tokens]
    for at in range(len(tokens)):
        kind = governor(tokens, at)
        if kind:
            _spread(tokens, at, kind, sure, maybe)
    return tuple((frozenset(a), frozenset(b)) for a, b in zip(sure, maybe, strict=True))


def _spread(
    tokens: Sequence[Token], at: int, kind: str, sure: list[set[str]], maybe: list[set[str]]
) -> None:
    certain = True
    for i in range(at + 1, len(tokens)):
        token = tokens[i]
        if token.kind == MARK and token.text in _STRONG:
            return
        certain = certain and not _ends(tokens, i, kind)
        if certain:
            sure[i].add(kind)
        maybe[i].add(kind)


def _ends(tokens: Sequence[Token], i: int, kind: str) -> bool:
    token = tokens[i]
    if token.kind == MARK:
        return token.text in _BREAKS
    if token.folded in CLAUSE_OPENERS:
        return True
    if kind == "not" and token.folded in ("until", "if"):
        return True
    return token.folded in ("and", "or") and i + 1 < len(tokens) and _starts_clause(tokens[i + 1])


def _starts_clause(token: Token) -> bool:
    return token.folded in PAST or token.folded.endswith("ed") or token.folded in _SUBJECTS


_SUBJECTS = frozenset("he she it they we i is are was were has have had does did".split())


def governor(tokens: Sequence[Token], at: int) -> str:
    """The kind of governor that the token is; empty for most."""
    token = tokens[at]
    if token.absorbed or token.kind in (MARK, FIG, DAY):
        return ""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.folded in _NEGATIONS:
        return "" if _is_no_denial(token, following) else "not"
    if token.key in _STOP_KEYS and following is not None:
        return "not" if following.folded.endswith("ing") or following.folded == "from" else ""
    if token.folded in _UNTRUE and following is not None and following.folded == "that":
        return "deny"
    if token.folded in _MODALS:
        return "" if token.kind == NAME and not token.opens else _MODALS[token.folded]
    if following is not None and following.folded == "to" and not _is_goal(tokens, at + 2):
        if token.key in _TO_KEYS:
            return _TO_KEYS[token.key]
        if token.key == "be" or token.folded in _IS:
            return "plan"
    if token.key in _OPINION_KEYS and token.folded not in ("thinking",) and following is not None:
        plain = token.key not in _ALWAYS and following.folded not in _THAT
        return "" if plain or token.folded.endswith("ing") else _OPINION_KEYS[token.key]
    return ""


def _is_no_denial(token: Token, following: Token | None) -> bool:
    if following is None:
        return True
    if token.folded == "no" and (
        following.figure is not None or token.kind == NAME and not token.opens
    ):
        return True
    return token.folded in ("not", "no") and following.folded in ("only", "just", "merely", "doubt")


def _is_goal(tokens: Sequence[Token], at: int) -> bool:
    """True where what follows "to" is a thing, so that "to" is no infinitive."""
    if at >= len(tokens):
        return True
    token = tokens[at]
    return token.kind != "word" or token.folded in _THINGS


_THINGS = frozenset("the a an his her its their this that these those which whom him them".split())
_IS = frozenset("is are was were".split())
_THAT = frozenset("that to it he she they the a an this these his her their its".split())


def _keys(table: dict[str, str]) -> dict[str, str]:
    return {read(word).tokens[0].key: kind for word, kind in table.items()}


_TO_KEYS = _keys(_BEFORE_TO)
_OPINION_KEYS = _keys(_OPINIONS)
_UNTRUE = frozenset("false untrue wrong myth hoax rumor rumour allegation incorrect".split())
_STOP_KEYS = {
    read(word).tokens[0].key
    for word in "stop cease quit avoid prevent ban forbid cancel abandon suspend delay".split()
}
_ALWAYS = {read(word).tokens[0].key for word in ("deny", "doubt", "dispute", "allege", "speculate")}
