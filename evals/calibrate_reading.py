"""Fit what the local reader's proposals are worth, on public questions.

Usage: python evals/calibrate_reading.py BENCH_FOLDER --replies FILE [--write]

Needs the local model's weights (askali models fetch). Questions of SQuAD 2.0 and XQuAD
are asked of their whole article. Unanswerable are SQuAD's adversarial ones, questions
whose answering paragraph was taken out, and ones with a name of the article swapped in
(see calibrate.py). What is fitted: the weight of the reader's log-odds in the ranking
(conditional logit, one number) and the probability that a proposed answer is right
(logistic regression over `calibration.READING`, every proposal a row, from the
coefficients of an earlier fit on). Right is a phrase that holds the answer in at most eight
words more, or a sentence that holds it. Figures are held out
by article. The false-refusal rate on answerable questions is set beforehand; the threshold
follows from it. The model's replies are kept in FILE, so that a second fit asks nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from askali import Document
from askali.answering import reading
from askali.answering.reader import Reader
from askali.models import embeddings as encoder
from askali.models.serving import open_model
from askali.query.understanding import understand
from askali.retrieval.calibration import READING, Calibration, load_calibration
from askali.retrieval.ranking import RankedEvidence, judge
from askali.settings import Settings
from askali_evals.scoring.stats import risk_coverage
from calibrate import SEED, TARGET, Bench, Set, _answers, _article, _swap_name, contains, load
from remembered import Remembered

FALSE_REFUSALS = 0.07
SHARES = (0.2, 0.4, 0.6, 0.8, 1.0)
MORE_WORDS = 8
PRIOR = {
    "surface": 0.2642,
    "likeliest": 0.2076,
    "judged": 0.6049,
    "checked": 0.3047,
    "unmarked": -0.9672,
    "names_missing": -1.9577,
}
"""The fit of 410 questions to an earlier reader that marked only; what else counts is 0 there."""

NEVER_FOR = ("unmarked", "disputed", "rank", "names_missing")
"""What cannot speak for an answer, as nothing else but `joint` can speak against one: with few
rows a coefficient would else take the wrong sign by chance."""

STRENGTH = 0.1
"""How far a coefficient may go from there: the variance of its prior, for a feature of
variance 1."""

SETS = ("squad2", "xquad_en")


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


@dataclass(frozen=True)
class Proposed:
    """What was proposed for a trial: rows of features, which are right, how they were found."""

    trial: Trial
    rows: np.ndarray
    right: np.ndarray
    found: Sequence[reading.Proposal]


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
        if without and rng.random() < 0.3:
            found.append(Trial("removed", question["question"], question, without))
        swapped = _swap_name(question, data, documents, rng)
        if swapped and rng.random() < 0.5:
            found.append(Trial("swapped", swapped, question, documents))
    adversarial = [q for q in data.questions if not q["answers"]]
    for question in rng.sample(adversarial, min(limit, len(adversarial))):
        documents = _article(data, question)
        found.append(Trial("adversarial", question["question"], question, documents))
    articles = sorted({str(trial.question["article"]) for trial in found})
    rng.shuffle(articles)  # so that as many as there is time for are a fair sample
    return sorted(found, key=lambda trial: articles.index(str(trial.question["article"])))


def judged(reader: Reader, bench: Bench, trial: Trial) -> Judged:
    """The trial's sentences ranked, the best of them judged by the reader."""
    assistant = bench.over(trial.documents)
    hits = assistant.searcher.search(trial.text, assistant.settings.k)
    asked = assistant.searcher.prepare(understand(trial.text, assistant.searcher.vector_of), hits)
    verdict = judge(asked, assistant.searcher.candidates(hits), load_calibration())
    return Judged(trial, verdict, reading.judge(reader, verdict))


def fit_weight(found: Sequence[Judged]) -> float:
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


def proposed(reader: Reader, one: Judged, fitted: Calibration) -> Proposed:
    """The proposals for a trial with a row of `calibration.READING` each."""
    ranked = reading.rerank(one.verdict, one.likely, fitted)
    found = reading.proposals(reader, ranked)
    rows = [
        reading.features(one.verdict, one.likely, ranked, found, p)
        for p in reading.checked(reader, ranked, found)
    ]
    right = [is_right(p, ranked, one.trial) for p in found]
    return Proposed(one.trial, np.stack(rows), np.array(right), found)


def is_right(proposal: reading.Proposal, ranked: RankedEvidence, trial: Trial) -> bool:
    """True where the trial has an answer and the proposal gives it."""
    if trial.kind != "answerable":
        return False
    answers = trial.question["answers"]
    if proposal.span is None:
        return _answers(ranked.candidates[proposal.number].sentence, trial.question)
    longest = max(len(answer.split()) for answer in answers)
    words = proposal.span.words
    is_short = len(words.split()) <= longest + MORE_WORDS
    return (contains(words, answers) and is_short) or any(contains(a, [words]) for a in answers)


