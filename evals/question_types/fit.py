"""Fit the question classifier and write its coefficients.

    python evals/question_types/fit.py [--write FILE] [--folds]

Reads `train.jsonl` (our own questions), the natural questions of `evals/natural` and, where it
lies there, TREC's labelled questions (`ASKALI_TRAIN`, ../shared/train). Prints shape and kind
accuracy on `test.jsonl`; `--folds` also asks the natural questions of each document of a model
that has seen those of the others only, which is the honest figure for a document not seen.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from data import TREC, common_words, features, own, trec
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.svm import LinearSVC

NATURAL = Path(__file__).parents[1] / "natural" / "questions"
HELD_OUT = ("lake-hire-prices", "fernhill-lift-inquiry", "river-eels")
"""Documents whose questions are never learnt from; they measure, with the test questions."""
ELSEWHERE = ("several", "follow_up")
"""Shapes of the natural set that other code than the classifier recognises."""

THRESHOLD = 0.3
"""Below it a question is answered as a fact; on folds of the training questions anything up to 0.4
costs no accuracy, and trades a wrong shape for a plain answer."""


def natural() -> dict[str, list[dict[str, str]]]:
    """The natural questions by document, without those that need a conversation."""
    found = {}
    for file in sorted(NATURAL.glob("*.yaml")):
        cases = yaml.safe_load(file.read_text("utf-8"))
        cases = cases["questions"] if isinstance(cases, dict) else cases
        rows = [{"question": c["question"], "shape": c["shape"]} for c in cases]
        found[file.stem] = [row for row in rows if row["shape"] not in ELSEWHERE]
    return found


def fit_shapes(rows: list[dict[str, str]], common: frozenset[str]) -> LinearSVC:
    """A linear support vector machine, one shape against the rest."""
    model = LinearSVC(C=0.2)
    return model.fit(features([r["question"] for r in rows], common), [r["shape"] for r in rows])


def sharpness(rows: list[dict[str, str]], common: frozenset[str]) -> float:
    """What the margins are multiplied by, so that their softmax is the probability of being
    right: of the greatest likelihood on margins of questions that were left out of the fit."""
    shapes = [row["shape"] for row in rows]
    features_of = features([row["question"] for row in rows], common)
    margins = cross_val_predict(
        LinearSVC(C=0.2), features_of, shapes, cv=5, method="decision_function"
    )
    at = np.searchsorted(np.unique(shapes), shapes)

    def loss(times: float) -> float:
        raised = times * margins
        likely = raised[np.arange(len(at)), at] - np.log(np.exp(raised).sum(axis=1))
        return -float(likely.mean())

    return float(minimize_scalar(loss, bounds=(0.5, 12.0), method="bounded").x)


def right(model: Any, rows: list[dict[str, str]], common: frozenset[str]) -> tuple[int, Counter]:
    said = model.predict(features([row["question"] for row in rows], common))
    wrong = Counter(
        (row["shape"], str(guess))
        for row, guess in zip(rows, said, strict=True)
        if guess != row["shape"]
    )
    return len(rows) - sum(wrong.values()), wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--folds", action="store_true")
    given = parser.parse_args()
    rows, test, documents = own("train"), own("test"), natural()
    held_out = [row for name in HELD_OUT for row in documents.pop(name)]
    common = common_words(rows, 4)
    for held in documents if given.folds else ():
        others = [row for name, found in documents.items() if name != held for row in found]
        n, wrong = right(fit_shapes(rows + others, common), documents[held], common)
        print(f"{held}: {n} of {len(documents[held])} {wrong.most_common(5)}")
    everything = rows + [row for found in documents.values() for row in found]
    shapes = fit_shapes(everything, common)
    n, wrong = right(shapes, test, common)
    print(f"shape: {n} of {len(test)} of the test questions; {wrong.most_common(12)}")
    n, wrong = right(shapes, held_out, common)
    print(f"held out: {n} of {len(held_out)}; {wrong.most_common(12)}")
    asked = trec() if TREC.exists() else []
    if not asked:
        print(f"no TREC questions at {TREC}; set ASKALI_TRAIN to fit kinds as shipped")
    kinds = LogisticRegression(C=4, max_iter=120, tol=1e-3).fit(
        features([q for q, _, _ in asked] + [r["question"] for r in rows], common),
        [kind for *_, kind in asked] + [r["kind"] for r in rows],
    )
    said = kinds.predict(features([r["question"] for r in test], common))
    print(f"kind: {sum(k == r['kind'] for k, r in zip(said, test, strict=True))} of {len(test)}")
    if given.write:
        times = sharpness(everything, common)
        print(f"sharpness {times:.2f}")
        weights = np.hstack([times * shapes.coef_.T, kinds.coef_.T]).astype(np.float16)
        about = {
            "shapes": list(shapes.classes_),
            "kinds": list(kinds.classes_),
            "common_words": sorted(common),
            "threshold": THRESHOLD,
            "fitted_on": f"{len(everything)} own questions; kinds also {len(asked)} of TREC",
        }
        bias = np.concatenate([times * shapes.intercept_, kinds.intercept_]).astype(np.float32)
        np.savez_compressed(given.write, weights=weights, bias=bias, about=json.dumps(about))
    return 0


if __name__ == "__main__":
    sys.exit(main())
