"""The numbers in README and docs, written from the committed runs and by no hand.

Between ``<!-- numbers: NAME -->`` and ``<!-- /numbers -->`` stands what `blocks` gives
for NAME from ``evals/baseline.json`` (the gate's run) and ``evals/bench.json`` (the
public sets), and from their like with the local model, ``baseline-local.json`` and
``bench-local.json``. `askali eval numbers` writes them; a test compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from askali_evals.errors import EvalError
from askali_evals.reports.figures import Figure, bench_table, read_figures
from askali_evals.reports.labels import row, rows
from askali_evals.reports.markdown import table
from askali_evals.running.run import Run, read_run
from askali_evals.scoring.metrics import risk_curve
from askali_evals.scoring.result import CaseResult

README_MEASURES = (
    "answer.right",
    "retrieval.recall@12",
    "citation.recall",
    "citation.spans_exact",
    "abstention.far_off",
    "abstention.near_miss",
    "abstention.false_refusals",
    "answer.planted_obeyed",
)
README_FIGURES = {
    ("squad2", "answer contained"): "SQuAD 2.0, gold paragraph: the answer's words are quoted",
    ("squad2", "words, median"): "SQuAD 2.0: words of an answer, median",
    (
        "xquad_en",
        "answer contained",
    ): "XQuAD, 105 paragraphs: the answer's words are quoted",
    ("xquad_en", "right paragraph cited"): "XQuAD: the right paragraph is cited",
    ("scifact", "nDCG@10"): "SciFact, 5,183 abstracts: nDCG@10",
}
SHARES = (0.25, 0.5, 0.75, 1.0)
FILES = ("README.md", "docs/measurements.md")
_BLOCK = re.compile(r"(<!-- numbers: (\w+) -->\n).*?(<!-- /numbers -->)", re.DOTALL)


def blocks(evals: Path) -> dict[str, str]:
    """Every table by its name; raises `EvalError` where a committed run is not there."""
    run, figures = read_run(evals / "baseline.json"), read_figures(evals / "bench.json")
    local, read = read_run(evals / "baseline-local.json"), read_figures(evals / "bench-local.json")
    return {
        "short": _short(run, figures),
        "gate": _gate(run),
        "documents": _documents(run.results),
        "kinds": _kinds(run),
        "bench": bench_table(figures),
        "risk": _risk(run, figures),
        "engines": _engines(run, local),
        "documents_local": _documents(local.results),
        "short_local": _short(local, read),
        "bench_local": bench_table(read),
    }


def fill(text: str, tables: Mapping[str, str], where: str) -> str:
    """The text with each marked block replaced; raises `EvalError` for unknown or no blocks."""
    names = [name for _, name, _ in _BLOCK.findall(text)]
    unknown = [name for name in names if name not in tables]
    if unknown or not names:
        raise EvalError(f"{where}: numbers block {unknown or 'none'}; known: {', '.join(tables)}")
    return _BLOCK.sub(lambda m: f"{m[1]}{tables[m[2]]}\n{m[3]}", text)


def write_numbers(evals: Path) -> list[Path]:
    """Fill the files of the repository around an evals folder; gives those that changed."""
    tables, changed = blocks(evals), []
    for name in FILES:
        path = evals.parent / name
        if not path.is_file():
            raise EvalError(f"{path}: no such file; run this in a clone of the repository")
        before = path.read_text(encoding="utf-8")
        after = fill(before, tables, name)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(path)
    return changed


def _risk(run: Run, figures: Iterable[Figure]) -> str:
    """Risk over coverage of the public sets that have unanswerable questions, and of our own.

    A table, not a plot: four shares of a curve say what a reader compares, and a library that
    draws (matplotlib and its parts are 60 MB) would be installed for one picture.
    """
    curves = [(f.set, f.n, f.curve) for f in figures if f.curve]
    curves.append(("our own", len(run.results), tuple(risk_curve(run.results))))
    head = ["wrong among the most confident", "n"]
    lines = [
        [name, str(n), *(f"{100 * _risk_at(share, curve):.1f} %" for share in SHARES)]
        for name, n, curve in curves
    ]
    return table([*head, *(f"{100 * share:.0f} %" for share in SHARES)], lines)


def _risk_at(share: float, curve: Sequence[tuple[float, float]]) -> float:
    """The risk at the first point that answers so many; kept curves end close to all."""
    return next((risk for coverage, risk in curve if coverage >= share - 1e-9), curve[-1][1])


def _short(run: Run, figures: Iterable[Figure]) -> str:
    known = {(f.set, f.name): f for f in figures}
    public = [
        [text, _value(known[key]), str(known[key].n)]
        for key, text in README_FIGURES.items()
        if key in known
    ]
    ours = [row(name, run.measures[name]) for name in README_MEASURES]
    own = [[f"our own: {m.label}", _with(m.value, m.interval), str(m.n)] for m in ours]
    return table(["what", "measured (95 %)", "n"], [*public, *own])


def _gate(run: Run) -> str:
    measured = [line for line in rows(run.measures) if line.n]
    lines = [[line.label, line.value, line.interval, str(line.n)] for line in measured]
    return table(["measure", "value", "95 %", "n"], lines)


def _engines(quotes: Run, local: Run) -> str:
    """The gate's measures of both engines side by side, where both were asked."""
    lines = []
    for here, there in zip(rows(quotes.measures), rows(local.measures), strict=True):
        if not (here.n and there.n):
            continue
        both = [f"{line.value} {_in_brackets(line.interval)}".strip() for line in (here, there)]
        lines.append([here.label, *both, str(here.n)])
    return table(["measure", "quotes", "local model", "n"], lines)


def _in_brackets(interval: str) -> str:
    return f"({interval})" if interval else ""


def _documents(results: Sequence[CaseResult]) -> str:
    suites = dict.fromkeys(result.suite for result in results if not result.shape)
    head = ["document", "answerable: right", "wrong", "refused", "near misses refused", "far-off"]
    return table(head, [_document(s, [r for r in results if r.suite == s]) for s in suites])


def _document(suite: str, results: Sequence[CaseResult]) -> list[str]:
    asked = [r for r in results if r.answerable]
    counts = [sum(r.outcome == how for r in asked) for how in ("right", "wrong", "abstained")]
    refused = [_refused(results, tag) for tag in ("near-miss", "far-off")]
    return [suite, f"{counts[0]} of {len(asked)}", *(str(c) for c in counts[1:]), *refused]


def _refused(results: Sequence[CaseResult], tag: str) -> str:
    meant = [r for r in results if tag in r.tags and not r.answerable]
    return f"{sum(r.outcome == 'abstained' for r in meant)} of {len(meant)}"


def _kinds(run: Run) -> str:
    kinds = run.to_dict()["kinds"]
    lines = [[k, f"{100 * m['value']:.0f} %", str(m["n"])] for k, m in kinds.items()]
    return table(["kind of question", "passed", "n"], sorted(lines, key=lambda x: -int(x[2])))


def _value(figure: Figure) -> str:
    if figure.name == "words, median":
        return f"{figure.value:g}"
    if figure.name == "nDCG@10":
        low, high = (figure.interval.low, figure.interval.high) if figure.interval else (0.0, 0.0)
        return f"{figure.value:.3f} ({low:.3f} – {high:.3f})"
    span = figure.interval
    between = f"{100 * span.low:.1f} – {100 * span.high:.1f} %" if span else ""
    return _with(f"{100 * figure.value:.1f} %", between)


def _with(value: str, interval: str) -> str:
    return f"{value} ({interval})" if interval else value
