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


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the two linear models and the decisions taken on their scores.

    `answer_above`: confidence from which a question is answered (5 % of the
    answerable calibration questions lie below). `related_above`: soft coverage
    from which an unanswered question is called related. `second_within`: a
    runner-up this close to the best sentence is quoted too, and `list_within`
    for questions that ask for several things.
    """

    ranking: Array
    answering: Array
    intercept: float
    answer_above: float
    related_above: float
    second_within: float
    list_within: float

    def scores(self, features: Array) -> Array:
        """Ranking score of each row of `evidence.ranking_features`."""
        return np.asarray(features @ self.ranking, np.float32)

    def confidence(self, features: Array) -> float:
        """Probability, 0 to 1, that the best sentence answers the question."""
        z = float(features @ self.answering) + self.intercept
        return float(1 / (1 + np.exp(-np.clip(z, -30, 30))))


@cache
def load_calibration() -> Calibration:
    """The calibration that askali ships."""
    from askali.evidence import ANSWERING, RANKING

    raw = json.loads(resources.files("askali").joinpath("calibration.json").read_text("utf-8"))
    return Calibration(
        ranking=np.array([raw["ranking"][name] for name in RANKING], np.float32),
        answering=np.array([raw["answering"][name] for name in ANSWERING], np.float32),
        intercept=raw["intercept"],
        answer_above=raw["answer_above"],
        related_above=raw["related_above"],
        second_within=raw["second_within"],
        list_within=raw["list_within"],
    )
