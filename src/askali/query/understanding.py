"""A standalone question to one `Question`: shape, kind of value, sides, times, restriction."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from askali.domain import Document, Shape
from askali.query.classifier import Classified, classify
from askali.query.decompose import asks_to_compare, parts, sides
from askali.query.front_desk import may_be_social, social
from askali.query.question import Question
from askali.query.restriction import restricted_to
from askali.text.dates import periods, without_time
from askali.text.kinds import AnswerType
from askali.text.language import language

MOST_PARTS = 8
"""So many questions in one are searched. Each takes as long as a question by itself:
with the local reader a second or two."""

_SURELY = 0.7
"""The probability from which a question is believed to need no reading of the documents."""

_LIKELY = 0.5
"""The same for what a document's details answer, which most often stand in its text too, and for
what is computed: a wrong sum is worse than a quote."""

VectorOf = Callable[[str], npt.NDArray[np.float32]]


def understand(
    text: str,
    vector_of: VectorOf,
    *,
    typed: str = "",
    documents: Sequence[Document] = (),
    document_ids: tuple[str, ...] | None = None,
    at_most: int = MOST_PARTS,
) -> Question:
    """What a question asks for, and what each of the first `at_most` questions inside it does.

    `text` stands for itself and is spelled; `vector_of` gives the encoder's unit vector.
    Of `documents` one may be named by the question, which is then asked of that one alone;
    `document_ids` are those that the asker has chosen, None for all.
    """

    def single(part: str) -> Question:
        spoken = language(part)
        if spoken not in ("en", ""):  # what is asked for is fitted on English
            return Question(
                typed or text,
                part,
                periods=periods(part),
                language=spoken,
                document_ids=restricted_to(part, documents, document_ids),
            )
        ids = document_ids
        if not asks_to_compare(part):
            ids = restricted_to(part, documents, document_ids)
        if ids and ids != document_ids:
            part = _without_year_of(part, next(d for d in documents if d.id == ids[0]))
        found = _shaped(part, classify(part, vector_of(part)))
        if asks_to_compare(part) and found.shape in (Shape.FACT, Shape.COUNT, Shape.LIST):
            found = replace(found, shape=Shape.COMPARE)  # "how many …, compared with …"
        if ids == document_ids and not asks_to_compare(part):
            ids = restricted_to(part, documents, document_ids, found.shape)
        return Question(
            typed=typed or text,
            text=part,
            shape=found.shape,
            shape_probability=found.shape_probability,
            kind=found.kind,
            kind_probability=found.kind_probability,
            periods=periods(part),
            operands=sides(part),
            language=spoken,
            document_ids=ids,
        )

    inside = (text,) if social(text) else parts(text, at_most)
    if inside == (text,):
        return single(text)
    asked = tuple(single(part) for part in inside)
    if asks_to_compare(text):  # "the people of A" is a side, and asks for nobody
        compared = sides(text)
        asked = tuple(_side(one) if one.text in compared else one for one in asked)
    if len(asked) == 1:  # the rest of the text is context, which asks nothing
        return replace(asked[0], text=text, subquestions=asked)
    return replace(single(text), subquestions=asked)


def _without_year_of(question: str, document: Document) -> str:
    """The question without the year at its end, where the document is called by it: "the
    invoice number of 2025", of which each sentence of that invoice is."""
    is_at_end = re.search(r"\b(?:of|for|from|in) (?:1\d|20)\d\d\W*$", question)
    return without_time(question, document.title) if is_at_end else question


def _side(one: Question) -> Question:
    return replace(one, shape=Shape.FACT, kind=AnswerType.OTHER)


def _shaped(text: str, found: Classified) -> Classified:
    """The same, except that talk is small only where the whole message is, and that a question
    which the documents may answer is not sent away on a guess."""
    if social(text):
        return replace(found, shape=Shape.SMALL_TALK, shape_probability=1.0)
    if found.shape in (Shape.ABOUT_DOCUMENT, Shape.ARITHMETIC):
        is_likely = found.shape_probability >= _LIKELY
        if found.shape is Shape.ABOUT_DOCUMENT and periods(text):
            is_likely = False
        return found if is_likely else replace(found, shape=Shape.FACT)
    if found.shape not in (Shape.SMALL_TALK, Shape.OUTSIDE):
        return found
    is_sure = found.shape_probability >= _SURELY
    if found.shape is Shape.SMALL_TALK:
        is_sure = is_sure and may_be_social(text)
    return found if is_sure else replace(found, shape=Shape.FACT)
