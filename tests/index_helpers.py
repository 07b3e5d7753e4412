"""What the index tests share: a tiny real encoder, a segmenter, and a victim to kill.

Run as a program it is the nursery of the kill test: it forks builders, kills
them, and forks an opener that looks at what is left. Forking spares the import
of Chroma, so that a kill costs a tenth of a second.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import signal
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from askali.domain import Document, Passage, Sentence
from askali.index import Recipe, build_index, index_stamp, open_current
from askali.index.check import check_generation

DIMENSIONS = 64
IDENTITY = {"encoder_id": "bag-of-words-64", "segmentation": "test-1"}


def embed(texts: list[str]) -> np.ndarray:
    """Hashed words, counted and normalised: equal words are near, nothing is random."""
    vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for vector, text in zip(vectors, texts, strict=True):
        for word in analyze(text):
            vector[int(hashlib.sha256(word.encode()).hexdigest(), 16) % DIMENSIONS] += 1
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths == 0, 1, lengths)


def analyze(text: str) -> list[str]:
    return [word.lower().removesuffix("s") for word in re.findall(r"\w+", text)]


def segment(document: Document) -> tuple[list[Sentence], list[Passage]]:
    """Sentences end at a stop; a passage is two sentences; a line "# x" is a heading."""
    sentences: list[Sentence] = []
    heading = ""
    for number, line in enumerate(re.finditer(r"[^\n]+", document.text)):
        if line.group().startswith("# "):
            heading = line.group()[2:]
            continue
        for found in re.finditer(r"[^.\s][^.]*\.?", line.group()):
            start, end = line.start() + found.start(), line.start() + found.end()
            text = document.text[start:end]
            sentences.append(Sentence(document.id, start, end, text, heading, number))
    passages = []
    for pair in (sentences[i : i + 2] for i in range(0, len(sentences), 2)):
        start, end = pair[0].start, pair[-1].end
        text = document.text[start:end]
        passages.append(Passage(document.id, start, end, text, pair[0].heading))
    return sentences, passages


RECIPE = Recipe(segment, embed, analyze, **IDENTITY)
CHECK: dict[str, Any] = {"verify": check_generation}
"""For `build_index`: the real check, but in this process, which saves a second."""


class CountingEncoder:
    """Embeds as `embed` does and remembers every text it was given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, texts: list[str]) -> np.ndarray:
        self.texts += texts
        return embed(texts)


CATS = Document(
    "cats", "Cats", "# Sleep\nCats sleep a lot. They dream.\n# Food\nCats eat fish. Fish swim."
)
DOGS = Document("dogs", "Dogs", "Dogs bark at night. A dog eats meat. Dogs like walks.")
PETS = [CATS, DOGS]


def versioned(version: int) -> list[Document]:
    """Six documents whose every sentence names the version."""
    return [
        Document(
            f"d{n}",
            f"Part {n}",
            " ".join(f"Fact {i} of part {n} holds in version{version}." for i in range(12)),
        )
        for n in range(6)
    ]


def stamp_of(documents: list[Document]) -> str:
    return index_stamp(documents, IDENTITY["encoder_id"], IDENTITY["segmentation"])


def describe_current(home: Path) -> dict[str, Any]:
    """The stamp of what opens, after a full look that it is one whole version."""
    index = open_current(home, "victim", **IDENTITY)
    if index is None:
        return {"stamp": None}
    with index:
        dense = index.search_dense(embed(["Fact 7 of part 3"])[0], 20)
        lexical = index.search_lexical(analyze("fact 7 of part 3"), 20)
        rows = [row for row, _ in (*dense, *lexical)]
        versions = {re.findall(r"version\d+", p.text)[0] for p in index.passages(rows)}
        found = {"stamp": index.stamp, "versions": sorted(versions), "hits": len(rows)}
    [generation] = [p for p in (home / "indexes" / "victim").glob("gen-*") if _is_current(p)]
    check_generation(generation)
    return found


def _is_current(generation: Path) -> bool:
    return (generation.parent / "current").read_text().split()[0] == generation.name


def _forked(work: Any) -> int:
    """Run `work` in a fork; returns its process id."""
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    except BaseException as exc:
        sys.stderr.write(f"{type(exc).__name__}: {exc}\n")
        os._exit(1)


def _build(home: Path, version: int) -> None:
    build_index(home, "victim", versioned(version), RECIPE, **CHECK).close()


def kill_builds(home: Path, kills: int, seed: int) -> None:
    """Kill builders at random moments until `kills` have landed; one JSON line each."""
    import chromadb  # noqa: F401  (once, for all forks)

    chance = random.Random(seed)
    started = time.monotonic()
    os.waitpid(_forked(lambda: _build(home, 0)), 0)
    whole_s = time.monotonic() - started
    landed = 0
    for version in range(1, kills * 3):
        if landed >= kills:
            break
        builder = _forked(lambda version=version: _build(home, version))
        time.sleep(chance.uniform(0, whole_s * 1.1))
        os.kill(builder, signal.SIGKILL)
        was_killed = os.WIFSIGNALED(os.waitpid(builder, 0)[1])
        landed += was_killed
        reading, writing = os.pipe()

        def look(writing: int = writing) -> None:
            os.write(writing, json.dumps(describe_current(home)).encode())

        started = time.monotonic()
        opened = os.waitstatus_to_exitcode(os.waitpid(_forked(look), 0)[1])
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = json.loads(pipe.read() or b"null")
        report = {"version": version, "killed": was_killed, "exit": opened, "found": said}
        print(json.dumps({**report, "open_s": time.monotonic() - started}), flush=True)


if __name__ == "__main__":
    kill_builds(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
