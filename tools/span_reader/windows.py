"""What askali's own retrieval ranks first for questions that no training saw, with what `none`
answers today: the rows that `measure.py` gives a reader.

Usage: python -m span_reader.windows OUT.jsonl --bench FOLDER [--limit N]

One JSON line a question: `set`, `document`, `question`, `answerable`, `kind`, what is `expected`
(every line: any one of its strings), `windows` (text and rank, best first, sharing no sentence),
and of today's quotes `answer`, `abstained`, `confidence`. A file that is there already is added to.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askali import Assistant, Document
from askali.query.understanding import understand
from askali.retrieval.calibration import load_calibration
from askali.retrieval.ranking import judge, window
from askali_evals.benchmarks.public_sets import read_documents, read_questions
from askali_evals.cases.facts import evals_folder, load_suites
from span_reader.data import held_out

WINDOWS = 8
SEED = 22
NATURAL = ("fact", "yes_no", "definition", "why", "count", "outside")


@dataclass(frozen=True)
class Trial:
    """A question of documents, with what a right answer says; nothing where none is right."""

    set: str
    kind: str
    question: str
    expected: list[list[str]]
    documents: str | list[Document]
    among: list[str] | None = None


def own() -> Iterator[Trial]:
    """The facts and natural questions that come with askali, single questions only."""
    for suite in load_suites(evals_folder()):
        for case in suite.cases:
            shape = case.shape or "fact"
            if case.history or case.turns or shape not in NATURAL:
                continue
            said = case.expect or (case.points.any if case.points else ())
            name = "facts" if case.points is None else "natural"
            expected = [list(line) for line in said] if case.answerable else []
            if case.answerable and not expected:
                continue
            tagged = [t for t in case.tags if t in ("near-miss", "far-off")]
            yield Trial(
                name, tagged[0] if tagged else shape, case.question, expected, str(suite.documents)
            )


def public(bench: Path, limit: int) -> Iterator[Trial]:
    """Public sets: whole articles for SQuAD 2 and XQuAD, each question's documents elsewhere."""
    rng = random.Random(SEED)
    for name in ("squad2", "xquad_en", "timeqa", "tatqa"):
        texts = read_documents(bench, name)
        rows = [
            json.loads(line)
            for line in (bench / f"{name}.jsonl").read_text("utf-8").split("\n")
            if line
        ]
        if name == "squad2":
            closed = held_out([r["article"] for r in rows])
            rows = [r for r in rows if r["article"] in closed]
        if name == "tatqa":
            rows = [r for r in rows if "arithmetic" not in r["tags"]]
        articles: dict[str, list[str]] = {}
        for r in rows:
            articles.setdefault(r.get("article", r["doc_ids"][0]), []).extend(r["doc_ids"])
        for r in rng.sample(rows, min(limit, len(rows))):
            ids = sorted(set(articles[r.get("article", r["doc_ids"][0])]))
            kind = "answerable" if r["answers"] else "not"
            expected = [r["answers"]] if r["answers"] else []
            yield Trial(name, kind, r["question"], expected, [texts[i] for i in ids])
    for question in read_questions(bench, "hotpotqa"):
        expected = [list(question.answers)] if question.answers else []
        kind = "answerable" if expected else "not"
        yield Trial("hotpotqa", kind, question.text, expected, list(question.documents))


def row(bot: Assistant, trial: Trial) -> dict[str, Any]:
    """The trial with its windows and today's answer."""
    searcher = bot.searcher
    hits = searcher.search(trial.question, bot.settings.k)
    asked = searcher.prepare(understand(trial.question, searcher.vector_of), hits)
    verdict = judge(asked, searcher.candidates(hits), load_calibration())
    seen: set[Any] = set()
    shown = []
    for rank, number in enumerate(verdict.order):
        some = [s for s in window(verdict, verdict.candidates[number].sentence) if s not in seen]
        if not some or verdict.candidates[number].sentence in seen:
            continue
        seen |= set(some)
        shown.append(
            {
                "text": " ".join(s.text for s in some),
                "rank": rank,
                "heading": some[-1].heading,
                "score": round(float(verdict.scores[number]), 4),
            }
        )
        if len(shown) == WINDOWS:
            break
    answer = bot.ask(trial.question)
    return {
        "set": trial.set,
        "kind": trial.kind,
        "question": trial.question,
        "document": trial.documents if isinstance(trial.documents, str) else trial.documents[0].id,
        "answerable": bool(trial.expected),
        "expected": trial.expected,
        "windows": shown,
        "answer": answer.text,
        "abstained": answer.abstained,
        "confidence": verdict.confidence,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=300)
    args = parser.parse_args()
    done = set()
    if args.out.exists():
        done = {
            (r["set"], r["question"]) for r in map(json.loads, args.out.read_text().splitlines())
        }
    trials = [*own(), *public(args.bench, args.limit)]
    # One assistant at a time: the questions of the same documents one after the other.
    trials.sort(
        key=lambda t: (
            t.set,
            str(t.documents if isinstance(t.documents, str) else [d.id for d in t.documents]),
        )
    )
    bot: Assistant | None = None
    opened: str | list[Document] | None = None
    with args.out.open("a", encoding="utf-8") as out:
        for trial in trials:
            if (trial.set, trial.question) in done:
                continue
            if bot is None or trial.documents != opened:
                if bot:
                    bot.close()
                if isinstance(trial.documents, str):
                    bot = Assistant.open(llm="none", corpus=trial.documents)
                else:
                    bot = Assistant.from_documents(trial.documents, llm="none")
                opened = trial.documents
            try:
                print(json.dumps(row(bot, trial)), file=out, flush=True)
            except Exception as exc:  # one odd question does not end the run
                print(f"{trial.set}: {trial.question!r}: {exc!r}")


if __name__ == "__main__":
    main()
