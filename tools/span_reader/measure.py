"""Measure a reader: on paragraphs (SQuAD 2, XQuAD) and on the windows that askali ranks first.

Usage: python -m span_reader.measure MODEL --bench FOLDER [--windows FILE] [--limit N]

MODEL is a checkpoint of train.py or a folder with an exported reader. Prints one JSON object:
exact match and F1 of the marked words on the answerable, AUC of answerable against not, each
with n and a 95 % interval; on windows also what today's quotes give for the same questions.
Thresholds are never chosen on what is reported: refusal is told at the false-refusal rate
that was set beforehand (8 %), and the combination with today's confidence is fitted on the other
documents (five folds).
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from askali.models.span_reader import OnnxSpanReader
from askali.models.weights import minilm_folder
from askali_evals.scoring.text import contains_any, normalise, overlap, says_any
from span_reader.data import held_out
from span_reader.model import Codec, SpanReader, batch, best_span
from span_reader.near_misses import Example

FALSE_REFUSALS = 0.08
SEED = 22


@dataclass(frozen=True, slots=True)
class Marked:
    """What a reader makes of a window: the words, how far they beat no words, log-odds."""

    words: str
    span: tuple[int, int]
    margin: float
    odds: float


class Trained:
    """A checkpoint, read by torch."""

    def __init__(self, path: Path) -> None:
        folder = minilm_folder()
        self._codec, self._model = Codec(folder), SpanReader(folder)
        self._model.load_state_dict(torch.load(path, weights_only=True)["model"])
        self._model.eval()

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Marked]:
        """One reading for every (question, window)."""
        made = [self._codec.encode(Example(q, w, (), "")) for q, w in pairs]
        order = sorted(range(len(made)), key=lambda i: len(made[i].ids))
        found: dict[int, Marked] = {}
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            for at in range(0, len(order), 32):
                some = order[at : at + 32]
                start, end, odds = self._model(*batch([made[i] for i in some]))
                for row, i in enumerate(some):
                    first, last, score, null = best_span(start[row], end[row])
                    s, e = made[i].offsets[first][0], made[i].offsets[last][1]
                    words = pairs[i][1][s:e]
                    found[i] = Marked(words, (s, e), score - null, float(odds[row]))
        return [found[i] for i in range(len(pairs))]


class Exported:
    """An exported reader, as askali reads it."""

    def __init__(self, folder: Path) -> None:
        self._reader = OnnxSpanReader(folder, threads=2)

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Marked]:
        """One reading for every (question, window)."""
        found = []
        for question, some in groupby(pairs, key=lambda p: p[0]):
            windows = [w for _, w in some]
            for w, m in zip(windows, self._reader.read(question, windows), strict=True):
                found.append(Marked(w[m.start : m.end], (m.start, m.end), m.margin, m.log_odds))
        return found


def paragraphs(reader: Any, bench: Path, limit: int) -> dict[str, Any]:
    """SQuAD 2's held-out articles and XQuAD without articles that trained, whole paragraphs."""
    found: dict[str, Any] = {}
    squad = _rows(bench / "squad2.jsonl")
    closed = held_out([r["article"] for r in squad])
    trained = {r["article"] for r in squad} - closed
    for name in ("squad2", "xquad_en"):
        texts = {d["id"]: d["text"] for d in _rows(bench / f"{name}.docs.jsonl")}
        rows = squad if name == "squad2" else _rows(bench / "xquad_en.jsonl")
        rows = [
            r
            for r in rows
            if (r["article"] in closed if name == "squad2" else r["article"] not in trained)
        ]
        rows = random.Random(SEED).sample(rows, min(limit, len(rows)))
        marked = reader.read([(r["question"], texts[r["doc_ids"][0]]) for r in rows])
        right = [(m, r) for m, r in zip(marked, rows, strict=True) if r["answers"]]
        exact = [
            float(any(normalise(m.words) == normalise(a) for a in r["answers"])) for m, r in right
        ]
        f1 = [overlap(m.words, r["answers"]) for m, r in right]
        found[name] = {"n": len(right), "exact": _interval(exact), "f1": _interval(f1)}
        wrong = [m for m, r in zip(marked, rows, strict=True) if not r["answers"]]
        if wrong:
            there = [m for m, _ in right]
            for signal in ("odds", "margin"):
                found[name][f"auc_{signal}"] = _auc(
                    [getattr(m, signal) for m in there], [getattr(m, signal) for m in wrong]
                )
            z = lambda m: m.odds + m.margin / 2  # noqa: E731
            found[name]["auc_both"] = _auc([z(m) for m in there], [z(m) for m in wrong])
            found[name]["n_not"] = len(wrong)
    return found


def windows(reader: Any, path: Path, keep: Path | None = None) -> dict[str, Any]:
    """Every set of windows: what the reader marks in the likeliest of the best eight. Where `keep`
    names a file, the rows are written there with what was read of each window."""
    by_set: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(path):
        if row["windows"]:
            by_set[row["set"]].append(row)
    found = {name: _of_set(reader, rows) for name, rows in sorted(by_set.items())}
    if keep:
        lines = (json.dumps(r) for rows in by_set.values() for r in rows)
        keep.write_text("\n".join(lines) + "\n", "utf-8")
    return found


