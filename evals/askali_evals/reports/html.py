"""One self-contained HTML page: verdict, what changed, numbers and every case with its source.

Everything foreign is escaped by Jinja2's autoescape; the page asks no network
for anything, which its own Content-Security-Policy enforces.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from askali_evals.cases.case import Case
from askali_evals.gate.baseline import TRENDS
from askali_evals.gate.compare import Comparison
from askali_evals.gate.gate import Checked
from askali_evals.reports.context import Paragraph, paragraphs_of
from askali_evals.reports.labels import ADDRESSES, label, row, rows, show
from askali_evals.reports.report import Report
from askali_evals.scoring.metrics import by_kind
from askali_evals.scoring.result import CaseResult

TILES = (
    "answer.right",
    "natural.right",
    "retrieval.recall@12",
    "citation.spans_exact",
    "abstention.near_miss",
    "abstention.far_off",
    "abstention.false_refusals",
    "answer.planted_obeyed",
)


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case as it is shown; `before` is the baseline's result where the verdict changed."""

    result: CaseResult
    case: Case
    paragraphs: list[Paragraph]
    change: str = ""
    before: CaseResult | None = None

    @property
    def state(self) -> str:
        """passed, or the address of the failure."""
        return self.result.address or "passed"

    @property
    def haystack(self) -> str:
        """What the search looks through."""
        parts = (
            self.result.key,
            self.result.question,
            self.result.text,
            self.result.why,
            " ".join(self.result.tags),
        )
        return " ".join(parts).casefold()


def to_html(report: Report) -> str:
    """The whole page."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = files("askali_evals").joinpath("page.html.j2").read_text(encoding="utf-8")
    cases = _views(report)
    checked = {c.check.measure: c for c in report.decision.checked}
    compared = {c.measure: c for c in report.decision.comparisons}
    kinds = sorted({kind for view in cases for kind in view.result.kinds})
    return environment.from_string(source).render(
        report=report,
        cases=cases,
        kinds=kinds,
        suites=[suite.name for suite in report.suites],
        tiles=[
            (row(n, report.run.measures[n]), checked.get(n), compared.get(n))
            for n in TILES
            if report.run.measures[n].n
        ],
        rows=[(line, checked.get(line.name)) for line in rows(report.run.measures)],
        kind_bars=by_kind(report.run.results),
        trend=_trend(report),
        telling=report.diff.telling() if report.diff else [],
        addresses=ADDRESSES,
        label=label,
        show=show,
        points=_points,
        sign=_sign,
        moved=_moved,
        plainly=_plainly,
    )


def _trend(report: Report) -> list[tuple[str, list[tuple[str, float, str]]]]:
    """Each measure of the history with (when and why, value, value as text), this run last."""
    entries = [(f"{e['date']} {e['commit']}: {e['reason']}", e["measures"]) for e in report.history]
    entries.append(("this run", {n: m.value for n, m in report.run.measures.items() if m.n}))
    return [
        (name, [(when, m[name], show(name, m[name])) for when, m in entries if name in m])
        for name in TRENDS
        if report.history and name in entries[-1][1]
    ]


def _points(difference: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    return f"{100 * difference:+.1f}".replace("-", "−")


def _moved(difference: float) -> str:
    """A difference in words; better is positive, whichever way the measure counts."""
    if not round(100 * difference, 1):
        return "the same"
    return f"{abs(100 * difference):.1f} points {'better' if difference > 0 else 'worse'}"


def _plainly(problem: Checked | Comparison) -> str:
    """What stops the release, for who does not know the measures' names."""
    if isinstance(problem, Checked):
        name, value = problem.check.measure, problem.measured.value
        kind = "promise" if problem.check.is_promise else "ambition"
        found = show(name, value) if problem.measured.n else "not measured"
        return f"{kind} not kept: {label(name)}: {found}, {_sign(problem)} is asked"
    low, high = _points(problem.interval.low), _points(problem.interval.high)
    return (
        f"{label(problem.measure)}: {_moved(problem.difference)} against the last release "
        f"(95 %: {low} to {high} points, n = {problem.n}); a loss of more than "
        f"{100 * problem.margin:g} points {'is shown' if problem.is_small else 'is not ruled out'}"
    )


def _sign(checked: Checked) -> str:
    """The bound as text: ``≥ 80.0 %``."""
    sign = "≥" if checked.check.is_floor else "≤"
    return f"{sign} {show(checked.check.measure, checked.check.bound)}"


def _views(report: Report) -> list[CaseView]:
    changed: dict[str, tuple[str, CaseResult]] = {}
    if report.diff:
        changed |= {now.key: ("newly failing", old) for old, now in report.diff.newly_failing}
        changed |= {now.key: ("newly passing", old) for old, now in report.diff.newly_passing}
    cases = {f"{s.name}/{c.id}": c for s in report.suites for c in s.cases}
    views = []
    for result in report.run.results:
        change = changed.get(result.key)
        texts, case = report.run.documents.get(result.suite, {}), cases[result.key]
        paragraphs = paragraphs_of(result, case, texts)
        views.append(CaseView(result, case, paragraphs, *(change or ("", None))))
    return views
