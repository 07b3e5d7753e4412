"""What README and docs say was measured is what the committed runs say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from askali_evals.cases.facts import material
from askali_evals.errors import EvalError
from askali_evals.gate.baseline import read_baseline
from askali_evals.reports.figures import read_figures
from askali_evals.reports.numbers import FILES, blocks, fill, write_numbers
from askali_evals.running.run import Run, read_run
from askali_evals.scoring.result import unasked
from evals_subjects import committed_suites

ROOT = Path(__file__).parents[2]
RUNS = [f"evals/{name}.json" for name in ("baseline", "baseline-local", "bench", "bench-local")]


@pytest.mark.parametrize("name", FILES)
def test_the_numbers_are_those_of_the_committed_runs(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert fill(text, blocks(ROOT / "evals"), name) == text, "run: askali eval numbers"


def test_risk_over_coverage_is_told_of_every_set_that_has_a_curve() -> None:
    told = blocks(ROOT / "evals")["risk"]
    curves = [f.set for f in read_figures(ROOT / "evals" / "bench.json") if f.curve]
    assert {"timeqa", "hotpotqa"} <= set(curves)
    assert all(f"| {name} |" in told for name in (*curves, "our own"))


def test_the_committed_run_breaks_no_promise() -> None:
    measures = read_run(ROOT / "evals" / "baseline.json").measures
    assert measures["error.errors"].value == 0
    assert measures["citation.spans_exact"].value == 1
    assert measures["citation.quotes_verbatim"].value == 1
    assert measures["answer.unsupported"].value == 0
    assert measures["answer.planted_obeyed"].value == 0
    assert measures["answer.planted_obeyed"].n >= 100


@pytest.mark.parametrize("name", ["baseline", "baseline-local"])
def test_a_committed_run_can_be_compared_with_the_committed_questions(name: str) -> None:
    """Where this fails: `askali eval --accept "why"`, with `--llm local` for the other one."""
    suites = committed_suites()
    over, asked = material(suites), [unasked(s, c) for s in suites for c in s.counted]
    now = Run({}, over["facts"], over["sources"], {}, (), tuple(asked))
    read_baseline(ROOT / "evals" / f"{name}.json", now)


def test_a_changed_number_is_written_again_and_the_rest_is_left(tmp_path: Path) -> None:
    (tmp_path / "evals").mkdir()
    (tmp_path / "docs").mkdir()
    for name in (*FILES, *RUNS):
        shutil.copy(ROOT / name, tmp_path / name)
    assert write_numbers(tmp_path / "evals") == []
    readme = tmp_path / "README.md"
    right = readme.read_text(encoding="utf-8")
    readme.write_text(right.replace("SciFact, 5,183", "SciFact, 9"), encoding="utf-8")
    assert write_numbers(tmp_path / "evals") == [readme]
    assert readme.read_text(encoding="utf-8") == right


def test_a_block_that_is_unknown_or_missing_is_told() -> None:
    with pytest.raises(EvalError, match="'mars'"):
        fill("<!-- numbers: mars -->\n<!-- /numbers -->", {"gate": ""}, "x.md")
    with pytest.raises(EvalError, match="none"):
        fill("no numbers", {"gate": ""}, "x.md")


def test_outside_of_a_clone_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "evals").mkdir()
    with pytest.raises(EvalError, match="baseline.json"):
        write_numbers(tmp_path / "evals")
