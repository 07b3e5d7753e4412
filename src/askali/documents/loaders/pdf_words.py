"""Words of a page, each with its place."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Word:
    """Letters without a space between them; `y` is the baseline and grows downward."""

    text: str
    x0: float
    x1: float
    y: float
    size: float

    def is_followed_by(self, letter: Word) -> bool:
        """True where the letter goes on in the word, to the right or to the left."""
        near = -0.6 * self.size < letter.x0 - self.x1 < 0.5 * self.size
        near = near or -0.6 * self.size < self.x0 - letter.x1 < 0.5 * self.size
        return near and abs(letter.y - self.y) < 0.1 * self.size

    def repeats(self, other: Word) -> bool:
        """True for the second printing of a word, a little beside the first: it looks bold."""
        shared = min(self.x1, other.x1) - max(self.x0, other.x0)
        return self.text == other.text and shared > 0.5 * (self.x1 - self.x0)


_FEWEST_NUMBERED = 15
_RUNNING_SHARE = 0.6

Row = list[Word]
"""Words of one baseline, from left to right."""


def joined(row: Row) -> str:
    """The words of a row, with a space where there is white between them."""
    letters = "".join(word.text for word in row)
    kinds = [unicodedata.bidirectional(letter) for letter in letters]
    if sum(kind in ("R", "AL") for kind in kinds) > len(kinds) / 2:
        return " ".join(word.text for word in reversed(row))
    parts = [row[0].text]
    for before, word in zip(row, row[1:], strict=False):
        is_apart = word.x0 - before.x1 > 0.1 * min(before.size, word.size)
        parts.append(f" {word.text}" if is_apart else word.text)
    return "".join(parts)


def without_line_numbers(words: list[Word]) -> list[Word]:
    """The words without a transcript's numbers of lines: 1, 2, 3 … down the margin, evenly,
    before lines of running text. In a table that counts its rows, cells stand apart."""
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(round(word.y), []).append(word)
    found: list[Word] = []
    running = 0
    for _, line in sorted(lines.items()):
        first, *rest = sorted(line, key=lambda word: word.x0)
        if first.text != str(len(found) + 1):
            continue
        found.append(first)
        gaps = (b.x0 - a.x1 for a, b in pairwise(rest))
        running += all(gap < 2 * first.size for gap in gaps)
    if len(found) < _FEWEST_NUMBERED or running < _RUNNING_SHARE * len(found):
        return words
    steps = [b.y - a.y for a, b in pairwise(found)]
    if max(steps) > 1.5 * min(steps):
        return words
    return [word for word in words if not any(word is number for number in found)]
