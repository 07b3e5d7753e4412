"""What the shipped question classifier and fits like it get right; writes nothing.

    python evals/question_types/measure.py [test] [folds] [natural] [trec] [speed] [strangers]

`test`: confusion and thresholds of the shipped file. `folds`: thresholds on folds of the training
questions, where phrasings are not seen. `natural`: a fit without the natural questions. `trec`:
kinds of 500 TREC questions not seen. `speed`: time, and the difference from the fit in full
precision. `strangers`: shapes given to questions that people wrote about paragraphs (QAMR), none
of which is talk or a matter of opinion.
"""

from __future__ import annotations

import sys
import time
import zlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
from data import TREC, common_words, features, own, trec, vectors
from fit import fit_shapes, natural, right
from sklearn.linear_model import LogisticRegression

from askali.query import classifier

HARD_KINDS = "money number percentage date person place organisation reason manner".split()


def shipped(questions: Sequence[str]) -> tuple[np.ndarray, np.ndarray, list[str], list[str]]:
    """Probabilities of shapes and of kinds, and their names, by the runtime's own code."""
    fitted = classifier._fitted()
    shapes, kinds = [], []
    for question, vector in zip(questions, vectors(questions), strict=True):
        columns, values = classifier.hashed(question, fitted.common_words)
        logits = fitted.bias + vector @ fitted.weights[: classifier.DIM]
        logits = logits + np.asarray(values, np.float32) @ fitted.weights[columns]
        shapes.append(classifier._softmax(logits[: len(fitted.shapes)]))
        kinds.append(classifier._softmax(logits[len(fitted.shapes) :]))
    names = [shape.value for shape in fitted.shapes], [kind.value for kind in fitted.kinds]
    return np.stack(shapes), np.stack(kinds), *names


def thresholds(probable: np.ndarray, names: Sequence[str], truth: np.ndarray) -> None:
    """Accuracy where what is below a threshold is a fact, and how it is wrong."""
    likeliest, top = np.array(names)[probable.argmax(1)], probable.max(1)
    print("threshold  right  wrongly a fact  wrongly another")
    for least in (0, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7):
        said = np.where(top >= least, likeliest, "fact")
        missed = (said != truth) & (said == "fact")
        print(
            f"{least:9.2f} {np.mean(said == truth):6.1%} {np.mean(missed):15.1%}"
            f" {np.mean((said != truth) & ~missed):16.1%}"
        )


def test() -> None:
    rows = own("test")
    truth = np.array([row["shape"] for row in rows])
    probable, of_kinds, names, kinds = shipped([row["question"] for row in rows])
    said = np.array(names)[probable.argmax(1)]
    print(f"shape {np.sum(said == truth)} of {len(rows)}")
    order = sorted(set(names), key=lambda name: -int(np.sum(truth == name)))
    print(f"{'truth':>15} " + " ".join(f"{name[:5]:>5}" for name in order) + "  recall")
    for name in order:
        counts = [int(np.sum((truth == name) & (said == other))) for other in order]
        share = counts[order.index(name)] / max(1, sum(counts))
        print(f"{name:>15} " + " ".join(f"{n or '·':>5}" for n in counts) + f"  {share:.0%}")
    thresholds(probable, names, truth)
    kind = np.array(kinds)[of_kinds.argmax(1)]
    right_kind = np.array([row["kind"] for row in rows])
    print(f"kind {np.sum(kind == right_kind)} of {len(rows)}", end="; ")
    is_value = right_kind != "other"
    print(f"without other {np.sum((kind == right_kind)[is_value])} of {is_value.sum()}")
    print(Counter(zip(right_kind[kind != right_kind], kind[kind != right_kind])).most_common(12))  # noqa: B905


