"""What governs a word: negation, plans, possibility, conditions, opinions, denials."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from askali.grounding.verification.alignment import Alignment
from askali.grounding.verification.lexicon import CLAUSE_OPENERS, PAST
from askali.grounding.verification.parsing import read
from askali.grounding.verification.tokens import DAY, FIG, MARK, NAME, Token
from askali.grounding.verification.verdict import Check, Fault, failed

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


def check_governors(found: Alignment) -> Check | None:
    """A "not", "plans to" or "denied" on one side only."""
    mine, theirs = governed(found.claim.text), governed(found.sentence.text)
    skipped = _skipped(found)
    if skipped:
        fault = FAULT_OF.get(governor(found.sentence.tokens, skipped), Fault.MODALITY)
        return failed(fault, f"the source says “{found.sentence.tokens[skipped].text}” of this")
    for i, at in {**found.chain, **found.moved}.items():
        if i in found.moved and found.claim.tokens[i].kind == DAY:
            continue  # a date may stand before or after its "will"
        sure, maybe = mine[i]
        source_sure, source_maybe = theirs[at]
        dropped, added = source_sure - maybe, sure - source_maybe
        if dropped or added:
            return _governor_fault(found, dropped, added, at, i)
    return None


def _skipped(found: Alignment) -> int:
    """A governor, by its number, that alone stands between two neighbours of the claim."""
    steps = list(found.chain.items())
    for (j, a), (i, b) in zip(steps, steps[1:], strict=False):
        between = range(a + 1, b)
        governors = [at for at in between if governor(found.sentence.tokens, at)]
        others = [at for at in between if found.sentence.tokens[at].is_hard and at not in governors]
        mine = any(governor(found.claim.tokens, at) for at in range(j, i))
        if governors and not others and not mine:
            return governors[0]
    return 0


def _governor_fault(
    found: Alignment, dropped: frozenset[str], added: frozenset[str], at: int, i: int
) -> Check:
    kind = min(dropped or added)
    reading, end = (found.sentence, at) if dropped else (found.claim, i)
    word = next(
        (reading.tokens[j].text for j in range(end, -1, -1) if governor(reading.tokens, j) == kind),
        kind,
    )
    fault = FAULT_OF.get(kind, Fault.MODALITY)
    says = "the source says" if dropped else "the source does not say"
    return failed(fault, f"{says} “{word}” of this")


def check_conditions(found: Alignment) -> Check | None:
    """A condition of the sentence that the claim leaves out."""
    if _condition(found.claim.tokens, ()):
        return None
    word = _condition(found.sentence.tokens, found.chain.values())
    if not word:
        return None
    return failed(Fault.MODALITY, f"the source says it only under a condition (“{word} …”)")


def _condition(tokens: Sequence[Token], kept: object) -> str:
    for at, token in enumerate(tokens):
        if token.folded in ("if", "unless") and (at == 0 or tokens[at - 1].folded not in _AS):
            return token.text
    return ""


_AS = frozenset("as even and or ask asked wonder wondered see know".split())
