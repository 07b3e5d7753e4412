"""Labelled questions and their features: our own, and TREC's read from where it lies."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack

from askali.models.embeddings import MiniLM
from askali.query.classifier import COLUMNS, DIM, hashed, tokens

HERE = Path(__file__).parent
TREC = Path(os.environ.get("ASKALI_TRAIN", "../shared/train")) / "trec.train_5500.label"
CACHE = Path(
    os.environ.get(
        "ASKALI_QUESTION_VECTORS", Path(tempfile.gettempdir()) / "askali-question-vectors.npz"
    )
)

KIND_OF_TREC = {
    "NUM:money": "money", "NUM:perc": "percentage", "NUM:date": "date", "NUM:period": "duration",
    "NUM": "number", "HUM:ind": "person", "HUM:gr": "organisation", "HUM:title": "other",
    "HUM:desc": "definition", "LOC": "place", "DESC:def": "definition", "ABBR:exp": "definition",
    "ABBR:abb": "other", "DESC:reason": "reason", "DESC:manner": "manner", "DESC:desc": "other",
    "ENTY": "other",
}  # fmt: skip


def own(name: str) -> list[dict[str, str]]:
    """The rows of `train.jsonl` or `test.jsonl`."""
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()]


def trec() -> list[tuple[str, str, str]]:
    """(question, TREC's label, our kind), in the file's order."""
    rows = []
    for line in TREC.read_text("latin-1").splitlines():
        label, question = line.split(" ", 1)
        # The set is tokenised: "What 's the … ?"
        question = question.replace(" 's", "'s").replace(" ?", "?").replace(" ,", ",").strip()
        kind = KIND_OF_TREC.get(label) or KIND_OF_TREC[label.split(":")[0]]
        rows.append((question, label, kind))
    return rows


def vectors(questions: Sequence[str]) -> np.ndarray:
    """The encoder's vectors, kept between runs in `CACHE`."""
    keys = [hashlib.sha1(question.encode()).hexdigest() for question in questions]
    known: dict[str, np.ndarray] = {}
    if CACHE.exists():
        with np.load(CACHE) as stored:
            known = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
    missing = {key: text for key, text in zip(keys, questions, strict=True) if key not in known}
    if missing:
        print(f"encoding {len(missing)} questions", file=sys.stderr)
        known.update(zip(missing, MiniLM().embed(list(missing.values())), strict=True))
        np.savez(CACHE, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
    return np.stack([known[key] for key in keys])


def common_words(rows: Sequence[dict[str, str]], at_least: int) -> frozenset[str]:
    """Words of at least so many phrasings of our own questions, whatever their shape."""
    found = Counter(
        word
        for phrasing in {row.get("phrasing", row["question"]) for row in rows}
        for word in set(tokens(re.sub(r"\{\w+\}", " ", phrasing)))
    )
    return frozenset(word for word, times in found.items() if times >= at_least)


def features(questions: Sequence[str], common: frozenset[str]) -> csr_matrix:
    """Vector and hashed grams side by side, one row a question."""
    columns: list[int] = []
    values: list[float] = []
    starts = [0]
    for question in questions:
        of_columns, of_values = hashed(question, common)
        columns += [column - DIM for column in of_columns]
        values += of_values
        starts.append(len(columns))
    grams = csr_matrix(
        (np.array(values, np.float32), columns, starts),
        shape=(len(questions), COLUMNS - DIM),
    )
    return hstack([csr_matrix(vectors(questions)), grams], format="csr")
