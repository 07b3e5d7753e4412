"""The gate is seen to fail: seeded regressions in the real assistant, one at a time."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from askali import Answer, load_documents
from askali.answering.pipeline import Pipeline
from askali.domain import Hit
from askali.models.embeddings import shared_encoder
from askali.retrieval.calibration import load_calibration
from askali.retrieval.hybrid import Searcher
from askali_evals.cases.case import Case, Suite
from askali_evals.cases.facts import load_suites
from askali_evals.gate.gate import Gate, decide, read_gate
from askali_evals.running.run import Run, run_suites
from askali_evals.running.system import Subject
from askali_evals.scoring.metrics import PLANTED
from askali_evals.scoring.result import CaseResult
from evals_regressions import REGRESSIONS, SHAPES, Parts, Seed, Spoilt, Whole
from evals_subjects import EVALS, committed_suites

SMALL = ("bee-survey", "harbour-bridge")
"""The facts of the two short documents; the article's would take twice as long each time."""


@dataclass(frozen=True)
class Sound:
    """The unspoilt assistant's run over the sample, and a gate that it passes."""

    parts: Parts
    suite: Suite
    run: Run
    gate: Gate

    def run_of(self, subject: Subject) -> Run:
        return run_suites([self.suite], lambda suite: subject, config={})


def both(suites: Sequence[Suite]) -> tuple[Case, ...]:
    """Every case of the suites, ids made unique over the documents."""
    return tuple(
        replace(case, id=f"{suite.name}-{case.id}") for suite in suites for case in suite.counted
    )


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sound]:
    """Both documents as one corpus; no instruction is planted in them."""
    folder = tmp_path_factory.mktemp("documents")
    suites = [suite for suite in committed_suites() if suite.name in SMALL]
    for suite in suites:
        assert suite.documents is not None
        shutil.copy(suite.documents, folder)
    suite = Suite("both", both(suites), EVALS / "facts", folder)
    home = tmp_path_factory.mktemp("home")
    parts = Parts.of(load_documents(folder), shared_encoder(home))
    run = run_suites([suite], lambda _: Whole(parts), config={})
    assert not [(r.key, r.why) for r in run.results if r.address == "error"]
    whole = read_gate(EVALS / "gate.toml")
    kept = tuple(check for check in whole.checks if check.measure not in PLANTED)
    yield Sound(parts, suite, run, replace(whole, checks=kept))
    parts.index.close()


def test_the_sound_assistant_passes_and_keeps_every_promise(sound: Sound) -> None:
    assert decide(sound.gate, sound.run, sound.run).passed
    assert len([check for check in sound.gate.checks if check.is_promise]) >= 7


def test_there_are_at_least_thirty_regressions() -> None:
    assert len(REGRESSIONS) + len(SHAPES) >= 30


@pytest.mark.parametrize("name", REGRESSIONS)
def test_the_gate_stops_a_seeded_regression_at_its_address(sound: Sound, name: str) -> None:
    address, seed = REGRESSIONS[name]
    run = sound.run_of(seed(sound.parts))
    decision = decide(sound.gate, run, sound.run)
    assert not decision.passed
    assert decision.addresses[0] == address


def moved(result: CaseResult, **changed: object) -> CaseResult:
    return replace(result, **changed)  # type: ignore[arg-type]


def of_each(**changed: object) -> Callable[[Run], Run]:
    return lambda run: replace(run, results=tuple(moved(r, **changed) for r in run.results))


def one_lost(run: Run, gained: int = 0) -> Run:
    """One right answer is wrong, and as many wrong ones right as said."""
    passed = next(r for r in run.results if r.passed)
    failed = [r for r in run.results if not r.passed][:gained]
    other = {passed.key: moved(passed, address="answer", outcome="wrong")}
    other |= {r.key: moved(r, address="", outcome="right") for r in failed}
    return replace(run, results=tuple(other.get(r.key, r) for r in run.results))


HARMLESS: dict[str, Callable[[Run], Run]] = {
    "nothing": lambda run: run,
    "a comment in the code": lambda run: replace(run, config={**run.config, "code": "1.0+other"}),
    "an index built anew": lambda run: replace(run, stamps={"both": "other"}),
    "faster code": lambda run: replace(run, times=replace(run.times, p50_ms=0.1, total_s=1.0)),
    "cases in another order": lambda run: replace(run, results=run.results[::-1]),
    "a tag renamed": of_each(tags=("renamed",)),
    "a note added to every answer": of_each(notes=("by the way",)),
    "a little more confidence": of_each(confidence=0.5),
    "hits that are not kept": of_each(hits=()),
    "another reason for the same refusal": of_each(abstain_reason="not_stated"),
    "one answer lost": one_lost,
    "one answer lost and three gained": lambda run: one_lost(run, gained=3),
}
"""Seen in the run alone."""


