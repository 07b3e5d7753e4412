"""A small local model as reader: does a passage state the answer, and in which words?

Small models judge and copy well and write badly (docs/measurements.md, "The local
reader"), so this is all that is asked of one. One instruction and one set of worked
examples serve every task, and the task stands behind passage and question: a model with a
prefix cache reads the examples once, and each passage once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event

from askali.answering.prompts import (
    CHECK,
    JUDGE,
    READER,
    READER_SHOTS,
    TRANSLATE_QUESTION,
    TRANSLATE_SHOTS,
)
from askali.domain import Document
from askali.errors import ModelError
from askali.models.serving import ReadingModel
from askali.models.template import CHATML, ChatTemplate, plain
from askali.text.language import language, searchable

MAX_MARKED_WORDS = 20
"""A direct answer is a phrase; what is longer is better quoted."""

MAX_MARKED_TOKENS = 40
MAX_QUESTION_TOKENS = 80
LEAST_LIKELY = -5.0
"""Below this mean log-probability, or where none is known, a reply is as good as guessed."""


def _set() -> Event:
    event = Event()
    event.set()
    return event


@dataclass(frozen=True, slots=True)
class Reader:
    """Judges passages, reads and marks the words that answer and checks them, with one model."""

    model: ReadingModel
    template: ChatTemplate = CHATML
    _is_free: Event = field(default_factory=_set, repr=False, compare=False)

    @contextmanager
    def asked(self) -> Iterator[None]:
        """While somebody waits for an answer, nothing is read ahead."""
        self._is_free.clear()
        try:
            yield
        finally:
            self._is_free.set()

    def read_ahead(self, passages: Sequence[str]) -> None:
        """Have the passages in the model's cache before anyone asks; a model that
        fails here fails again, and says so, with the next question."""
        with suppress(ModelError):
            for passage in passages:
                self._is_free.wait()
                self.model.yes([self.prompt([passage], "", JUDGE)])

    def judge(self, questions: Sequence[str], passages: Sequence[str]) -> list[float]:
        """Probability, 0 to 1, for each passage that it states the answer to its question."""
        prompts = [
            self.prompt([passage], question, JUDGE)
            for passage, question in zip(passages, questions, strict=True)
        ]
        return self.model.yes(prompts)

    def say(self, asked: Sequence[tuple[str, Sequence[str], str]]) -> list[tuple[str, float]]:
        """For each question, its passages and task (`MARK`, `READ`) the model's own words, "" for
        more than a phrase, and their mean log-probability."""
        prompts = [self.prompt(passages, question, task) for question, passages, task in asked]
        found = self.model.complete(prompts, max_tokens=MAX_MARKED_TOKENS, stop=self.template.stops)
        return [(_phrase(self.template.reply(said)), max(p, LEAST_LIKELY)) for said, p in found]

    def check(self, asked: Sequence[tuple[str, str, str]]) -> list[float]:
        """For each question, passage and answer the probability, 0 to 1, that the passage says
        that this is the answer."""
        prompts = [
            self.prompt([passage], question, CHECK.format(answer=plain(said)))
            for question, passage, said in asked
        ]
        return self.model.yes(prompts) if prompts else []

    def in_language_of(self, documents: Mapping[str, Document], question: str) -> str:
        """The question in English where the documents are, for retrieval and reading; see
        `language.searchable`. The model knows no other way, nor does the encoder."""
        sample = next(iter(documents.values())).text if documents else ""
        if language(sample) != "en":
            return question
        return searchable(question, sample, self._in_english)

    def prompt(self, passages: Sequence[str], question: str, task: str) -> str:
        """The whole prompt of one of the tasks."""
        shots = (
            self.template.shown(_asked(shown, about, what), said)
            for shown, about, what, said in READER_SHOTS
        )
        fixed = self.template.system(READER) + "".join(shots)
        return fixed + self.template.asked(_asked(passages, question, task))

    def _in_english(self, question: str) -> str:
        shots = (self.template.shown(asked, said) for asked, said in TRANSLATE_SHOTS)
        prompt = self.template.system(TRANSLATE_QUESTION) + "".join(shots)
        [(text, _)] = self.model.complete(
            [prompt + self.template.asked(plain(question))],
            max_tokens=MAX_QUESTION_TOKENS,
            stop=self.template.stops,
        )
        return self.template.reply(text)


def _phrase(said: str) -> str:
    bare = said.strip('"“” ').rstrip(".").strip()
    return bare if len(bare.split()) <= MAX_MARKED_WORDS else ""


def _asked(passages: Sequence[str], question: str, task: str) -> str:
    told = "".join(f"Passage: {plain(passage)}\n" for passage in passages)
    return f"{told}Question: {plain(question)}\n{task}"
