"""``askali eval`` as a person types it: own documents, exit codes, files, messages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from askali_evals.cli import app
from askali_evals.errors import RunsDiffer
from askali_evals.running.gate_run import Plan, carry_out

BRIDGE = (
    "Kestrel Bridge\n\nThe bridge was opened to traffic in 1931. It is 1.50 km long and carries "
    "six lanes.\n\nThe engineer Ada Holm designed the bridge. Its paint is renewed every 12 years."
    "\n\nTrams crossed the bridge until 1958. A toll of two crowns was paid until 1960.\n"
)
FACTS = """\
- id: opened
  question: When was the bridge opened to traffic?
  expect: ["1931"]
  evidence: [opened to traffic in 1931]
- id: designer
  question: Who designed the bridge?
  expect: [Ada Holm]
  evidence: [Ada Holm designed the bridge]
- id: draft
  question: TODO
  expect: [x]
  reviewed: false
"""
GATE = """\
[[check]]
measure = "answer.right"
at_least = {floor}
[[check]]
measure = "citation.spans_exact"
at_least = 1.0
hard = true
[[compare]]
measure = "answer.right"
margin = 0.1
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    (tmp_path / "gate.toml").write_text(GATE.format(floor=1.0), encoding="utf-8")
    return tmp_path


def call(own: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words])


def evaluate(own: Path, *words: str) -> Result:
    return call(
        own,
        "--docs",
        str(own / "docs"),
        "--facts",
        str(own / "facts.yaml"),
        "--gate",
        str(own / "gate.toml"),
        "--home",
        str(own / "home"),
        *words,
    )


def test_own_documents_pass_their_gate_with_all_reports(own: Path) -> None:
    done = evaluate(own, "--out", str(own / "out"))
    assert done.exit_code == 0, done.output
    assert "May go out: 2 of 2 cases passed." in done.output
    run = json.loads((own / "out" / "eval.json").read_text(encoding="utf-8"))
    assert [case["id"] for case in run["cases"]] == ["opened", "designer"]
    assert (own / "out" / "eval.html").is_file()


def test_a_missed_bound_exits_with_one(own: Path) -> None:
    wrong = FACTS.replace('["1931"]', '["1932"]')
    (own / "facts.yaml").write_text(wrong, encoding="utf-8")
    done = evaluate(own)
    assert done.exit_code == 1
    assert "Stopped: look at answer." in done.output


def test_an_accepted_run_is_the_next_baseline_and_other_facts_are_refused(own: Path) -> None:
    accepted = evaluate(own, "--accept")
    assert accepted.exit_code == 0, accepted.output
    baseline = own / "facts.baseline.json"
    assert json.loads(baseline.read_text(encoding="utf-8"))["times"]["total_s"] == 0
    assert "against the baseline" in evaluate(own).output.replace("\n", " ")
    (own / "facts.yaml").write_text(FACTS + "\n# edited\n", encoding="utf-8")
    refused = evaluate(own)
    assert refused.exit_code == 9
    assert "other facts (facts)" in refused.output.replace("\n", " ")
    assert evaluate(own, "--no-baseline").exit_code == 0


def test_another_baseline_is_refused_before_anything_is_asked(own: Path) -> None:
    assert evaluate(own, "--accept").exit_code == 0
    (own / "docs" / "bridge.txt").write_text(BRIDGE + "\nIt is red.\n", encoding="utf-8")
    asked: list[int] = []
    plan = Plan(docs=own / "docs", facts=own / "facts.yaml", home=own / "home")
    with pytest.raises(RunsDiffer, match=r"other sources \(facts\)"):
        carry_out(plan, asked.append)
    assert asked == []


def test_what_is_accepted_is_shown_beside_what_it_replaces(own: Path) -> None:
    assert "against the baseline" not in evaluate(own, "--accept").output.replace("\n", " ")
    assert "against the baseline" in evaluate(own, "--accept").output.replace("\n", " ")
    (own / "facts.yaml").write_text(FACTS + "\n# edited\n", encoding="utf-8")
    assert evaluate(own, "--accept").exit_code == 0
    assert "May go out" in evaluate(own).output


