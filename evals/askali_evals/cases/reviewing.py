"""Going through proposals in a terminal."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.markup import escape

from askali_evals.cases.case import Case
from askali_evals.cases.proposals import Proposals
from askali_evals.errors import FactsError


def review(proposals: Proposals, console: Console) -> None:
    """Ask about each; whoever stops goes on there the next time."""
    waiting = proposals.waiting()
    for number, case in enumerate(waiting, 1):
        console.print(f"\n[bold]{number} of {len(waiting)}[/] [dim]{escape(case.note)}[/]")
        for quote in (quote for line in case.evidence for quote in line):
            console.print(f"  {escape(quote)}", highlight=False)
        console.print(f"  question [bold]{escape(case.question)}[/]", highlight=False)
        console.print(f"  answer   [bold]{escape(_answer(case))}[/]", highlight=False)
        if not _decide(proposals, case, console):
            return


def _decide(proposals: Proposals, case: Case, console: Console) -> bool:
    """False to stop. What cannot count is told, and asked again."""
    while True:
        asked = "y keep, e edit, n strike out, u the document does not say, q stop"
        does = typer.prompt(asked, default="", show_default=False).strip().lower()[:1]
        try:
            if does == "q":
                return False
            if does == "n":
                proposals.strike(case.id)
            elif does == "u":
                proposals.keep(case.id, answerable=False)
            elif does == "e":
                question = typer.prompt("question", default=case.question)
                answer = typer.prompt("answer", default=_answer(case))
                evidence = [quote for line in case.evidence for quote in line]
                if not evidence:
                    evidence = [typer.prompt("exact words of the document that prove it")]
                proposals.keep(case.id, question=question, expect=[answer], evidence=evidence)
            elif does == "y":
                proposals.keep(case.id)
            else:
                continue
            return True
        except FactsError as exc:
            console.print(f"[red]not kept:[/] {escape(str(exc))}", highlight=False)


def _answer(case: Case) -> str:
    return case.expect[0][0] if case.expect else ""
