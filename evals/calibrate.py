"""Fit the weights of ranking and abstention on public questions.

Usage: python evals/calibrate.py BENCH_FOLDER [--write]

Ranking: conditional logit (softmax over a question's sentences) on answerable
questions, each asked of its paragraph and of its whole article; TimeQA's, of one long
article each, teach it what a period is worth. Abstention: logistic regression on
questions asked of whole articles, where the unanswerable ones are made by
taking the answering paragraph out, by asking another article, and by swapping
a name of the question for another name of the same article.

Nothing of the data is kept but the coefficients. The false-refusal rate on the
answerable questions is set to 5 % beforehand; the threshold follows from it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from askali import Assistant, Document
from askali.domain import Sentence
from askali.models import embeddings as encoder
from askali.query.understanding import understand
from askali.retrieval import features as evidence
from askali.retrieval.calibration import ANSWERING, RANKING
from askali.text.tokens import capitals, words

SEED = 11
FALSE_REFUSALS = 0.05
SECOND_WITHIN = 0.8
LIST_WITHIN = 1.5
TARGET = Path(__file__).parents[1] / "src" / "askali" / "retrieval" / "calibration.json"

_NAME = re.compile(r"\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")


@dataclass(frozen=True)
class Row:
    """One labelled question: its set, article (for grouping), label and features."""

    kind: str
    article: str
    answerable: bool
    features: np.ndarray
    coverage: float


@dataclass(frozen=True)
class Set:
    """One public set: documents by id, documents of each article, questions."""

    name: str
    documents: dict[str, Document]
    articles: dict[str, list[str]]
    questions: list[dict[str, Any]]


def load(folder: Path, name: str) -> Set:
    """Read ``name.jsonl`` and ``name.docs.jsonl``."""
    raw = _lines(folder / f"{name}.docs.jsonl")
    documents = {d["id"]: Document(d["id"], d.get("title", ""), d["text"]) for d in raw}
    questions = _lines(folder / f"{name}.jsonl")
    articles: dict[str, set[str]] = defaultdict(set)
    for question in questions:
        question.setdefault("article", question["doc_ids"][0])
        articles[question["article"]].update(question["doc_ids"])
    return Set(name, documents, {a: sorted(ids) for a, ids in articles.items()}, questions)


def _lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def contains(text: str, answers: Sequence[str]) -> bool:
    """True where a normalised answer occurs in the normalised text as whole words."""
    inside = f" {_plain(text)} "
    return any(_plain(a) and f" {_plain(a)} " in inside for a in answers)


def _plain(text: str) -> str:
    bare = "".join(c for c in text.lower() if c.isalnum() or c.isspace())
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


class Bench:
    """Assistants over sets of documents, opened once each."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, ...], Assistant] = {}

    def over(self, documents: Sequence[Document]) -> Assistant:
        """An assistant with abstention switched off."""
        key = tuple(d.id for d in documents)
        if key not in self._open:
            if len(self._open) > 500:
                self._open.pop(next(iter(self._open))).close()
            self._open[key] = Assistant.from_documents(documents, llm="none", abstain=False)
        return self._open[key]

    def matched(
        self, question: str, documents: Sequence[Document], among: Sequence[str] | None = None
    ) -> Any:
        """(query, candidates, match, ranking features) as the product computes them.

        `among` narrows the search to some of the documents, by id.
        """
        searcher = self.over(documents).searcher
        hits = searcher.search(question, 12, among)
        candidates = searcher.candidates(hits)
        asked = searcher.prepare(understand(question, searcher.vector_of), hits)
        met = evidence.match(asked, candidates)
        return asked, candidates, met, evidence.ranking_features(asked, candidates, met)


