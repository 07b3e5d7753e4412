"""Rank sentences as evidence for a question, and judge whether they answer it.

Ranking is late interaction (ColBERT's MaxSim, Khattab & Zaharia 2020): each
content word of the question looks for its best match among the sentence's
contextual token vectors, weighted by how rare the word is in the documents.
Weights of both models are fitted on public questions (evals/calibrate.py,
calibration.json); everything here is pure and deterministic.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from askali.domain import Sentence, Shape
from askali.models.minilm import Reading
from askali.query.question import Question
from askali.retrieval.calibration import ANSWERING, RANKING
from askali.text.dates import Period, timeliness
from askali.text.kinds import AnswerType, states
from askali.text.tables import names_above
from askali.text.tokens import Word, analyze, capitals, content_words, stem

Array = npt.NDArray[np.float32]

_CONTEXT_DISCOUNT = np.float32(0.95)


Tokens = npt.NDArray[np.floating[Any]]
"""Unit vectors of tokens (n × dim), in whichever precision they are kept."""


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of the question: `weight` is its share of the question's idf,
    `phrase` the number of the name it is part of ("Acme Steel" is one), else None."""

    text: str
    stem: str
    weight: float
    is_name: bool
    is_number: bool
    is_known: bool
    phrase: int | None
    vectors: Tokens


@dataclass(frozen=True, slots=True)
class Query:
    """A question prepared for ranking: unit vector, terms, kind of answer, periods, shape;
    whether it compares, and whether it wants several things."""

    text: str
    vector: Array
    terms: tuple[Term, ...]
    expects: AnswerType
    periods: tuple[Period, ...]
    shape: Shape = Shape.FACT
    compares: bool = False

    @property
    def weights(self) -> Array:
        """Each term's share of the question's idf; sums to 1."""
        return np.array([term.weight for term in self.terms], np.float32)

    @property
    def names_all(self) -> bool:
        """True where names are all that it has: "Who is Ida Koss?" asks for no other name."""
        return all(term.is_name for term in self.terms)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be evidence, with what stands around it.

    `tokens` are unit vectors (n × dim); `before` those of the sentence before it
    in its section, or empty. `context` are the stems a reader knows by then:
    title, heading and the paragraph so far.
    """

    sentence: Sentence
    tokens: Tokens
    before: Tokens
    stems: frozenset[str]
    context: frozenset[str]


@dataclass(frozen=True, slots=True)
class Match:
    """How well each term of the question is met: arrays of candidates × terms."""

    soft: Array
    soft_context: Array
    exact: Array
    exact_context: Array


def query(
    asked: Question,
    reading: Reading,
    *,
    frequencies: Mapping[str, int],
    sentence_count: int,
    names: frozenset[str] = frozenset(),
    language: str = "en",
) -> Query:
    """Prepare a question as the encoder read it, its words cut as in `language`. `frequencies`
    are sentence counts of stems in the documents; `names` are lower-cased words that the
    documents write with a capital."""
    text = asked.text
    found = content_words(text, language)
    capital = capitals(text)
    stems = [stem(word.text, language) for word in found]
    counts = [frequencies.get(each, 0) for each in stems]
    idf = [math.log(1 + (sentence_count - n + 0.5) / (n + 0.5)) for n in counts]
    total = sum(idf) or 1.0
    phrases = _phrases(text, found, capital | names)
    terms = []
    for word, stemmed, weight, phrase in zip(found, stems, idf, phrases, strict=True):
        inside = [i for i, (a, b) in enumerate(reading.spans) if a >= word.start and b <= word.end]
        terms.append(
            Term(
                text=word.text,
                stem=stemmed,
                weight=weight / total,
                is_name=phrase is not None,
                is_number=any(ch.isdigit() for ch in word.text),
                is_known=frequencies.get(stemmed, 0) > 0,
                phrase=phrase,
                vectors=reading.tokens[inside],
            )
        )
    return Query(
        text,
        reading.vector,
        tuple(terms),
        asked.kind,
        asked.periods,
        asked.shape,
        asked.is_comparison,
    )


def _phrases(text: str, found: Sequence[Word], names: Set[str]) -> list[int | None]:
    """The number of the name that each word is part of; words of one name touch."""
    numbers: list[int | None] = []
    for i, word in enumerate(found):
        if word.text.lower() not in names:
            numbers.append(None)
        elif i and numbers[-1] is not None and not text[found[i - 1].end : word.start].strip():
            numbers.append(numbers[-1])
        else:
            numbers.append(i)
    return numbers


def match(asked: Query, candidates: Sequence[Candidate]) -> Match:
    """Meet every term with every candidate, exactly by stem and softly by vector."""
    exact = _exact(asked, [c.stems for c in candidates])
    known = _exact(asked, [c.context for c in candidates])
    soft = np.maximum(_soft(asked, [c.tokens for c in candidates]), exact)
    before = _soft(asked, [c.before for c in candidates]) * _CONTEXT_DISCOUNT
    return Match(
        soft=soft,
        soft_context=np.maximum.reduce([soft, before, known]),
        exact=exact,
        exact_context=np.maximum(exact, known),
    )


def _exact(asked: Query, stems: Sequence[frozenset[str]]) -> Array:
    return np.array([[t.stem in each for t in asked.terms] for each in stems], np.float32)


def _soft(asked: Query, texts: Sequence[Tokens]) -> Array:
    """Texts × terms: the mean over a term's word pieces of their best cosine in a text."""
    met = np.zeros((len(texts), len(asked.terms)), np.float32)
    filled = [i for i, tokens in enumerate(texts) if len(tokens)]
    if not filled:
        return met
    pieces = np.concatenate([t.vectors for t in asked.terms]).astype(np.float32)
    cosines = np.concatenate([texts[i] for i in filled]).astype(np.float32) @ pieces.T
    starts = np.cumsum([0] + [len(texts[i]) for i in filled[:-1]])
    best = np.maximum.reduceat(cosines, starts, axis=0)
    at = 0
    for column, term in enumerate(asked.terms):
        if len(term.vectors):
            met[filled, column] = best[:, at : at + len(term.vectors)].mean(axis=1)
            at += len(term.vectors)
    return met


