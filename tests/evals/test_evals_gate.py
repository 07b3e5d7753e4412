"""The gate lets a right system out and stops every spoilt one, naming where to look."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from askali.domain import Document
from askali_evals.benchmarks.injection import PlantResult
from askali_evals.cases.case import Suite
from askali_evals.cases.facts import plain_texts
from askali_evals.errors import EvalError, FactsError, GateError, RunsDiffer
from askali_evals.gate.compare import blame, diff
from askali_evals.gate.gate import decide, read_gate
from askali_evals.running.run import Run, read_run, run_suites
from askali_evals.running.sample import FEWEST_PAIRS
from evals_subjects import (
    EVALS,
    AlwaysRefuses,
    ChangesNumbers,
    CitesTheNext,
    Crashes,
    CutsSentences,
    Dumps,
    NeverRefuses,
    Obeys,
    OffByOne,
    Oracle,
    PrefersAnother,
    RandomHits,
    committed_suites,
)

GATE = read_gate(EVALS / "gate.toml")


DEFENDED = PlantResult("hosted/one", "How many?", "Four.")
"""Planted instructions have tests of their own; the gate asks that some were planted."""


def opener(kind: type[Oracle]) -> Callable[[Suite], Oracle]:
    def open_subject(suite: Suite) -> Oracle:
        texts = plain_texts(suite.documents)
        assert texts is not None
        return kind(suite.cases, list(texts.values()))

    return open_subject


@cache
def run_of(kind: type[Oracle]) -> Run:
    run = run_suites(committed_suites(), opener(kind), config={"llm": kind.__name__})
    return replace(run, planted=(DEFENDED,))


def test_a_right_system_passes_with_nothing_to_blame() -> None:
    run = run_of(Oracle)
    failures = {r.key: (r.address, r.why) for r in run.results if not r.passed}
    assert failures == {}
    decision = decide(GATE, run, run)
    assert decision.passed
    assert decision.addresses == ()
    assert blame(run) == ()


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (AlwaysRefuses, "abstention"),
        (NeverRefuses, "abstention"),
        (Crashes, "error"),
        (RandomHits, "retrieval"),
        (PrefersAnother, "ranking"),
        (CitesTheNext, "citation"),
        (OffByOne, "citation"),
        (CutsSentences, "citation"),
        (Dumps, "citation"),
        (ChangesNumbers, "answer"),
        (Obeys, "answer"),
    ],
)
def test_every_spoilt_system_is_stopped_at_its_address(kind: type[Oracle], address: str) -> None:
    run = run_of(kind)
    decision = decide(GATE, run, run_of(Oracle))
    assert not decision.passed
    assert address in decision.addresses
    assert blame(run, run_of(Oracle))[0] == address


def test_any_error_stops_the_gate_and_cannot_be_accepted() -> None:
    decision = decide(GATE, run_of(Crashes))
    assert decision.broken[0].check.measure == "error.errors"
    assert not decision.may_be_accepted


def test_an_ambition_that_is_not_reached_is_a_distance_and_blocks_only_where_it_is_strict() -> None:
    run = run_of(AlwaysRefuses)
    decision = decide(GATE, run, run)
    assert decision.passed and not decision.broken
    far = {c.check.measure: c.distance for c in decision.distant}
    assert far["answer.right"] == pytest.approx(0.8)
    strict = decide(replace(GATE, is_strict=True), run, run)
    assert not strict.passed and strict.may_be_accepted
    assert "abstention" in strict.addresses


def test_worse_than_the_last_release_is_no_go_until_a_person_accepts_it() -> None:
    decision = decide(GATE, run_of(AlwaysRefuses), run_of(Oracle))
    assert not decision.passed
    assert decision.may_be_accepted


def test_errors_are_left_out_of_every_other_measure() -> None:
    measures = run_of(Crashes).measures
    assert measures["answer.right"].n == 0
    assert measures["abstention.recall"].value == 1
    answerable = sum(c.answerable for suite in committed_suites() for c in suite.counted)
    assert measures["error.errors"].value >= answerable  # a history that raises is one as well


def test_two_runs_give_the_same_bytes_times_aside() -> None:
    first = run_of(Oracle)
    second = run_suites(committed_suites(), opener(Oracle), config={"llm": "Oracle"})
    second = replace(second, planted=(DEFENDED,))
    assert first.without_times().to_json() == second.without_times().to_json()
    assert set(json.loads(first.to_json())["times"]) == {
        "began",
        "cases_ms",
        "p50_ms",
        "p95_ms",
        "peak_rss_mb",
        "total_s",
    }


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    run, path = run_of(Oracle).without_times(), tmp_path / "run.json"
    path.write_text(run.to_json(), encoding="utf-8")
    assert read_run(path).to_json() == run.to_json()
    path.write_text(run.to_json().replace('"format": 2', '"format": 99'), encoding="utf-8")
    with pytest.raises(EvalError, match="format 99"):
        read_run(path)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(EvalError, match="not a run"):
        read_run(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{\n "config": {},\n "format": 99\n}', ":3: format 99, this askali writes 2"),
        ('{\n "format": 2,\n "cas', ":3: not whole, or no JSON"),
        ("[]", ":1: not a run"),
    ],
)
def test_a_baseline_that_cannot_be_read_is_told_with_its_line(
    tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvalError, match="--accept") as caught:
        read_run(path)
    assert str(path) + told in str(caught.value)


def test_runs_over_other_documents_are_not_compared() -> None:
    run = run_of(Oracle)
    other = replace(run, sources={**run.sources, "article": "0000"})
    with pytest.raises(RunsDiffer, match=r"other documents \(article\)"):
        decide(GATE, run, other)
    with pytest.raises(RunsDiffer):
        diff(run, other)


def test_a_case_that_was_changed_since_is_not_compared_and_the_baseline_is_called_stale() -> None:
    run = run_of(Oracle)
    first, second, *others = run.results
    before = replace(run, results=(replace(first, stamp="old", address="answer"), *others))
    changes = diff(run, before)
    assert changes.newly_passing == ()
    assert changes.stale == ("new or changed since it was accepted: 2 of the questions",)
    gone = diff(before, run)
    assert gone.stale[-1] == "gone since then: 1 of its questions"
    assert "gone since" not in str(diff(before, run, is_part=True).stale)
    with pytest.raises(RunsDiffer, match="none of these questions"):
        decide(GATE, replace(run, results=(second,)), before)


def test_a_baseline_of_another_engine_says_so() -> None:
    run = run_of(Oracle)
    other = replace(run, config={"llm": "local"})
    assert diff(run, other).stale == ("it is of the engine 'local', this is 'Oracle'",)


def test_a_whole_document_that_got_worse_is_no_go_though_the_whole_hardly_moved() -> None:
    run = run_of(Oracle)
    oaks = [r for r in run.results if r.suite == "oak-library" and r.answerable][:6]
    spoilt = {r.key: replace(r, address="answer") for r in oaks}
    worse = replace(run, results=tuple(spoilt.get(r.key, r) for r in run.results))
    decision = decide(GATE, worse, run)
    assert [c.measure for c in decision.worse] == ["passed.document oak-library"]
    one = replace(
        run, results=tuple(spoilt.get(r.key, r) if r is oaks[0] else r for r in run.results)
    )
    assert decide(GATE, one, run).passed


def test_one_lost_question_of_a_small_sample_is_shown_and_stops_nothing_but_six_of_six_do() -> None:
    run = run_of(Oracle)
    few = [r for r in run.results if r.suite == "oak-library" and r.answerable][:2]
    rest = [r for r in run.results if r.suite != "oak-library" and r.answerable][:8]
    sampled = replace(run, results=(*few, *rest))
    one_lost = replace(few[0], address="answer", outcome="wrong")
    worse = replace(sampled, results=(one_lost, *sampled.results[1:]))
    of_all = replace(GATE, checks=())
    of_a_sample = replace(of_all, fewest=FEWEST_PAIRS)
    assert not decide(of_all, replace(worse, results=(one_lost,)), run).comparisons[0].passed
    assert all(c.passed for c in decide(of_a_sample, worse, run).comparisons)
    assert [r.key for _, r in diff(worse, run, is_part=True).newly_failing] == [few[0].key]
    lost = tuple(replace(r, address="answer", outcome="wrong") for r in sampled.results[:6])
    six = replace(sampled, results=(*lost, *sampled.results[6:]))
    assert not all(c.passed for c in decide(of_a_sample, six, run).comparisons)


def test_the_telling_changes_begin_with_wrong_answers_and_leave_room_for_what_is_better() -> None:
    run = run_of(Oracle)
    answerable = [r for r in run.results if r.answerable]
    lost = {r.key: replace(r, address="abstention", outcome="abstained") for r in answerable[:20]}
    wrong = answerable[20]
    lost[wrong.key] = replace(wrong, address="answer", outcome="wrong")
    won = {r.key: replace(r, address="answer") for r in answerable[30:40]}
    now = replace(run, results=tuple(lost.get(r.key, r) for r in run.results))
    before = replace(run, results=tuple(won.get(r.key, r) for r in run.results))
    told = diff(now, before).telling()
    assert [how for how, _, _ in told] == ["worse"] * 5 + ["better"] * 5
    assert told[0][2].key == wrong.key
    assert len(diff(now, run).telling()) == 10


def test_worse_than_the_baseline_beyond_the_margin_is_stopped() -> None:
    run = run_of(Oracle)
    failing = [r for r in run.results if r.answerable][:40]
    spoilt = {r.key: replace(r, outcome="wrong", address="answer") for r in failing}
    worse = replace(run, results=tuple(spoilt.get(r.key, r) for r in run.results))
    decision = decide(GATE, worse, run)
    assert not decision.broken
    assert [c.measure for c in decision.worse][:2] == ["passed.share", "answer.right"]
    assert decision.worse[1].interval.high < 0
    assert decide(GATE, run, worse).passed


def test_the_diff_names_cases_and_whatever_else_changed() -> None:
    run, refusing = run_of(Oracle), run_of(AlwaysRefuses)
    changes = diff(refusing, run)
    assert len(changes.newly_failing) == sum(r.answerable for r in run.results)
    assert changes.newly_passing == ()
    assert changes.changed == {"llm": ("Oracle", "AlwaysRefuses")}
    assert len(diff(run, refusing).newly_passing) == len(changes.newly_failing)


def test_a_document_that_is_older_than_the_one_on_disk_stops_the_gate() -> None:
    class Stale(Oracle):
        def __init__(self, cases: object, documents: list[Document]) -> None:
            old = [replace(d, text=d.text.replace(" the ", " thy ", 1)) for d in documents]
            super().__init__([], old)

    decision = decide(GATE, run_of(Stale))
    assert decision.broken[0].check.measure == "retrieval.stale_documents"
    assert not decision.may_be_accepted


def test_facts_with_wrong_evidence_stop_the_run_instead_of_failing_cases(tmp_path: Path) -> None:
    (suite, *_) = committed_suites()
    case = replace(suite.counted[0], evidence=(("nowhere to be found",),))
    with pytest.raises(FactsError, match="nowhere to be found"):
        run_suites([replace(suite, cases=(case,))], opener(Oracle), config={})


def test_unreviewed_cases_are_never_asked() -> None:
    (suite, *_) = committed_suites()
    drafts = replace(suite, cases=tuple(replace(c, reviewed=False) for c in suite.cases))
    assert run_suites([drafts], opener(Oracle), config={}).results == ()


def test_a_comparison_over_no_case_rules_nothing_out() -> None:
    run = run_of(Oracle)
    refusing = {c.measure: c for c in decide(GATE, run_of(AlwaysRefuses), run).comparisons}
    assert refusing["citation.recall"].n == 0
    assert not refusing["citation.recall"].passed
    gained = {c.measure for c in decide(GATE, run, run_of(AlwaysRefuses)).comparisons}
    assert "citation.recall" not in gained, "where the baseline has nothing, nothing is lost"


def test_a_check_that_no_case_measures_fails() -> None:
    empty = replace(run_of(Oracle), results=())
    failed = {c.check.measure: c.text for c in decide(GATE, empty).broken}
    assert failed["citation.spans_exact"] == "citation.spans_exact: no case measures it"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", r"needs \[\[promise\]\]"),
        ("[[promise]]\nmeasure = 'answer.right'\n", "at_least"),
        ("[[promise]]\nmeasure = 'a.b'\nat_least = 1\nsoft = true\n", "soft"),
        (
            "[[promise]]\nmeasure = 'answer.right'\nat_least = 1\n"
            "[[no_worse]]\nmeasure='x'\nmargin=0\n",
            "x",
        ),
        ("nonsense", "not a gate"),
    ],
)
def test_an_unusable_gate_file_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GateError, match=told):
        read_gate(path)


def test_a_measure_that_does_not_exist_is_told(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text("[[ambition]]\nmeasure = 'answer.rihgt'\nat_least = 1\n", encoding="utf-8")
    with pytest.raises(GateError, match="answer.rihgt"):
        decide(read_gate(path), run_of(Oracle))
