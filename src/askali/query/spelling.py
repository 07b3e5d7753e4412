"""Misspelt words of a question, replaced by the documents' own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from askali.text.tokens import STOPWORDS, capitals, stem, words

_LONG_WORD = 8
_NAME_LETTERS = 6
_NEGATING = ("un", "in", "im", "il", "ir", "de", "a", "non", "dis", "mis")


class Speller:
    """Spells by the words of the documents; what takes time is made once, when first needed.

    `vocabulary` are the documents' lower-cased words with counts; `knows` tells the
    words of general English.
    """

    def __init__(self, vocabulary: Mapping[str, int], knows: Callable[[str], bool]) -> None:
        self._vocabulary, self._knows = vocabulary, knows

    def correct(self, question: str) -> str:
        """Replace misspelt words by their nearest word of the documents.

        A word that the documents or general English know, or that has a digit, is never
        touched: names and numbers survive exactly. One edit is allowed, two from eight
        letters on, counted by optimal string alignment.
        """
        out, last = [], 0
        named = capitals(question)
        for word in words(question):
            lower = word.text.lower()
            if self._is_fine(lower) or stem(lower) in self._stems:
                continue
            best = self._nearest(lower, is_name=lower in named)
            if best:
                out += [question[last : word.start], best]
                last = word.end
        return "".join(out) + question[last:]

    def _is_fine(self, word: str) -> bool:
        return (
            len(word) < 4
            or not (word.isalpha() and word.isascii())
            or word in self._vocabulary
            or word in STOPWORDS
            or self._knows(word)
        )

    def _nearest(self, word: str, *, is_name: bool) -> str | None:
        """A name is only mended from six letters on: "Musk" is no "must"."""
        is_mended = not is_name or len(word) >= _NAME_LETTERS
        edits = 2 if len(word) >= _LONG_WORD else int(is_mended)
        found = extract(word, self._choices, scorer=OSA.distance, score_cutoff=edits, limit=None)
        alike = [
            (d, -self._vocabulary.get(w, 0), w)
            for w, d, _ in found
            if len(w) > 2 and w.isalpha() and not _negates(w, word)
        ]
        return min(alike)[2] if alike else None

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(stem(word) for word in self._vocabulary)

    @cached_property
    def _choices(self) -> list[str]:
        """Compared one by one: 10 ms a misspelt word for a vocabulary of 100,000."""
        return [*self._vocabulary, *STOPWORDS]


def _negates(one: str, other: str) -> bool:
    """True if one word is the other's opposite by its prefix: "undamaged", "damaged"."""
    return any(prefix + one == other or prefix + other == one for prefix in _NEGATING)
