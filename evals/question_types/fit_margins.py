"""A drop-in candidate for the shipped file: margins instead of likelihood, and strangers' facts.

    python evals/question_types/fit_margins.py [--write FILE]

As `fit.py`, but shapes and kinds are linear SVMs, one against the rest, whose margins become
probabilities by one scale each, fitted on folds; and shapes are also learnt from 1,800 questions
of QAMR that can hardly be anything but facts, at a fiftieth of the weight, since our own alone
make a list of every fifth question that strangers write. QAMR is read from `ASKALI_TRAIN`.
Columns and format are those of the shipped file.
"""

from __future__ import annotations

import argparse
import json
import re
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
from data import TREC, common_words, features, own, trec
from fit import natural
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, vstack
from scipy.special import log_softmax, softmax
from sklearn.svm import LinearSVC

PENALTY = 0.2
"""Inverse strength; 0.2 to 0.8 are alike on folds."""

STRANGERS_WEIGHT = 0.02
"""0.05 takes four natural questions, 0 leaves half again as many false lists."""

KINDS_PENALTY = 0.5

_SEVERAL = re.compile(r"\b(?:are|were|list|name)\b|(?:what|which) (?:\w+ )?\w+s\b")
_SINGULAR = re.compile(
    r"(?:what|which) (?:is|was|does|has|kind|type|years?)\b|.*\w+s\b (?:was|is|did|does)\b"
)
_OTHERWISE = re.compile(
    r"who (?:is|was) \w+(?: \w+)?\W*$|what (?:is|was) (?:an? |the )?\w+(?: \w+)?\W*$"
    r"|what (?:do|does) .*\bmean|what happened"
)
_ASKS = re.compile(r"(?:who|whose|what|when|where|which|in what|in which)\b")


def strangers() -> tuple[list[str], list[str]]:
    """Questions of QAMR that look like facts, and others that no fit has seen."""
    lines = (TREC.parent / "qamr.dev.tsv").read_text("utf-8").splitlines()
    questions = list(dict.fromkeys(line.split("\t")[5].strip() for line in lines))
    held = questions[::17][:1000]
    facts = [q for q in questions if q not in set(held) and _is_fact(q.lower())]
    return facts[::5][:1800], held


def _is_fact(question: str) -> bool:
    if len(question.split()) < 4 or _OTHERWISE.match(question):
        return False
    if _SEVERAL.search(question) and not _SINGULAR.match(question):
        return False
    return bool(_ASKS.match(question))


def fit(x: csr_matrix, shapes: list[str], facts: csr_matrix) -> LinearSVC:
    weights = np.r_[np.ones(x.shape[0]), np.full(facts.shape[0], STRANGERS_WEIGHT)]
    labels = np.r_[shapes, ["fact"] * facts.shape[0]]
    model = LinearSVC(C=PENALTY, tol=1e-3, random_state=0)
    return model.fit(vstack([x, facts]).tocsr(), labels, sample_weight=weights)


def fit_kinds(x: csr_matrix, kinds: np.ndarray) -> LinearSVC:
    return LinearSVC(C=KINDS_PENALTY, tol=1e-3, random_state=0).fit(x, kinds)


def scale_of(margins: np.ndarray, column: np.ndarray) -> float:
    """What margins are multiplied by to be logits: the likeliest for these labels."""

    def loss(scale: float) -> float:
        likelihood = log_softmax(scale * margins, axis=1)[np.arange(len(column)), column]
        return -float(likelihood.mean())

    return float(minimize_scalar(loss, bounds=(0.5, 12), method="bounded").x)


