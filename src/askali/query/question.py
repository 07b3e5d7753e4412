"""One question, understood once: everything that later steps need to know of it."""

from __future__ import annotations

from dataclasses import dataclass

from askali.domain import Shape
from askali.query.question_type import AnswerType
from askali.text.dates import Period


@dataclass(frozen=True, slots=True)
class Question:
    """A question that stands for itself, and what it asks for.

    `typed` is what the asker wrote, `text` the same without its conversation and its
    misspellings. `kind` is the kind of value that answers, `periods` the times that it is
    asked about, `operands` the sides of a comparison, `language` a code, or "" where it
    cannot be told. `document_ids` are the documents that it is restricted to, None for
    all. `subquestions` are the questions inside it, none where it is a single one.
    """

    typed: str
    text: str
    shape: Shape = Shape.FACT
    shape_probability: float = 1.0
    kind: AnswerType = AnswerType.OTHER
    kind_probability: float = 1.0
    periods: tuple[Period, ...] = ()
    operands: tuple[str, ...] = ()
    language: str = ""
    document_ids: tuple[str, ...] | None = None
    subquestions: tuple[Question, ...] = ()

    @property
    def parts(self) -> tuple[Question, ...]:
        """Each to be answered for itself; the question itself where it is a single one."""
        return self.subquestions or (self,)