def test_two_runs_write_the_same_bytes_times_aside(own: Path) -> None:
    files = []
    for name in ("one", "two"):
        assert evaluate(own, "--out", str(own / name)).exit_code == 0
        run = json.loads((own / name / "eval.json").read_text(encoding="utf-8"))
        run.pop("times")
        files.append(json.dumps(run))
    assert files[0] == files[1]


def test_only_asks_a_part_and_decides_nothing(own: Path) -> None:
    done = evaluate(own, "--only", "designer")
    assert done.exit_code == 0
    assert "A part of the facts, which decides nothing: 1 of 1 cases" in done.output
    assert "✗" not in done.output
    assert evaluate(own, "--only", "nobody").exit_code == 9


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--docs", "nowhere"), "go together"),
        (("--docs", "nowhere", "--facts", "{own}/facts.yaml"), "no such file or folder"),
        (("--docs", "{own}/docs", "--facts", "{own}/none.yaml"), "no such file"),
        (("--gate", "{own}/none.toml", "--docs", "{own}/docs", "--facts", "x"), "no such file"),
        (("--gate", "{own}/none.toml"), "none.toml: no such file"),
        (("--baseline", "{own}/none.json"), "none.json: no such file"),
        (("--accept", "--only", "money"), "needs a whole run"),
        (("bench",), "needs --path FOLDER"),
        (("bench", "--path", "{own}/none"), "no such folder"),
        (("bench", "--path", "{own}", "--set", "mars"), "no bench for 'mars'"),
        (("bench", "--path", "{own}", "--set", "squad2"), "no such file"),
        (("promote", "x", "--home", "{own}/home"), "no pending case 'x'"),
        (("add", "q", "--verdict", "meh", "--home", "{own}/home"), "'meh'"),
        (("add", " ", "--home", "{own}/home"), "the question is empty"),
        (("add", "q", "--home", "{own}/facts.yaml"), "can be written"),
        (("init", "{own}/docs", "--facts", "{own}/no/f.yaml", "--home", "{own}/home"), "no/f.yaml"),
    ],
)
def test_what_cannot_be_done_is_told_without_a_traceback(
    own: Path, words: tuple[str, ...], told: str
) -> None:
    done = call(own, *(word.replace("{own}", str(own)) for word in words))
    assert done.exit_code == 9
    assert told in done.output.replace("\n", " ")
    assert "Traceback" not in done.output


def test_a_question_goes_from_add_over_pending_into_the_facts(own: Path) -> None:
    home = ("--home", str(own / "home"))
    added = call(
        own,
        "add",
        "How long is the bridge?",
        "--expect",
        "1.50 km",
        "--evidence",
        "It is 1.50 km long",
        *home,
    )
    assert "how-long-bridge" in added.output
    assert "1 pending" in call(own, "pending", *home).output
    moved = call(own, "promote", "how-long-bridge", "--facts", str(own / "facts.yaml"), *home)
    assert "it counts now" in moved.output
    assert "0 pending" in call(own, "pending", *home).output
    assert "of 3 cases" in evaluate(own, "--no-baseline").output


def test_init_drafts_cases_that_do_not_count_yet(own: Path) -> None:
    drafts = own / "drafts.yaml"
    done = call(own, "init", str(own / "docs"), "--facts", str(drafts), "--home", str(own / "home"))
    assert done.exit_code == 0, done.output
    assert "reviewed: false" in drafts.read_text(encoding="utf-8")
    again = call(own, "init", str(own / "docs"), "--facts", str(drafts))
    assert again.exit_code == 9
    ran = call(
        own, "--docs", str(own / "docs"), "--facts", str(drafts), "--home", str(own / "home")
    )
    assert ran.exit_code == 9
    assert "no reviewed case" in ran.output
    text = drafts.read_text(encoding="utf-8").replace("  reviewed: false\n", "", 1)
    drafts.write_text(text, encoding="utf-8")
    ran = call(own, "--docs", str(own / "docs"), "--facts", str(drafts))
    assert "write the question" in ran.output.replace("\n", " ")