def fit(found: Sequence[Proposed], weight: float) -> dict[str, Any]:
    """Weights, threshold and figures held out by article."""
    x = np.concatenate([one.rows for one in found])
    y = np.concatenate([one.right for one in found])
    of = np.concatenate([[n] * len(one.rows) for n, one in enumerate(found)])
    articles = np.array([str(found[n].trial.question["article"]) for n in of])
    held = np.zeros(len(y))
    for train, test in GroupKFold(5).split(x, y, articles):
        weights, intercept = regression(x[train], y[train])
        held[test] = 1 / (1 + np.exp(-(x[test] @ weights + intercept)))
    weights, intercept = regression(x, y)
    chosen = [int(np.flatnonzero(of == n)[np.argmax(held[of == n])]) for n in range(len(found))]
    best = held[chosen]
    answerable = np.array([one.trial.kind == "answerable" for one in found])
    threshold = float(np.quantile(best[answerable], FALSE_REFUSALS))
    curve = risk_coverage(list(zip(best.tolist(), y[chosen].tolist(), strict=True)))
    return {
        "weight": round(weight, 4),
        "weights": dict(zip(READING, np.round(weights, 4).tolist(), strict=True)),
        "intercept": round(intercept, 4),
        "answer_above": round(threshold, 4),
        "figures": figures(found, best, y[chosen], threshold),
        "wrong_of_answered": {
            f"{share:.0%}": next(risk for answered, risk in curve if answered >= share - 1e-9)
            for share in SHARES
        },
    }


def regression(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and intercept of a logistic regression that goes from `PRIOR` as far as the rows
    ask for."""
    scale = x.std(axis=0) + 1e-6
    prior = np.array([PRIOR.get(name, 0.0) for name in READING])
    sign = np.where(y, 1.0, -1.0)

    def loss(at: np.ndarray) -> float:
        z = sign * (x @ at[:-1] + at[-1])
        distance = (at[:-1] - prior) * scale
        return float(np.logaddexp(0, -z).sum() + (distance @ distance) / (2 * STRENGTH))

    signs = [(None, 0) if n in NEVER_FOR else (0, None) for n in READING]
    bounds = [(None, None) if n == "joint" else b for n, b in zip(READING, signs, strict=True)]
    start = np.append(prior, 0.0)
    found = minimize(loss, start, method="L-BFGS-B", bounds=[*bounds, (None, None)]).x
    return found[:-1], float(found[-1])


def figures(
    found: Sequence[Proposed], best: np.ndarray, right: np.ndarray, threshold: float
) -> dict[str, Any]:
    """How often the chosen proposal is right, and each way alone; what is refused, by kind."""
    kinds = np.array([one.trial.kind for one in found])
    answerable = kinds == "answerable"
    of = [one for one in found if one.trial.kind == "answerable"]
    marked = [any(r and not p.is_joint for p, r in zip(o.found, o.right, strict=True)) for o in of]
    joint = [any(r and p.is_joint for p, r in zip(o.found, o.right, strict=True)) for o in of]
    made: dict[str, Any] = {
        "right": {
            "n": int(answerable.sum()),
            "chosen": round(float(right[answerable].mean()), 3),
            "chosen_and_shown": round(float((right & (best >= threshold))[answerable].mean()), 3),
            "marked": round(float(np.mean(marked)), 3),
            "joint": round(float(np.mean(joint)), 3),
            "either": round(float(np.mean([o.right.any() for o in of])), 3),
        }
    }
    for kind in sorted(set(kinds) - {"answerable"}):
        pair = (kinds == kind) | answerable
        made[kind] = {
            "n": int((kinds == kind).sum()),
            "abstained": round(float((best[kinds == kind] < threshold).mean()), 3),
            "auc": round(float(roc_auc_score(answerable[pair], best[pair])), 3),
        }
    return made


def main() -> None:
    """Read, fit, print, and write into calibration.json if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--replies", type=Path, required=True)
    parser.add_argument("--llm", default="local", help="the local model that is fitted")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--limit", type=int, default=40)
    parser.add_argument("--weight", type=float, help="of the ranking; as it is where not given")
    parser.add_argument("--minutes", type=float, default=600.0, help="fit on what is read by then")
    parser.add_argument("--replay", action="store_true", help="ask no model: what FILE holds")
    given = parser.parse_args()
    encoder.CACHED_READINGS = 5000
    model = None if given.replay else open_model(Settings.load(llm=given.llm))
    reader = Reader(Remembered(model, given.replies))
    fitted = load_calibration()
    if given.weight is not None:
        fitted = replace(fitted, reading_weight=given.weight)
    asked = [
        t for pair in zip_longest(*(trials(load(given.bench, name), given.limit) for name in SETS))
        for t in pair if t
    ]  # fmt: skip
    give_up = time.monotonic() + 60 * given.minutes
    bench, judgements, found = Bench(), [], []
    try:
        for n, trial in enumerate(asked, 1):
            one = judged(reader, bench, trial)
            found.append(proposed(reader, one, fitted))
            judgements.append(one)
            if n % 10 == 0:
                print(f"{n} of {len(asked)} read", file=sys.stderr, flush=True)
            if time.monotonic() > give_up:
                break
    except LookupError:
        pass  # as far as the replies go
    finally:
        reader.model.close()
    print(f"best weight {fit_weight(judgements):.3f}", file=sys.stderr)
    weight = fitted.reading_weight
    made = {
        "provenance": "evals/calibrate_reading.py on SQuAD 2.0 dev (CC BY-SA 4.0) and XQuAD en "
        f"(CC BY-SA 4.0); {len(found)} questions, seed {SEED}, {FALSE_REFUSALS:.0%} false "
        f"refusals; {given.llm}",
        **fit(found, weight),
    }
    print(json.dumps(made, indent=2))
    if given.write:
        whole = {**json.loads(TARGET.read_text("utf-8")), "reading": made}
        TARGET.write_text(json.dumps(whole, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