def _of_set(reader: Any, rows: list[dict[str, Any]]) -> dict[str, Any]:
    pairs = [(r["question"], w["text"]) for r in rows for w in r["windows"]]
    read = reader.read(pairs)
    for row, m in zip((r for r in rows for _ in r["windows"]), read, strict=True):
        row.setdefault("read", []).append([m.words, round(m.odds, 3), round(m.margin, 3)])
    marked = iter(read)
    chosen, odds, top = [], [], []
    for r in rows:
        some = [(next(marked), w) for w in r["windows"]]
        # The ranking has its say: a window further down must be that much likelier.
        best = max(some, key=lambda m: m[0].odds + m[0].margin / 2 - 0.15 * some.index(m))
        chosen.append(best)
        odds.append(max(m.odds + m.margin / 2 for m, _ in some))
        top.append(some[0][0].odds + some[0][0].margin / 2)
    there = np.array([r["answerable"] for r in rows])
    today = np.array([r["confidence"] for r in rows])
    score = np.array(odds)
    right = [i for i in range(len(rows)) if there[i]]

    def says(text: str, i: int) -> bool:
        return all(
            says_any(text, tuple(line)) or contains_any(text, line) for line in rows[i]["expected"]
        )

    found: dict[str, Any] = {
        "n": int(there.sum()),
        "n_not": int((~there).sum()),
        "in_windows": _interval(
            [
                float(
                    any(says(w["text"], i) for w in rows[i]["windows"])
                    or says(" ".join(w["text"] for w in rows[i]["windows"]), i)
                )
                for i in right
            ]
        ),
        "phrase_right": _interval([float(says(chosen[i][0].words, i)) for i in right]),
        "window_right": _interval([float(says(chosen[i][1]["text"], i)) for i in right]),
        "first_window_right": _interval(
            [float(says(rows[i]["windows"][0]["text"], i)) for i in right]
        ),
        "today_right": _interval(
            [float(not rows[i]["abstained"] and says(rows[i]["answer"], i)) for i in right]
        ),
        "today_says_or_refused": _interval([float(says(rows[i]["answer"], i)) for i in right]),
        "f1": _interval(
            [
                float(np.mean([overlap(chosen[i][0].words, line) for line in rows[i]["expected"]]))
                for i in right
            ]
        ),
        "today_f1": _interval(
            [
                float(np.mean([overlap(rows[i]["answer"], line) for line in rows[i]["expected"]]))
                for i in right
            ]
        ),
        "words": float(np.median([len(chosen[i][0].words.split()) for i in right])) if right else 0,
        "today_refused": {
            "right": round(
                float(np.mean([r["abstained"] for r, t in zip(rows, there, strict=True) if not t])),
                3,
            )
            if (~there).any()
            else None,
            "false": round(
                float(np.mean([r["abstained"] for r, t in zip(rows, there, strict=True) if t])), 3
            ),
        },
    }
    if there.all() or not there.any() or (~there).sum() < 10:
        return found
    documents = [r["document"] for r in rows]
    if len(set(documents)) > 3:
        seen = np.array(
            [[m[0].odds + m[0].margin / 2, first] for m, first in zip(chosen, top, strict=True)]
        )
        both = _out_of_fold(np.column_stack([score, seen, _logit(today)]), there, documents)
    else:
        both = today
    for name, s in (("reader", score), ("today", today), ("both", both)):
        found[f"auc_{name}"] = _auc(s[there], s[~there])
        cut = np.quantile(s[there], FALSE_REFUSALS)
        near = np.array([r["kind"] == "near-miss" for r in rows])
        if near.any():
            found[f"near_refused_{name}"] = round(float((s[near] < cut).mean()), 3)
            found[f"near_auc_{name}"] = _auc(s[there], s[near])
        found[f"refused_{name}"] = round(float((s[~there] < cut).mean()), 3)
    return found


def _logit(p: np.ndarray) -> np.ndarray:
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return np.log(p / (1 - p))


def _out_of_fold(x: np.ndarray, y: np.ndarray, groups: Sequence[str]) -> np.ndarray:
    x = (x - x.mean(0)) / (x.std(0) + 1e-9)
    found = np.zeros(len(y))
    for train, test in GroupKFold(min(5, len(set(groups)))).split(x, y, groups):
        found[test] = LogisticRegression().fit(x[train], y[train]).decision_function(x[test])
    return found


def _auc(right: Sequence[float], wrong: Sequence[float]) -> list[float]:
    """AUC with the 95 % interval of 500 resamplings."""
    right, wrong = np.asarray(right), np.asarray(wrong)
    rng = np.random.default_rng(SEED)

    def one(a: np.ndarray, b: np.ndarray) -> float:
        return float(roc_auc_score([1] * len(a) + [0] * len(b), np.concatenate([a, b])))

    drawn = [one(rng.choice(right, len(right)), rng.choice(wrong, len(wrong))) for _ in range(500)]
    return [round(v, 3) for v in (one(right, wrong), *np.quantile(drawn, [0.025, 0.975]))]


def _interval(values: Sequence[float]) -> list[float]:
    """The mean with the 95 % interval of 1000 resamplings."""
    if not values:
        return []
    given = np.asarray(values)
    drawn = np.random.default_rng(SEED).choice(given, (1000, len(given))).mean(1)
    return [round(float(v), 3) for v in (given.mean(), *np.quantile(drawn, [0.025, 0.975]))]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--windows", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--limit", type=int, default=800)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    reader = Exported(args.model) if args.model.is_dir() else Trained(args.model)
    found = {"paragraphs": paragraphs(reader, args.bench, args.limit)}
    if args.windows:
        found["windows"] = windows(reader, args.windows, args.keep)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
