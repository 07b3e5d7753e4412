"""Public questions with the words that answer them, in one form, from the files as published.

Nothing of them is stored in the repository: `load` reads what lies in a folder and says which
files are missing. README.md beside this file names every file, where it is published and under
which licence. What is measured later never trains: the two held-out articles of SQuAD 2, all of
XQuAD, and every paragraph of SQuAD's development articles that other files may repeat.
"""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from askali import Document
from askali.documents.chunking import split_sentences

HELD_OUT_ARTICLES = 2
"""How many articles of the open SQuAD 2 are measured on: the first by the hash of their title."""

PLENTY = {"policyqa": 500, "qamr": 3000, "covidqa": 700}
"""How many questions are drawn from files whose questions are made by template, odd or long."""

TIMES = {"squad2": 3, "nqswap": 2}
"""What comes more than once in a pass: the only near misses that people wrote, and questions as
people type them."""


@dataclass(frozen=True, slots=True)
class Text:
    """A passage with its sentences as character ranges; `article` groups what is near."""

    text: str
    article: str
    sentences: tuple[tuple[int, int], ...]

    def holding(self, start: int, end: int) -> int | None:
        """The number of the sentence that holds the range, None where two share it."""
        for number, (first, last) in enumerate(self.sentences):
            if first <= start and end <= last:
                return number
        return None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a passage: `spans` are the acceptable answers, none where it has none."""

    source: str
    question: str
    passage: Text
    spans: tuple[tuple[int, int], ...]

    @property
    def answers(self) -> list[str]:
        return [self.passage.text[s:e] for s, e in self.spans]


@dataclass
class Sources:
    """What was read: questions to train on, and which files were missing."""

    asked: list[Asked] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def held_out(titles: list[str]) -> set[str]:
    """The articles that are measured on and never trained on."""
    ordered = sorted(set(titles), key=lambda t: sha256(t.encode()).hexdigest())
    return set(ordered[:HELD_OUT_ARTICLES])


def load(files: Path, bench: Path, qamr: Path, seed: int) -> Sources:
    """Everything to train on, shuffled by `seed` where a file is sampled."""
    found = Sources()
    rng = random.Random(seed)
    closed = _closed_paragraphs(files, bench, found)
    for read in (_squad_pieces, _policyqa, _covidqa, _sleepqa, _nqswap):
        found.asked += read(files, found)
    found.asked += _squad2(bench)
    found.asked += _qamr(qamr)
    found.asked = [
        a for a in found.asked if _key(a.passage.text) not in closed or a.source == "squad2"
    ]
    found.asked = list({(_key(a.question), _key(a.passage.text)): a for a in found.asked}.values())
    for source, most in PLENTY.items():
        of = [a for a in found.asked if a.source == source]
        kept = set(map(id, rng.sample(of, min(most, len(of)))))
        found.asked = [a for a in found.asked if a.source != source or id(a) in kept]
    for source, times in TIMES.items():
        found.asked += [a for a in found.asked if a.source == source] * (times - 1)
    return found


@cache
def passage(text: str, article: str) -> Text:
    """A passage cut into sentences as askali cuts documents."""
    cut = split_sentences(Document(id="d", title="", text=text))
    return Text(text, article, tuple((s.start, s.end) for s in cut))


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())[:80]


def _closed_paragraphs(files: Path, bench: Path, found: Sources) -> set[str]:
    """What SQuAD 1.1's development articles say, by the first letters of each paragraph."""
    closed = set()
    for name in ("squad2", "xquad_en"):
        for line in _lines(bench / f"{name}.docs.jsonl"):
            closed |= {_key(p) for p in json.loads(line)["text"].split("\n") if p.strip()}
    listed = files / "squad11_dev_contexts.txt"
    if listed.exists():
        text = listed.read_text("utf-8", errors="replace")
        closed |= {_key(p) for p in text.split("\n") if len(_key(p)) > 40}
    else:
        found.missing.append(listed.name)
    return closed


def _squad_pieces(files: Path, found: Sources) -> Iterator[Asked]:
    """Parts of SQuAD 1.1's training split as other repositories keep them."""
    whole = _json(files / "squad11_du_test.json", found)
    for article in whole["data"] if whole else ():
        for paragraph in article["paragraphs"]:
            text = passage(paragraph["context"], article["title"])
            for qa in paragraph["qas"]:
                spans = {
                    (a["answer_start"], a["answer_start"] + len(a["text"])) for a in qa["answers"]
                }
                yield Asked("squad", qa["question"].strip(), text, tuple(sorted(spans)))
    for row in _json(files / "routerlens_squad_dev.json", found) or ():
        yield from _located("squad", row["question"], row["context"], [row["answer"]])
    for part in ("train", "valid", "test"):
        for row in _json(files / f"empty_{part}.json", found) or ():
            for qa in row["qas"]:
                yield from _located("squad", qa["question"], row["context"], [qa["answer"]])


def _policyqa(files: Path, found: Sources) -> Iterator[Asked]:
    for part in ("dev", "test"):
        whole = _json(files / f"policyqa_{part}.json", found)
        for article in whole["data"] if whole else ():
            for paragraph in article["paragraphs"]:
                text = passage(paragraph["context"], f"policy {article['title']}")
                for qa in paragraph["qas"]:
                    at = qa["answers"][0]["answer_start"]
                    words = qa["answers"][0]["text"]
                    if len(words) < 200 and text.text[at : at + len(words)] == words:
                        yield Asked("policyqa", qa["question"], text, ((at, at + len(words)),))


