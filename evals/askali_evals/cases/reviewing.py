"""Going through proposals in a terminal."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.markup import escape

from askali_evals.cases.case import Case
from askali_evals.cases.proposals import Proposals
from askali_evals.errors import FactsError

_ASKED = "y keep, e edit, n strike out, u the document does not say, b back, q stop"


def review(proposals: Proposals, console: Console) -> None:
    """Ask about each; whoever stops, by q or the end of input, goes on there the next time."""
    decided = 0
    while waiting := proposals.waiting():
        case = waiting[0]
        console.print(
            f"\n[bold]{decided + 1} of {decided + len(waiting)}[/] [dim]{escape(case.note)}[/]"
        )
        for asked in case.history:
            console.print(f"  after    {escape(asked)}", highlight=False)
        for quote in (quote for line in case.evidence for quote in line):
            console.print(f"  {escape(quote)}", highlight=False)
        console.print(f"  question [bold]{escape(case.question)}[/]", highlight=False)
        console.print(f"  answer   [bold]{escape(' / '.join(_said(case)))}[/]", highlight=False)
        try:
            moved = _decide(proposals, case, console)
        except typer.Abort as exc:
            if isinstance(exc.__context__, KeyboardInterrupt):
                raise KeyboardInterrupt from exc
            moved = 0  # the end of input
            console.print()
        if not moved:
            return
        decided = max(0, decided + moved)


def _decide(proposals: Proposals, case: Case, console: Console) -> int:
    """How far it went: 1, -1 for back, 0 to stop. What cannot count is told, and asked again."""
    question, answers = case.question, _said(case)
    proofs = [quote for line in case.evidence for quote in line]
    while True:
        does = typer.prompt(_ASKED, default="", show_default=False).strip().lower()[:1]
        try:
            if does == "q":
                return 0
            if does == "b":
                proposals.undo()
                return -1
            if does == "n":
                proposals.strike(case.id)
            elif does == "u":
                question = typer.prompt("question", default=question)
                proposals.keep(case.id, question=question, answerable=False)
            elif does == "e":
                question = typer.prompt("question", default=question)
                answers = _each("answer", answers)
                proofs = _each("exact words of the document that prove it", proofs)
                proposals.keep(case.id, question=question, expect=answers, evidence=proofs)
            elif does == "y":
                proposals.keep(case.id)
            else:
                continue
            return 1
        except FactsError as exc:
            console.print(f"[red]not done:[/] {escape(str(exc))}", highlight=False)


def _each(name: str, before: list[str]) -> list[str]:
    """Every text asked for anew, what it was being what Enter gives."""
    return [typer.prompt(name, default=text) for text in before] or [typer.prompt(name)]


def _said(case: Case) -> list[str]:
    return [line[0] for line in case.expect]
