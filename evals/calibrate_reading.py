"""Fit what the local reader's replies are worth, on public questions.

Usage: python evals/calibrate_reading.py BENCH_FOLDER [--write] [--limit 80]

Needs the local model's weights (askali models fetch). Questions of SQuAD 2.0 and XQuAD
are asked of their whole article. Unanswerable are SQuAD's adversarial ones, questions
whose answering paragraph was taken out, and ones with a name of the article swapped in
(see calibrate.py). What is fitted: the weight of the reader's log-odds in the ranking
(conditional logit, one number) and the probability that the best candidate answers
(logistic regression over `calibration.READING`). The false-refusal rate on answerable
questions is 5 %, set beforehand; the threshold follows from it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from askali import Assistant, Document
from askali.answering import reading
from askali.answering.reader import Reader
from askali.models import embeddings as encoder
from askali.models.serving import open_model
from askali.query.understanding import understand
from askali.retrieval.calibration import READING, load_calibration
from askali.retrieval.ranking import RankedEvidence, judge
from askali.settings import Settings
from calibrate import (
    FALSE_REFUSALS,
    SEED,
    TARGET,
    Set,
    _answers,
    _article,
    _swap_name,
    contains,
    load,
)


@dataclass(frozen=True)
class Trial:
    """A question to ask of documents: what kind it is, and where it comes from."""

    kind: str
    text: str
    question: dict[str, Any]
    documents: list[Document]


@dataclass(frozen=True)
class Judged:
    """A trial with its surface verdict and the reader's log-odds of its best candidates."""

    trial: Trial
    verdict: RankedEvidence
    likely: dict[int, float]

    @property
    def scores(self) -> np.ndarray:
        return self.verdict.scores[list(self.likely)]

    @property
    def log_odds(self) -> np.ndarray:
        return np.array(list(self.likely.values()))

    @property
    def right(self) -> np.ndarray:
        sentences = [self.verdict.candidates[i].sentence for i in self.likely]
        return np.array([_answers(s, self.trial.question) for s in sentences])


def trials(data: Set, limit: int) -> list[Trial]:
    """Answerable questions and as many unanswerable ones of each kind as can be made,
    article by article so that the model reads each passage once."""
    rng = random.Random(SEED)
    found: list[Trial] = []
    for question in rng.sample([q for q in data.questions if q["answers"]], limit):
        documents = _article(data, question)
        found.append(Trial("answerable", question["question"], question, documents))
        gold = set(question["doc_ids"])
        without = [
            d for d in documents if d.id not in gold and not contains(d.text, question["answers"])
        ]
        if without and rng.random() < 0.5:
            found.append(Trial("removed", question["question"], question, without))
        swapped = _swap_name(question, data, documents, rng)
        if swapped:
            found.append(Trial("swapped", swapped, question, documents))
    adversarial = [q for q in data.questions if not q["answers"]]
    for question in rng.sample(adversarial, min(limit, len(adversarial))):
        documents = _article(data, question)
        found.append(Trial("adversarial", question["question"], question, documents))
    return sorted(found, key=lambda trial: str(trial.question["article"]))


def judged(reader: Reader, found: list[Trial]) -> Iterator[Judged]:
    """Rank each trial's sentences and have the reader judge the best."""
    fitted = load_calibration()
    for n, trial in enumerate(found, 1):
        with Assistant.from_documents(trial.documents, llm="none", abstain=False) as assistant:
            searcher = assistant._searcher
            hits = searcher.search(trial.text, assistant.settings.k)
            asked = searcher.prepare(understand(trial.text, searcher.vector_of), hits)
            verdict = judge(asked, searcher.candidates(hits), fitted)
        yield Judged(trial, verdict, reading.judge(reader, verdict))
        if n % 20 == 0:
            print(f"{n} of {len(found)} judged", file=sys.stderr, flush=True)


def fit_weight(found: list[Judged]) -> float:
    """The weight of the log-odds beside the ranking score, by conditional logit."""
    answerable = [one for one in found if one.trial.kind == "answerable"]
    pairs = [one for one in answerable if one.right.any() and not one.right.all()]

    def loss(weight: float) -> float:
        total = 0.0
        for one in pairs:
            z = one.scores + weight * one.log_odds
            p = np.exp(z - z.max())
            total -= float(np.log(p[one.right].sum() / p.sum() + 1e-12))
        return total

    return float(minimize_scalar(loss, bounds=(0, 5), method="bounded").x)


