"""How well are claims checked? Mutations of true claims, and human labels.

Usage: python evals/verify_bench.py BENCH_FOLDER [--half develop|held] [--show KIND] [--docs N]

(a) Claims made from sentences of public sets by edits that keep them true, and each
made wrong by every mutation that fits it. Documents are split in two by a hash of
their id: rules were written looking at one half ("develop"), the table is of the other.
(b) The verdict against the labels of WiCE: with the sentences that its annotators
marked, and with the five that share most words with the claim.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from askali.documents.chunking import split_sentences
from askali.domain import Document
from askali.grounding.verification import Check, verify
from askali.text.tokens import analyze
from askali_evals.scoring.stats import wilson
from askali_evals.verification_bench.mutations import MUTATIONS
from askali_evals.verification_bench.statements import statement
from askali_evals.verification_bench.true_claims import Claim, true_claims

SETS = ("squad2", "xquad_en", "timeqa", "tatqa", "hotpotqa")
SENTENCES = 6
"""Sentences taken from a document, so that long ones do not decide alone."""


@dataclass
class Tally:
    """Passed and failed per kind, with a few examples of what went wrong."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    total: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, right: bool, example: str) -> None:
        """Count one case."""
        self.total[kind] += 1
        self.right[kind] += right
        if not right:
            self.wrong[kind].append(example)

    def rows(self, kinds: Sequence[str] = ()) -> Iterator[str]:
        """Lines of a Markdown table, one a kind."""
        for kind in kinds or sorted(self.total):
            n, k = self.total[kind], self.right[kind]
            if n:
                span = wilson(k, n)
                yield f"| {kind} | {k / n:.3f} | {span.low:.3f} – {span.high:.3f} | {n} |"


def documents(folder: Path, half: str) -> Iterator[Document]:
    """The documents of one half, each once."""
    seen = set()
    for name in SETS:
        for raw in _documents(folder, name):
            key = hashlib.sha256(raw["text"].encode()).hexdigest()
            if key not in seen and (int(key[:2], 16) % 2 == 0) == (half == "held"):
                seen.add(key)
                yield Document(f"{name}:{key[:12]}", raw.get("title", ""), raw["text"])


