"""Names in running text, and what they are names of, by how they are written and used."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from askali.answering.shapes.asking import plain
from askali.domain import Sentence
from askali.text.tokens import STOPWORDS, words


class Named(StrEnum):
    """What a name is a name of."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    OTHER = "other"


_PART = r"(?:(?:Dr|Prof|Mr|Mrs|Ms|St)\.|[A-ZÀ-Þ][\w'’-]*[\w](?:\.(?=\s[A-Z]))?|[A-Z]\.)"
_NAME = re.compile(
    rf"{_PART}(?:\s(?:(?:of|the|van|von|de|der|und|&)\s){{0,2}}(?:{_PART}|& {_PART}))*"
)
_TITLE = re.compile(
    r"^(?:Dr|Prof|Mr|Mrs|Ms|Mx|Sir|Lady|Captain|Constable|Judge|Father|Sister)\b\.?\s*"
)
_OF_PERSON = re.compile(
    r"\b(?:chair(?:man|woman)?|director|manager|mayor|minister|president|editor|author|secretary"
    r"|teacher|biologist|scientist|professor|spokes\w+|founder|head|officer|chief|member|widow"
    r"|husband|wife|son|daughter|brother|sister|mother|father|uncle|aunt|engineer|painter|doctor"
    r"|caretaker|treasurer|constable|lawyer|architect|poet|pupil|friend|nurse|analyst|driver|born)\b",
    re.I,
)
_SAYS = re.compile(
    r"\b(?:said|says|told|asked|announced|denied|wrote|writes|added|spoke|explained|married|born"
    r"|died|demanded|confirmed|reported|recalls?|thinks?|moved|elected|thanked|became|retired)\b"
)
_OF_ORGANISATION = re.compile(
    r"\b(?:Ltd|Inc|GmbH|AG|LLC|plc|Corp|Company|Group|Bank|Fund|University|Institute|Ministry"
    r"|Union|Association|Society|Cooperative|Press|Courier|Energy|Turbines|Partners|Brothers|Sons?"
    r"|Daughters|Council|Committee|Museum|School|Academy|Insurance|Machines|House|Services?|Post"
    r"|Club|Agency|Authority|Department|Office|Works|Solar|Storage|Grid|Wind|Heat|Charging|Cells)\b"
    r"|&"
)
_BEFORE_ORGANISATION = re.compile(
    r"\b(?:compan(?:y|ies)|firms?|supplier|chains?|group|union|maker|laboratory|auditors?|operator"
    r"|caterer|contractor|insurer|retailer|investor|bank|partner|bought from|delivered by"
    r"|recycler|supermarket|manufacturer|offers?|order goes to)\b[^.;]{0,40}$",
    re.I,
)
_BEFORE_PLACE = re.compile(
    r"\b(?:from|to|into|of|between|markets? (?:were|are|is|was))\s(?:the )?$", re.I
)
_IN_PLACE = re.compile(
    r"\b(?:in|at|near|(?:city|town|village|river|street|island|harbour) of)\s(?:the )?$", re.I
)
_LISTED_WITH = re.compile(r"(?:,\s|\sand\s|,\sand\s)(?:the\s)?")
_SURELY = 0.8
_MONTH = frozenset(
    """january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    spring summer autumn winter i""".split()
)


