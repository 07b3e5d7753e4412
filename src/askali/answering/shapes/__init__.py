"""The shapes of answers: a registry of name and how it is answered. A new shape is one line here.

Each gives its answer, or None where it finds nothing good: the question is then answered
as a fact, which may refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from askali.answering.shapes.about_document import about_document
from askali.answering.shapes.arithmetic import arithmetic
from askali.answering.shapes.asking import Asking, Shaped
from askali.answering.shapes.comparisons import compare
from askali.answering.shapes.extraction import extract
from askali.answering.shapes.facts import fact, how_many
from askali.answering.shapes.lists import list_items
from askali.answering.shapes.outside import outside
from askali.answering.shapes.prose import definition, how, why
from askali.answering.shapes.small_talk import small_talk
from askali.answering.shapes.summaries import summary
from askali.answering.shapes.timelines import timeline
from askali.domain import Shape

Answerer = Callable[[Asking], Shaped | None]

FRONT_DESK: Mapping[Shape, Answerer] = {
    Shape.SMALL_TALK: small_talk,
    Shape.ABOUT_DOCUMENT: about_document,
}
"""Answered before any search."""

SHAPES: Mapping[Shape, Answerer] = {
    Shape.FACT: fact,
    Shape.DEFINITION: definition,
    Shape.LIST: list_items,
    Shape.COUNT: how_many,
    Shape.EXTRACT: extract,
    Shape.TIMELINE: timeline,
    Shape.COMPARE: compare,
    Shape.ARITHMETIC: arithmetic,
    Shape.SUMMARY: summary,
    Shape.WHY: why,
    Shape.HOW: how,
    Shape.OUTSIDE: outside,
}
"""Answered from the documents' text; shapes that are not here are answered as facts."""
