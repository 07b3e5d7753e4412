"""How speed and memory grow with the number of passages; prints a table in Markdown.

    python evals/experiments/scale.py ingest --passages 2000  # against bare encode
    python evals/experiments/scale.py grow --passages 1000 10000 100000
    python evals/experiments/scale.py update --documents 1000    # one changed document
    python evals/experiments/scale.py front-ends --passages 10000 --url http://localhost:8000
    python evals/experiments/scale.py shards --passages 10000 --url http://localhost:8000 http://localhost:8001

The text is synthetic: sentences about made-up towns, no two alike. `ingest` and
`update` embed all of it. `grow` embeds 2,000 passages for real and gives each further
passage one of those vectors, slightly turned, so that a large index is made in
minutes: its latency and memory are real, the meaning of its vectors is not.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from askali import Assistant, Document, Settings
from askali.index import (
    IN_FOLDER,
    ChromaServer,
    OnServers,
    Place,
    Recipe,
    build_index,
    open_current,
)
from askali.ingestion import make_recipe
from askali.models.embeddings import FEW_TEXTS, MiniLM, load_transformer
from askali.models.weights import minilm_folder

NAME = "scale"
SENTENCES = 3
"""In a passage, which is a document's paragraph below a heading of its own."""
PASSAGES_IN_A_DOCUMENT = 10
REAL_VECTORS = 2000
QUESTIONS = 200
_WHAT = (
    "bridges mills schools wells farms barns ferries chapels inns orchards quarries kilns".split()
)
_HOW = "opened closed repaired sold painted measured flooded rented insured counted".split()


