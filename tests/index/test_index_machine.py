"""Any order of adding, changing, removing, killing, rolling back: the index is its model.

    ASKALI_MACHINE=thorough python -m pytest tests/index/test_index_machine.py

runs 200 examples of 30 steps instead of the few that every run makes.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from askali.domain import Document
from askali.errors import StorageError
from askali.index import Index, index_stamp, index_status
from index_machine_child import NAME, RECIPE, back, build, embed, opened

Model = dict[str, Document]

PROFILES = {"quick": (6, 10), "thorough": (200, 30)}
EXAMPLES, STEPS = PROFILES[os.environ.get("ASKALI_MACHINE", "quick")]
WHOLE_S = 0.5
"""About as long as a build takes: kills are spread over it."""

if sys.platform != "win32":
    FORKED = multiprocessing.get_context("forkserver")
    FORKED.set_forkserver_preload(["index_machine_child"])

names = st.sampled_from("ash birch cedar elm fir".split())
facts = st.sampled_from(
    (
        "The bridge of the town is 90 metres long.",
        "The old mill grinds wheat and rye.",
        "Nine ferries cross the river every day. The last one leaves at ten.",
        "The school has 340 pupils.",
        "No train has stopped here since 1964. A bus replaced it.",
    )
)
texts = st.lists(facts, min_size=1, max_size=3, unique=True).map(" ".join)
moments = st.floats(0, 1.2)


class IndexMachine(RuleBasedStateMachine):
    """A real index on disk beside a dict of what it should hold."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.model: Model | None = None
        self.previous: Model | None = None
        self.held: tuple[Index, Model] | None = None

    def teardown(self) -> None:
        if self.held:
            self.held[0].close()
        shutil.rmtree(self.home, ignore_errors=True)

    @rule(name=names, text=texts)
    def add_or_change(self, name: str, text: str) -> None:
        self._build({**(self.model or {}), name: Document(name, name.title(), text)})

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        assert self.model is not None
        gone = data.draw(st.sampled_from(sorted(self.model)))
        self._build({name: d for name, d in self.model.items() if name != gone})

    @precondition(lambda self: self.model is not None)
    @rule()
    def rollback(self) -> None:
        if self.previous is None:
            with pytest.raises(StorageError, match="no earlier generation"):
                back(self.home)
            return
        back(self.home)
        self.model, self.previous = self.previous, self.model

    @precondition(lambda self: sys.platform != "win32")
    @rule(name=names, text=texts, moment=moments)
    def kill_a_build(self, name: str, text: str, moment: float) -> None:
        wanted = {**(self.model or {}), name: Document(name, name.title(), text)}
        self._kill(build, moment, wanted, list(wanted.values()))

    @precondition(lambda self: sys.platform != "win32" and self.previous is not None)
    @rule(moment=moments)
    def kill_a_rollback(self, moment: float) -> None:
        assert self.previous is not None
        self._kill(back, moment, self.previous)

    @rule()
    def hold(self) -> None:
        """Keep an open index through what comes; the one held before is let go."""
        if self.held:
            self.held[0].close()
            self.held = None
        index = opened(self.home)
        if index is not None:
            assert self.model is not None
            self.held = (index, dict(self.model))

    @rule(question=facts)
    def ask(self, question: str) -> None:
        index = opened(self.home)
        assert (index is None) == (self.model is None)
        if index is None:
            return
        with index:
            self._ask(index, self.model or {}, question)

    @invariant()
    def what_is_served_is_the_model(self) -> None:
        index = opened(self.home)
        assert (index is None) == (self.model is None)
        if index is not None:
            with index:
                assert dict(index.documents) == self.model
                assert index.stamp == _stamp(self.model or {})

    @invariant()
    def what_is_held_stays_as_it_was(self) -> None:
        if self.held:
            index, model = self.held
            assert dict(index.documents) == model
            self._ask(index, model, "How long is the bridge?")

    def _build(self, wanted: Model) -> None:
        build(self.home, list(wanted.values()))
        self.model, self.previous = wanted, self.model

    def _kill(self, work: Callable[..., None], moment: float, wanted: Model, *more: object) -> None:
        """Afterwards it is served as before or as wanted, and the model says which."""
        process = FORKED.Process(target=work, args=(self.home, *more))
        process.start()
        time.sleep(moment * WHOLE_S)
        process.kill()
        process.join()
        index = opened(self.home)
        if index is None:
            assert self.model is None
            return
        with index:
            if index.stamp == _stamp(wanted):
                self._settle(wanted)

    def _settle(self, wanted: Model) -> None:
        """It is served as wanted; of equal contents the status says whether it was switched."""
        before = index_status(self.home, NAME).previous
        if self.model is not None and before and before.stamp == _stamp(self.model):
            self.model, self.previous = wanted, self.model
        elif self.model is None:
            self.model = wanted

    def _ask(self, index: Index, model: Model, question: str) -> None:
        rows = [row for row, _ in index.search_dense(embed([question])[0], 50)]
        assert len(rows) == index.passage_count
        rows += [row for row, _ in index.search_lexical(RECIPE.analyze(question, "en"), 50)]
        for passage in index.passages(rows):
            document = model[passage.document_id]
            assert document.text[passage.start : passage.end] == passage.text


def _stamp(model: Model) -> str:
    return index_stamp(model.values(), RECIPE.encoder_id, RECIPE.segmentation)


IndexMachine.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestTheIndexIsItsModel = IndexMachine.TestCase
