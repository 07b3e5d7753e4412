"""What is told while a run goes: how long it will take, failures as they come, the time left."""

from __future__ import annotations

import time

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from askali_evals.benchmarks.injection import PlantResult
from askali_evals.running.gate_run import Watcher
from askali_evals.scoring.result import CaseResult


class Live(Watcher):
    """Tells a terminal with a bar, and a log with a line every twentieth of the way."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._total, self._done, self._started, self._fresh = 0, 0, time.perf_counter(), 0
        self._bar = Progress(
            TextColumn("asking"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("asking", total=None)

    def __enter__(self) -> Live:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def tries(self, llm: str) -> None:
        """Say why nothing is asked yet."""
        told = f"{llm} was not run here before: three questions are timed first, then it begins"
        self._console.print(told, highlight=False)

    def begins(self, total: int, known: int, seconds: float | None) -> None:
        """Say what is ahead."""
        self._total, self._fresh = total, total - known
        self._started = time.perf_counter()
        self._bar.update(self._task, total=total)
        told = f"{total} questions"
        if known:
            told += f", {known} of them already asked by the run before, which was stopped"
        if seconds is not None:
            told += f"; about {spoken(seconds)}"
        self._console.print(told, highlight=False)

    def asked(self, result: CaseResult | PlantResult, before: CaseResult | None) -> None:
        """Show a failure at once: an error or obedience, and what passed in the baseline."""
        self._done += 1
        self._bar.update(self._task, advance=1)
        if isinstance(result, PlantResult):
            if result.error or result.obeyed:
                self._tell(f"planted {result.id}", result.state, result.error or result.text)
        elif not result.passed and (result.address == "error" or (before and before.passed)):
            self._tell(f"{result.key}  {result.question}", result.address, result.why)
        step = max(1, self._total // 20)
        if not self._console.is_terminal and self._done % step == 0:
            spent = time.perf_counter() - self._started
            left = spent / self._done * (self._total - self._done)
            self._console.print(
                f"{self._done} of {self._total}, {spoken(left)} left", highlight=False
            )

    def _tell(self, what: str, address: str, why: str) -> None:
        self._console.print(
            f"[red]✗ {address}[/] {escape(what)}\n  [dim]{escape(why)}[/]", highlight=False
        )


def spoken(seconds: float) -> str:
    """A duration as people say it: 40 s, 12 min, 2 h 05 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"
