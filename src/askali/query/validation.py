"""A question as typed, made fit to search: checked and calmed."""

from __future__ import annotations

import re
import unicodedata

from askali.errors import QuestionError

_SHOUTING = re.compile(r"([!?.,;:])(?:\s*[!?.,;:])+")


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
