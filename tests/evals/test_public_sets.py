"""Exact spans over every question of the open public sets, where they are at hand."""

import json
import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from askali import Assistant, Document

BENCH = Path(os.environ.get("ASKALI_BENCH", "nowhere"))
SETS = ("squad2", "xquad_en", "timeqa", "tatqa", "hotpotqa", "ramdocs")

pytestmark = pytest.mark.skipif(
    not BENCH.is_dir(), reason="set ASKALI_BENCH to the folder with the public sets"
)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def asked(name: str) -> Iterator[tuple[list[Document], list[str]]]:
    """Documents with all questions that are asked of just these."""
    beside = BENCH / f"{name}.docs.jsonl"
    known = {d["id"]: d for d in lines(beside)} if beside.exists() else {}

    def documents(question: dict[str, Any]) -> list[dict[str, Any]]:
        return question.get("docs") or [known[i] for i in question["doc_ids"]]

    def key(question: dict[str, Any]) -> str:
        return json.dumps([[d["id"], d["text"]] for d in documents(question)])

    for _, group in groupby(sorted(lines(BENCH / f"{name}.jsonl"), key=key), key=key):
        questions = list(group)
        given = [
            Document(d["id"], d.get("title", ""), d["text"])
            for d in documents(questions[0])
            if any(c.isalnum() for c in d["text"])
        ]
        yield given, [q["question"] for q in questions]


@pytest.mark.parametrize("name", SETS)
def test_every_citation_on_a_public_set_is_exact(name: str) -> None:
    answered = 0
    for documents, questions in asked(name):
        with Assistant.from_documents(documents) as bot:
            for question in questions:
                answer = bot.ask(question)
                cited = [*answer.citations, *([answer.nearest] if answer.nearest else [])]
                for c in cited:
                    assert bot.document(c.document_id).text[c.start : c.end] == c.quote
                assert answer.abstained or answer.claims
                answered += not answer.abstained
    assert answered