def fit_ranking(bench: Bench, sets: Sequence[Set], limit: int) -> np.ndarray:
    """Weights per ranking feature, on unscaled features.

    Half of the questions are asked of their paragraph, half of the whole article.
    """
    pairs = []
    for data in sets:
        rng = random.Random(SEED)
        answerable = [q for q in data.questions if q["answers"]]
        for question in rng.sample(answerable, min(limit, len(answerable))):
            gold = [data.documents[i] for i in question["doc_ids"]]
            for documents in (gold, _article(data, question)):
                _, candidates, _, features = bench.matched(question["question"], documents)
                hit = np.array([_answers(c.sentence, question) for c in candidates])
                if hit.any() and not hit.all():
                    pairs.append((features, hit))
    scale = np.concatenate([features for features, _ in pairs]).std(axis=0)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        total, gradient = float(w @ w) / 2, w.copy()
        for features, hit in pairs:
            x = features / scale
            p = np.exp(x @ w - (x @ w).max())
            p /= p.sum()
            right = float(p[hit].sum())
            total -= np.log(right + 1e-12)
            gradient += x.T @ (p - p * hit / right)
        return total, gradient

    found = minimize(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B").x
    return np.asarray(found / scale)


def _answers(sentence: Sentence, question: dict[str, Any]) -> bool:
    inside = sentence.document_id in question["doc_ids"]
    return inside and contains(sentence.text, question["answers"])


def rows(bench: Bench, data: Set, ranking: np.ndarray, limit: int) -> Iterator[Row]:
    """Answerable questions and their three unanswerable counterparts."""
    rng = random.Random(SEED)
    answerable = [q for q in data.questions if q["answers"]]
    for question in rng.sample(answerable, min(limit, len(answerable))):
        everything = _article(data, question)
        gold = set(question["doc_ids"])
        without = [
            d.id
            for d in everything
            if d.id not in gold and not contains(d.text, question["answers"])
        ]
        elsewhere = rng.choice([a for a in data.articles if a != question["article"]])
        other = [data.documents[i] for i in data.articles[elsewhere]]
        swapped = _swap_name(question, data, everything, rng)
        text = question["question"]
        trials: list[tuple[str, str, list[Document], list[str] | None]]
        trials = [("answerable", text, everything, None), ("far", text, other, None)]
        trials += [("removed", text, everything, without)] if without else []
        trials += [("swapped", swapped, everything, None)] if swapped else []
        for kind, asked, documents, among in trials:
            matched = bench.matched(asked, documents, among)
            yield _row(kind, question["article"], matched, ranking)


def _row(kind: str, article: str, matched: Any, ranking: np.ndarray) -> Row:
    query, _, met, features = matched
    scores = (features @ ranking).astype(np.float32)
    best = int(np.argmax(scores))
    values = evidence.answering_features(query, met, features, scores, best)
    coverage = float(met.soft_context[best] @ query.weights)
    return Row(kind, article, kind == "answerable", values, coverage)


def _article(data: Set, question: dict[str, Any]) -> list[Document]:
    """All paragraphs of the question's article; of all articles where those are short."""
    ids = data.articles[question["article"]]
    if len(ids) < 5:
        ids = sorted(data.documents)
    return [data.documents[i] for i in ids]


def _swap_name(
    question: dict[str, Any], data: Set, everything: Sequence[Document], rng: random.Random
) -> str | None:
    """The question about another name of the article, one its paragraph lacks."""
    gold = " ".join(data.documents[i].text for i in question["doc_ids"])
    text = str(question["question"])
    own = [m for m in _NAME.finditer(text) if m.start() > 0 and m.group() in gold]
    others = [
        name
        for document in everything
        for name in _names(document.text)
        if name not in gold and name.lower() not in text.lower()
    ]
    if not own or not others:
        return None
    old = rng.choice(own)
    return text[: old.start()] + rng.choice(others) + text[old.end() :]


def _names(text: str) -> list[str]:
    capital = capitals(text)
    found = dict.fromkeys(m.group() for m in _NAME.finditer(text))
    return [n for n in found if all(w.text.lower() in capital for w in words(n)) and len(n) > 3]


def fit_answering(found: list[Row]) -> dict[str, Any]:
    """Coefficients on unscaled features, the threshold, and cross-validated figures."""
    x = np.stack([r.features for r in found])
    y = np.array([r.answerable for r in found])
    groups = np.array([r.article for r in found])
    held = np.zeros(len(y))
    for train, test in GroupKFold(5).split(x, y, groups):
        scaler = StandardScaler().fit(x[train])
        model = LogisticRegression(C=0.3, max_iter=3000).fit(scaler.transform(x[train]), y[train])
        held[test] = model.predict_proba(scaler.transform(x[test]))[:, 1]
    scaler = StandardScaler().fit(x)
    model = LogisticRegression(C=0.3, max_iter=3000).fit(scaler.transform(x), y)
    weights = model.coef_[0] / scaler.scale_
    threshold = float(np.quantile(held[y], FALSE_REFUSALS))
    kinds = np.array([r.kind for r in found])
    figures = {
        kind: {
            "n": int((kinds == kind).sum()),
            "abstained": round(float((held[kinds == kind] < threshold).mean()), 3),
            "auc": round(float(roc_auc_score(y[pair], held[pair])), 3)
            if kind != "answerable"
            else None,
        }
        for kind in sorted(set(kinds))
        for pair in [(kinds == kind) | y]
    }
    return {
        "answering": dict(zip(ANSWERING, np.round(weights, 4).tolist(), strict=True)),
        "intercept": round(float(model.intercept_[0] - weights @ scaler.mean_), 4),
        "answer_above": round(threshold, 4),
        "related_above": round(_between(found), 4),
        "figures": figures,
    }


def _between(found: list[Row]) -> float:
    """Coverage that separates questions of another article from near-misses best."""
    far = np.array([r.coverage for r in found if r.kind == "far"])
    near = np.array([r.coverage for r in found if r.kind in ("removed", "swapped")])
    cuts = np.unique(np.concatenate([far, near]))
    return float(max(cuts, key=lambda cut: (far < cut).mean() + (near >= cut).mean()))


def main() -> None:
    """Fit, print the figures, and write calibration.json if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--limit", type=int, default=300)
    given = parser.parse_args()
    encoder.CACHED_READINGS = 5000  # every passage of both sets, so each is read once
    if not (given.bench / "squad2.jsonl").exists():
        sys.exit(f"no squad2.jsonl in {given.bench}; name the folder with the public sets")
    squad, xquad = load(given.bench, "squad2"), load(given.bench, "xquad_en")
    timeqa = load(given.bench, "timeqa")
    bench = Bench()
    ranking = fit_ranking(bench, (squad, xquad, timeqa), given.limit)
    found = [row for data in (squad, xquad) for row in rows(bench, data, ranking, given.limit)]
    fitted = {
        "provenance": "evals/calibrate.py on SQuAD 2.0 dev (CC BY-SA 4.0), XQuAD en "
        "(CC BY-SA 4.0) and, for the ranking, TimeQA (BSD-3-Clause); "
        f"{len(found)} questions, seed {SEED}, {FALSE_REFUSALS:.0%} false refusals",
        "ranking": dict(zip(RANKING, np.round(ranking, 4).tolist(), strict=True)),
        "second_within": SECOND_WITHIN,
        "list_within": LIST_WITHIN,
        **fit_answering(found),
    }
    reading = json.loads(TARGET.read_text("utf-8"))["reading"]  # fitted by calibrate_reading.py
    text = json.dumps({**fitted, "reading": reading}, indent=2) + "\n"
    print(text)
    if given.write:
        TARGET.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
