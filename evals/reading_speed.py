"""How long a question waits for the local reader, beside what the engine needs at least.

Usage: python evals/reading_speed.py [--questions 20]

Needs the local model's weights (askali models fetch) and an otherwise idle machine.
The bundled article is read ahead, as the page and the chat do; then questions of
evals/facts are asked one by one. The lower bound of a question is the new text of its
prompts over the engine's rate of reading, plus what it writes over its rate of writing,
both measured here in characters a second. Passages that were read ahead are not new
where they are judged; where words are marked the instruction differs and they are.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from askali import Assistant
from askali.answering.pipeline import Pipeline
from askali.answering.prompts import MARK
from askali.answering.reader import Reader
from askali.answering.reading import texts_of
from askali.answering.state import Request
from askali.models.local import LocalModel
from askali.models.serving import open_model
from askali.retrieval.calibration import load_calibration
from askali.settings import Settings
from askali.streaming import ClaimVerified, EvidenceFound
from askali_evals.cases.facts import evals_folder, load_suites

_TEXT = "The river rose by four metres in the night and the lower streets of town {n} were closed. "


@dataclass
class Counted:
    """A model that passes everything on and counts the characters of its work."""

    model: LocalModel
    known: set[str] = field(default_factory=set)
    read: int = 0
    written: int = 0

    def yes(self, prompts: Sequence[str]) -> list[float]:
        self._count(prompts)
        return self.model.yes(prompts)

    def complete(
        self, prompts: Sequence[str], *, max_tokens: int, stop: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        self._count(prompts)
        said = self.model.complete(prompts, max_tokens=max_tokens, stop=stop)
        self.written += max(len(text) for text, _ in said)  # side by side
        return said

    def close(self) -> None:
        """Nothing: the model is shared."""

    def _count(self, prompts: Sequence[str]) -> None:
        for prompt in prompts:
            before = prompt.rpartition("\nQuestion: ")[0]
            head = prompt.rpartition("\nPassage: ")[0].rpartition("Passage: ")[0]
            seen = before if before in self.known else head
            self.read += len(prompt) - len(seen)
            self.known.add(before)


def rates(model: LocalModel) -> tuple[float, float]:
    """Characters a second that the engine reads, and that it writes."""
    prompts = ["".join(_TEXT.format(n=n * 100 + i) for i in range(12)) for n in range(8)]
    started = time.perf_counter()
    model.yes(prompts)
    reading = sum(map(len, prompts)) / (time.perf_counter() - started)
    asked = Reader(model).prompt(prompts[:1], "What happened?", MARK)
    model.complete([asked], max_tokens=1)
    started = time.perf_counter()
    [(once, _)] = model.complete([asked], max_tokens=1)
    first = time.perf_counter() - started
    started = time.perf_counter()
    [(text, _)] = model.complete([asked], max_tokens=40)
    return reading, (len(text) - len(once)) / (time.perf_counter() - started - first)


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=20)
    given = parser.parse_args()
    model = open_model(Settings.load(llm="local"))
    reader = Reader(model) if model else None
    assert reader is not None and isinstance(reader.model, LocalModel)
    [suite] = [s for s in load_suites(evals_folder()) if s.name == "article"]
    cases = [c for c in suite.counted if c.answerable and not c.history]
    chosen = [cases[i * len(cases) // given.questions].question for i in range(given.questions)]
    started = time.perf_counter()
    reader.model.start()
    loaded = time.perf_counter() - started
    reading, writing = rates(reader.model)
    with Assistant.open(llm="local") as bot:
        counted = Counted(reader.model)
        measured = Reader(counted)
        texts = texts_of(bot.searcher.index)
        started = time.perf_counter()
        measured.read_ahead(texts)
        ahead = time.perf_counter() - started
        chain = Pipeline(bot.searcher, load_calibration(), bot.settings, reader=measured)
        rows = [_ask(chain, counted, question, reading, writing) for question in chosen]
    evidence, first, bounds = (sorted(column) for column in zip(*rows, strict=True))
    ratio = statistics.median(f / b for _, f, b in rows)
    print("| what | measured | asked for |\n|---|---|---|")
    print(f"| the engine reads, writes | {reading:.0f}, {writing:.0f} characters a second | – |")
    print(f"| loading the model | {loaded:.1f} s | – |")
    print(f"| reading the article ahead, {len(texts)} sentences | {ahead:.0f} s | – |")
    print(f"| evidence shown, p50 / p95 | {_both(evidence, 1000)} ms | ≤ 100 ms |")
    print(f"| first claim, p50 / p95 (n = {len(rows)}) | {_both(first, 1)} s | p50 ≤ 3 s |")
    print(f"| the engine's lower bound, p50 / p95 | {_both(bounds, 1)} s | – |")
    print(f"| first claim over lower bound, median | {ratio:.2f} | ≤ 1.25 |")


def _ask(
    chain: Pipeline, counted: Counted, question: str, reading: float, writing: float
) -> tuple[float, float, float]:
    """Seconds to the evidence, to the first claim (or the refusal), and the lower bound."""
    counted.read = counted.written = 0
    started, evidence, first = time.perf_counter(), 0.0, 0.0
    for event in chain.stream(Request(question)):
        passed = time.perf_counter() - started
        if isinstance(event, EvidenceFound):
            evidence = passed
        elif isinstance(event, ClaimVerified):
            first = first or passed
    first = first or time.perf_counter() - started
    return evidence, first, counted.read / reading + counted.written / writing


def _both(values: list[float], unit: float) -> str:
    middle, high = statistics.median(values), values[int(0.95 * (len(values) - 1))]
    digits = 0 if unit > 1 else 2
    return f"{middle * unit:.{digits}f} / {high * unit:.{digits}f}"


if __name__ == "__main__":
    main()