def rows(reader: Reader, found: list[Judged], weight: float) -> np.ndarray:
    """A row of `calibration.READING` for each: the model marks and checks."""
    fitted = replace(load_calibration(), reading_weight=weight)
    made = []
    for n, one in enumerate(found, 1):
        ranked = reading.rerank(one.verdict, one.likely, fitted)
        marked = reading.mark(reader, ranked)
        made.append(reading.features(reader, one.verdict, one.likely, ranked, marked))
        if n % 20 == 0:
            print(f"{n} of {len(found)} marked", file=sys.stderr, flush=True)
    return np.stack(made)


def fit(found: list[Judged], x: np.ndarray, weight: float) -> dict[str, Any]:
    """Weights, threshold and cross-validated figures."""
    kinds = np.array([one.trial.kind for one in found])
    y = kinds == "answerable"
    articles = np.array([str(one.trial.question["article"]) for one in found])
    held = np.zeros(len(y))
    for train, test in GroupKFold(5).split(x, y, articles):
        scaler = StandardScaler().fit(x[train])
        model = LogisticRegression(C=1.0, max_iter=1000).fit(scaler.transform(x[train]), y[train])
        held[test] = model.predict_proba(scaler.transform(x[test]))[:, 1]
    scaler = StandardScaler().fit(x)
    model = LogisticRegression(C=1.0, max_iter=1000).fit(scaler.transform(x), y)
    weights = model.coef_[0] / scaler.scale_
    threshold = float(np.quantile(held[y], FALSE_REFUSALS))
    return {
        "weight": round(weight, 4),
        "weights": dict(zip(READING, np.round(weights, 4).tolist(), strict=True)),
        "intercept": round(float(model.intercept_[0] - weights @ scaler.mean_), 4),
        "answer_above": round(threshold, 4),
        "figures": figures(found, held, threshold, weight),
    }


def figures(
    found: list[Judged], held: np.ndarray, threshold: float, weight: float
) -> dict[str, Any]:
    """How often the best sentence is right, and what is abstained from, kind by kind."""
    kinds = np.array([one.trial.kind for one in found])
    y = kinds == "answerable"
    answerable = [one for one in found if one.trial.kind == "answerable"]
    top = [bool(one.right[np.argmax(one.scores + weight * one.log_odds)]) for one in answerable]
    made: dict[str, Any] = {
        "best_right": {
            "n": len(answerable),
            "surface": round(float(np.mean([bool(one.right[0]) for one in answerable])), 3),
            "read": round(float(np.mean(top)), 3),
        }
    }
    for kind in sorted(set(kinds) - {"answerable"}):
        pair = (kinds == kind) | y
        made[kind] = {
            "n": int((kinds == kind).sum()),
            "abstained": round(float((held[kinds == kind] < threshold).mean()), 3),
            "auc": round(float(roc_auc_score(y[pair], held[pair])), 3),
        }
    return made


def main() -> None:
    """Read, fit, print, and write into calibration.json if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--limit", type=int, default=80)
    parser.add_argument("--keep", type=Path, help="write the features there, as .npz")
    given = parser.parse_args()
    encoder.CACHED_READINGS = 5000
    model = open_model(Settings.load(llm="local"))
    reader = Reader(model) if model else None
    assert reader is not None
    try:
        asked = [
            t
            for name in ("squad2", "xquad_en")
            for t in trials(load(given.bench, name), given.limit)
        ]
        found = list(judged(reader, asked))
        weight = fit_weight(found)
        x = rows(reader, found, weight)
    finally:
        reader.model.close()
    if given.keep:
        np.savez(given.keep, x=x, kinds=[one.trial.kind for one in found])
    fitted = {
        "provenance": "evals/calibrate_reading.py on SQuAD 2.0 dev (CC BY-SA 4.0) and XQuAD en "
        f"(CC BY-SA 4.0); {len(found)} questions, seed {SEED}, {FALSE_REFUSALS:.0%} false "
        "refusals; Qwen2.5-Coder-1.5B-Instruct Q4_K_M",
        **fit(found, x, weight),
    }
    print(json.dumps(fitted, indent=2))
    if given.write:
        whole = {**json.loads(TARGET.read_text("utf-8")), "reading": fitted}
        TARGET.write_text(json.dumps(whole, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
