"""Things of one kind told apart by a label or place: "hut B", "lockers 3 to 9", "second hut"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from askali.text.dates import DATE
from askali.text.quantities import FIGURE, read_figure
from askali.text.tokens import STOPWORDS, stem

_LABEL = r"(?<!\w)(?:\d{1,6}(?:\.\d+)*|[IVX]{2,4}|[A-Za-z])(?![\w%]|[’'.]\w)"
# A noun with its labels: "hut B", "lockers 3, 4 and 7", "rooms No. 2 to 5".
_DESIGNATED = re.compile(
    rf"\b(?P<noun>[^\W\d_]{{2,}})\s+(?:(?:[Nn]os?\.|[Nn]umbers?|#)\s*)?"
    rf"(?P<labels>{_LABEL}(?:(?:\s*,\s*|\s*[-–]\s*|\s*,?\s+(?:and|or|to|&)\s+){_LABEL})*)"
)
# A place in an order, with its noun: "the second manager", "the 3rd".
_ORDERED = re.compile(
    r"\b(?P<ordinal>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    r"|\d{1,2}(?:st|nd|rd|th))\b(?:\s+(?P<noun>[a-z]{3,})\b)?",
    re.I,
)
_SUBJECT = re.compile(rf"\W*(?:The\s+)?(?P<thing>(?P<noun>[^\W\d_]{{2,}})\s+{_LABEL})")
_FIGURES = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)")
_YEAR = re.compile(r"(?:1\d|20)\d\d")
_ROMAN = {"I": 1, "V": 5, "X": 10}

Things = Mapping[str, frozenset[str]]
"""By the stem of a noun, the labels that are said with it."""


def designated(text: str, *, is_asked: bool = False) -> dict[str, frozenset[str]]:
    """The things that a text tells apart by a label, each noun's labels; a range gives all, and
    "the second manager" is manager 2.

    Dates, years, and figures with a unit ("weighs 5 grams") are none. Where `is_asked`, the noun
    stands at the start of its phrase ("does hut B", "of the room 12"), or has a capital, or its
    label is the last word, and a small letter is a label too."""
    dated = [match.span() for match in DATE.finditer(text)]
    found: dict[str, set[str]] = {}
    for match in _DESIGNATED.finditer(text):
        noun, said = match["noun"], match["labels"]
        if noun.lower() in STOPWORDS or any(a <= match.start("labels") < b for a, b in dated):
            continue
        is_last = not re.match(r"\s+\w", text[match.end() :])
        if is_asked and not (is_last or _opens_phrase(noun, text[: match.start()])):
            continue
        labels = re.findall(_LABEL, said)
        if any(not (is_asked or label[0].isdigit() or label.isupper()) for label in labels):
            continue
        if any(label in ("a", "i", "I") for label in labels) or _YEAR.fullmatch(labels[-1]):
            continue
        figure = FIGURE.match(text, match.end() - len(labels[-1]))
        if figure and (figure["unit"] or figure["scale"] or figure["tail"]):
            continue
        is_range = len(labels) == 2 and re.search(r"[-–]|\bto\b", said)
        named = _between(*labels) if is_range else set(map(_plain, labels))
        found.setdefault(stem(noun.lower()), set()).update(named)
    for noun, places in _ordered(text).items():
        found.setdefault(noun, set()).update(places)
    return {noun: frozenset(labels) for noun, labels in found.items()}


def _ordered(text: str) -> dict[str, set[str]]:
    """What is told apart by its place in an order: "the second summer"; a place without a noun
    may be of each ("12 eels in the first summer, 40 in the second")."""
    found: dict[str, set[str]] = {}
    bare: set[str] = set()
    for match in _ORDERED.finditer(text):
        figure = FIGURE.match(match["ordinal"])
        place = f"{read_figure(figure).value:f}" if figure else match["ordinal"]
        noun = (match["noun"] or "").lower()
        if noun and noun not in STOPWORDS:
            found.setdefault(stem(noun), set()).add(place)
        else:
            bare.add(place)
    return {noun: places | bare for noun, places in found.items()}


def records(sentences: Sequence[str]) -> list[tuple[list[str], dict[int, list[str]]]]:
    """The sentences that say the same of several things, as tables: the names of the columns,
    the first of them empty, and by the number of the sentence its cells, the thing first.

    "Hut A sleeps 12 guests. Hut B sleeps 8 guests." has the columns "" and "sleeps guests"."""
    alike: dict[tuple[str, ...], dict[int, list[str]]] = {}
    for number, sentence in enumerate(sentences):
        thing = _SUBJECT.match(sentence)
        if not thing or not designated(thing["thing"]):
            continue
        said = " ".join(sentence[thing.end() :].rstrip(". ;").split())
        between, figures = _FIGURES.split(said), _FIGURES.findall(said)
        if figures:
            cells = [thing["thing"], *figures]
            alike.setdefault((stem(thing["noun"].lower()), *between), {})[number] = cells
    found = []
    for (_, *between), rows in alike.items():
        # What is counted stands behind its figure: "weighs | 5 | grams and is stored on shelf | 2".
        units = [re.match(r"\s*[^\W\d_]*", part).group() for part in between]  # type: ignore[union-attr]
        leads = [between[0], *(b[len(u) :] for b, u in zip(between[1:], units[1:], strict=True))]
        names = [f"{lead.strip()} {unit.strip()}" for lead, (_, unit) in zip(
            leads, pairwise(units), strict=False)]  # fmt: skip
        if len({cells[0] for cells in rows.values()}) > 1:
            found.append((["", *names], rows))
    return found


def is_of_other(asked: Things, said: Things) -> bool:
    """True where a text tells things of an asked kind apart, and none of them is asked for."""
    return any(
        said.get(noun) and not any(_is_same(a, b) for a in labels for b in said[noun])
        for noun, labels in asked.items()
    )


def _opens_phrase(noun: str, before: str) -> bool:
    last = re.findall(r"[\w’']+", before)[-1:]
    return noun[0].isupper() or not last or last[0].lower() in STOPWORDS


def _is_same(one: str, other: str) -> bool:
    """Equal, or a version inside another: "3" and "3.11"."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def _plain(label: str) -> str:
    """A label without its way of writing: "IV" is "4", "b" is "B"."""
    if re.fullmatch(r"[IVX]{2,}", label):
        values = [_ROMAN[letter] for letter in label]
        rising = zip(values, [*values[1:], 0], strict=True)
        return str(sum(-one if one < following else one for one, following in rising))
    return label.upper()


def _between(first: str, last: str) -> set[str]:
    """All labels of a range: "3 to 9", "A–D"."""
    one, other = _plain(first), _plain(last)
    if one.isdigit() and other.isdigit() and 0 < int(other) - int(one) < 1000:
        return set(map(str, range(int(one), int(other) + 1)))
    if one.isalpha() and other.isalpha() and one < other:
        return set(map(chr, range(ord(one), ord(other) + 1)))
    return {one, other}
