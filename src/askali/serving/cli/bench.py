"""Measure what a user waits for on this machine, quotes alone; prints, never judges.

A local model that has been fetched is not used: `python evals/reading_speed.py` times it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from askali.assistant import Assistant
from askali.documents import bundled_corpus
from askali.domain import Document

MEASURED: dict[str, Any] = {"llm": "none", "corpus": bundled_corpus()}
"""Quotes from the article, whatever the settings say, so that figures can be compared."""


def measure(questions: int, runs: int = 5) -> list[dict[str, Any]]:
    """Rows of what, value and unit: medians of `runs`, and percentiles when warm."""
    with tempfile.TemporaryDirectory() as home:
        return [
            _row("askali --help", _process(runs, "--help"), "s"),
            _row("first build of the article's index", _timed(lambda: _open(home)), "s"),
            *_warm(home, questions),
            _row("from_documents, 5 × 200 words, 1 question", _small(runs), "s"),
            _row("askali ask, cold, index built", _process(runs, *_ask(), home=home), "s"),
        ]


def _warm(home: str, questions: int) -> list[dict[str, Any]]:
    """Every sentence of the article asked as a question, after one round unmeasured."""
    with Assistant.open(home=Path(home), **MEASURED) as bot:
        [document] = bot.documents.values()
        asked = [line[:80] for line in document.text.split(". ") if line.strip()]
        for question in asked[:30]:
            bot.ask(question)
        times = sorted(
            _timed(lambda q=question: bot.ask(q)) * 1000  # type: ignore[misc]
            for question in (asked * (questions // len(asked) + 1))[:questions]
        )
    return [
        _row("question, warm, p50", statistics.median(times), "ms"),
        _row("question, warm, p95", times[int(0.95 * len(times))], "ms"),
    ]


def _small(runs: int) -> float:
    """Five new texts each time: the encoder is warm, the texts are not."""
    taken = []
    for run in range(runs):
        words = [
            f"In year {run}{i} the town of Elm{run}{i} had {i * 7} bridges." for i in range(20)
        ]
        documents = [Document(f"d{n}", f"Town {n}", " ".join(words)) for n in range(5)]
        started = time.perf_counter()
        with Assistant.from_documents(documents, llm="none") as bot:
            bot.ask(f"How many bridges had Elm{run}7?")
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _ask() -> list[str]:
    return ["ask", "who", *(part for name, v in MEASURED.items() for part in (f"--{name}", str(v)))]


def _process(runs: int, *arguments: str, home: str | None = None) -> float:
    environment = {**os.environ, **({"ASKALI_HOME": home} if home else {})}
    command = [sys.executable, "-m", "askali", *arguments]
    taken = [
        _timed(lambda: subprocess.run(command, env=environment, capture_output=True, check=True))
        for _ in range(runs)
    ]
    return statistics.median(taken)


def _open(home: str) -> None:
    Assistant.open(home=Path(home), **MEASURED).close()


def _timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _row(what: str, value: float, unit: str) -> dict[str, Any]:
    return {"what": what, "value": round(value, 2), "unit": unit}