def worded(answer: Answer, bot: Spoilt) -> Answer:
    """Another word before what is quoted."""
    return answer if answer.abstained else replace(answer, text=f"In short: {answer.text}")


def renumbered(answer: Answer, bot: Spoilt) -> Answer:
    """Citations are counted from eleven."""
    claims = tuple(
        replace(c, citations=tuple(10 + number for number in c.citations)) for c in answer.claims
    )
    cited = tuple(replace(c, number=10 + c.number) for c in answer.citations)
    text = re.sub(r"\[(\d+)\]", lambda m: f"[{10 + int(m[1])}]", answer.text)
    return replace(answer, text=text, claims=claims, citations=cited)


class Warmed(Whole):
    """Every question is asked twice, as with a cache that was filled before."""

    def ask(self, question: str, history: Any = (), **more: Any) -> Answer:
        super().ask(question, history, **more)
        return super().ask(question, history, **more)


class Renamed(Searcher):
    """The same search by a class of another name, its hits copied."""

    def search(self, question: str, k: int, document_ids: Any = None) -> list[Hit]:
        return [replace(hit) for hit in super().search(question, k, document_ids)]


def spaced(answer: Answer, bot: Spoilt) -> Answer:
    """A line break before each answer, and one after it."""
    return replace(answer, text=f"\n{answer.text} \n")


class FirstOfMany(Searcher):
    """Five times as many are ranked, and the best of them given."""

    def search(self, question: str, k: int, document_ids: Any = None) -> list[Hit]:
        return super().search(question, 5 * k, document_ids)[:k]


def retitled(parts: Parts) -> Parts:
    return parts.again([replace(d, source=f"moved/{d.source}") for d in parts.documents])


HARMLESS_SYSTEMS: dict[str, Seed] = {
    "a class renamed": lambda p: Whole(p, searcher=Renamed),
    "a pipeline derived and not changed": lambda p: Whole(p, chain=type("Other", (Pipeline,), {})),
    "a cache filled before": Warmed,
    "an index made anew of the same texts": lambda p: Whole(p.again(p.documents)),
    "the documents in another order": lambda p: Whole(p.again(p.documents[::-1])),
    "the files moved to another folder": lambda p: Whole(retitled(p)),
    "a word put before each answer": lambda p: Spoilt(p, worded),
    "citations counted from another number": lambda p: Spoilt(p, renumbered),
    "a line break around each answer": lambda p: Spoilt(p, spaced),
    "more ranked before the best are given": lambda p: Whole(p, searcher=FirstOfMany),
    "one passage more looked at": lambda p: Whole(p, k=13),
    "a fit copied from its file": lambda p: Whole(p, fitted=replace(load_calibration())),
}
"""Seen in the answers: each is asked anew."""


def test_there_are_at_least_twenty_harmless_changes() -> None:
    assert len(HARMLESS) + len(HARMLESS_SYSTEMS) >= 20


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_harmless_is_go(sound: Sound, name: str) -> None:
    assert decide(sound.gate, HARMLESS[name](sound.run), sound.run).passed


@pytest.mark.parametrize("name", HARMLESS_SYSTEMS)
def test_a_harmless_change_of_the_assistant_is_go(sound: Sound, name: str) -> None:
    run = sound.run_of(HARMLESS_SYSTEMS[name](sound.parts))
    assert [problem.text for problem in decide(sound.gate, run, sound.run).problems] == []


def test_the_unchanged_assistant_gives_the_same_bytes_again(sound: Sound) -> None:
    again = sound.run_of(Spoilt(sound.parts, lambda answer, bot: answer))
    assert again.without_times().to_json() == sound.run.without_times().to_json()


@pytest.fixture(scope="module")
def shaped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sound]:
    """One document with its natural questions."""
    (suite,) = (s for s in load_suites(EVALS) if s.name == "creamery-report-2023")
    assert suite.documents is not None
    home = tmp_path_factory.mktemp("home")
    parts = Parts.of(load_documents(suite.documents), shared_encoder(home))
    run = run_suites([suite], lambda _: Spoilt(parts, lambda answer, bot: answer), config={})
    whole = read_gate(EVALS / "gate.toml")
    measured = {name for name, m in run.measures.items() if m.n}
    kept = tuple(check for check in whole.checks if check.measure in measured)
    yield Sound(parts, suite, run, replace(whole, checks=kept))
    parts.index.close()


@pytest.mark.parametrize("name", SHAPES)
def test_a_fault_in_the_shape_of_answers_is_no_go(shaped: Sound, name: str) -> None:
    assert decide(shaped.gate, shaped.run, shaped.run).passed
    run = shaped.run_of(SHAPES[name](shaped.parts))
    decision = decide(shaped.gate, run, shaped.run)
    assert not decision.passed
    assert any(problem.text.startswith(("passed", "natural")) for problem in decision.worse)
