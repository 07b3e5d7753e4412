"""How well askali answers and refuses in other languages.

Usage: python evals/experiments/xquad.py FOLDER LANGUAGE [LANGUAGE ...] [--limit N]

FOLDER holds XQuAD's files (github.com/google-deepmind/xquad, CC BY-SA 4.0), such as
``xquad.zh.json``. Each language's 240 paragraphs are one index. A question is asked of all, of
the other paragraphs of its article ("removed") and of another article ("far"). Refused is what
lies below the threshold that is shipped.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from sklearn.metrics import roc_auc_score

from askali import Answer, Assistant, Document
from askali.retrieval.calibration import load_calibration

SEED = 7


@dataclass(frozen=True)
class Asked:
    """One question in one language: what came of it, and its confidence in the three trials."""

    language: str
    is_contained: bool
    is_placed: bool
    characters: int
    confidence: float
    removed: float
    far: float


def measure(folder: Path, language: str, limit: int) -> list[Asked]:
    """`limit` questions of one language, with abstention off for what is read."""
    articles = json.loads((folder / f"xquad.{language}.json").read_text("utf-8"))["data"]
    documents: list[Document] = []
    of_article: dict[int, list[str]] = defaultdict(list)
    questions = []
    for number, article in enumerate(articles):
        for paragraph in article["paragraphs"]:
            id = f"{number}-{len(of_article[number])}"
            of_article[number].append(id)
            documents.append(Document(id, "", paragraph["context"]))
            questions += [(number, id, qa) for qa in paragraph["qas"]]
    random.Random(SEED).shuffle(questions)
    found = []
    with Assistant.from_documents(documents, llm="none", abstain=False) as bot:
        for number, id, qa in questions[:limit]:
            answer = bot.ask(qa["question"])
            others = [other for other in of_article[number] if other != id]
            elsewhere = of_article[(number + 7) % len(articles)]
            found.append(
                Asked(
                    language,
                    is_contained=_contains(answer, [a["text"] for a in qa["answers"]]),
                    is_placed=any(c.document_id == id for c in answer.citations),
                    characters=len(" ".join(c.quote for c in answer.citations)),
                    confidence=answer.confidence,
                    removed=bot.ask(qa["question"], documents=others).confidence,
                    far=bot.ask(qa["question"], documents=elsewhere).confidence,
                )
            )
    return found


def _contains(answer: Answer, expected: Sequence[str]) -> bool:
    said = _plain(" ".join(c.quote for c in answer.citations))
    return any(_plain(text) in said for text in expected)


def _plain(text: str) -> str:
    return "".join(ch for ch in text.lower() if ch.isalnum())


def report(asked: Sequence[Asked]) -> str:
    """One line of the table for the documentation."""
    above = load_calibration().answer_above
    auc = roc_auc_score(
        [1] * len(asked) + [0] * len(asked),
        [a.confidence for a in asked] + [a.removed for a in asked],
    )
    shares = [
        np.mean([a.is_contained for a in asked]),
        np.mean([a.is_placed for a in asked]),
        np.mean([a.confidence < above for a in asked]),
        np.mean([a.removed < above for a in asked]),
        np.mean([a.far < above for a in asked]),
        auc,
    ]
    cells = [f"{float(share):.3f}" for share in shares]
    length = median(a.characters for a in asked)
    return f"| {asked[0].language} | {len(asked)} | {' | '.join(cells)} | {length:.0f} |"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("languages", nargs="+")
    parser.add_argument("--limit", type=int, default=200)
    given = parser.parse_args()
    print("| language | n | contained | paragraph cited | refused | removed | far | AUC | length |")
    for code in given.languages:
        print(report(measure(given.folder, code, given.limit)), flush=True)


if __name__ == "__main__":
    main()
