"""What the command line prints: answers go to `out`, everything else to `err`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from askali.domain import Answer, Citation, Event
    from askali.errors import AskaliError

out = Console(highlight=False)
out.soft_wrap = not out.is_terminal  # a pipe gets whole lines
err = Console(stderr=True, highlight=False)
err.soft_wrap = not err.is_terminal


def watched(events: Iterable[Event]) -> Answer:
    """The answer at the end of `Assistant.stream`; on a terminal, what goes on until then."""
    from askali.domain import ClaimVerified, EvidenceFound, Finished

    with err.status("searching") as status:
        for event in events:
            if isinstance(event, EvidenceFound):
                status.update(f"reading {len(event.hits)} passages")
            elif isinstance(event, ClaimVerified):
                status.update("writing and checking")
            elif isinstance(event, Finished):
                return event.answer
    raise AssertionError("a stream ends with its answer")


def progress(what: str = "reading") -> Any:
    """A progress bar on stderr that appears with the first step of an index build."""
    if not err.is_terminal:
        return None
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), "{task.fields[rate]}", TimeRemainingColumn())
    bar = Progress(what, *columns, console=err)
    task = bar.add_task("embed", start=False, rate="")
    started: list[float] = []

    def step(done: int, total: int) -> None:
        if not started:
            started.append(time.monotonic())
            bar.start()
            bar.start_task(task)
        rate = f"{done / max(time.monotonic() - started[0], 0.001):.0f}/s" if done else ""
        bar.update(task, completed=done, total=total, rate=rate)
        if done >= total:
            bar.stop()

    return step


def print_answer(answer: Answer) -> None:
    """Notes, text, and each citation with its place."""
    from askali.messages import HINTS, REASONS

    for note in answer.notes:
        out.print(f"[dim]{escape(note)}[/dim]")
    style = "yellow" if answer.abstained else "bold"
    out.print(f"[{style}]{escape(answer.text)}[/{style}]")
    if answer.reason:
        out.print(f"{REASONS[answer.reason]} {HINTS[answer.reason]}")
    if answer.nearest:
        out.print("\nNearest passage:")
        _print_citation(answer.nearest, "·")
    if answer.citations:
        out.print()
    for citation in answer.citations:
        _print_citation(citation, f"[{citation.number}]")


def _print_citation(citation: Citation, mark: str) -> None:
    page = f"page {citation.page}" if citation.page else ""
    parts = (citation.title, citation.date, citation.heading, page)
    place = " · ".join(dict.fromkeys(part for part in parts if part))
    quote = " ".join(citation.quote.split())
    out.print(f"{escape(mark)} “{escape(quote)}”")
    out.print(
        f"    [dim]{escape(place)} · characters {citation.start}–{citation.end} of "
        f"{escape(citation.document_id)}[/dim]"
    )
    if citation.also_in:
        out.print(f"    [dim]also in {escape(', '.join(citation.also_in))}[/dim]")


def print_json(value: Any) -> None:
    """One JSON object on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_error(exc: AskaliError) -> None:
    """The message alone, without a traceback."""
    err.print(f"[red]error:[/red] {escape(str(exc).encode('utf-8', 'replace').decode())}")