def folds() -> None:
    rows = own("train")
    common = common_words(rows, 4)
    fold = np.array([zlib.crc32(r.get("phrasing", r["question"]).encode()) % 5 for r in rows])
    truth = np.array([row["shape"] for row in rows])
    probable = np.zeros((len(rows), len(set(truth))))
    for held in range(5):
        seen = [row for row, at in zip(rows, fold, strict=True) if at != held]
        model = fit_shapes(seen, common)
        asked = [row["question"] for row, at in zip(rows, fold, strict=True) if at == held]
        probable[fold == held] = model.predict_proba(features(asked, common))
    thresholds(probable, list(model.classes_), truth)


def without_natural() -> None:
    rows, documents = own("train"), natural()
    common = common_words(rows, 4)
    model = fit_shapes(rows, common)
    test = own("test")
    print(f"test {right(model, test, common)[0]} of {len(test)}")
    asked = [row for found in documents.values() for row in found]
    n, wrong = right(model, asked, common)
    print(f"natural {n} of {len(asked)} {wrong.most_common(12)}")


def kinds_of_trec() -> None:
    rows, asked = own("train"), trec()
    common = common_words(rows, 4)
    x = features([q for q, *_ in asked] + [row["question"] for row in rows], common)
    y = np.array([kind for *_, kind in asked] + [row["kind"] for row in rows])
    text = np.array([" ".join(classifier.tokens(q)) for q, *_ in asked])
    for seed in (0, 1, 2):
        held = np.sort(np.random.default_rng(seed).permutation(len(asked))[:500])
        seen = np.setdiff1d(np.arange(len(y)), held)
        doubles = set(text[held])
        is_double = np.array([i < len(asked) and text[i] in doubles for i in seen])
        for name, learnt in (
            ("all others", seen),
            ("others, no doubles", seen[~is_double]),
            ("others, TREC only", seen[seen < len(asked)]),
        ):
            model = LogisticRegression(C=4, max_iter=120, tol=1e-3).fit(x[learnt], y[learnt])
            ok = model.predict(x[held]) == y[held]
            hard = np.isin(y[held], HARD_KINDS)
            by = {k: f"{ok[y[held] == k].sum()}/{(y[held] == k).sum()}" for k in HARD_KINDS}
            print(
                f"seed {seed}, {name}: {ok.sum()} of 500; {ok[hard].sum()} of {hard.sum()} {by}",
                flush=True,
            )  # noqa: E501


def speed() -> None:
    rows = own("test")
    questions = [row["question"] for row in rows]
    known = vectors(questions)
    classifier.classify(questions[0], known[0])
    start = time.perf_counter()
    for question, vector in zip(questions, known, strict=True):
        classifier.classify(question, vector)
    print(f"{(time.perf_counter() - start) / len(rows) * 1e3:.2f} ms a question")
    train = own("train") + [row for found in natural().values() for row in found]
    common = common_words(own("train"), 4)
    model = fit_shapes(train, common)
    full = model.predict_proba(features(questions, common))
    half, _, names, _ = shipped(questions)
    half = half[:, [names.index(name) for name in model.classes_]]
    print(
        f"greatest difference of a probability from scikit-learn: {np.abs(full - half).max():.4f}"
    )
    print(f"other shape for {np.sum(full.argmax(1) != half.argmax(1))} of {len(rows)}")


def strangers() -> None:
    lines = (TREC.parent / "qamr.dev.tsv").read_text("utf-8").splitlines()
    questions = list(dict.fromkeys(line.split("\t")[5] for line in lines))[::17][:1000]
    probable, _, names, _ = shipped(questions)
    said, top = np.array(names)[probable.argmax(1)], probable.max(1)
    print(len(questions), Counter(said.tolist()).most_common())
    for shape in ("small_talk", "outside", "about_document", "summary", "timeline", "extract"):
        where = np.flatnonzero(said == shape)
        sure = where[top[where] >= 0.7]
        print(f"{shape}: {len(where)}, surely {len(sure)}:", [questions[i] for i in sure[:6]])


if __name__ == "__main__":
    parts = {
        "test": test,
        "folds": folds,
        "natural": without_natural,
        "trec": kinds_of_trec,
        "speed": speed,
        "strangers": strangers,
    }
    for name in sys.argv[1:] or parts:
        print(f"== {name}", flush=True)
        parts[name]()