def _documents(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    apart = folder / f"{name}.docs.jsonl"
    if apart.exists():
        yield from _lines(apart)
        return
    for question in _lines(folder / f"{name}.jsonl"):
        yield from question["docs"]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def claims(document: Document) -> Iterator[Claim]:
    """True claims of up to `SENTENCES` sentences of a document."""
    sentences = [s.text for s in split_sentences(document)]
    usable = [n for n, s in enumerate(sentences) if _is_usable(s)]
    for n in random.Random(document.id).sample(usable, min(SENTENCES, len(usable))):
        sentence = " ".join(sentences[n].split())
        yield from true_claims(sentence, sentences[n - 1] if n else "", document.title)


def _is_usable(sentence: str) -> bool:
    size = len(sentence.split())
    return 5 <= size <= 50 and "|" not in sentence and sentence[0].isupper() and sentence[-1] == "."


def short_answers(folder: Path, half: str) -> Iterator[Claim]:
    """The expected answers of the questions, as claims, with the sentence that has them."""
    for name in ("squad2", "xquad_en"):
        for question in _lines(folder / f"{name}.jsonl"):
            gold = [g.get("text", "") for g in question["gold_evidence"]]
            key = hashlib.sha256(question["doc_ids"][0].encode()).hexdigest()
            if question["answers"] and gold and (int(key[:2], 16) % 2 == 0) == (half == "held"):
                answer = question["answers"][0]
                if answer in gold[0]:
                    yield Claim("short answer", answer, gold[0])


def run_statements(folder: Path, half: str) -> tuple[Tally, Tally]:
    """(kept, caught) of statements made of a question and an answer.

    Right: the expected answer, with the sentence that has it. Wrong: another answer of
    the same paragraph, and any answer put into a question that the paragraph leaves open.
    """
    kept, caught = Tally(), Tally()
    for name in ("squad2", "xquad_en"):
        texts = {d["id"]: d for d in _lines(folder / f"{name}.docs.jsonl")}
        asked = defaultdict(list)
        for question in _lines(folder / f"{name}.jsonl"):
            asked[question["doc_ids"][0]].append(question)
        for key, questions in asked.items():
            if (int(hashlib.sha256(key.encode()).hexdigest()[:2], 16) % 2 == 0) == (half == "held"):
                _statements(texts[key], questions, kept, caught)
    return kept, caught


def _statements(
    raw: dict[str, Any], questions: Sequence[dict[str, Any]], kept: Tally, caught: Tally
) -> None:
    document = Document(raw["id"], raw["title"], raw["text"])
    sentences = [" ".join(s.text.split()) for s in split_sentences(document)]
    answers = sorted({q["answers"][0] for q in questions if q["answers"]})
    for question in questions:
        rng = random.Random(question["id"])
        own = question["answers"]
        others = [a for a in answers if not any(a in o or o in a for o in own)]
        title = question["article"].replace("_", " ")
        if own:
            gold = [g["text"] for g in question["gold_evidence"]]
            _state(question, own[0], gold, title, kept, "right answer")
        if others:
            kind = "another answer of the paragraph" if own else "a question left open"
            answer = rng.choice(others)
            _state(question, answer, _near(question, answer, sentences), title, caught, kind)


def _near(question: dict[str, Any], answer: str, sentences: Sequence[str]) -> list[str]:
    asked = set(analyze(f"{question['question']} {answer}"))
    return sorted(sentences, key=lambda s: -len(asked & set(analyze(s))))[:2]


def _state(
    question: dict[str, Any], answer: str, gold: list[str], title: str, tally: Tally, kind: str
) -> None:
    text = statement(question["question"], answer)
    if text:
        check = verify(text, gold, context=title)
        right = check.passed == (kind == "right answer")
        shown = f"- {text}\n  < {' | '.join(gold)}\n   ({check.fault}: {check.reason})"
        tally.add(kind, right, shown)


def run_mutations(folder: Path, half: str, limit: int) -> tuple[Tally, Tally, list[float]]:
    """(true claims kept, wrong claims caught, milliseconds a claim)."""
    kept, caught = Tally(), Tally()
    times: list[float] = []
    everything = list(documents(folder, half))
    random.Random(1).shuffle(everything)
    everything = everything[:limit]
    names = [sorted(set(_names(d.text))) for d in everything]
    for number, document in enumerate(everything):
        others = [n for n in names[(number + 7) % len(names)] if n not in document.text]
        for claim in claims(document):
            _one(claim, others, kept, caught, times)
    for claim in short_answers(folder, half):
        kept.add(claim.kind, _check(claim, claim.text, times).passed, _shown(claim, claim.text))
    return kept, caught, times


def _names(text: str) -> list[str]:
    return list(re.findall(r"(?<=[a-z] )[A-Z][a-z]{3,}(?: [A-Z][a-z]+)?", text))


def _one(
    claim: Claim, others: Sequence[str], kept: Tally, caught: Tally, times: list[float]
) -> None:
    check = _check(claim, claim.text, times)
    kept.add(claim.kind, check.passed, _shown(claim, claim.text, check))
    for kind, mutations in MUTATIONS.items():
        for mutate in mutations:
            rng = random.Random(f"{kind} {mutate.__name__} {claim.text}")
            text = mutate(claim, rng, others)
            if text and text not in (claim.text, claim.sentence):
                check = _check(claim, text, times)
                caught.add(
                    f"{kind}: {mutate.__name__.replace('_', ' ')}",
                    not check.passed,
                    _shown(claim, text, check),
                )


def _check(claim: Claim, text: str, times: list[float]) -> Check:
    started = time.perf_counter()
    check = verify(text, [claim.sentence], context=claim.title)
    times.append((time.perf_counter() - started) * 1000)
    return check


def _shown(claim: Claim, text: str, check: Check | None = None) -> str:
    reason = f"   ({check.fault}: {check.reason})" if check else ""
    return f"- {claim.kind}: {text}\n  < {claim.sentence}\n{reason}"


def run_wice(folder: Path) -> Iterator[str]:
    """Precision, recall and F1 of "supported" on WiCE's claims, for two sorts of evidence."""
    cases = _lines(folder / "wice_claims.jsonl")
    for sort in ("annotators' sentences", "five nearest sentences"):
        found = [(_passes(case, sort), case["label"]) for case in cases]
        kept = [label for passed, label in found if passed]
        true = sum(label == "supported" for label in kept)
        labels = [label for _, label in found].count("supported")
        wrong = len(cases) - labels
        yield (
            f"| {sort} | {true} of {len(kept)} | {true} of {labels} "
            f"| {wrong - (len(kept) - true)} of {wrong} |"
        )


def _passes(case: dict[str, Any], sort: str) -> bool:
    texts = {d["id"]: d["text"] for d in case["docs"]}
    gold = [texts[i] for i in case["gold_sets"][0]]
    if sort.startswith("five") or not gold:
        asked = set(analyze(case["question"]))
        gold = sorted(texts.values(), key=lambda t: -len(asked & set(analyze(t))))[:5]
    return verify(case["question"], gold, context=case["page_title"]).passed


HEADLINE = ("number", "unit", "date", "name")


def main() -> None:
    """Print the two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--half", choices=("develop", "held"), default="held")
    parser.add_argument("--docs", type=int, default=10_000, help="documents at most")
    parser.add_argument("--show", default="", help="print up to 25 wrong verdicts of a kind")
    given = parser.parse_args()
    if not (given.bench / "squad2.jsonl").exists():
        sys.exit(f"no squad2.jsonl in {given.bench}; name the folder with the public sets")
    kept, caught, times = run_mutations(given.bench, given.half, given.docs)
    print("| true claims | kept | 95 % | n |\n|---|---|---|---|")
    print(*kept.rows(), _sum(kept, ""), sep="\n")
    print("\n| wrong claims | caught | 95 % | n |\n|---|---|---|---|")
    kinds = [f"{k}: {m.__name__.replace('_', ' ')}" for k, ms in MUTATIONS.items() for m in ms]
    print(
        *caught.rows(kinds), *(_sum(caught, kind) for kind in HEADLINE), _sum(caught, ""), sep="\n"
    )
    right, wrong = run_statements(given.bench, given.half)
    print("\n| question and answer as a statement | shown | 95 % | n |\n|---|---|---|---|")
    print(*right.rows(), sep="\n")
    print("\n| the same, wrong | caught | 95 % | n |\n|---|---|---|---|")
    print(*wrong.rows(), sep="\n")
    print("\n| evidence | shown and supported | supported and shown | unsupported and caught |")
    print("|---|---|---|---|", *run_wice(given.bench), sep="\n")
    times.sort()
    print(f"\nmedian {times[len(times) // 2]:.2f} ms, 95 % {times[int(len(times) * 0.95)]:.2f} ms")
    for tally in (kept, caught, right, wrong):
        for kind, examples in tally.wrong.items():
            if given.show and given.show in kind:
                print(f"\n== {kind}", *examples[:25], sep="\n")


def _sum(tally: Tally, prefix: str) -> str:
    kinds = [kind for kind in tally.total if kind.startswith(prefix)]
    n, k = sum(tally.total[kind] for kind in kinds), sum(tally.right[kind] for kind in kinds)
    span = wilson(k, n)
    share = f"| **{prefix or 'all'}** | **{k / max(1, n):.3f}** |"
    return f"{share} {span.low:.3f} – {span.high:.3f} | {n} |"


if __name__ == "__main__":
    main()
