"""Fit what the local reader's probabilities are worth, on public questions.

Usage: python evals/calibrate_reading.py BENCH_FOLDER [--write] [--limit 120]

Needs the local model's weights (askali models fetch). Questions of SQuAD 2.0 are
asked of their whole article, answerable and adversarial ones; of XQuAD, answerable
ones and ones with a name of the article swapped in (see calibrate.py). What is
fitted: the weight of the reader's log-odds in the ranking (conditional logit, one
number) and the probability that the best candidate answers (logistic regression
over `calibration.READING`). The false-refusal rate on answerable questions is 5 %,
set beforehand; the threshold follows from it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from askali import Assistant, Document, encoder
from askali.backends import open_reader
from askali.calibration import READING, load_calibration
from askali.quote import _log_odds, judge, windows
from askali.reader import Reader
from askali.settings import Settings
from calibrate import FALSE_REFUSALS, SEED, TARGET, Set, _answers, _article, _swap_name, load


@dataclass(frozen=True)
class Read:
    """One question that was read: scores, log-odds and truth of its candidates."""

    kind: str
    article: str
    answerable: bool
    surface: float
    scores: np.ndarray
    log_odds: np.ndarray
    right: np.ndarray


def questions(data: Set, limit: int) -> Iterator[tuple[str, str, dict[str, Any], list[Document]]]:
    """(kind, text, question, documents), article by article so that readings are reused."""
    rng = random.Random(SEED)
    answerable = [q for q in data.questions if q["answers"]]
    adversarial = [q for q in data.questions if not q["answers"]]
    chosen = rng.sample(answerable, limit) + rng.sample(adversarial, min(limit, len(adversarial)))
    for question in sorted(chosen, key=lambda q: str(q["article"])):
        documents = _article(data, question)
        kind = "answerable" if question["answers"] else "adversarial"
        yield kind, question["question"], question, documents
        swapped = question["answers"] and _swap_name(question, data, documents, rng)
        if swapped and not adversarial:
            yield "swapped", swapped, question, documents


def read(reader: Reader, data: Set, limit: int) -> Iterator[Read]:
    """Ask and read; prints a line every twenty questions."""
    fitted = load_calibration()
    for n, (kind, text, question, documents) in enumerate(questions(data, limit)):
        with Assistant.from_documents(documents, llm="none", abstain=False) as assistant:
            searcher = assistant._searcher
            hits = searcher.search(text, assistant.settings.k)
            verdict = judge(searcher.prepare(text, hits), searcher.candidates(hits), fitted)
        texts = windows(verdict)
        likely = reader.judge(text, list(texts.values()))
        right = [_answers(verdict.candidates[i].sentence, question) for i in texts]
        yield Read(
            kind=kind,
            article=str(question["article"]),
            answerable=kind == "answerable",
            surface=_log_odds(verdict.confidence),
            scores=verdict.scores[list(texts)],
            log_odds=np.array([_log_odds(p) for p in likely]),
            right=np.array(right),
        )
        if n % 20 == 19:
            print(f"{data.name}: {n + 1} read", file=sys.stderr, flush=True)


def fit_weight(found: list[Read]) -> float:
    """The weight of the log-odds beside the ranking score, by conditional logit."""
    pairs = [r for r in found if r.answerable and r.right.any() and not r.right.all()]

    def loss(weight: float) -> float:
        total = 0.0
        for r in pairs:
            z = r.scores + weight * r.log_odds
            p = np.exp(z - z.max())
            total -= float(np.log(p[r.right].sum() / p.sum() + 1e-12))
        return total

    return float(minimize_scalar(loss, bounds=(0, 5), method="bounded").x)


def features(r: Read, weight: float) -> list[float]:
    """A row in the order of `calibration.READING`."""
    best = int(np.argmax(r.scores + weight * r.log_odds))
    return [r.surface, float(r.log_odds.max()), float(r.log_odds[best])]


def fit(found: list[Read]) -> dict[str, Any]:
    """Weights, threshold and cross-validated figures."""
    weight = fit_weight(found)
    x = np.array([features(r, weight) for r in found])
    y = np.array([r.answerable for r in found])
    kinds = np.array([r.kind for r in found])
    held = np.zeros(len(y))
    for train, test in GroupKFold(5).split(x, y, np.array([r.article for r in found])):
        model = LogisticRegression(C=1.0, max_iter=1000).fit(x[train], y[train])
        held[test] = model.predict_proba(x[test])[:, 1]
    model = LogisticRegression(C=1.0, max_iter=1000).fit(x, y)
    threshold = float(np.quantile(held[y], FALSE_REFUSALS))
    answerable = [r for r in found if r.answerable]
    top = [bool(r.right[int(np.argmax(r.scores + weight * r.log_odds))]) for r in answerable]
    figures: dict[str, Any] = {
        "best_right": {
            "n": len(answerable),
            "surface": round(float(np.mean([bool(r.right[0]) for r in answerable])), 3),
            "read": round(float(np.mean(top)), 3),
        }
    }
    for kind in sorted(set(kinds) - {"answerable"}):
        pair = (kinds == kind) | y
        figures[kind] = {
            "n": int((kinds == kind).sum()),
            "abstained": round(float((held[kinds == kind] < threshold).mean()), 3),
            "auc": round(float(roc_auc_score(y[pair], held[pair])), 3),
        }
    return {
        "weight": round(weight, 4),
        "weights": dict(zip(READING, np.round(model.coef_[0], 4).tolist(), strict=True)),
        "intercept": round(float(model.intercept_[0]), 4),
        "answer_above": round(threshold, 4),
        "figures": figures,
    }


def main() -> None:
    """Read, fit, print, and write into calibration.json if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--limit", type=int, default=120)
    given = parser.parse_args()
    encoder.CACHED_READINGS = 5000
    reader = open_reader(Settings.load(llm="local"))
    assert reader is not None
    try:
        found = [
            row
            for name in ("squad2", "xquad_en")
            for row in read(reader, load(given.bench, name), given.limit)
        ]
    finally:
        reader.model.close()
    fitted = {
        "provenance": "evals/calibrate_reading.py on SQuAD 2.0 dev (CC BY-SA 4.0) and XQuAD en "
        f"(CC BY-SA 4.0); {len(found)} questions, seed {SEED}, {FALSE_REFUSALS:.0%} false "
        "refusals; Qwen2.5-Coder-1.5B-Instruct Q4_K_M",
        **fit(found),
    }
    print(json.dumps(fitted, indent=2))
    if given.write:
        whole = {**json.loads(TARGET.read_text("utf-8")), "reading": fitted}
        TARGET.write_text(json.dumps(whole, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