def documents(passages: int, seed: int = 0) -> Iterator[Document]:
    """`passages` passages in documents of ten, each made when it is asked for."""
    chance = random.Random(seed)
    for number in range(-(-passages // PASSAGES_IN_A_DOCUMENT)):
        left = passages - number * PASSAGES_IN_A_DOCUMENT
        parts = [_part(chance) for _ in range(min(PASSAGES_IN_A_DOCUMENT, left))]
        yield Document(f"d{number}", f"Report {number}", "\n\n".join(parts))


def _part(chance: random.Random) -> str:
    town = _town(chance)
    sentences = " ".join(
        f"In {chance.randint(1700, 2025)} the council of {town} {chance.choice(_HOW)} "
        f"{chance.randint(2, 9999)} {chance.choice(_WHAT)} near {_town(chance)} for the "
        f"{chance.choice(_WHAT)} of {_town(chance)}."
        for _ in range(SENTENCES)
    )
    return f"## {town}\n\n{sentences}"


def _town(chance: random.Random) -> str:
    ends = "ford ham by ton ley stow wick mouth".split()
    return "".join(
        chance.choice("bdfgklmnprst") + chance.choice("aeiou") for _ in range(3)
    ).title() + (chance.choice(ends))


def texts_of(recipe: Recipe, made: Sequence[Document]) -> list[str]:
    """What is embedded of these documents, in order."""
    return [
        recipe.embedding_text(document, passage.heading, passage.text)
        for document in made
        for passage in recipe.segment(document)[1]
    ]


def ingest(passages: int) -> list[dict[str, Any]]:
    """The whole build against bare `SentenceTransformer.encode` of the same texts.

    Seconds of the clock are those of the fastest of three turns; processor seconds, with those
    of the process that checks, tell what a busy machine hides.
    """
    encoder = MiniLM()
    recipe = make_recipe(encoder)
    made = list(documents(passages))
    texts = texts_of(recipe, made)
    model = load_transformer(str(minilm_folder()))
    model.encode(texts[:64])  # both are measured warm
    bare, embedding, whole = [], [], []
    for _ in range(3):  # in turns, so that what else the machine does hits both
        bare.append(_spent(lambda: model.encode(texts, normalize_embeddings=True)))
        spent: list[_Spent] = []

        def embed(batch: list[str], spent: list[_Spent] = spent) -> Any:
            made: list[Any] = []
            spent.append(_spent(lambda: made.append(encoder.embed(batch))))
            return made[0]

        with tempfile.TemporaryDirectory() as home:
            build = partial(_build, Path(home), made, replace(recipe, embed=embed))
            whole.append(_spent(build))
        embedding.append(_Spent(sum(s.clock_s for s in spent), sum(s.cpu_s for s in spent)))
    count, rows = len(texts), []
    for what, turns in (
        ("bare SentenceTransformer.encode", bare),
        ("the same texts inside a build", embedding),
        ("the whole build, checked and switched", whole),
    ):
        clock, cpu = (min(getattr(turn, unit) for turn in turns) for unit in ("clock_s", "cpu_s"))
        least = min(turn.clock_s for turn in bare), min(turn.cpu_s for turn in bare)
        rows += [
            _row(what, count / clock, "passages/s"),
            _row(f"{what}: processor", 1000 * cpu / count, "ms/passage"),
            _row(f"{what}: ratio by the clock", least[0] / clock, ""),
            _row(f"{what}: ratio by the processor", least[1] / cpu, ""),
        ]
    return rows


@dataclass(frozen=True)
class _Spent:
    """Seconds of the clock, and of processors in this process and those it waited for."""

    clock_s: float
    cpu_s: float


def _spent(work: Callable[[], Any]) -> _Spent:
    before = os.times()
    work()
    after = os.times()
    return _Spent(after.elapsed - before.elapsed, sum(after[:4]) - sum(before[:4]))


def grow(sizes: Sequence[int]) -> list[dict[str, Any]]:
    """Build, memory and questions at each size, each in a process of its own."""
    rows: list[dict[str, Any]] = []
    for size in sizes:
        command = [sys.executable, __file__, "one-size", "--passages", str(size)]
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
        rows += json.loads(said)
    return rows


def one_size(passages: int) -> list[dict[str, Any]]:
    encoder = MiniLM()
    recipe = make_recipe(encoder)
    turned = _Turned(encoder, texts_of(recipe, list(documents(REAL_VECTORS, seed=7))))
    with tempfile.TemporaryDirectory() as home:
        made = documents(passages)
        took = _timed(lambda: _build(Path(home), made, replace(recipe, embed=turned)))
        builder = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        checker = _memory_of_check(Path(home))
        disk = sum(p.stat().st_size for p in Path(home).rglob("*") if p.is_file()) / 1e6
        times = _questions(Path(home), encoder, IN_FOLDER)
    about = f"{passages:,} passages: "
    return [
        _row(f"{about}build without embedding", took, "s"),
        _row(f"{about}most memory, builder with the encoder loaded", builder, "MB"),
        _row(f"{about}most memory, process that checks", checker, "MB"),
        _row(f"{about}on disk", disk, "MB"),
        _row(f"{about}question p50", statistics.median(times), "ms"),
        _row(f"{about}question p95", times[int(0.95 * len(times))], "ms"),
    ]


def _memory_of_check(home: Path) -> float:
    """MB; asked for by a small process, since a child starts with its parent's maximum."""
    [generation] = home.glob("indexes/*/gen-*")
    asks = (
        "import resource, subprocess, sys; subprocess.run([sys.executable, '-m', "
        "'askali.index.check', sys.argv[1]], check=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", asks, str(generation)]
    return int(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout) / 1024


class _Turned:
    """Gives each text a real vector, turned by a few degrees so that no two are equal."""

    def __init__(self, encoder: MiniLM, texts: list[str]) -> None:
        self._real = encoder.embed(texts)
        self._chance = np.random.default_rng(0)

    def __call__(self, texts: list[str]) -> Any:
        chosen = self._real[self._chance.integers(0, len(self._real), len(texts))]
        noise = self._chance.normal(size=chosen.shape) * 0.02
        turned = chosen + noise
        return (turned / np.linalg.norm(turned, axis=1, keepdims=True)).astype(np.float32)


def update(count: int) -> list[dict[str, Any]]:
    """A full build of `count` documents, then one with one of them changed."""
    encoder = MiniLM()
    recipe = make_recipe(encoder)
    made = list(documents(count * PASSAGES_IN_A_DOCUMENT))
    encoder.embed(["warm"] * (FEW_TEXTS + 1))
    with tempfile.TemporaryDirectory() as home:
        full = _timed(lambda: _build(Path(home), made, recipe))
        [other] = documents(PASSAGES_IN_A_DOCUMENT, seed=1)  # every passage of it is new
        made[count // 2] = replace(made[count // 2], text=other.text)
        again = _timed(lambda: _build(Path(home), made, recipe))
    return [
        _row(f"full build, {count:,} documents, {len(made) * 10:,} passages", full, "s"),
        _row("the same with one document changed", again, "s"),
        _row("share", 100 * again / full, "%"),
    ]


def front_ends(passages: int, url: str) -> list[dict[str, Any]]:
    """Questions a second of 1, 2 and 4 processes over one Chroma server."""
    rows = []
    encoder = MiniLM()
    recipe = make_recipe(encoder)
    turned = _Turned(encoder, texts_of(recipe, list(documents(REAL_VECTORS, seed=7))))
    with tempfile.TemporaryDirectory() as home:
        place = OnServers(ChromaServer(url))
        made = replace(recipe, embed=turned)
        build_index(Path(home), NAME, documents(passages), made, place=place).close()
        for processes in (1, 2, 4):
            command = [sys.executable, __file__, "one-front-end", "--home", home, "--url", url]
            running = [
                subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
                for _ in range(processes)
            ]
            said = [json.loads(process.communicate()[0]) for process in running]
            times = sorted(t for front_end in said for t in front_end)
            rate = sum(1000 * len(front_end) / sum(front_end) for front_end in said)
            about = f"{processes} front-end process(es): "
            rows += [
                _row(f"{about}questions", rate, "a second"),
                _row(f"{about}question p50", statistics.median(times), "ms"),
                _row(f"{about}question p95", times[int(0.95 * len(times))], "ms"),
            ]
    return rows


def shards(passages: int, urls: Sequence[str]) -> list[dict[str, Any]]:
    """Building on, and nearest passages of, the first server alone, then of all of them."""
    rows = []
    encoder = MiniLM()
    recipe = make_recipe(encoder)
    turned = _Turned(encoder, texts_of(recipe, list(documents(REAL_VECTORS, seed=7))))
    asked = turned([""] * QUESTIONS)
    for count in sorted({1, len(urls)}):
        place = OnServers(*map(ChromaServer, urls[:count]))
        with tempfile.TemporaryDirectory() as home:
            made = replace(recipe, embed=turned)
            build = partial(build_index, Path(home), NAME, documents(passages), made, place=place)
            took, index = _timed_result(build)
            with index:
                times = sorted(
                    _timed(partial(index.search_dense, vector, 50)) * 1000 for vector in asked
                )
        about = f"{passages:,} passages on {count} server(s): "
        rows += [
            _row(f"{about}build without embedding", took, "s"),
            _row(f"{about}nearest 50, p50", statistics.median(times), "ms"),
            _row(f"{about}nearest 50, p95", times[int(0.95 * len(times))], "ms"),
        ]
    return rows


def _questions(home: Path, encoder: MiniLM, place: Place) -> list[float]:
    """Milliseconds of whole questions, sorted; the first twenty are not counted."""
    index = open_current(home, NAME, place=place)
    assert index is not None
    settings = Settings.load(llm="none", home=home)
    chance, times = random.Random(3), []
    with Assistant(index, encoder, settings) as bot:
        for number in range(QUESTIONS + 20):
            [document] = documents(1, seed=chance.randrange(10**6))
            town = document.text.split("\n")[0].removeprefix("## ")
            question = f"How many {chance.choice(_WHAT)} were {chance.choice(_HOW)} near {town}?"
            took = _timed(partial(bot.ask, question)) * 1000
            if number >= 20:
                times.append(took)
    return sorted(times)


def _build(home: Path, made: Iterator[Document] | Sequence[Document], recipe: Recipe) -> None:
    build_index(home, NAME, made, recipe).close()


def _timed(work: Callable[[], Any]) -> float:
    return _timed_result(work)[0]


def _timed_result(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _row(what: str, value: float, unit: str) -> dict[str, Any]:
    return {"what": what, "value": round(value, 2 if value < 100 else 0), "unit": unit}


@dataclass(frozen=True)
class _Table:
    rows: list[dict[str, Any]]

    def __str__(self) -> str:
        lines = ["| what | measured | |", "|---|---|---|"]
        lines += [f"| {row['what']} | {row['value']:,} | {row['unit']} |" for row in self.rows]
        return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    what = ["ingest", "grow", "update", "front-ends", "shards", "one-size", "one-front-end"]
    parser.add_argument("what", choices=what)
    parser.add_argument("--passages", type=int, nargs="+", default=[2000])
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--url", nargs="+", default=["http://localhost:8000"])
    parser.add_argument("--home", type=Path)
    chosen = parser.parse_args()
    os.environ.setdefault("TQDM_DISABLE", "1")
    first = chosen.passages[0]
    if chosen.what == "one-size":
        print(json.dumps(one_size(first)))
    elif chosen.what == "one-front-end":
        place = OnServers(*map(ChromaServer, chosen.url))
        print(json.dumps(_questions(chosen.home, MiniLM(), place)))
    else:
        print(
            _Table(
                {
                    "ingest": lambda: ingest(first),
                    "grow": lambda: grow(chosen.passages),
                    "update": lambda: update(chosen.documents),
                    "front-ends": lambda: front_ends(first, chosen.url[0]),
                    "shards": lambda: shards(first, chosen.url),
                }[chosen.what]()
            )
        )


if __name__ == "__main__":
    main()
