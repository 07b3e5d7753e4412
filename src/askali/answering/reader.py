"""A small local model as reader: does a passage state the answer, and in which words?

Small models judge and copy well and write badly (docs/measurements.md, "The local
reader"), so this is all that is asked of one. The passage stands before the
question, so that a model with a prefix cache reads each passage once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from askali.answering.prompts import (
    CHECK,
    CHECK_SHOTS,
    JUDGE,
    JUDGE_SHOTS,
    MARK,
    MARK_NONE,
    MARK_SHOTS,
    TRANSLATE_QUESTION,
    TRANSLATE_SHOTS,
)
from askali.domain import Document
from askali.errors import ModelError
from askali.models.serving import ReadingModel
from askali.text.language import language, searchable
from askali.text.tokens import stem, words

MAX_MARKED_WORDS = 20
"""A direct answer is a phrase; what is longer is better quoted."""

MAX_MARKED_TOKENS = 40
MAX_QUESTION_TOKENS = 80

_END = "<|im_end|>"
_BECAUSE = re.compile(
    r"^(?:because(?: of)?|due to)\s+(?:(?:it|they|of)\s+(?:is|was|are|were)\s+)?", re.I
)

_SPELLED = "zero one two three four five six seven eight nine ten eleven twelve"
_DIGITS = {word: str(n) for n, word in enumerate(_SPELLED.split())}


@dataclass(frozen=True, slots=True)
class Reader:
    """Judges passages, marks and checks the words that answer, with one model."""

    model: ReadingModel

    def judge(self, questions: Sequence[str], passages: Sequence[str]) -> list[float]:
        """Probability, 0 to 1, for each passage that it states the answer to its question."""
        return self.model.yes(list(map(judge_prompt, passages, questions)))

    def read_ahead(self, passages: Sequence[str]) -> None:
        """Have the passages in the model's cache before anyone asks; a model that
        fails here fails again, and says so, with the next question."""
        with suppress(ModelError):
            for passage in passages:
                self.model.yes([judge_prompt(passage, "")])

    def mark(self, question: str, passage: str) -> str | None:
        """The words of the passage that answer, exactly as they stand there.

        None where the model copies nothing, or anything that is not in the passage.
        """
        text, _ = self.model.complete(
            mark_prompt(passage, question), max_tokens=MAX_MARKED_TOKENS, stop=(_END, "\n")
        )
        copied = text.replace(_END, "").strip().strip('"“”').rstrip(".").strip()
        if not copied or copied == MARK_NONE or len(copied.split()) > MAX_MARKED_WORDS:
            return None
        return verbatim(copied, passage) or verbatim(_BECAUSE.sub("", copied), passage)

    def in_language_of(self, documents: Mapping[str, Document], question: str) -> str:
        """The question in English where the documents are, for retrieval and reading; see
        `language.searchable`. The model knows no other way, nor does the encoder."""
        sample = next(iter(documents.values())).text if documents else ""
        if language(sample) != "en":
            return question
        return searchable(question, sample, self._in_english)

    def _in_english(self, question: str) -> str:
        prompt = translate_prompt(question)
        text, _ = self.model.complete(prompt, max_tokens=MAX_QUESTION_TOKENS, stop=(_END, "\n"))
        return text.replace(_END, "")

    def check(self, question: str, passage: str, *answers: str) -> float:
        """Probability, 0 to 1, that the passage says that `answers`, or the likeliest of
        them, is the answer."""
        return max(self.model.yes([check_prompt(passage, question, said) for said in answers]))


def judge_prompt(passage: str, question: str) -> str:
    """The whole prompt of `Reader.judge`."""
    return _prompt(JUDGE, JUDGE_SHOTS, passage, question)


def mark_prompt(passage: str, question: str) -> str:
    """The whole prompt of `Reader.mark`."""
    return _prompt(MARK, MARK_SHOTS, passage, question)


def check_prompt(passage: str, question: str, words: str) -> str:
    """The whole prompt of `Reader.check`."""
    examples = "".join(f"{_turn(p, q, a)}{said}{_END}\n" for p, q, a, said in CHECK_SHOTS)
    return _system(CHECK, examples) + _turn(passage, question, words)


def translate_prompt(question: str) -> str:
    """The whole prompt that puts a question into English."""
    shots = [*TRANSLATE_SHOTS, (question, "")]
    turns = [
        f"<|im_start|>user\n{_plain(asked)}{_END}\n<|im_start|>assistant\n{said}"
        for asked, said in shots
    ]
    return _system(TRANSLATE_QUESTION, f"{_END}\n".join(turns))


def verbatim(copied: str, passage: str) -> str | None:
    """The slice of the passage that reads like `copied`: but for case and spaces, or, where
    there is none, word for word by stems, with "8" for "eight"."""
    pattern = r"\s*".join(re.escape(piece) for piece in re.findall(r"\w+|[^\w\s]", copied))
    found = re.search(rf"(?<!\w){pattern}(?!\w)", passage, re.IGNORECASE)
    return found.group() if found else _same_words(copied, passage)


def _same_words(copied: str, passage: str) -> str | None:
    """The first run of words with the stems of `copied`, in its order."""
    wanted = [_key(word.text) for word in words(copied)]
    there = list(words(passage))
    keys = [_key(word.text) for word in there]
    for at in range(len(keys) - len(wanted) + 1):
        if wanted and keys[at : at + len(wanted)] == wanted:
            return passage[there[at].start : there[at + len(wanted) - 1].end]
    return None


def _key(word: str) -> str:
    return _DIGITS.get(word.lower(), stem(word))


def _prompt(system: str, shots: Sequence[tuple[str, str, str]], passage: str, question: str) -> str:
    examples = "".join(f"{_turn(p, q)}{answer}{_END}\n" for p, q, answer in shots)
    return _system(system, examples) + _turn(passage, question)


def _system(system: str, examples: str) -> str:
    return f"<|im_start|>system\n{system}{_END}\n{examples}"


def _turn(passage: str, question: str, answer: str = "") -> str:
    said = f"Passage: {_plain(passage)}\nQuestion: {_plain(question)}"
    said += f"\nAnswer: {_plain(answer)}" if answer else ""
    return f"<|im_start|>user\n{said}{_END}\n<|im_start|>assistant\n"


def _plain(text: str) -> str:
    """One line without control tokens: a passage cannot end its own turn."""
    return " ".join(re.sub(r"<\|[^|>]*\|>", " ", text).split())
