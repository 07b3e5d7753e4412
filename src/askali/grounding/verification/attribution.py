"""Who says it: the speaker of a claim must be the speaker of the source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askali.grounding.verification.lexicon import PRONOUNS
from askali.grounding.verification.parsing import read
from askali.grounding.verification.verdict import Check, Fault, failed

_SAYS = (
    r"(?:says|said|stated|states that|announced|reported|noted|explained|confirmed|added"
    r"|told \w+|wrote|argue[ds]|claimed|claims that|believe[ds]|denie[ds]|pointed out|suggested)"
)
_WHO = r"(?P<who>[^,;:]{2,80}?)"
_CLAIMED = (
    re.compile(rf"^According to {_WHO},\s*(?P<rest>.+)$"),
    re.compile(rf"^{_WHO} (?P<verb>{_SAYS}) that (?P<rest>.+)$"),
    re.compile(rf"^{_WHO} (?P<verb>says|said),? (?P<rest>.+)$"),
    re.compile(rf"^(?P<rest>.+?),? according to {_WHO}\.?$"),
    re.compile(rf"^(?P<rest>.+), {_WHO} (?P<verb>{_SAYS})\.?$"),
)
_SOURCE = (
    re.compile(r"[Aa]ccording to (?P<who>[^,;:.]{2,80})"),
    re.compile(
        rf"(?:^|[,;:.\"”]\s)(?P<who>[^;:.\"]{{2,80}}?) (?P<verb>{_SAYS})"
        rf"(?=,| that\b| in\b| on\b| at\b|:|\.|$|(?<=said) |(?<=says) )"
    ),
    re.compile(rf"\b(?P<verb>{_SAYS}) (?P<who>[A-Z][^,;:.]{{2,80}})"),
)
_REPORTING = frozenset(
    "say said state announc report note explain confirm add tell write point".split()
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A claim without its speaker, or the fault if the source has another one."""

    rest: str
    fault: Check | None = None


def split_speaker(claim: str, evidence: Sequence[str], context: str) -> Spoken | None:
    """The claim without "X said that", if it has a speaker; None if it has none."""
    for pattern in _CLAIMED:
        match = pattern.match(claim)
        if match:
            who, verb = match["who"], match.groupdict().get("verb") or "said"
            if any(_speaks(who, verb, text, evidence, context) for text in evidence):
                return Spoken(match["rest"])
            reason = f"the source does not say that {who} {verb} this"
            return Spoken(match["rest"], failed(Fault.ATTRIBUTION, reason))
    return None


def _speaks(who: str, verb: str, text: str, evidence: Sequence[str], context: str) -> bool:
    asked = _words(who)
    for pattern in _SOURCE:
        for match in pattern.finditer(read(text).text):
            theirs = match.groupdict().get("verb") or "said"
            if not _same_force(verb, theirs):
                continue
            if asked <= _words(match["who"]):
                return True
            alone = set(re.findall(r"\w+", match["who"].lower()))
            if alone & PRONOUNS and not _words(match["who"]):
                return any(
                    asked <= _words(other) for other in (*evidence, context) if other != text
                )
    return False


def _same_force(verb: str, theirs: str) -> bool:
    one, other = (read(v).tokens[0].key for v in (verb, theirs))
    return one == other or (one in _REPORTING and other in _REPORTING)


def _words(text: str) -> set[str]:
    reading = read(text)
    tokens = (reading.tokens[i] for i in reading.hard)
    return {token.key or token.text for token in tokens}
