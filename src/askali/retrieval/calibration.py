"""The fitted numbers of ranking and abstention, with where they come from.

`calibration.json` is written by ``evals/calibrate.py`` from public questions;
nobody edits it by hand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

RANKING = ("soft", "soft_context", "similarity", "typed", "timely")
"""Names of a sentence's ranking features, the columns of `ranking_features`."""

ANSWERING = (
    "score",
    "soft",
    "soft_context",
    "exact_context",
    "weakest",
    "weakest_context",
    "lost_weight",
    "names_missing",
    "names_missing_context",
    "numbers_missing",
    "unknown_words",
    "typed",
    "is_typed",
    "similarity",
    "margin",
    "terms",
)
"""Names of the answering features, the entries of `answering_features`."""

READING = (
    "surface",
    "likeliest",
    "judged",
    "checked",
    "said",
    "joint",
    "unmarked",
    "agreed",
    "disputed",
    "of_kind",
    "rank",
    "names_missing",
)
"""Of a proposed answer. Log-odds: of the surface confidence, of the likeliest candidate that was
read, of the candidate that it stands in, and that the model confirms it (as `judged` where
there is nothing to confirm). Then: the mean log-probability of the model's words; 1 where they
are an answer from several windows; 1 where a phrase is asked for and none was found; 1 where
both ways of reading propose the same words, 1 where they propose others; 1 for a value of the kind
that is asked for; its candidate's place after reading, from 0; and the share of the question's
names that the candidate and its surroundings lack."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the two linear models and the decisions taken on their scores.

    `answer_above`: confidence from which a question is answered (5 % of the
    answerable calibration questions lie below). `related_above`: soft coverage
    from which an unanswered question is called related. `second_within`: a
    runner-up this close to the best sentence is quoted too, and `list_within`
    for questions that ask for several things. The `reading` part holds where a
    local model has read the candidates: its weights (`READING`), how much a unit of
    its log-odds adds to a candidate's score, and the threshold `read_above`.
    """

    ranking: Array
    answering: Array
    intercept: float
    answer_above: float
    related_above: float
    second_within: float
    list_within: float
    reading: Array
    reading_intercept: float
    reading_weight: float
    read_above: float

    def scores(self, features: Array) -> Array:
        """Ranking score of each row of `features.ranking_features`."""
        # Not `@`: under load it was once seen to warn of an invalid value, on finite rows.
        return np.asarray((features * self.ranking).sum(axis=-1), np.float32)

    def confidence(self, features: Array) -> float:
        """Probability, 0 to 1, that the best sentence answers the question."""
        return _logistic(float(features @ self.answering) + self.intercept)

    def read_confidence(self, features: Array) -> float:
        """The same after a local model has read the candidates; features as `READING`."""
        return _logistic(float(features @ self.reading) + self.reading_intercept)


def _logistic(z: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(z, -30, 30))))


@cache
def load_calibration() -> Calibration:
    """The calibration that askali ships."""
    raw = json.loads(
        resources.files("askali.retrieval").joinpath("calibration.json").read_text("utf-8")
    )
    return Calibration(
        ranking=np.array([raw["ranking"][name] for name in RANKING], np.float32),
        answering=np.array([raw["answering"][name] for name in ANSWERING], np.float32),
        intercept=raw["intercept"],
        answer_above=raw["answer_above"],
        related_above=raw["related_above"],
        second_within=raw["second_within"],
        list_within=raw["list_within"],
        reading=np.array([raw["reading"]["weights"][name] for name in READING], np.float32),
        reading_intercept=raw["reading"]["intercept"],
        reading_weight=raw["reading"]["weight"],
        read_above=raw["reading"]["answer_above"],
    )
