"""Many readers of one server, through the page's own queue, while the index is replaced."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from askali import Assistant
from ui_room import HARBOUR, Served

PEOPLE, QUESTIONS = 20, 10
PATIENCE_S = 120
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Person:
    """A browser tab without the browser: it speaks Gradio's queue protocol."""

    def __init__(self, address: str, number: int) -> None:
        self._http = httpx.Client(base_url=address, timeout=PATIENCE_S)
        self._session = uuid4().hex[:12]
        config = self._http.get("/config").json()
        self._submit = next(
            function["id"]
            for function in config["dependencies"]
            if any(event == "submit" for _, event in function["targets"])
        )
        self.pier = 4 + number
        self.history: list[dict[str, str]] = []

    def ask(self, turn: int) -> dict[str, Any]:
        """Everything that the page would be shown at the end of this turn."""
        question = f"How far does Pier {self.pier} stand from the quay?"
        sent = {"id": f"{self.pier}-{turn}", "question": question, "history": self.history[-12:]}
        joined = self._http.post(
            "/gradio_api/queue/join",
            json={
                "data": [],
                "event_data": sent,
                "fn_index": self._submit,
                "session_hash": self._session,
                "trigger_id": None,
            },
        )
        assert joined.status_code == 200, joined.text
        last = self._last_update()
        answer = last["answer"]
        self.history += [
            {"role": "user", "content": question},
            {"role": "assistant", "content": answer["text"]},
        ]
        return last

    def _last_update(self) -> dict[str, Any]:
        """Gradio sends the first value whole, then only what changed, then the whole again."""
        with self._http.stream(
            "GET", "/gradio_api/queue/data", params={"session_hash": self._session}
        ) as reply:
            give_up = time.monotonic() + PATIENCE_S
            for line in reply.iter_lines():  # a heartbeat comes where nothing else does
                assert time.monotonic() < give_up, "no answer came"
                if not line.startswith("data:"):
                    continue
                message = json.loads(line[5:])
                if message["msg"] == "process_completed":
                    assert message["success"], message
                    return message["output"]["data"][0]
        raise AssertionError("the stream ended without an answer")

    def close(self) -> None:
        self._http.close()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "harbour.txt").write_text(HARBOUR.text, "utf-8")
    return folder


@pytest.fixture
def served(corpus: Path, tmp_path: Path) -> Iterator[Served]:
    home = tmp_path / "served"
    one = Served(Assistant.open(corpus=corpus, home=home), home)
    yield one
    one.stop()


def test_twenty_people_ask_ten_questions_each_while_the_index_is_replaced(served, corpus) -> None:
    begun = threading.Event()

    def person(number: int) -> list[dict[str, Any]]:
        tab = Person(served.address, number)
        try:
            turns = []
            for turn in range(QUESTIONS):
                turns.append(tab.ask(turn))
                begun.set()
            return turns
        finally:
            tab.close()

    def replace_the_index() -> list[str]:
        begun.wait(60)
        stamps = []
        for number in range(3):
            (corpus / "harbour.txt").write_text(f"{HARBOUR.text}\n\nEdition {number} is out.\n")
            with Assistant.open(corpus=corpus, home=served.home) as newer:
                stamps.append(newer.stamp)
        return stamps

    with ThreadPoolExecutor(PEOPLE + 1) as pool:
        swapped = pool.submit(replace_the_index)
        everyone = list(pool.map(person, range(PEOPLE)))
        stamps = swapped.result()

    assert len({served.assistant.stamp, *stamps}) == 4, "the index was replaced three times"
    for number, turns in enumerate(everyone):
        pier = 4 + number
        for asked, shown in enumerate(turns):
            assert (shown["id"], shown["state"]) == (f"{pier}-{asked}", "done")
            answer = shown["answer"]
            assert f"Pier {pier} stands {pier * 3} metres" in answer["text"]
            assert answer["index_stamp"] == served.assistant.stamp
            for cited in answer["citations"]:
                assert HARBOUR.text[cited["start"] : cited["end"]] == cited["quote"]
