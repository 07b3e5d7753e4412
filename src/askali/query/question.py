"""One question, understood once: everything that later steps need to know of it."""

from __future__ import annotations

from dataclasses import dataclass

from askali.domain import Shape
from askali.text.dates import Period
from askali.text.kinds import FIGURES, AnswerType


@dataclass(frozen=True, slots=True)
class Question:
    """A question that stands for itself, and what it asks for.

    `typed` is what the asker wrote, `text` the same without its conversation and its
    misspellings. `kind` is the kind of value that answers, `periods` the times that it is
    asked about, `operands` the sides that a comparison names, `is_comparison` whether things or
    documents are held against each other, `language` a code, or "" where it
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
    is_comparison: bool = False
    language: str = ""
    document_ids: tuple[str, ...] | None = None
    subquestions: tuple[Question, ...] = ()

    @property
    def parts(self) -> tuple[Question, ...]:
        """Each to be answered for itself; the question itself where it is a single one."""
        return self.subquestions or (self,)


def asks_for_value(kind: AnswerType) -> bool:
    """True where an answer without a value of that kind is none."""
    return kind is AnswerType.PERSON or kind in FIGURES


def asks_for_phrase(shape: Shape) -> bool:
    """True where a name, a figure or another phrase may answer, not only a statement."""
    return shape is not Shape.YES_NO and not shape.takes_several
