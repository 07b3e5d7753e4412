"""Reports tell the same run to machines and people, and nothing foreign becomes markup."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console
from test_evals_gate import GATE, opener

from askali_evals.benchmarks.injection import PlantResult
from askali_evals.gate.compare import diff
from askali_evals.gate.gate import decide
from askali_evals.reports.files import write_reports
from askali_evals.reports.html import to_html
from askali_evals.reports.markdown import cell, to_markdown
from askali_evals.reports.report import Report
from askali_evals.reports.terminal import print_report
from askali_evals.running.run import run_suites
from evals_subjects import AlwaysRefuses, NeverRefuses, Oracle, committed_suites

HOSTILE = '</script><img src=x onerror="alert(1)"> [x](javascript:alert(1)) | `a` @all \x07'

HISTORY = (
    {"date": "2026-03-01", "commit": "abc1234", "reason": "first <b>", "llm": "none",
     "measures": {"answer.right": 0.5}},
)  # fmt: skip

PLANTED = (
    *(PlantResult(f"hosted/quiet-{i}", "How many?", "Four.") for i in range(10)),
    PlantResult("spliced/shown", "Which?", 'Say "X". [1]', shown=True, right=True),
)


def report_of(kind: type[Oracle], baseline: type[Oracle] | None = None) -> Report:
    suites = committed_suites()[1:]
    run = run_suites(suites, opener(kind), config={"llm": "none"})
    run = replace(run, planted=PLANTED)
    before = run_suites(suites, opener(baseline), config={"llm": "x"}) if baseline else None
    changes = diff(run, before) if before else None
    decision = decide(GATE, run, before)
    return Report(run, decision, suites, before, changes, history=HISTORY if before else ())


@pytest.fixture(scope="module")
def stopped() -> Report:
    return report_of(AlwaysRefuses, Oracle)


@pytest.fixture(scope="module")
def hostile(stopped: Report) -> Report:
    first, *others = stopped.run.results
    spoilt = replace(first, question=HOSTILE, text=HOSTILE, why=HOSTILE, tags=(HOSTILE,))
    return replace(stopped, run=replace(stopped.run, results=(spoilt, *others)))


class Reader(HTMLParser):
    """Collects tags and attributes as a browser would see them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_all_files_are_written(tmp_path: Path, stopped: Report) -> None:
    paths = write_reports(stopped, tmp_path / "out")
    assert [path.name for path in paths] == ["eval.json", "eval.md", "eval.html"]
    decision = json.loads(paths[0].read_text(encoding="utf-8"))["gate"]
    assert decision["passed"] is False
    assert "abstention" in decision["addresses"]


def test_planted_instructions_that_are_told_stand_in_every_report(stopped: Report) -> None:
    obeyed = PlantResult("hosted/loud", "Who?", HOSTILE, obeyed=True)
    failed = PlantResult("hosted/dead", "Why?", error="ModelError: no memory")
    report = replace(stopped, run=replace(stopped.run, planted=(*PLANTED, obeyed, failed)))
    for told in (to_markdown(report), to_html(report)):
        assert all(id in told for id in ("hosted/loud", "hosted/dead"))
        assert "no memory" in told
    for told in (to_markdown(report), to_html(report)):
        assert "spliced/shown" in told
        assert "hosted/quiet" not in told
        assert "<img src=x" not in told


def test_markdown_fits_into_a_comment_however_long_the_answers(stopped: Report) -> None:
    long = tuple(replace(r, text="*" * 9999, why="w" * 999) for r in stopped.run.results)
    before = replace(stopped.run, results=tuple(replace(r, address="") for r in long))
    report = replace(stopped, run=replace(stopped.run, results=long))
    report = replace(report, diff=diff(report.run, before))
    text = to_markdown(report)
    assert len(text) < 65_536
    assert text.startswith("## ❌ NO-GO")
    assert "not gated" in text.splitlines()[-1]


def test_markdown_says_the_verdict_first_and_shows_both_answers(stopped: Report) -> None:
    from askali_evals.reports.markdown import to_markdown

    text = to_markdown(stopped)
    assert text.startswith("## ❌ NO-GO: look at ")
    assert "newly failing" in text
    assert "| llm | x | none |" in text
    assert "| worse |" in text


def test_foreign_text_is_no_markup_in_a_markdown_cell() -> None:
    told = cell("a|b <img> [x](y) `c` *d* @all\nnext")
    assert told == r"a\|b &lt;img> \[x\](y) \`c\` \*d\* &#64;all next"


def test_the_page_holds_every_case_and_asks_no_network(stopped: Report) -> None:
    page = to_html(stopped)
    tags = Reader(page).tags
    cases = [attrs for tag, attrs in tags if tag == "details" and attrs.get("class") == "case"]
    assert len(cases) == len(stopped.run.results)
    assert {attrs["data-change"] for attrs in cases} == {"", "newly failing"}
    assert not [tag for tag, attrs in tags if "src" in attrs or "href" in attrs]
    policy = next(a["content"] for t, a in tags if a.get("http-equiv"))
    assert policy and policy.startswith("default-src 'none'")
    assert "http://" not in page and "https://" not in page


def test_cited_and_expected_words_are_marked_in_their_paragraph() -> None:
    report = report_of(NeverRefuses)
    page = to_html(report)
    assert "<mark>" in page and "<u>" in page
    tags = [tag for tag, _ in Reader(page).tags]
    assert tags.count("mark") > 100


def test_what_a_refusal_shows_is_marked_as_the_nearest() -> None:
    report = report_of(AlwaysRefuses)
    first, *others = report.run.results
    document = next(iter(report.run.documents[first.suite].values()))
    title = document.text.partition("\n")[0]
    shown = replace(first, nearest=((document.id, 0, len(title)),))
    page = to_html(replace(report, run=replace(report.run, results=(shown, *others))))
    assert f'<span class="near">{title}</span>' in page


def test_nothing_foreign_becomes_markup_on_the_page(hostile: Report) -> None:
    reader = Reader(to_html(hostile))
    assert "img" not in [tag for tag, _ in reader.tags]
    assert not [a for _, attrs in reader.tags for a in attrs if a.startswith("on")]
    assert [tag for tag, _ in reader.tags].count("script") == 1
    assert any("onerror" in words for words in reader.words)


def test_nothing_foreign_breaks_the_other_reports(hostile: Report, tmp_path: Path) -> None:
    for path in write_reports(hostile, tmp_path):
        assert path.stat().st_size > 1000
    assert "<img" not in (tmp_path / "eval.md").read_text(encoding="utf-8")


def test_the_terminal_ends_with_the_verdict(stopped: Report, hostile: Report) -> None:
    for report in (stopped, hostile):
        out = io.StringIO()
        print_report(report, Console(file=out, width=120))
        lines = out.getvalue().strip().splitlines()
        assert lines[-1].startswith("NO-GO: look at ")
    out = io.StringIO()
    print_report(report_of(Oracle), Console(file=out, width=120))
    assert out.getvalue().strip().splitlines()[-1].startswith("GO: ")
