"""The local reader beside each of its ways alone and beside a plain prompt, on the same questions.

Usage: python evals/reading_ways.py --replies FILE [--bench FOLDER] [--sets article squad2 hotpotqa]

Sets are `article` and `others` (our own questions on the article and on the other documents),
those of the bench's folder, and RAMDocs in fives: `relevant`, `distracted`, `irrelevant` (all
five documents hold an answer as far as there are so many, one does, none does).

Needs the local model's weights (askali models fetch). Each row is one way of answering:

product  what `ask` shows: the likelier of both ways, or a sentence, or a refusal
marked   the phrase copied from the best window, shown whatever the model thinks of it
joint    the answer from the three best windows, grounded, shown in the same way
plain    one prompt over the documents, or where they are long the six best windows, "… else
         NOT STATED"; what the model writes, as it is

The model's replies are kept in FILE, so that a second table asks nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

from askali import Document
from askali.answering import reading
from askali.answering.pipeline import Pipeline
from askali.answering.reader import Reader
from askali.answering.state import Request
from askali.documents import bundled_corpus, load_documents
from askali.models.serving import open_model
from askali.models.template import plain
from askali.retrieval.calibration import load_calibration
from askali.retrieval.ranking import RankedEvidence, window
from askali.settings import Settings
from askali.text.tokens import STOPWORDS, words
from askali_evals.cases.facts import evals_folder, load_suites
from askali_evals.scoring.stats import wilson
from askali_evals.scoring.text import says, says_any, without_markers
from calibrate import SEED, Bench, _article, _lines, contains, load
from remembered import Remembered

WAYS = ("product", "marked", "joint", "plain")
OWN = {"article": ("article",), "others": ("bee-survey", "harbour-bridge", "oak-library")}
FIVE = 5
PLAIN = (
    "Answer the question from the passages in a few words. If they do not state the answer, "
    "write NOT STATED."
)
_LONG_CHARS = 6000


@dataclass(frozen=True)
class Asked:
    """A question of a set: what it is asked of, and what a right answer says: one of each line
    of `expect`, none of `reject`; nothing expected is a refusal."""

    name: str
    question: str
    documents: list[Document]
    expect: tuple[tuple[str, ...], ...]
    reject: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """What one way said; "" is a refusal."""

    asked: Asked
    text: str

    @property
    def is_right(self) -> bool:
        """As containment in the public sets, as `says_any` in our own."""
        if not self.asked.expect or not self.text:
            return not self.asked.expect and not self.text
        if self.asked.name not in OWN:
            return contains(self.text, self.asked.expect[0])
        return all(says_any(self.text, line) for line in self.asked.expect) and not any(
            says(self.text, one) for one in self.asked.reject
        )


def of_own(suites: Sequence[str]) -> Iterator[Asked]:
    """Our own questions on documents of ours, without follow-ups."""
    for suite in load_suites(evals_folder()):
        if suite.name not in suites:
            continue
        documents = list(load_documents(suite.documents or bundled_corpus()))
        for case in suite.counted:
            if not case.history:
                yield Asked(suite.name, case.question, documents, case.expect, case.reject)


def of_bench(folder: Path, name: str) -> Iterator[Asked]:
    """Questions of a public set: of whole articles, or of the first five documents that hold
    all gold ones."""
    if (folder / f"{name}.docs.jsonl").exists():
        data = load(folder, name)
        for one in data.questions:
            expect = (tuple(one["answers"]),) if one["answers"] else ()
            yield Asked(name, one["question"], _article(data, one), expect)
        return
    for one in _lines(folder / f"{name}.jsonl"):
        gold = {evidence["doc_id"] for evidence in one.get("gold_evidence", ())}
        ordered = sorted(one["docs"], key=lambda d: d["id"] not in gold)[:FIVE]
        expect = (tuple(one["answers"]),) if one["answers"] else ()
        yield Asked(name, one["question"], _documents(one["id"], ordered), expect)


def in_fives(folder: Path, name: str) -> Iterator[Asked]:
    """RAMDocs' questions of which four documents or more hold an answer, none of them false, asked
    of five documents. The irrelevant ones hold no answer and have most of the question's words."""
    asked = _lines(folder / "ramdocs.jsonl")
    every = [doc for one in asked for doc in one["docs"] if doc["label"] != "misinfo"]
    said = {doc["text"]: {word.text.lower() for word in words(doc["text"])} for doc in every}
    for one in asked:
        own = [doc for doc in one["docs"] if doc["label"] == "correct"]
        relevant = [doc for doc in own if contains(doc["text"], one["answers"])]
        if len(relevant) < FIVE - 1:
            continue
        meant = {word.text.lower() for word in words(one["question"])} - STOPWORDS
        nearest = sorted(every, key=lambda doc: -len(meant & said[doc["text"]]))
        others = [doc for doc in nearest[:60] if not contains(doc["text"], one["answers"])]
        count = {"relevant": FIVE, "distracted": 1, "irrelevant": 0}[name]
        shown = relevant[:FIVE] if name == "relevant" else (relevant[:count] + others)[:FIVE]
        expect = (tuple(one["answers"]),) if count else ()
        yield Asked(name, one["question"], _documents(f"{name} {one['id']}", shown), expect)


