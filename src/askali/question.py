"""A question as typed, made fit to search: checked, calmed, spelled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

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


def correct_spelling(
    question: str, vocabulary: Mapping[str, int], knows: Callable[[str], bool]
) -> str:
    """Replace misspelt words by their nearest word of the documents.

    `vocabulary` are the documents' lower-cased words with counts; `knows` tells
    the words of general English. A word that either knows, or that has a digit,
    is never touched: names and numbers survive exactly. One edit is allowed, two
    from eight letters on, counted by optimal string alignment.
    """
    stems = {stem(word) for word in vocabulary}
    out, last = [], 0
    named = capitals(question)
    for word in words(question):
        lower = word.text.lower()
        if _is_fine(lower, vocabulary, knows) or stem(lower) in stems:
            continue
        best = _nearest(lower, vocabulary, is_name=lower in named)
        if best:
            out += [question[last : word.start], best]
            last = word.end
    return "".join(out) + question[last:]


def _is_fine(word: str, vocabulary: Mapping[str, int], knows: Callable[[str], bool]) -> bool:
    return (
        len(word) < 4
        or not (word.isalpha() and word.isascii())
        or word in vocabulary
        or word in STOPWORDS
        or knows(word)
    )


def _nearest(word: str, vocabulary: Mapping[str, int], *, is_name: bool) -> str | None:
    """A name is only mended from six letters on: "Musk" is no "must"."""
    edits = 2 if len(word) >= _LONG_WORD else 1 if not is_name or len(word) >= _NAME_LETTERS else 0
    choices = [w for w in (*vocabulary, *STOPWORDS) if abs(len(w) - len(word)) <= edits]
    found = extract(word, choices, scorer=OSA.distance, score_cutoff=edits, limit=None)
    alike = [
        (d, -vocabulary.get(w, 0), w)
        for w, d, _ in found
        if len(w) > 2 and w.isalpha() and not _negates(w, word)
    ]
    return min(alike)[2] if alike else None


def _negates(one: str, other: str) -> bool:
    """True if one word is the other's opposite by its prefix: "undamaged", "damaged"."""
    return any(prefix + one == other or prefix + other == one for prefix in _NEGATING)


_NEGATING = ("un", "in", "im", "il", "ir", "de", "a", "non", "dis", "mis")
