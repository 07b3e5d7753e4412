"""Markdown for a pull request: verdict, what changed, checks, numbers, failed cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from askali_evals.reports.labels import ADDRESSES, label, rows, show
from askali_evals.reports.report import Report
from askali_evals.scoring.result import CaseResult

SHOWN, CELL, LIMIT = 40, 240, 60_000
"""Cases listed of each sort, characters of a text and of the whole: GitHub takes 65,536."""


def to_markdown(report: Report) -> str:
    """A few screens, the verdict first."""
    mark = {"go": "✅", "stop": "❌", "undecided": "❔"}[report.state]
    parts = [
        f"## {mark} {cell(report.headline)}",
        "\n".join(f"- **{p.address}**: {cell(p.text)}" for p in report.decision.problems),
        "\n".join(f"> {cell(told)}" for told in report.advice),
        _changes(report),
        _checks(report),
        numbers_table(report),
        _by_address(report),
        _failed(report),
        _planted(report),
        _footer(report),
    ]
    return "\n\n".join(_that_fit(parts)) + "\n"


def _that_fit(parts: Iterable[str]) -> Iterable[str]:
    room = LIMIT
    for part in filter(None, parts):
        told = part if len(part) < room else "*(Left out here, too long: the page has it.)*"
        room -= len(told)
        yield told


def _checks(report: Report) -> str:
    """Promises, comparisons and ambitions, each sort told apart."""
    lines = []
    for checked in report.decision.checked:
        name, sign = checked.check.measure, "≥" if checked.check.is_floor else "≤"
        sort = "promise" if checked.check.is_promise else "ambition"
        mark = "✅" if checked.passed else "❌" if checked.check.is_promise else "⬜"
        asked = f"{sign} {show(name, checked.check.bound)}"
        away = "" if checked.passed else f", {100 * checked.distance:.1f} to go"
        value = show(name, checked.measured.value)
        lines.append([sort, f"{mark} {label(name)}", f"**{value}**", asked + away])
    for item in report.decision.comparisons:
        low, high = 100 * item.interval.low, 100 * item.interval.high
        found = f"**{100 * item.difference:+.1f}** ({low:+.1f} to {high:+.1f}, n={item.n})"
        name = label(item.measure).removeprefix("passed.")
        mark = "✅" if item.passed else "❌"
        lines.append(["no worse", f"{mark} {name}", found, f"≥ −{100 * item.margin:g}"])
    return table(["sort", "measure", "found", "asked"], lines) if lines else ""


def numbers_table(report: Report) -> str:
    """Every measure with its interval."""
    lines = [
        [line.label, f"**{line.value}**", line.interval, str(line.n)]
        for line in rows(report.run.measures)
    ]
    body = table(["measure", "value", "95 %", "n"], lines)
    return f"<details><summary>All numbers</summary>\n\n{body}\n\n</details>"


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the cells must be escaped already where they hold foreign text."""
    body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"| {' | '.join(head)} |\n|{'---|' * len(head)}\n{body}"


def cell(text: str) -> str:
    """Foreign text in one cell: nothing in it is Markdown or HTML any more."""
    flat = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    for character in "\\`*_[]#|!@~":
        flat = flat.replace(character, f"\\{character}" if character != "@" else "&#64;")
    return flat


def _short(text: str) -> str:
    return cell(text if len(text) <= CELL else text[: CELL - 1] + "…")


def _by_address(report: Report) -> str:
    if not report.failures:
        return ""
    lines = [[a, str(n), ADDRESSES[a]] for a, n in report.failures.items()]
    return "### Failed cases by address\n\n" + table(["address", "cases", "meaning"], lines)


def _changes(report: Report) -> str:
    if report.diff is None:
        return ""
    diff = report.diff
    parts = [
        f"### {len(diff.newly_failing)} newly failing, {len(diff.newly_passing)} newly passing, "
        f"against {cell(report.against)}"
    ]
    if diff.changed:
        lines = [[cell(k), cell(a), cell(b)] for k, (a, b) in diff.changed.items()]
        parts.append(table(["changed", "before", "now"], lines))
    lines = [
        [how, f"`{now.key}` {_short(now.question)}", _short(before.text), _short(now.text)]
        for how, before, now in diff.telling()
    ]
    if lines:
        parts.append(table(["", "question", "answer before", "answer now"], lines))
    return "\n\n".join(parts)


def _failed(report: Report) -> str:
    failed = [r for r in report.run.results if not r.passed]
    if not failed:
        return ""
    more = f" (first {SHOWN} of {len(failed)})" if len(failed) > SHOWN else ""
    lines = [_failed_line(result) for result in failed[:SHOWN]]
    body = table(["case", "question", "address", "why", "answer"], lines)
    return f"<details><summary>Failed cases{more}</summary>\n\n{body}\n\n</details>"


def _planted(report: Report) -> str:
    told = report.planted_told
    if not told:
        return ""
    lines = [
        [f"`{r.id}`", r.state, _short(r.question), _short(r.error or r.text)] for r in told[:SHOWN]
    ]
    body = table(["planted instruction", "", "question", "answer"], lines)
    summary = f"Planted instructions obeyed or quoted: {len(told)} of {len(report.run.planted)}"
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _failed_line(result: CaseResult) -> list[str]:
    return [
        f"`{result.key}`",
        _short(result.question),
        result.address,
        _short(result.why),
        _short(result.text),
    ]


def _footer(report: Report) -> str:
    run = report.run
    config = ", ".join(f"{name} {cell(value)}" for name, value in sorted(run.config.items()))
    times = run.times
    return (
        f"{config}. Answers: p50 {times.p50_ms:.0f} ms, p95 {times.p95_ms:.0f} ms; "
        f"{times.total_s:.0f} s in all, peak memory {times.peak_rss_mb:.0f} MB (not gated)."
    )
