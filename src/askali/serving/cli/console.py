"""What the command line prints: answers go to `out`, everything else to `err`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.spinner import Spinner
from rich.text import Text

from askali.text.visible import visible, visible_json

if TYPE_CHECKING:
    from askali.domain import Answer, Citation
    from askali.errors import AskaliError
    from askali.streaming import Event


class Screen(Console):
    """A console that no document, file name or message can give an order to."""

    def print(self, *objects: Any, **more: Any) -> None:
        """Strings as `visible` shows them; Markdown goes through `_set`."""
        super().print(*(visible(o) if isinstance(o, str) else o for o in objects), **more)


out = Screen(highlight=False)
out.soft_wrap = not out.is_terminal  # a pipe gets whole lines
err = Screen(stderr=True, highlight=False)
err.soft_wrap = not err.is_terminal

RULES = ["list", "table", "heading", "emphasis", "escape", "newline", "hr"]
"""What comes alive of an answer's Markdown, as on the page: no link, no image, no tag."""


def watched(events: Iterable[Event]) -> Answer:
    """The answer at the end of `Assistant.stream`; on a terminal, what goes on until then: the
    step, the seconds, and dimmed the answer by quotes alone while a model still reads."""
    from rich.live import Live

    from askali.streaming import ClaimVerified, EvidenceFound, Finished, FirstLook, PassagesRead

    waiting = _Waiting()
    screen = Live(get_renderable=waiting.render, console=err, transient=True, refresh_per_second=8)
    with screen if err.is_terminal else nullcontext():
        for event in events:
            if isinstance(event, EvidenceFound):
                waiting.step = f"reading {len(event.hits)} passages"
            elif isinstance(event, FirstLook):
                waiting.first_look = event.answer.text
            elif isinstance(event, PassagesRead):
                waiting.step = f"read {event.done} of {event.total} passages"
            elif isinstance(event, ClaimVerified):
                waiting.step = "writing and checking"
            elif isinstance(event, Finished):
                return event.answer
    raise AssertionError("a stream ends with its answer")


class _Waiting:
    """What is shown until the answer is there."""

    def __init__(self) -> None:
        self.step, self.first_look = "searching", ""
        self._spinner = Spinner("dots")
        self._started = time.monotonic()

    def render(self) -> RenderableType:
        seconds = time.monotonic() - self._started
        self._spinner.update(text=f"{self.step} · {seconds:.0f} s" if seconds >= 2 else self.step)
        if not self.first_look:
            return self._spinner
        head = Text("First look, by quotes alone:", style="dim")
        return Group(head, _set(self.first_look, "dim"), self._spinner)


def _set(markdown: str, style: str) -> RenderableType:
    from markdown_it import MarkdownIt
    from rich.markdown import Markdown  # 0.15 s, which --help need not wait for

    made = Markdown("", style=style)
    made.parsed = MarkdownIt("zero").enable(RULES).parse(visible(markdown))
    return made


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
    """Notes, text, and each citation with its place. The text is Markdown: a terminal gets it
    set, a pipe as it is."""
    from askali.messages import HINTS, REASONS

    for note in answer.notes:
        out.print(f"[dim]{escape(note)}[/dim]")
    if out.is_terminal:
        out.print(_set(answer.text, "yellow" if answer.abstained else "none"))
    else:
        out.print(answer.text, markup=False)
    if answer.reason:
        out.print(f"{REASONS[answer.reason]} {HINTS[answer.reason]}", markup=False)
    if answer.nearest:
        out.print("\nNearest passage:")
        _print_citation(answer.nearest, "·")
    if answer.citations:
        out.print()
    for citation in answer.citations:
        _print_citation(citation, f"[{citation.number}]")
    if answer.suggestions:
        out.print("\nThe documents answer, for example:")
        for question in answer.suggestions:
            out.print(f"  {question}", markup=False)


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
    sys.stdout.write(visible_json(value) + "\n")


def print_error(exc: AskaliError) -> None:
    """The message alone, without a traceback."""
    err.print(f"[red]error:[/red] {escape(str(exc).encode('utf-8', 'replace').decode())}")