def report(
    name: str, margins: np.ndarray, names: list[str], truth: np.ndarray, scale: float
) -> None:
    probable = softmax(scale * margins, axis=1)
    said, top = np.array(names)[probable.argmax(1)], probable.max(1)
    print(f"{name}: {np.sum(said == truth)} of {len(truth)}")
    for least in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.7):
        believed = np.where(top >= least, said, "fact")
        to_fact = np.mean((believed != truth) & (believed == "fact"))
        n = np.mean(believed == truth)
        print(f"  from {least}: {n:.1%} right, {to_fact:.1%} wrongly a fact")
    away = (said == "outside") & (truth != "outside")
    found = (said == "outside") & (truth == "outside")
    sure = top >= 0.7
    print(
        f"  outside: {found.sum()} of {np.sum(truth == 'outside')} found,"
        f" surely {np.sum(found & sure)};"
        f" sent away wrongly {away.sum()}, surely {np.sum(away & sure)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    train, documents, test = own("train"), natural(), own("test")
    common = common_words(train, 4)
    asked = [row | {"document": name} for name, rows in documents.items() for row in rows]
    of_facts, held = strangers()
    facts = features(of_facts, common)

    def grams(rows: list[dict[str, str]]) -> csr_matrix:
        return features([row["question"] for row in rows], common)

    def shapes_of(rows: list[dict[str, str]]) -> np.ndarray:
        return np.array([row["shape"] for row in rows])

    x, y, x_natural, y_natural = grams(train), shapes_of(train), grams(asked), shapes_of(asked)
    names = sorted(set(y))
    fold = np.array([zlib.crc32(r.get("phrasing", r["question"]).encode()) % 5 for r in train])
    margins = np.zeros((len(train), len(names)))
    for out in range(5):
        model = fit(x[fold != out], y[fold != out], facts)
        margins[fold == out] = model.decision_function(x[fold == out])
    column = np.array([names.index(shape) for shape in y])

    scale = scale_of(margins, column)
    print(f"scale {scale:.2f}")
    report("folds of the training questions", margins, names, y, scale)
    document = np.array([row["document"] for row in asked])
    others = np.zeros((len(asked), len(names)))
    for out in documents:
        seen = vstack([x, x_natural[document != out]]).tocsr()
        model = fit(seen, np.r_[y, y_natural[document != out]], facts)
        others[document == out] = model.decision_function(x_natural[document == out])
    report("natural, documents not seen", others, names, y_natural, scale)
    model = fit(vstack([x, x_natural]).tocsr(), np.r_[y, y_natural], facts)
    report("test", model.decision_function(grams(test)), names, shapes_of(test), scale)
    said = model.predict(features(held, common))
    print("strangers:", Counter(said.tolist()).most_common())
    y_kinds = np.array([row["kind"] for row in train])
    labelled = trec()
    x_trec = features([q for q, *_ in labelled], common)
    y_trec = np.array([kind for *_, kind in labelled])
    kind_names = sorted({*y_kinds, *y_trec})
    of_kinds = np.zeros((len(train), len(kind_names)))
    for out in range(5):
        seen = vstack([x[fold != out], x_trec]).tocsr()
        kinds = fit_kinds(seen, np.r_[y_kinds[fold != out], y_trec])
        of_kinds[fold == out] = kinds.decision_function(x[fold == out])
    column = np.array([kind_names.index(kind) for kind in y_kinds])
    kind_scale = scale_of(of_kinds, column)
    print(f"kinds, folds: {np.mean(of_kinds.argmax(1) == column):.1%}, scale {kind_scale:.2f}")
    kinds = fit_kinds(vstack([x, x_trec]).tocsr(), np.r_[y_kinds, y_trec])
    asked_for = np.array([row["kind"] for row in test])
    print(f"kinds, test: {np.sum(kinds.predict(grams(test)) == asked_for)} of {len(test)}")
    if given.write:
        about = {
            "shapes": names,
            "kinds": kind_names,
            "common_words": sorted(common),
            "threshold": 0.3,
            "fitted_on": f"{len(train) + len(asked)} own questions, {len(of_facts)} of QAMR;"
            f" kinds: {len(train)} own questions, {len(labelled)} of TREC",
            "fitted_by": f"linear SVM, margins x {scale:.2f} and x {kind_scale:.2f}",
        }
        weights = np.hstack([scale * model.coef_.T, kind_scale * kinds.coef_.T]).astype(np.float16)
        bias = np.r_[scale * model.intercept_, kind_scale * kinds.intercept_].astype(np.float32)
        np.savez_compressed(given.write, weights=weights, bias=bias, about=json.dumps(about))


if __name__ == "__main__":
    main()
