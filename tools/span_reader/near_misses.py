"""Pairs to learn from: a question with a window that answers it, and a near miss of the same.

A near miss shares nearly everything with its question and still does not answer it:

- `removed`: the window without the sentence that answers
- `elsewhere`: the sentences of the same article that share most words with the question
- `renamed`: another name of the article in the question, one that the window does not hold
- `retold`: the question's name replaced in the window by another one of the article
- `redated`: another number or year in the question
- `turned`: the question turned round, "largest" for "smallest", "did not" for "did"
- `adversarial`: SQuAD 2's own question that its paragraph seems to answer

Windows are one to five sentences, two most often, as askali reads them. Every pass over the
data draws its windows and near misses anew from a seed, so that no pass repeats another.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from span_reader.data import Asked, Text

LENGTHS = ((1, 0.2), (2, 0.45), (3, 0.2), (4, 0.1), (5, 0.05))
"""How many sentences a window has, and how often."""

LONGEST = 900
"""Characters of a window: what is longer is cut by the reader, so it is not drawn."""

_NAME = re.compile(r"\b[A-Z][\w'’-]+(?:\s+(?:of\s+|the\s+|de\s+)?[A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,4}(?:[.,]\d+)*(?!\w)")
_OPENERS = frozenset(
    "What Which Who Whom Whose When Where Why How In On At By For From To Of The A An Is Are Was "
    "Were Did Does Do Has Have Had Can Could Would Will According During After Before It He She "
    "They This These Those If As With Under Between Along Besides However Although There".split()
)


_TURNED = (
    "first last|largest smallest|biggest smallest|highest lowest|most least|before after|"
    "earliest latest|oldest youngest|best worst|longest shortest|northern southern|north south|"
    "eastern western|east west|increase decrease|increased decreased|rise fall|started ended|"
    "begin end|began ended|won lost|bought sold|included excluded|allowed forbidden|"
    "maximum minimum|major minor|older younger|larger smaller|higher lower|above below|open close|"
    "opened closed|"
    "founded dissolved|joined left|supported opposed|accepted rejected|strongest weakest|"
    "without with|outside inside|former current|public private|rich poor|internal external"
)
_OPPOSITE = {a: b for pair in _TURNED.split("|") for a, b in (pair.split(), pair.split()[::-1])}
_DOES = re.compile(r"\b(did|does|do|is|are|was|were|can|could|has|have)\b(?=\s+\w+.*\w)")


@dataclass(frozen=True, slots=True)
class Example:
    """A question of a window: `spans` in the window's text, empty where it does not answer."""

    question: str
    window: str
    spans: tuple[tuple[int, int], ...]
    kind: str