def _covidqa(files: Path, found: Sources) -> Iterator[Asked]:
    whole = _json(files / "covidqa.json", found)
    for number, article in enumerate(whole["data"] if whole else ()):
        for paragraph in article["paragraphs"]:
            context = paragraph["context"]
            for qa in paragraph["qas"]:
                for answer in qa["answers"][:1]:
                    at, words = answer["answer_start"], answer["text"]
                    if len(words) > 200 or context[at : at + len(words)] != words:
                        continue
                    start = context.rfind("\n", 0, at) + 1
                    end = context.find("\n", at + len(words))
                    text = passage(context[start : end if end > 0 else None], f"covid {number}")
                    span = (at - start, at - start + len(words))
                    yield Asked("covidqa", qa["question"].strip(), text, (span,))


def _sleepqa(files: Path, found: Sources) -> Iterator[Asked]:
    for part in ("dev", "test"):
        for row in _json(files / f"sleepqa_{part}.json", found) or ():
            yield from _located("sleepqa", row["question"], row["ctxs"][0]["text"], row["answers"])


def _nqswap(files: Path, found: Sources) -> Iterator[Asked]:
    for row in _json(files / "nqswap_train.json", found) or ():
        if row["context"].startswith("<P>"):
            context = _untokenised(re.sub(r"<[^>]+>", " ", row["context"]))
            yield from _located(
                "nqswap", row["question"] + "?", context, [_untokenised(row["answer"])]
            )


def _squad2(bench: Path) -> Iterator[Asked]:
    """The open part of SQuAD 2 without the articles that are measured on."""
    texts = {d["id"]: d for d in map(json.loads, _lines(bench / "squad2.docs.jsonl"))}
    rows = [json.loads(line) for line in _lines(bench / "squad2.jsonl")]
    closed = held_out([row["article"] for row in rows])
    for row in rows:
        if row["article"] in closed:
            continue
        context = texts[row["doc_ids"][0]]["text"]
        if row["answers"]:
            yield from _located("squad2", row["question"], context, row["answers"], row["article"])
        else:
            text = passage(context, row["article"])
            yield Asked("squad2", row["question"].strip(), text, ())


def _qamr(folder: Path) -> Iterator[Asked]:
    """Questions whose writer and both readers marked overlapping words in one piece."""
    sentences = {}
    for line in _lines(folder / "qamr.sentences.tsv"):
        key, tokens = line.split("\t")
        sentences[key] = tokens.split(" ")
    near: dict[str, list[str]] = {}
    for key in sentences:
        near.setdefault(key.rsplit(":", 2)[0], []).append(key)
    rng = random.Random(22)
    seen = set()
    for part in ("dev", "test"):
        with (folder / f"qamr.{part}.tsv").open(encoding="utf-8") as file:
            for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                key, question = row[0], row[5]
                marked = [set(map(int, m.split(":")[-1].split())) for m in row[6:9]]
                if key not in sentences or not all(marked) or not set.intersection(*marked):
                    continue
                first, last = min(marked[0]), max(marked[0])
                if last - first + 1 != len(marked[0]) or (key, question) in seen:
                    continue
                seen.add((key, question))
                document = key.rsplit(":", 2)[0]
                beside = [k for k in near[document] if k != key]
                chosen = sorted([key, *rng.sample(beside, min(len(beside), 4))], key=_place)
                built, span = _joined(chosen, key, first, last, sentences)
                yield Asked("qamr", question, passage(built, document), (span,))


def _place(key: str) -> tuple[int, ...]:
    return tuple(int(part) for part in key.split(":")[-2:])


def _joined(
    keys: list[str], asked: str, first: int, last: int, sentences: dict[str, list[str]]
) -> tuple[str, tuple[int, int]]:
    """The sentences as one text, and where the asked one's tokens stand in it."""
    built, span = "", (0, 0)
    for key in keys:
        tokens = sentences[key]
        if key == asked:
            head, body = (
                _untokenised(" ".join(tokens[:first])),
                _untokenised(" ".join(tokens[first : last + 1])),
            )
            line = _untokenised(" ".join(tokens))
            at = line.find(body, max(0, len(head) - 2))
            at = line.find(body) if at < 0 else at
            span = (len(built) + at, len(built) + at + len(body))
        else:
            line = _untokenised(" ".join(tokens))
        built += line + " "
    return built.strip(), span


def _untokenised(text: str) -> str:
    """Words as they were before they were cut by spaces."""
    text = text.replace("-LRB-", "(").replace("-RRB-", ")").replace("``", '"').replace("''", '"')
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s+([,.;:!?%)\]])", r"\1", text)
    text = re.sub(r"([(\[$£€])\s+", r"\1", text)
    return re.sub(r"\s+('s|n't|'re|'ve|'ll|'d|'m)\b", r"\1", text)


def _located(
    source: str, question: str, context: str, answers: list[str], article: str | None = None
) -> Iterator[Asked]:
    """The question with its answers found in the context: of several places, the one whose
    sentence shares most words with the question."""
    text = passage(context, article or sha256(context.encode()).hexdigest()[:12])
    asked = set(re.findall(r"\w+", question.lower()))
    spans = set()
    for answer in {a.strip() for a in answers if a.strip()}:
        places = []
        for found in re.finditer(rf"(?<!\w){re.escape(answer)}(?!\w)", context):
            number = text.holding(*found.span())
            if number is not None:
                start, end = text.sentences[number]
                shared = len(asked & set(re.findall(r"\w+", context[start:end].lower())))
                places.append((shared, found.span()))
        if places:
            spans.add(max(places, key=lambda p: p[0])[1])
    if spans:
        yield Asked(source, question.strip(), text, tuple(sorted(spans)))


def _json(path: Path, found: Sources) -> Any:
    if path.exists():
        return json.loads(path.read_text("utf-8"))
    found.missing.append(path.name)
    return None


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").split("\n") if line]
