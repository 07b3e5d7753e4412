"""The gate is seen to fail: seeded regressions in the real assistant, one at a time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from askali.documents import load_documents
from askali.models.embeddings import shared_encoder
from askali_evals.cases.case import Case, Suite
from askali_evals.gate.gate import Gate, decide, read_gate
from askali_evals.running.run import Run, run_suites
from askali_evals.running.system import Subject
from askali_evals.scoring.metrics import PLANTED
from evals_regressions import REGRESSIONS, Parts, Whole
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
    whole = read_gate(EVALS / "gate.toml")
    kept = tuple(check for check in whole.checks if check.measure not in PLANTED)
    yield Sound(parts, suite, run, replace(whole, checks=kept))
    parts.index.close()


def test_the_sound_assistant_passes_and_keeps_every_promise(sound: Sound) -> None:
    assert decide(sound.gate, sound.run, sound.run).passed
    assert len([check for check in sound.gate.checks if check.is_promise]) >= 7


def test_there_are_at_least_twenty_five_regressions() -> None:
    assert len(REGRESSIONS) >= 25


@pytest.mark.parametrize("name", REGRESSIONS)
def test_the_gate_stops_a_seeded_regression_at_its_address(sound: Sound, name: str) -> None:
    address, seed = REGRESSIONS[name]
    run = sound.run_of(seed(sound.parts))
    decision = decide(sound.gate, run, sound.run)
    assert not decision.passed
    assert decision.addresses[0] == address
