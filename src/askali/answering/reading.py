"""What a local model makes of ranked evidence: it judges, marks the words that answer, checks them.

Every step is a feature of one fitted probability (calibration.json, "reading"), so
none of them decides alone. `ModelError` leaves every function as it came.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from askali.answering.injection import gives_orders
from askali.answering.reader import Reader
from askali.domain import Sentence, Shape
from askali.grounding.spans import is_answer, whole
from askali.query.question_type import asks_for_phrase
from askali.retrieval.calibration import Calibration
from askali.retrieval.ranking import AnswerSpan, RankedEvidence, window
from askali.text.dates import without_time
from askali.text.tables import asked_cell, is_row, names_above

Array = npt.NDArray[np.float32]

READ = 8
"""How many candidates the model reads for a question; 97 % of the answers on the
calibration questions are among them (docs/measurements.md)."""

_POLAR = ("Yes", "No")
"""What may answer a yes/no question; asked whether a passage states it, the model takes a
passage that says no for one that does not say."""


def read(reader: Reader, verdict: RankedEvidence, fitted: Calibration) -> RankedEvidence:
    """The verdict after the model has read: ranked again, its best words marked, its
    confidence fitted to what the model said."""
    likely = judge(reader, verdict)
    ranked = rerank(verdict, likely, fitted)
    marked = mark(reader, ranked)
    confidence = fitted.read_confidence(features(reader, verdict, likely, ranked, marked))
    stated = {i: 1 / (1 + math.exp(-log_odds)) for i, log_odds in likely.items()}
    return replace(ranked, marked=marked, confidence=confidence, stated=stated)


def judge(reader: Reader, verdict: RankedEvidence) -> dict[int, float]:
    """For the `READ` best candidates by number: the log-odds that each, after the sentence
    before it, states the answer."""
    read = [verdict.candidates[i].sentence for i in verdict.order[:READ]]
    texts = [_text(window(verdict, sentence)) for sentence in read]
    judged = reader.judge([_asked_of(sentence, verdict) for sentence in read], texts)
    return {i: _log_odds(p) for i, p in zip(verdict.order, judged, strict=False)}


def rerank(
    verdict: RankedEvidence, likely: Mapping[int, float], fitted: Calibration
) -> RankedEvidence:
    """In the order of the ranking score and the log-odds together. What was not read
    ranks as the least likely one."""
    least = min(likely.values())
    gained = np.array([likely.get(i, least) for i in range(len(verdict.scores))], np.float32)
    scores = verdict.scores + np.float32(fitted.reading_weight) * gained
    order = np.lexsort((np.arange(len(scores)), -scores))
    return replace(verdict, order=tuple(int(i) for i in order), scores=scores)


def mark(reader: Reader, verdict: RankedEvidence) -> AnswerSpan | None:
    """The words that answer, in the best sentence or the one before it.

    None where a sentence answers better than a phrase, where the model marks nothing,
    and where its words are not an answer of the kind that is asked for.
    """
    asked = verdict.query
    sentences = window(verdict, verdict.best)
    if not _may_mark(verdict, sentences):
        return None
    words = reader.mark(_asked_of(verdict.best, verdict), _text(sentences))
    found = next((s for s in reversed(sentences) if words and words in s.text), None)
    if not words or not found:
        return None
    names = names_above(found.text, found.heading)
    words = asked_cell(found.text, names, words, asked.text)
    if not is_answer(words, asked.text, asked.expects, names):
        return None
    return AnswerSpan(whole(words, found.text, asked.expects), found)


def features(
    reader: Reader,
    surface: RankedEvidence,
    likely: Mapping[int, float],
    ranked: RankedEvidence,
    marked: AnswerSpan | None,
) -> Array:
    """A row in the order of `calibration.READING`; asks the model to check its words."""
    best = ranked.order[0]
    chosen = likely.get(best, min(likely.values()))
    may_mark = _may_mark(ranked, window(ranked, ranked.best))
    is_polar = ranked.query.shape is Shape.YES_NO
    answers = _POLAR if is_polar else (marked.words,) if marked else ()
    return np.array(
        [
            _log_odds(surface.confidence),
            max(likely.values()),
            chosen,
            _checked(reader, ranked, answers) if answers else chosen,
            float(may_mark and marked is None),
            float(ranked.names_missing[best]),
        ],
        np.float32,
    )


def _checked(reader: Reader, verdict: RankedEvidence, answers: Sequence[str]) -> float:
    """The log-odds that the likeliest of these is the answer."""
    text = _text(window(verdict, verdict.best))
    return _log_odds(reader.check(_asked_of(verdict.best, verdict), text, *answers))


def _asked_of(sentence: Sentence, verdict: RankedEvidence) -> str:
    """The question as the model is asked it of a sentence: of time, arithmetic judges."""
    return without_time(verdict.query.text, f"{sentence.heading} {sentence.text}")


def _may_mark(verdict: RankedEvidence, sentences: Sequence[Sentence]) -> bool:
    """True where a phrase may answer, and nothing tells the model what to say."""
    asked = verdict.query
    return asks_for_phrase(asked.shape, asked.text) and not any(
        gives_orders(sentence.text) for sentence in sentences
    )


def pairs(sentences: Sequence[Sentence]) -> list[str]:
    """What the model reads of a document, for every sentence in order: with the one before it."""
    texts = []
    for before, sentence in zip([None, *sentences], sentences, strict=False):
        together = before is not None and before.paragraph == sentence.paragraph
        texts.append(_text([before, sentence] if before and together else [sentence]))
    return texts


def _text(sentences: Sequence[Sentence]) -> str:
    """What the model reads of sentences; a table's row below the names of its columns."""
    return " ".join(f"{s.heading}\n{s.text}" if is_row(s.text) else s.text for s in sentences)


def _log_odds(p: float) -> float:
    bounded = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))
