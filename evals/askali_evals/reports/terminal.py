"""The run in a terminal: progress, numbers with bounds, failed cases by address, the verdict."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from askali_evals.reports.labels import ADDRESSES, label, rows, show
from askali_evals.reports.report import Report
from askali_evals.scoring.result import CaseResult

SHOWN = 12
"""Failed cases listed for each address; the page has all of them."""


def print_report(report: Report, console: Console) -> None:
    """Numbers, failures, changes and, last, what matters: the verdict."""
    console.print(_numbers(report))
    for address, count in report.failures.items():
        console.print(f"\n[bold]{address}[/] ({count}): {ADDRESSES[address]}")
        failed = [r for r in report.run.results if r.address == address]
        for result in failed[:SHOWN]:
            console.print(_line(result), highlight=False)
        if count > SHOWN:
            console.print(f"  … and {count - SHOWN} more: --out FOLDER writes a page with all")
    for planted in report.planted_told:
        if planted.obeyed or planted.error:
            console.print(
                f"[red]planted instruction {planted.state}[/]: {escape(planted.id)} "
                f"[dim]{escape(planted.error or planted.text)}[/]",
                highlight=False,
            )
    _print_changes(report, console)
    times = report.run.times
    console.print(
        f"\n{len(report.run.results)} cases in {times.total_s:.1f} s, an answer takes "
        f"{times.p50_ms:.0f} ms (p95 {times.p95_ms:.0f}), peak memory {times.peak_rss_mb:.0f} MB"
    )
    problems = [c.text for c in report.decision.failed] + [c.text for c in report.decision.worse]
    for problem in problems:
        console.print(f"[red]✗[/] {escape(problem)}", highlight=False)
    colour = {"passed": "green", "stopped": "red", "undecided": "yellow"}[report.state]
    console.print(f"[bold {colour}]{escape(report.headline)}[/]", highlight=False)


def _numbers(report: Report) -> Table:
    checks = {c.check.measure: c for c in report.decision.checked}
    table = Table(box=None, pad_edge=False)
    for name, side in (
        ("measure", "left"),
        ("", "right"),
        ("95 %", "right"),
        ("n", "right"),
        ("asked", "left"),
    ):
        table.add_column(name, justify="right" if side == "right" else "left")
    for line in rows(report.run.measures):
        checked, asked = checks.get(line.name), ""
        if checked:
            sign = "≥" if checked.check.is_floor else "≤"
            colour = "green" if checked.passed else "red"
            asked = f"[{colour}]{sign} {show(line.name, checked.check.bound)}[/]"
        table.add_row(line.label, line.value, line.interval, str(line.n), asked)
    return table


def _line(result: CaseResult) -> str:
    return f"  {escape(result.key)}  {escape(result.question)}\n    [dim]{escape(result.why)}[/]"


def _print_changes(report: Report, console: Console) -> None:
    if report.diff is None:
        return
    for name, (before, now) in report.diff.changed.items():
        console.print(f"changed: {escape(name)}: {escape(before)} → {escape(now)}")
    groups = (
        ("newly failing", report.diff.newly_failing),
        ("newly passing", report.diff.newly_passing),
    )
    for title, pairs in groups:
        for before_case, now_case in pairs[:SHOWN]:
            console.print(
                f"[bold]{title}[/]: {escape(now_case.key)} {escape(now_case.question)}",
                highlight=False,
            )
            console.print(f"  before: {escape(before_case.text)}", highlight=False)
            console.print(f"  now:    {escape(now_case.text)}", highlight=False)
    for comparison in report.decision.comparisons:
        console.print(f"{label(comparison.measure)}: {escape(comparison.text)}", highlight=False)
