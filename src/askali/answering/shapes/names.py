"""Names in running text, and what they are names of, by how they are written and used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

import numpy as np

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
# Roles and kinship: the name beside them is a person's.
_OF_PERSON = re.compile(
    r"\b(?:chair(?:man|woman)?|director|manager|mayor|minister|president|editor|author|secretary"
    r"|teacher|biologist|scientist|professor|spokes\w+|founder|head|officer|chief|member|widow"
    r"|husband|wife|son|daughter|brother|sister|mother|father|uncle|aunt|engineer|painter|doctor"
    r"|caretaker|treasurer|constable|lawyer|architect|poet|pupil|friend|nurse|analyst|driver|born)\b",
    re.I,
)
# Last words of organisations' names.
_OF_ORGANISATION = re.compile(
    r"\b(?:Ltd|Inc|GmbH|AG|LLC|plc|Corp|Company|Group|Bank|Fund|University|Institute|Ministry"
    r"|Union|Association|Society|Cooperative|Press|Courier|Energy|Turbines|Partners|Brothers|Sons?"
    r"|Daughters|Council|Committee|Museum|School|Academy|Insurance|Machines|House|Services?|Post"
    r"|Club|Agency|Authority|Department|Office|Works|Solar|Storage|Grid|Wind|Heat|Charging|Cells)\b"
    r"|&"
)
# What leads up to an organisation's name: "the supplier …", "bought from …".
_BEFORE_ORGANISATION = re.compile(
    r"\b(?:compan(?:y|ies)|firms?|supplier|chains?|group|union|maker|laboratory|auditors?|operator"
    r"|caterer|contractor|insurer|retailer|investor|bank|partner|bought from|delivered by"
    r"|recycler|supermarket|manufacturer|offers?|order goes to)\b[^.;]{0,40}$",
    re.I,
)
# What leads up to a place's name.
_IN_PLACE = re.compile(
    r"\b(?:in|at|near|(?:city|town|village|river|street|island|harbour) of)\s(?:the )?$", re.I
)
_LISTED_WITH = re.compile(r"(?:,\s|\sand\s|,\sand\s)(?:the\s)?")
_EXAMPLES = {
    Named.PERSON: "Maria Schmidt;John Carter;Ahmed Hassan;Li Wei;Olga Ivanova;Pierre Dubois;Anna"
    ";Aisha Bello;Hiroshi Tanaka;Elena Rossi;Dr. Samuel Okafor;Ms Jensen;Captain Harris;Mr Novak"
    ";Giovanni Bellini;Ingrid van der Berg;Priya Sharma;Professor Lindgren;Countess Amelia",
    Named.ORGANISATION: "Acme Energy Ltd;Miller & Sons;Ministry of Finance;University of Leeds"
    ";Northern Bank;Red Cross;Hartmann GmbH;Blue Ocean Shipping;City Council;Nova Pharma"
    ";Institute of Biology;The Daily Herald;Vortex Software;Pension Fund;Riverside Brewery"
    ";Delta Airlines;Fire Brigade;Kappa Solar;Tower Insurance",
    Named.PLACE: "Bristol;Norway;River Thames;Lake Geneva;High Street;Old Harbour;Brandenburg"
    ";Mill Valley;Isle of Skye;North Sea;Kyoto;Town Hall Square;Mount Elbert;Halden;Port Arthur"
    ";the Baltic;Windsor Bridge;Lower Saxony;Springfield",
    Named.OTHER: "Budget;Battery;Sunday;Annual Report;Model X200;Wi-Fi;Deposit;Kayak;Section 4"
    ";English;Decision;Weight;Electric sloop;Firmware;Insurance;Garden;Christmas;Warning;Price",
}
"""What names of each kind look like; the encoder says which of them another is like."""

_NEAREST = 3
_LIKENESS = 8.0

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
        return best if self.votes[best] > _SURELY else Named.OTHER


VectorOf = Callable[[str], np.ndarray]


class _Run(NamedTuple):
    """Capitalised words one after another, and what stands around them in their sentence."""

    text: str
    sentence: Sentence
    before: str
    after: str

    @property
    def opens(self) -> bool:
        """True at the start of a sentence, where any word is capitalised."""
        before = self.before
        return not before.strip(" \"'“‘([|") or before.rstrip()[-1] in ".!?"


def mentions(sentences: Iterable[Sentence], vector_of: VectorOf) -> list[Mention]:
    """All names in the order of their first mention, short forms with their long ones.

    `vector_of` gives the encoder's unit vector of a text."""
    found: dict[str, Mention] = {}
    lower: set[str] = set()
    runs: list[_Run] = []
    for sentence in sentences:
        text = plain(sentence.text)
        lower |= {w.text for w in words(text) if w.text[0].islower()}
        runs += [
            _Run(m.group(), sentence, text[: m.start()], text[m.end() :])
            for m in _NAME.finditer(text)
        ]
    last: tuple[Mention, Sentence, int] | None = None
    for run in runs:
        for name in _names(run, lower):
            mention = found.setdefault(name, Mention(name))
            if last and last[1] is run.sentence and _LISTED_WITH.fullmatch(run.before[last[2] :]):
                for kind, vote in last[0].votes.items():  # "Denmark, Austria and Japan"
                    mention.votes[kind] += 0.7 * (vote > 0 and vote == max(last[0].votes.values()))
            last = (mention, run.sentence, len(run.before) + len(run.text))
            if run.sentence not in mention.sentences:
                mention.sentences.append(run.sentence)
            _vote(mention, run)
    for mention in found.values():
        like = likeness(mention.name, vector_of)
        middle = sum(like.values()) / len(like)
        for kind, value in like.items():
            mention.votes[kind] += _LIKENESS * (value - middle)
    return _merged(list(found.values()))


def _names(run: _Run, lower: set[str]) -> Iterator[str]:
    """The names of a run, cut at "and", without months, titles and small words; `lower` are
    the words that the text also has without a capital."""
    for piece in re.split(r"\s(?:and|of the)\s", run.text):
        if piece.split()[0].lower() in _MONTH:
            continue
        name = re.sub(r"\s(?:of|the|van|von|de|und|&)$", "", piece.strip(" .'’"))
        name = name.removesuffix("'s").removesuffix("’s")
        parts = name.split()
        is_single = len(parts) == 1
        if is_single and (name.lower() in lower | STOPWORDS | _MONTH or name.isupper()):
            continue
        if run.opens and not is_single and parts[0].lower() in lower | STOPWORDS:
            name = " ".join(parts[1:])
            if name.lower() in lower:
                continue
        if len(name) > 2:
            yield _TITLE.sub("", name)


def likeness(name: str, vector_of: VectorOf) -> dict[Named, float]:
    """How like a name is to the examples of each kind, as a mean cosine of the nearest."""
    vector = vector_of(name)
    found = {}
    for kind, names in _EXAMPLES.items():
        examples = np.stack([vector_of(example) for example in names.split(";")])
        found[kind] = float(np.sort(examples @ vector)[-_NEAREST:].mean())
    return found


def _vote(mention: Mention, run: _Run) -> None:
    votes, name = mention.votes, mention.name
    before, after = run.before, run.after
    count = len(name.split())
    if _TITLE.match(run.text):
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
    if _BEFORE_ORGANISATION.search(before):
        votes[Named.ORGANISATION] += 1.5
    if _IN_PLACE.search(before):
        votes[Named.PLACE] += 1.2
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
        if longer and Named.PLACE not in (longer[0].kind, mention.kind):
            longer[0].sentences += [s for s in mention.sentences if s not in longer[0].sentences]
            continue
        kept.append(mention)
    return kept