class Pairs:
    """Draws pairs of a question that is answered and a near miss of it."""

    def __init__(
        self, asked: Sequence[Asked], likeness: Callable[[str, str], float] | None = None
    ) -> None:
        """`likeness` says how much two names are of a kind, higher for more."""
        self._likeness = likeness
        self._answered = [a for a in asked if a.spans]
        self._texts: dict[str, list[Text]] = defaultdict(list)
        self._names: dict[str, list[str]] = defaultdict(list)
        self._adversarial: dict[str, list[Asked]] = defaultdict(list)
        for text in dict.fromkeys(a.passage for a in asked):
            self._texts[text.article].append(text)
            self._names[text.article] += _names(text.text)
        self._any_names = [n for names in self._names.values() for n in names]
        for a in asked:
            if not a.spans:
                self._adversarial[a.passage.text].append(a)

    def draw(self, seed: int) -> Iterator[tuple[Example, Example]]:
        """One pass: every question once, in random order, each with its near miss."""
        rng = random.Random(seed)
        for a in rng.sample(self._answered, len(self._answered)):
            right = window_with(a, rng)
            if right is None:
                continue
            wrong = self._near_miss(a, right, rng)
            if wrong:
                yield right, wrong

    def _near_miss(self, a: Asked, right: Example, rng: random.Random) -> Example | None:
        if self._adversarial.get(a.passage.text) and rng.random() < 0.75:
            other = rng.choice(self._adversarial[a.passage.text])
            start = rng.randrange(len(a.passage.sentences))
            text = _cut(a.passage, start, start + _length(rng) + 1)
            return Example(other.question, text, (), "adversarial")
        ways = [self._removed, self._elsewhere, self._renamed, self._retold, self._redated]
        weights = [0.1, 0.2, 0.3, 0.2, 0.1, 0.1]
        ways.append(self._turned)
        while ways:
            way = rng.choices(ways, weights)[0]
            found = way(a, right, rng)
            if found:
                return found
            weights.pop(ways.index(way))
            ways.remove(way)
        return None

    def _removed(self, a: Asked, right: Example, rng: random.Random) -> Example | None:
        number = a.passage.holding(*a.spans[0])
        if number is None or len(a.passage.sentences) < 2:
            return None
        k = _length(rng)
        first = max(0, number - rng.randrange(k + 1))
        chosen = [
            i for i in range(first, min(first + k + 1, len(a.passage.sentences))) if i != number
        ]
        text = " ".join(a.passage.text[slice(*a.passage.sentences[i])] for i in chosen)
        return self._unanswering(a, text, "removed")

    def _elsewhere(self, a: Asked, right: Example, rng: random.Random) -> Example | None:
        """One of the windows of the article that share most words with the question."""
        asked = set(_words(a.question))
        texts = self._texts[a.passage.article]
        if len(texts) > 12:
            texts = [a.passage, *rng.sample(texts, 11)]
        found = []
        k = _length(rng)
        for text in texts:
            for start in range(len(text.sentences)):
                s = text.text[slice(*text.sentences[start])]
                shared = len(asked & set(_words(s)))
                found.append((shared + rng.random(), text, start))
        for _, text, start in sorted(found, key=lambda f: -f[0])[:4]:
            first = max(0, start - rng.randrange(k))
            if example := self._unanswering(a, _cut(text, first, first + k), "elsewhere"):
                return example
        return None

    def _renamed(self, a: Asked, right: Example, rng: random.Random) -> Example | None:
        own = [n for n in _names(a.question) if n in a.passage.text]
        own = own or _names(a.question)
        if not own:
            return None
        old = rng.choice(own)
        new = self._other_name(a, old, right.window, rng)
        if new is None:
            return None
        return Example(a.question.replace(old, new), right.window, (), "renamed")

    def _retold(self, a: Asked, right: Example, rng: random.Random) -> Example | None:
        own = [n for n in _names(a.question) if n in right.window]
        own = [n for n in own if all(n not in answer for answer in a.answers)]
        if not own:
            return None
        old = max(own, key=len)
        new = self._other_name(a, old, a.question + right.window, rng)
        if new is None:
            return None
        window = right.window.replace(old, new)
        last = old.split()[-1]
        if len(last) > 3 and last not in new:  # "Nikola Tesla … Tesla": both are told of another
            window = window.replace(last, new.split()[-1])
        if all(answer not in window for answer in a.answers):
            return None
        return Example(a.question, window, (), "retold")

    def _redated(self, a: Asked, right: Example, rng: random.Random) -> Example | None:
        numbers = [n for n in _NUMBER.findall(a.question) if n in right.window]
        if not numbers:
            return None
        old = rng.choice(numbers)
        beside = [n for n in _NUMBER.findall(a.passage.text) if len(n) == len(old) and n != old]
        beside = [n for n in beside if n not in right.window and n not in a.question]
        if beside and rng.random() < 0.6:
            new = rng.choice(beside)
        elif old.isdigit():
            new = str(int(old) + rng.choice((-3, -2, -1, 1, 2, 3, 4, 5)))
        else:
            return None
        if new in right.window:
            return None
        return Example(a.question.replace(old, new), right.window, (), "redated")

    def _turned(self, a: Asked, right: Example, rng: random.Random) -> Example | None:
        said = a.question.split()
        places = [i for i, w in enumerate(said) if w.lower() in _OPPOSITE]
        if places:
            at = rng.choice(places)
            said[at] = _OPPOSITE[said[at].lower()]
            return Example(" ".join(said), right.window, (), "turned")
        # "never" and "not" only now and then: else the word alone would tell
        if rng.random() < 0.15 and (found := _DOES.search(a.question)):
            turned = f"{a.question[: found.end()]} not{a.question[found.end() :]}"
            return Example(turned, right.window, (), "turned")
        return None

    def _other_name(self, a: Asked, old: str, avoid: str, rng: random.Random) -> str | None:
        pool = self._names[a.passage.article]
        pool = pool if len(pool) > 8 else self._any_names
        size = len(old.split())
        found = []
        for new in rng.choices(pool, k=12):
            alike = abs(len(new.split()) - size) <= 1
            if alike and new not in avoid and not _starts(old) & _starts(new):
                found.append(new)
        if not found:
            return None
        # Of the same kind most often: a place for a place, or the misfit alone would tell.
        likeness = self._likeness
        return max(found, key=lambda new: likeness(old, new)) if likeness else found[0]

    def _unanswering(self, a: Asked, text: str, kind: str) -> Example | None:
        held = any(re.search(rf"(?<!\w){re.escape(w)}(?!\w)", text, re.I) for w in a.answers)
        return None if held or len(text) < 20 else Example(a.question, text[:LONGEST], (), kind)


def window_with(a: Asked, rng: random.Random) -> Example | None:
    """A window that holds the answer, with the answer anywhere in it."""
    number = a.passage.holding(*a.spans[0])
    if number is None:
        return None
    k = _length(rng)
    first = max(0, number - rng.randrange(k))
    last = min(first + k, len(a.passage.sentences))
    while (
        a.passage.sentences[last - 1][1] - a.passage.sentences[first][0] > LONGEST
        and last - first > 1
    ):
        first, last = (first + 1, last) if first < number else (first, last - 1)
    at, end = a.passage.sentences[first][0], a.passage.sentences[last - 1][1]
    spans = tuple((s - at, e - at) for s, e in a.spans if at <= s and e <= end)
    return Example(a.question, a.passage.text[at:end], spans, "answered") if spans else None


def _cut(text: Text, first: int, after: int) -> str:
    after = min(after, len(text.sentences))
    first = min(first, after - 1)
    return text.text[text.sentences[first][0] : text.sentences[after - 1][1]]


def _length(rng: random.Random) -> int:
    return rng.choices([n for n, _ in LENGTHS], [w for _, w in LENGTHS])[0]


def _words(text: str) -> list[str]:
    return [w for w in re.findall(r"\w+", text.lower()) if len(w) > 2]


def _starts(name: str) -> set[str]:
    """How the words begin: "Beyoncé" is no other name than "Beyonce"."""
    plain = unicodedata.normalize("NFKD", name.lower())
    return {word[:4] for word in re.findall(r"[a-z0-9]+", plain) if len(word) > 1}


def _names(text: str) -> list[str]:
    """Runs of capitalised words, without a sentence's first word where it is a common one."""
    found = []
    for name in _NAME.findall(text):
        parts = name.split()
        while parts and parts[0] in _OPENERS:
            parts.pop(0)
        if parts and len(" ".join(parts)) > 2:
            found.append(" ".join(parts))
    return found
