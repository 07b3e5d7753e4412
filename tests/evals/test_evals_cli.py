"""``askali eval`` as a person types it: own documents, exit codes, files, messages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from askali_evals.cases.facts import load_cases
from askali_evals.cli import app
from askali_evals.errors import RunsDiffer
from askali_evals.running.gate_run import Plan, Watcher, carry_out

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
[[promise]]
measure = "citation.spans_exact"
at_least = 1.0
[[ambition]]
measure = "answer.right"
at_least = 1.0
[[no_worse]]
measure = "answer.right"
margin = 0.1
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    (tmp_path / "gate.toml").write_text(GATE, encoding="utf-8")
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


WRONG = FACTS.replace('["1931"]', '["1932"]')


def told(done: Result) -> str:
    return " ".join(done.output.split())


def test_own_documents_are_go_with_all_reports(own: Path) -> None:
    done = evaluate(own, "--out", str(own / "out"))
    assert done.exit_code == 0, done.output
    assert "GO: every promise kept, nothing to compare with. 2 of 2 questions" in told(done)
    assert "There is no baseline" in told(done)
    run = json.loads((own / "out" / "eval.json").read_text(encoding="utf-8"))
    assert [case["id"] for case in run["cases"]] == ["opened", "designer"]
    assert (own / "out" / "eval.html").is_file()
    assert list((own / "out").glob("journal-*")) == []


def test_an_ambition_stops_only_a_strict_gate(own: Path) -> None:
    (own / "facts.yaml").write_text(WRONG, encoding="utf-8")
    assert evaluate(own).exit_code == 0
    done = evaluate(own, "--strict")
    assert done.exit_code == 1
    assert "NO-GO: look at answer." in told(done)


def test_the_baseline_says_when_why_and_of_which_commit_and_the_history_keeps_it(own: Path) -> None:
    accepted = evaluate(own, "--accept", "first release")
    assert accepted.exit_code == 0, accepted.output
    baseline = json.loads((own / "facts.baseline.json").read_text(encoding="utf-8"))
    assert baseline["times"]["total_s"] == 0
    assert baseline["accepted"]["reason"] == "first release"
    assert set(baseline["accepted"]) == {"commit", "date", "reason"}
    again = evaluate(own, "--out", str(own / "out"))
    assert "GO: every promise kept, no worse than the last release." in told(again)
    assert "first release" in told(again)
    assert "The last releases" in (own / "out" / "eval.html").read_text(encoding="utf-8")
    assert evaluate(own, "--accept", "second").exit_code == 0
    history = (own / "facts.baseline.history.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["reason"] for line in history] == ["first release", "second"]


def test_worse_than_the_baseline_is_no_go_and_a_changed_question_is_not_compared(own: Path) -> None:
    assert evaluate(own, "--accept", "first").exit_code == 0
    path = own / "facts.baseline.json"
    run = json.loads(path.read_text(encoding="utf-8"))
    passed = json.loads(json.dumps(run))
    (own / "facts.yaml").write_text(WRONG, encoding="utf-8")
    changed = evaluate(own)
    assert changed.exit_code == 0
    assert "new or changed since it was accepted: 1 of the questions" in told(changed)
    both = WRONG.replace("expect: [Ada Holm]", "expect: [Ada Helm]")
    (own / "facts.yaml").write_text(both, encoding="utf-8")
    stamps = {case["id"]: case["stamp"] for case in _cases(own)}
    for case in passed["cases"]:
        case["stamp"] = stamps[case["id"]]
    path.write_text(json.dumps(passed), encoding="utf-8")
    worse = evaluate(own)
    assert worse.exit_code == 1
    assert "NO-GO: look at answer." in told(worse)
    assert "worse facts/opened" in told(worse)


def _cases(own: Path) -> list[dict[str, str]]:
    evaluate(own, "--no-baseline", "--out", str(own / "cases"))
    return list(json.loads((own / "cases" / "eval.json").read_text(encoding="utf-8"))["cases"])


def test_a_baseline_over_another_corpus_is_refused_with_its_line_before_anything_is_asked(
    own: Path,
) -> None:
    assert evaluate(own, "--accept", "first").exit_code == 0
    (own / "docs" / "bridge.txt").write_text(BRIDGE + "\nIt is red.\n", encoding="utf-8")
    asked = []

    class Ears(Watcher):
        def asked(self, result: object, before: object) -> None:
            asked.append(result)

    plan = Plan(docs=own / "docs", facts=own / "facts.yaml", home=own / "home")
    with pytest.raises(RunsDiffer, match=r"baseline.json:\d+: .*other documents \(facts\)"):
        carry_out(plan, Ears())
    assert asked == []
    assert evaluate(own, "--accept", "another text").exit_code == 0
    assert evaluate(own).exit_code == 0


def test_evidence_that_is_gone_is_told_with_its_line_before_anything_is_asked(own: Path) -> None:
    (own / "facts.yaml").write_text(FACTS.replace("traffic in", "trams in"), encoding="utf-8")
    facts, home = str(own / "facts.yaml"), str(own / "home")
    done = call(own, "--docs", str(own / "docs"), "--facts", facts, "--home", home)
    assert done.exit_code == 9
    assert "facts.yaml:1: opened: not in the documents: 'opened to trams in 1931'" in told(done)
    assert "nearest: 'The bridge was opened to traffic in 1931.'" in told(done)


def test_a_broken_promise_cannot_be_accepted(own: Path) -> None:
    gate = GATE.replace('"citation.spans_exact"\nat_least = 1.0', '"answer.words"\nat_most = 1.0')
    (own / "gate.toml").write_text(gate, encoding="utf-8")
    done = evaluate(own, "--accept", "never mind")
    assert done.exit_code == 1
    assert "a promise is broken: answer.words" in told(done)
    assert not (own / "facts.baseline.json").exists()


def test_an_earlier_run_is_judged_and_accepted_without_asking_again(own: Path) -> None:
    assert evaluate(own, "--out", str(own / "out")).exit_code == 0
    earlier = ("--from", str(own / "out" / "eval.json"))
    done = evaluate(own, *earlier, "--accept", "as run before")
    assert done.exit_code == 0, done.output
    (own / "facts.yaml").write_text(WRONG, encoding="utf-8")
    other = evaluate(own, *earlier)
    assert other.exit_code == 9
    assert "not a whole run of this code and these questions" in told(other)


def test_a_budget_asks_a_sample_and_says_so(own: Path) -> None:
    done = evaluate(own, "--budget", "1m")
    assert done.exit_code == 0, done.output
    assert "(a sample, as many as 1m allow)" in told(done)


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
    assert "A part of the questions, which decides nothing: 1 of 1" in done.output
    assert "✗" not in done.output
    assert evaluate(own, "--only", "nobody").exit_code == 9


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--facts", "x.yaml"), "needs the documents"),
        (("--budget", "soon"), "a number and s, m or h"),
        (("--accept", " ", "--docs", "{own}/docs", "--facts", "{own}/facts.yaml"), "the reason"),
        (("--from", "{own}/none.json"), "none.json: no such file"),
        (("--docs", "nowhere", "--facts", "{own}/facts.yaml"), "no such file or folder"),
        (("--docs", "{own}/docs", "--facts", "{own}/none.yaml"), "no such file"),
        (("--gate", "{own}/none.toml", "--docs", "{own}/docs", "--facts", "x"), "no such file"),
        (("--gate", "{own}/none.toml"), "none.toml: no such file"),
        (("--baseline", "{own}/none.json"), "none.json: no such file"),
        (("--accept", "why", "--only", "money"), "needs a whole run"),
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
    assert "of 3 questions" in evaluate(own, "--no-baseline").output


def test_init_proposes_and_what_is_confirmed_is_asked_by_the_next_command(own: Path) -> None:
    words = ["init", str(own / "docs"), "--confirm", "--home", str(own / "home")]
    done = CliRunner().invoke(app, words, input="y\ne\nnew words\n1958\n\nn\nq\n")
    assert done.exit_code == 0, done.output
    assert "not done: " in done.output  # 1958 is not what that sentence says
    facts = own / "docs.facts.yaml"
    assert f"1 confirmed, 4 to review in {facts}" in told(done)
    done = CliRunner().invoke(app, words, input="e\nwho drew it\nAda Holm\n\nn\nu\n\nq\n")
    assert f"3 confirmed, 1 to review in {facts}" in told(done)
    cases = load_cases(facts)
    assert [case.reviewed for case in cases] == [True, True, True, False]
    assert (cases[1].question, cases[1].expect) == ("who drew it", (("Ada Holm",),))
    assert not cases[2].answerable
    asked = call(own, "--docs", str(own / "docs"), "--home", str(own / "home"))
    assert "of 3 questions passed" in told(asked)
    assert f'askali eval --docs {own / "docs"} --accept "why"' in told(asked)
    CliRunner().invoke(app, words, input="n\n")
    again = call(own, *words)
    assert again.exit_code == 9
    assert "nothing waits for review" in told(again)


def test_what_was_typed_stays_when_it_cannot_count_and_a_decision_can_be_taken_back(
    own: Path,
) -> None:
    words = ["init", str(own / "docs"), "--confirm", "--home", str(own / "home")]
    typed = ["b", "n", "b", "e", "Since when?", "1958", "", "e", "", "1931", "", "u", "Who paid?"]
    done = CliRunner().invoke(app, words, input="\n".join(typed) + "\n")
    assert done.exit_code == 0, done.output  # the end of input is as good as q
    assert "there is nothing to take back" in told(done)
    assert f"2 confirmed, 4 to review in {own / 'docs.facts.yaml'}" in told(done)
    first, second, *_ = load_cases(own / "docs.facts.yaml")
    assert (first.question, first.expect) == ("Since when?", (("1931",),))
    assert (second.question, second.answerable) == ("Who paid?", False)


def test_a_log_in_ascii_gets_question_marks_and_no_traceback(own: Path) -> None:
    command = [sys.executable, "-m", "askali", "eval", "pending", "--home", str(own / "home")]
    call(own, "add", "Wie groß?", "--home", str(own / "home"))
    plain = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, env=plain, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Wie gro??" in done.stdout


def test_drafts_that_nobody_went_through_are_not_asked(own: Path) -> None:
    home = ("--home", str(own / "home"))
    assert call(own, "init", str(own / "docs"), *home).exit_code == 0
    ran = call(own, "--docs", str(own / "docs"), *home)
    assert ran.exit_code == 9
    assert "no reviewed case" in ran.output
