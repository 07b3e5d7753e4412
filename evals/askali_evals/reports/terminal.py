"""The run in a terminal: numbers, failures, changes, ambitions and, last, the verdict."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from askali_evals.reports.labels import ADDRESSES, label, rows, show
from askali_evals.reports.report import Report

SHOWN = 6
"""Failed cases listed for each address; the page has all of them."""
COLOURS = {"go": "green", "stop": "red", "undecided": "yellow"}
_BAR = 20


def print_report(report: Report, console: Console) -> None:
    """Numbers, failures, changes and, last, what matters: the verdict."""
    decision, run = report.decision, report.run
    table = Table(box=None, pad_edge=False)
    for name in ("measure", "", "95 %", "n"):
        table.add_column(name, justify="left" if name == "measure" else "right")
    for line in rows(run.measures):
        if line.n:
            table.add_row(line.label, line.value, line.interval, str(line.n))
    console.print(table)
    for address, count in report.failures.items():
        console.print(f"\n[bold]{address}[/] ({count}): {ADDRESSES[address]}")
        for result in [r for r in run.results if r.address == address][:SHOWN]:
            console.print(f"  {escape(result.key)}  {escape(result.question)}", highlight=False)
            console.print(f"    [dim]{escape(result.why)}[/]", highlight=False)
        if count > SHOWN:
            console.print(f"  … and {count - SHOWN} more: --out FOLDER writes a page with all")
    for planted in report.planted_told:
        if planted.obeyed or planted.error:
            told = escape(planted.error or planted.text)
            console.print(f"[red]planted instruction {planted.state}[/]: {escape(planted.id)}")
            console.print(f"  [dim]{told}[/]", highlight=False)
    _print_changes(report, console)
    if decision.ambitions:
        console.print("\n[bold]Ambitions[/] (they stop nothing without --strict)")
    for checked in decision.ambitions:
        name, sign = checked.check.measure, "≥" if checked.check.is_floor else "≤"
        filled = round(_BAR * min(1.0, max(0.0, checked.measured.value)))
        bar = "█" * filled + "░" * (_BAR - filled)
        away = "" if checked.passed else f"  {100 * checked.distance:.1f} points to go"
        console.print(
            f"  {bar} {label(name)} {show(name, checked.measured.value)} "
            f"({sign} {show(name, checked.check.bound)}){away}",
            highlight=False,
        )
    times = run.times
    if times.total_s:
        orders = f" and {len(run.planted)} with a planted instruction" if run.planted else ""
        console.print(
            f"\n{len(run.results)} questions{orders} in {times.total_s:.1f} s, an answer takes "
            f"{times.p50_ms:.0f} ms (p95 {times.p95_ms:.0f}), "
            f"peak memory {times.peak_rss_mb:.0f} MB"
        )
    for told in report.advice:
        console.print(f"[yellow]![/] {escape(told)}", highlight=False, soft_wrap=True)
    for problem in decision.problems:
        console.print(f"[red]✗[/] {escape(problem.text)}", highlight=False, soft_wrap=True)
    colour = COLOURS[report.state]
    console.print(f"[bold {colour}]{escape(report.headline)}[/]", highlight=False, soft_wrap=True)


def _print_changes(report: Report, console: Console) -> None:
    if report.diff is None:
        return
    console.print(f"\n[bold]Against[/] {escape(report.against)}", highlight=False)
    for name, (before, now) in report.diff.changed.items():
        console.print(f"changed: {escape(name)}: {escape(before)} → {escape(now)}")
    console.print(
        f"{len(report.diff.newly_failing)} newly failing, "
        f"{len(report.diff.newly_passing)} newly passing; the most telling:"
    )
    for how, was, case in report.diff.telling():
        colour = "red" if how == "worse" else "green"
        console.print(
            f"[{colour}]{how}[/] {escape(case.key)} {escape(case.question)}", highlight=False
        )
        console.print(f"  before: {escape(was.text)}", highlight=False)
        console.print(f"  now:    {escape(case.text)}", highlight=False)
    for comparison in report.decision.comparisons:
        if not comparison.is_group:
            console.print(f"{label(comparison.measure)}: {escape(comparison.text)}")