class Mention:
    """A name with all sentences that say it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sentences: list[Sentence] = []
        self.votes = dict.fromkeys(Named, 0.0)

    @property
    def kind(self) -> Named:
        """What most of its uses speak for."""
        best = max(self.votes, key=lambda kind: self.votes[kind])
        least = _SURELY if best is Named.PERSON else 0.0
        return best if self.votes[best] > least else Named.OTHER


def mentions(sentences: Iterable[Sentence]) -> list[Mention]:
    """All names in the order of their first mention, short forms with their long ones."""
    found: dict[str, Mention] = {}
    lower: set[str] = set()
    pending: list[tuple[str, Sentence, str, str, bool]] = []
    for sentence in sentences:
        text = plain(sentence.text)
        lower |= {w.text for w in words(text) if w.text[0].islower()}
        for match in _NAME.finditer(text):
            opens = (
                not text[: match.start()].strip(" \"'“‘([|")
                or text[: match.start()].rstrip()[-1] in ".!?"
            )
            pending.append(
                (match.group(), sentence, text[: match.start()], text[match.end() :], opens)
            )
    last: tuple[Mention, Sentence, int] | None = None
    for raw, sentence, before, after, opens in pending:
        for name in _cut(raw):
            parts = name.split()
            is_word = len(parts) == 1 and (name.lower() in lower or name.lower() in STOPWORDS)
            if (
                name.lower() in _MONTH
                or is_word
                or len(name) < 3
                or name.isupper()
                and len(parts) == 1
            ):
                continue
            if opens and len(parts) > 1 and parts[0].lower() in (lower | STOPWORDS):
                name = " ".join(parts[1:])
                if name.lower() in lower or len(name) < 3:
                    continue
            key = _TITLE.sub("", name)
            mention = found.setdefault(key, Mention(key))
            if last and last[1] is sentence and _LISTED_WITH.fullmatch(before[last[2] :]):
                for kind, vote in last[0].votes.items():  # "Denmark, Austria and Japan"
                    mention.votes[kind] += 0.7 * (vote > 0 and vote == max(last[0].votes.values()))
            last = (mention, sentence, len(before) + len(raw))
            if sentence not in mention.sentences:
                mention.sentences.append(sentence)
            _vote(mention, raw, before, after)
    return _merged(list(found.values()))


def _cut(raw: str) -> list[str]:
    """Parts of a run that are names by themselves: dates and leading small words fall."""
    parts = list(re.split(r"\s(?:and|of the)\s", raw))
    return [
        re.sub(r"\s(?:of|the|van|von|de|und|&)$", "", p.strip(" .'’"))
        .removesuffix("'s")
        .removesuffix("’s")
        for p in parts
        if p.split()[0].lower() not in _MONTH
    ]


def _vote(mention: Mention, raw: str, before: str, after: str) -> None:
    votes, name = mention.votes, mention.name
    count = len(name.split())
    if _TITLE.match(raw):
        votes[Named.PERSON] += 3
    if _OF_ORGANISATION.search(name):
        votes[Named.ORGANISATION] += 2.5
    two = count in (2, 3) and not re.search(r"\b(?:of|the|&)\b", name)
    if re.match(r"\s*\((?:chair|deputy|finance|quality|\w+ ?\w*)\)", after) and two:
        votes[Named.PERSON] += 1
    if _OF_PERSON.search(before[-40:]) or re.match(
        rf",\s(?:an?\s|the\s)?(?:\w+\s){{0,3}}?{_OF_PERSON.pattern}", after, re.I
    ):
        votes[Named.PERSON] += 1.5 if two else 0.5
    if re.match(r"\s*(?:,[^,]{0,60},)?\s*" + _SAYS.pattern, after) or re.search(
        r"\b(?:said|asked|told|by|thanked)\s$", before
    ):
        votes[Named.PERSON] += 1.5 if two else 0.5
    if _BEFORE_ORGANISATION.search(before):
        votes[Named.ORGANISATION] += 1.5
    if _IN_PLACE.search(before):
        votes[Named.PLACE] += 1.2
    if _BEFORE_PLACE.search(before):
        votes[Named.PLACE] += 0.8 if count == 1 else 0.4
    if two and count == 2:
        votes[Named.PERSON] += 0.3


def _merged(found: list[Mention]) -> list[Mention]:
    """A last name goes to the one full name that ends with it; so does "Greywater" to
    "Greywater Energy"."""
    kept: list[Mention] = []
    for mention in found:
        longer = [
            o for o in found
            if o is not mention and f" {mention.name} " in f" {o.name} " and o.name != mention.name
        ]  # fmt: skip
        if (
            len(longer) >= 1
            and longer[0].kind is not Named.PLACE
            and mention.kind is not Named.PLACE
        ):
            longer[0].sentences += [s for s in mention.sentences if s not in longer[0].sentences]
            continue
        kept.append(mention)
    return kept
