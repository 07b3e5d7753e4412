"""Kill, re-index and ask at the same time, and count what went wrong; prints JSON.

    python evals/experiments/durability.py kills FOLDER --count 1000 [--seed 1]
    python evals/experiments/durability.py reindex FOLDER --builds 100 [--readers 4] [--rate 20]

Real weights, real Chroma, real processes. Builders are forked from one process that
has imported everything, so that a kill costs a part of a second; for the same reason
the check before the switch runs in the builder. Needs fork (Linux, macOS).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from askali import Assistant, Document, Settings
from askali.errors import IndexBroken
from askali.index import (
    Index,
    build_index,
    index_stamp,
    index_status,
    open_current,
    roll_back,
)
from askali.index.check import check_generation
from askali.ingestion import make_recipe
from askali.models.embeddings import MiniLM

NAME = "victim"
TOWNS = "Elmford Oakham Ashby Thornton Birchley Rowanstow".split()
ENCODER = MiniLM()
RECIPE = make_recipe(ENCODER)
SLOWEST_OPEN_S = 5.0
OPERATIONS = ("index", "update", "delete", "rollback")

State = tuple[Document, ...]


def town(name: str, version: int) -> Document:
    """Eight sentences, each of which tells the version."""
    text = " ".join(
        f"In survey {version} the town of {name} had {version * 10 + n} {what}."
        for n, what in enumerate("bridges mills schools wells farms barns roads ferries".split())
    )
    return Document(id=name.lower(), title=name, text=text)


def towns(version: int) -> State:
    return tuple(town(name, version) for name in TOWNS)


def stamp_of(state: State) -> str:
    return index_stamp(state, RECIPE.encoder_id, RECIPE.segmentation)


def build(home: Path, state: State) -> None:
    build_index(home, NAME, state, RECIPE, verify=check_generation, lock_timeout_s=20).close()


def _first_build(home: Path, state: State) -> None:
    """In a fork: where this process had run Chroma, its threads would be missing in all forks."""

    def work() -> dict[str, Any]:
        build(home, state)
        return {}

    _in_fork(work)


@dataclass
class Tally:
    """What a run of kills found; what `is_clean` looks at should be zero."""

    kills: int = 0
    kills_by_operation: Counter[str] = field(default_factory=Counter)
    kills_after_the_switch: int = 0
    acknowledged: int = 0
    looks_of_readers: int = 0
    failed_opens: int = 0
    mixtures: int = 0
    lost_acknowledged: int = 0
    crashed_readers: int = 0
    slowest_open_s: float = 0.0
    first_troubles: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        wrong = (self.failed_opens, self.mixtures, self.lost_acknowledged, self.crashed_readers)
        return not any(wrong) and self.slowest_open_s < SLOWEST_OPEN_S

    def trouble(self, what: str) -> None:
        if len(self.first_troubles) < 10:
            self.first_troubles.append(what)


@dataclass(frozen=True)
class Expected:
    """What is served, and what a rollback would serve."""

    current: State
    previous: State | None


def kills(home: Path, count: int, seed: int) -> Tally:
    """Kill `count` operations at random moments; look at what is served after each."""
    import chromadb  # noqa: F401  (once, for all forks)

    ENCODER.read("warm")
    chance, tally = random.Random(seed), Tally()
    expected = Expected(towns(0), None)
    _first_build(home, expected.current)
    readers = [Reader(home) for _ in range(2)]
    usual_s: dict[str, float] = {}
    version = 0
    while tally.kills < count:
        version += 1
        operation = OPERATIONS[version % 4] if version <= 8 else chance.choice(OPERATIONS)
        wanted, work = _operation(operation, expected, version, home, chance)
        # The first two of each run through, so that the last steps are hit as often as the first.
        after_s = 60.0 if version <= 8 else chance.uniform(0, usual_s[operation] * 1.2)
        was_killed, is_acknowledged, took_s = _run_and_kill(work, after_s)
        if not was_killed:
            usual_s[operation] = 0.5 * (usual_s.get(operation, took_s) + took_s)
        tally.kills += was_killed
        tally.kills_by_operation[operation] += was_killed
        tally.acknowledged += is_acknowledged
        settled = _settle(home, expected, wanted, is_acknowledged, tally)
        tally.kills_after_the_switch += was_killed and settled is wanted
        expected = settled
    for reader in readers:
        looks, trouble = reader.stop()
        tally.looks_of_readers += looks
        if trouble:
            tally.crashed_readers += 1
            tally.trouble(trouble)
    return tally


def _operation(
    operation: str, expected: Expected, version: int, home: Path, chance: random.Random
) -> tuple[Expected, Callable[[], None]]:
    """What is served once it is through, and the work."""
    if operation == "rollback" and expected.previous is not None:
        wanted = Expected(expected.previous, expected.current)
        return wanted, lambda: roll_back(home, NAME, verify=check_generation)
    documents = list(expected.current)
    chosen = chance.randrange(len(documents))
    if operation == "delete" and len(documents) > 1:
        del documents[chosen]
    elif operation == "update":
        documents[chosen] = town(documents[chosen].title, version)
    else:
        documents = list(towns(version))
    state = tuple(documents)
    return Expected(state, expected.current), lambda: build(home, state)


def _run_and_kill(work: Callable[[], None], after_s: float) -> tuple[bool, bool, float]:
    """(killed, acknowledged, seconds): a fork says "done" when its work has returned."""
    reading, writing = os.pipe()
    started = time.monotonic()

    def work_and_tell() -> None:
        work()
        os.write(writing, b"done")

    child = _fork(work_and_tell)
    os.close(writing)
    while (
        time.monotonic() - started < after_s
        and os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
    ):
        time.sleep(0.002)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    took_s = time.monotonic() - started
    with os.fdopen(reading, "rb") as pipe:
        is_acknowledged = pipe.read() == b"done"
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("an operation failed without being killed; see above")
    return os.WIFSIGNALED(status), is_acknowledged, took_s


def _settle(
    home: Path, expected: Expected, wanted: Expected, is_acknowledged: bool, tally: Tally
) -> Expected:
    """Look at what is served in a fork; it is `expected` or `wanted`, and both are whole."""
    started = time.monotonic()
    found = _in_fork(lambda: _look(home, check=True))
    tally.slowest_open_s = max(tally.slowest_open_s, round(time.monotonic() - started, 2))
    if found is None or found["trouble"]:
        tally.failed_opens += found is None or found["stamp"] is None
        tally.mixtures += found is not None and found["stamp"] is not None
        tally.trouble(str(found))
        return expected
    if found["stamp"] == stamp_of(wanted.current):
        return wanted
    if is_acknowledged:
        tally.lost_acknowledged += 1
        tally.trouble(f"acknowledged {stamp_of(wanted.current)}, found {found}")
    if found["stamp"] != stamp_of(expected.current):
        tally.mixtures += 1
        tally.trouble(f"neither old nor new: {found}")
    return expected


def _look(home: Path, *, check: bool = False) -> dict[str, Any]:
    """Open what is served; "trouble" says where it is not one whole generation."""
    index = open_current(home, NAME, encoder_id=RECIPE.encoder_id, segmentation=RECIPE.segmentation)
    if index is None:
        return {"stamp": None, "trouble": "nothing is there"}
    with index:
        trouble = _mixed(index)
        if check:
            current = index_status(home, NAME).current
            assert current is not None
            with suppress(FileNotFoundError):  # a repair by a reader may have replaced it
                check_generation(home / "indexes" / NAME / current.name)
        return {"stamp": index.stamp, "trouble": trouble}


def _mixed(index: Index) -> str:
    if stamp_of(tuple(index.documents.values())) != index.stamp:
        return "the documents are not those of the stamp"
    rows = range(index.passage_count)
    for row, vector in zip(rows, index.passage_vectors(rows), strict=True):
        [(found, similarity)] = index.search_dense(vector, 1)
        if found != row or similarity < 0.999:
            return f"passage {row} finds {found} with {similarity}"
    words = index.search_lexical(RECIPE.analyze("survey town", "en"), 50)
    return "" if len(words) == index.passage_count else f"{len(words)} passages have the words"


class Reader:
    """A process that opens and looks, again and again, until it is told to stop."""

    def __init__(self, home: Path) -> None:
        self._said, writing = os.pipe()
        self._process = _fork(lambda: self._read(home, writing))
        os.close(writing)

    def stop(self) -> tuple[int, str]:
        """How often it looked, and what was wrong ("" if nothing)."""
        with suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGTERM)
        status = os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        with os.fdopen(self._said, "rb") as pipe:
            said = json.loads(pipe.read() or b"null")
        if said is None or status:
            return 0, f"a reader ended with {status}"
        return said["looks"], said["trouble"]

    @staticmethod
    def _read(home: Path, writing: int) -> None:
        stop, looks, trouble = [], 0, ""
        signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
        while not stop:
            try:
                trouble = trouble or _look(home)["trouble"]
            except Exception as exc:
                trouble = trouble or f"{type(exc).__name__}: {exc}"
            looks += 1
            time.sleep(0.05)
        os.write(writing, json.dumps({"looks": looks, "trouble": trouble}).encode())


def reindex(home: Path, builds: int, readers: int, rate: float) -> dict[str, Any]:
    """Re-index while reader processes ask; each answer is compared with its stamp."""
    import chromadb  # noqa: F401

    ENCODER.read("warm")
    _first_build(home, towns(0))
    pipes = [_asking(home, rate, seed) for seed in range(readers)]
    started, slowest_s = time.monotonic(), 0.0
    for version in range(1, builds + 1):
        before = time.monotonic()
        build(home, towns(version))
        slowest_s = max(slowest_s, time.monotonic() - before)
    took_s = time.monotonic() - started
    stamps = {stamp_of(towns(version)): version for version in range(builds + 1)}
    asked, errors, mixed, seen = 0, [], 0, set()
    for process, reading in pipes:
        os.kill(process, signal.SIGTERM)
        with os.fdopen(reading, "rb") as pipe:
            lines = [json.loads(line) for line in pipe.read().splitlines()]
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        errors += [f"a reader ended with {status}"] * bool(status)
        for line in lines:
            asked += 1
            if "error" in line:
                errors.append(line["error"])
                continue
            seen.add(line["stamp"])
            mixed += line["surveys"] != [stamps.get(line["stamp"])]
    return {
        "re_indexes": builds,
        "readers": readers,
        "questions": asked,
        "questions_a_second": round(asked / took_s, 1),
        "errors": len(errors),
        "answers_from_two_generations_or_unnamed": mixed,
        "generations_that_answered": len(seen),
        "slowest_re_index_s": round(slowest_s, 2),
        "first_errors": errors[:5],
    }


def _asking(home: Path, rate: float, seed: int) -> tuple[int, int]:
    reading, writing = os.pipe()
    os.set_blocking(writing, True)
    answers = home / f"answers-{seed}"
    child = _fork(lambda: _ask_on(home, rate, seed, answers, writing))
    os.close(writing)
    return child, reading


def _ask_on(home: Path, rate: float, seed: int, answers: Path, writing: int) -> None:
    """Ask at a steady rate; every tenth question first looks for a newer generation."""
    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
    chance, asked, due = random.Random(seed), 0, time.monotonic()
    bot: Assistant | None = None
    with answers.open("w") as kept:
        while not stop:
            try:
                if asked % 10 == 0 or bot is None:
                    bot = _reopened(home, bot)
                name = chance.choice(TOWNS)
                answer = bot.ask(f"How many bridges had the town of {name}?")
                kept.write(json.dumps(_named(answer)) + "\n")
            except Exception as exc:
                kept.write(json.dumps({"error": f"{type(exc).__name__}: {exc}"}) + "\n")
            asked += 1
            due += 1 / rate
            time.sleep(max(0.0, due - time.monotonic()))
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(answers.read_bytes())


def _reopened(home: Path, bot: Assistant | None) -> Assistant:
    index = open_current(home, NAME)
    if index is None:
        raise IndexBroken("nothing is there")
    if bot is not None:
        bot.close()
    return Assistant(index, ENCODER, Settings.load(llm="none", abstain=False, home=home))


def _named(answer: Any) -> dict[str, Any]:
    """The stamp of an answer and the surveys that it and all of its evidence speak of."""
    texts = [answer.text, *(c.quote for c in answer.citations)]
    texts += [hit.passage.text for hit in answer.evidence]
    words = " ".join(texts).split()
    surveys = {int(b) for a, b in zip(words, words[1:], strict=False) if a == "survey"}
    return {"stamp": answer.index_stamp, "surveys": sorted(surveys)}


def _fork(work: Callable[[], Any]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    except BaseException as exc:
        sys.stderr.write(f"{type(exc).__name__}: {exc}\n")
        os._exit(1)


def _in_fork(work: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """What `work` returns, None where its process died or it raised."""
    reading, writing = os.pipe()
    child = _fork(lambda: os.write(writing, json.dumps(work()).encode()))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    return json.loads(said) if os.waitpid(child, 0)[1] == 0 and said else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["kills", "reindex"])
    parser.add_argument("folder", type=Path, help="an empty folder to build in")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--builds", type=int, default=100)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--rate", type=float, default=20)
    chosen = parser.parse_args()
    if chosen.what == "kills":
        tally = kills(chosen.folder, chosen.count, chosen.seed)
        print(json.dumps(tally.__dict__, indent=1))
        return 0 if tally.is_clean else 1
    found = reindex(chosen.folder, chosen.builds, chosen.readers, chosen.rate)
    print(json.dumps(found, indent=1))
    return 1 if found["errors"] or found["answers_from_two_generations_or_unnamed"] else 0


if __name__ == "__main__":
    sys.exit(main())