def _documents(of: str, raw: Sequence[dict[str, str]]) -> list[Document]:
    """With ids of their own: `Bench` keeps what it opened by them."""
    return [Document(f"{of} {n}", d.get("title", ""), d["text"]) for n, d in enumerate(raw)]


def questions(name: str, folder: Path | None) -> list[Asked]:
    """A set's questions in an order of chance."""
    if name in OWN:
        some = [replace(one, name=name) for one in of_own(OWN[name])]
    elif folder is None:
        sys.exit(f"--bench names the folder that has {name}")
    else:
        of = in_fives if name in ("relevant", "distracted", "irrelevant") else of_bench
        some = list(of(folder, name))
    random.Random(SEED).shuffle(some)
    return some


def answers(reader: Reader, bench: Bench, asked: Asked, ways: Sequence[str]) -> dict[str, str]:
    """What each of the ways says."""
    settings = Settings.load(llm="none")
    fitted = load_calibration()
    pipeline = Pipeline(bench.over(asked.documents).searcher, fitted, settings, reader=reader)
    judged = pipeline.judge(pipeline.until_found.invoke(pipeline.resolve(Request(asked.question))))
    shown = pipeline.answer(pipeline.read(judged))
    said = dict.fromkeys(WAYS, "")
    said["product"] = "" if shown.abstained else without_markers(shown.text)
    verdict = next((v for v in judged.verdicts if v), None)
    if verdict is None:
        return said
    ranked = reading.rerank(verdict, reading.judge(reader, verdict), fitted)
    for proposal in reading.proposals(reader, ranked):
        way = "joint" if proposal.is_joint else "marked"
        sentence = ranked.candidates[proposal.number].sentence
        said[way] = proposal.span.words if proposal.span else sentence.text
    if "plain" in ways:
        said["plain"] = _plain(reader, asked, verdict)
    return said


def _plain(reader: Reader, asked: Asked, verdict: RankedEvidence) -> str:
    told = [d.text for d in asked.documents]
    if sum(map(len, told)) > _LONG_CHARS:
        best = [verdict.candidates[i].sentence for i in verdict.order[:6]]
        told = [" ".join(s.text for s in window(verdict, one)) for one in best]
    passages = "".join(f"Passage: {plain(one)}\n" for one in told)
    prompt = reader.template.system(PLAIN) + reader.template.asked(
        f"{passages}Question: {plain(asked.question)}"
    )
    [(text, _)] = reader.model.complete([prompt], max_tokens=40, stop=reader.template.stops)
    said = reader.template.reply(text)
    return "" if "not stated" in said.lower() else said


def table(found: Sequence[tuple[Asked, dict[str, str]]], ways: Sequence[str]) -> Iterator[str]:
    """Markdown rows: what is right of the answerable, what is refused of the others."""
    yield "| set | way | answerable right | unanswerable refused | words, median |"
    yield "|---|---|---|---|---|"
    for name in dict.fromkeys(asked.name for asked, _ in found):
        for way in ways:
            said = [Said(asked, texts[way]) for asked, texts in found if asked.name == name]
            shown = [len(s.text.split()) for s in said if s.asked.expect and s.text]
            yield (
                f"| {name} | {way} | {_share([s for s in said if s.asked.expect])} | "
                f"{_share([s for s in said if not s.asked.expect])} | "
                f"{statistics.median(shown) if shown else '–'} |"
            )


def _share(said: Sequence[Said]) -> str:
    if not said:
        return "–"
    right = sum(s.is_right for s in said)
    interval = wilson(right, len(said))
    return f"{right} of {len(said)} ({interval.low:.0%}–{interval.high:.0%})"


def main() -> None:
    """Ask, print the table and what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replies", type=Path, required=True)
    parser.add_argument("--bench", type=Path)
    parser.add_argument("--sets", nargs="+", default=["article"])
    parser.add_argument("--ways", nargs="+", default=WAYS, choices=WAYS)
    parser.add_argument("--limit", type=int, default=40, help="questions of each set")
    parser.add_argument("--minutes", type=float, default=600.0, help="table of what is asked then")
    parser.add_argument("--replay", action="store_true", help="ask no model: what FILE holds")
    parser.add_argument("--wrong", action="store_true", help="show what the product got wrong")
    given = parser.parse_args()
    model = None if given.replay else open_model(Settings.load(llm="local"))
    reader = Reader(Remembered(model, given.replies))
    give_up = time.monotonic() + 60 * given.minutes
    found: list[tuple[Asked, dict[str, str]]] = []
    bench = Bench()
    sets = [questions(name, given.bench)[: given.limit] for name in given.sets]
    try:
        for asked in (one for row in zip_longest(*sets) for one in row if one):
            if time.monotonic() > give_up:
                break
            with suppress(LookupError):  # replayed, and never asked
                found.append((asked, answers(reader, bench, asked, given.ways)))
                print(json.dumps([asked.question, found[-1][1]]), file=sys.stderr, flush=True)
    finally:
        reader.model.close()
    print("\n".join(table(found, given.ways)))
    for asked, texts in found if given.wrong else ():
        if not Said(asked, texts["product"]).is_right:
            print(f"- {asked.question} expected {asked.expect}: {texts}")


if __name__ == "__main__":
    main()
