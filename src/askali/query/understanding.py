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
        return replace(_single(part, vector_of, documents, document_ids), typed=typed or text)

    inside = (text,) if social(text) else parts(text, at_most)
    if inside == (text,):
        return single(text)
    asked = tuple(single(part) for part in inside)
    is_comparison = asks_to_compare(text)
    if is_comparison:  # "the people of A" is a side, and asks for nobody
        compared = sides(text)
        asked = tuple(
            replace(one, shape=Shape.FACT, kind=AnswerType.OTHER) if one.text in compared else one
            for one in asked
        )
    if len(asked) == 1:  # the rest of the text is context, which asks nothing
        return replace(asked[0], text=text, is_comparison=is_comparison, subquestions=asked)
    return replace(single(text), subquestions=asked)


def _single(
    text: str,
    vector_of: VectorOf,
    documents: Sequence[Document],
    document_ids: tuple[str, ...] | None,
) -> Question:
    """What one question asks for, the questions inside it apart."""
    spoken = language(text)
    if spoken not in ("en", ""):  # what is asked for is fitted on English
        ids = restricted_to(text, documents, document_ids)
        return Question(text, text, periods=periods(text), language=spoken, document_ids=ids)
    is_compared = asks_to_compare(text)
    ids = document_ids if is_compared else restricted_to(text, documents, document_ids)
    if ids and ids != document_ids:
        document = next(d for d in documents if d.id == ids[0])
        # "the invoice number of 2025", where the document is called by it: all of it is of 2025
        if re.search(r"\b(?:of|for|from|in) (?:1\d|20)\d\d\W*$", text):
            text = without_time(text, document.title)
    found = _shaped(text, classify(text, vector_of(text)))
    if is_compared and found.shape in (Shape.FACT, Shape.COUNT, Shape.LIST):
        found = replace(found, shape=Shape.COMPARE)  # "how many …, compared with …"
    if ids == document_ids and not is_compared:
        ids = restricted_to(text, documents, document_ids, found.shape)
    return Question(
        typed=text,
        text=text,
        shape=found.shape,
        shape_probability=found.shape_probability,
        kind=found.kind,
        kind_probability=found.kind_probability,
        periods=periods(text),
        operands=sides(text),
        is_comparison=is_compared,
        language=spoken,
        document_ids=ids,
    )


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
