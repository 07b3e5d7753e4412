"""A question as typed, made fit to search: checked, calmed, spelled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from askali.errors import QuestionError
from askali.text import STOPWORDS, capitals, stem, words

_SHOUTING = re.compile(r"([!?.,;:])(?:\s*[!?.,;:])+")
_LONG_WORD = 8
_NAME_LETTERS = 6


def clean(question: str, max_chars: int) -> str:
    """The question on one line, shouting punctuation reduced to one mark.

    Raises `QuestionError` if it is empty, too long, or holds characters that are
    not text.
    """
    if not isinstance(question, str):
        raise QuestionError(f"a question is text, not {type(question).__name__}")
    if len(question) > max_chars:
        raise QuestionError(
            f"the question has {len(question):,} characters, the limit is {max_chars:,}; "
            "shorten it, or raise max_question_chars"
        )
    for at, char in enumerate(question):
        if unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\n\r":
            raise QuestionError(
                f"the question holds U+{ord(char):04X} at position {at}, which is not text; "
                "type the question again or paste it as plain text"
            )
    folded = " ".join(question.split())
    if not any(char.isalnum() for char in folded):
        raise QuestionError("the question is empty; ask something, for example: askali ask 'who …'")
    return _SHOUTING.sub(_calm, folded)


def _calm(marks: re.Match[str]) -> str:
    run = marks.group()
    return "?" if "?" in run else run[0]


class Speller:
    """Replaces misspelt words by their nearest word of the documents.

    `vocabulary` are the documents' lower-cased words with counts; `knows` tells
    the words of general English. A word that either knows, or that has a digit,
    is never touched: names and numbers survive exactly. One edit is allowed, two
    from eight letters on, counted by optimal string alignment.
    """

    def __init__(self, vocabulary: Mapping[str, int], knows: Callable[[str], bool]) -> None:
        self._vocabulary, self._knows = vocabulary, knows

    def correct(self, question: str) -> str:
        """The question with its typos mended."""
        out, last = [], 0
        named = capitals(question)
        for word in words(question):
            lower = word.text.lower()
            if self._is_fine(lower):
                continue
            best = self._nearest(lower, is_name=lower in named)
            if best:
                out += [question[last : word.start], best]
                last = word.end
        return "".join(out) + question[last:]

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(stem(word) for word in self._vocabulary)

    @cached_property
    def _by_length(self) -> Mapping[int, Sequence[str]]:
        """The words that may be meant, by their number of letters."""
        found: dict[int, list[str]] = {}
        for word in dict.fromkeys((*self._vocabulary, *sorted(STOPWORDS))):
            if len(word) > 2 and word.isalpha():
                found.setdefault(len(word), []).append(word)
        return found

    def _is_fine(self, word: str) -> bool:
        return (
            len(word) < 4
            or not (word.isalpha() and word.isascii())
            or word in self._vocabulary
            or word in STOPWORDS
            or self._knows(word)
            or stem(word) in self._stems
        )

    def _nearest(self, word: str, *, is_name: bool) -> str | None:
        """A name is only mended from six letters on: "Musk" is no "must"."""
        is_short_name = is_name and len(word) < _NAME_LETTERS
        edits = 2 if len(word) >= _LONG_WORD else 0 if is_short_name else 1
        lengths = range(len(word) - edits, len(word) + edits + 1)
        choices = [w for length in lengths for w in self._by_length.get(length, ())]
        found = extract(word, choices, scorer=OSA.distance, score_cutoff=edits, limit=None)
        alike = [(d, -self._vocabulary.get(w, 0), w) for w, d, _ in found if not _negates(w, word)]
        return min(alike)[2] if alike else None


def _negates(one: str, other: str) -> bool:
    """True if one word is the other's opposite by its prefix: "undamaged", "damaged"."""
    return any(prefix + one == other or prefix + other == one for prefix in _NEGATING)


_NEGATING = ("un", "in", "im", "il", "ir", "de", "a", "non", "dis", "mis")