def ranking_features(asked: Query, candidates: Sequence[Candidate], met: Match) -> Array:
    """Features of each candidate (n × len(RANKING)), higher is better evidence."""
    timely = [
        # By its own periods, or those above it: a heading's, or its column's.
        timeliness(asked.periods, c.sentence.text) or timeliness(asked.periods, c.sentence.heading)
        for c in candidates
    ]
    columns = {
        "soft": met.soft @ asked.weights,
        "soft_context": met.soft_context @ asked.weights,
        "similarity": np.stack([_pool(c.tokens) for c in candidates]) @ asked.vector,
        "typed": np.array([_is_typed(asked, c.sentence) for c in candidates]),
        "timely": np.array(timely),
    }
    return np.stack([columns[name] for name in RANKING], axis=1).astype(np.float32)


def _is_typed(asked: Query, sentence: Sentence) -> bool:
    """True if the clause that shares most words with the question has such a value:
    in "A will invest for three years; B spent 6.3 billion", A's clause has none."""
    stems = {term.stem for term in asked.terms}
    clause = max(sentence.text.split(";"), key=lambda text: len(stems & set(analyze(text))))
    return states(asked.expects, clause, asked.text, names_above(sentence.text, sentence.heading))


def _pool(tokens: Tokens) -> Array:
    if not len(tokens):
        return np.zeros(tokens.shape[1], np.float32)
    mean = tokens.astype(np.float32).mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


def answering_features(asked: Query, met: Match, ranking: Array, scores: Array, best: int) -> Array:
    """What tells an answered question from an unanswered one, for the best candidate."""
    column = dict(zip(RANKING, ranking[best], strict=True))
    weight = asked.weights
    number = np.array([t.is_number for t in asked.terms])
    lost = 1 - met.soft_context[best]
    runner_up = np.max(np.delete(scores, best), initial=scores[best] - 5.0)
    values = {
        "score": scores[best],
        "soft": column["soft"],
        "soft_context": column["soft_context"],
        "exact_context": float(met.exact_context[best] @ weight),
        "weakest": met.soft[best].min(),
        "weakest_context": met.soft_context[best].min(),
        "lost_weight": (weight * lost).max(),
        "names_missing": names_missing(asked, met.exact[best]),
        "names_missing_context": names_missing(asked, met.exact_context[best]),
        "numbers_missing": float((number * (1 - met.exact_context[best])).sum()),
        "unknown_words": float(sum(t.weight for t in asked.terms if not t.is_known)),
        "typed": column["typed"],
        "is_typed": asked.expects not in _UNTYPED,
        "similarity": column["similarity"],
        "margin": min(float(scores[best] - runner_up), 5.0),
        "terms": math.log1p(len(asked.terms)),
    }
    return np.array([values[name] for name in ANSWERING], np.float32)


_UNTYPED = (AnswerType.OTHER, AnswerType.MANNER, AnswerType.DEFINITION)


def names_missing(asked: Query, exact: Array) -> float:
    """Share of the question's names of which no word is met: "Acme" is "Acme Steel"."""
    met: dict[int, float] = {}
    for term, hit in zip(asked.terms, exact, strict=True):
        if term.phrase is not None:
            met[term.phrase] = max(met.get(term.phrase, 0.0), float(hit))
    return sum(1 - hit for hit in met.values()) / max(len(met), 1)


_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")


def years(text: str) -> set[str]:
    """The years that stand in a text."""
    return set(_YEAR.findall(text))


def years_told(candidate: Candidate) -> set[str]:
    """The years that a reader knows by then: of title, heading and the paragraph so far."""
    return years(" ".join(candidate.context - candidate.stems))


def years_of(candidate: Candidate) -> set[str]:
    """The years of a statement: its own, else those that a reader knows by then."""
    return years(candidate.sentence.text) or years_told(candidate)
