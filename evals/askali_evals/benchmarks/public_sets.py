"""Read the public question sets of a folder: one JSON object a line, documents beside them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askali import Document
from askali_evals.errors import EvalError


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a public set; no `answers` means that the documents do not answer it."""

    id: str
    text: str
    answers: tuple[str, ...]
    document_ids: tuple[str, ...]
    documents: tuple[Document, ...] = ()
    relevance: tuple[tuple[str, int], ...] = ()
    wrong_answers: tuple[str, ...] = ()


def read_questions(folder: Path, name: str, limit: int = 0) -> list[Question]:
    """The questions of a set; with a limit, that many spread evenly over the whole set."""
    path = folder / f"{name}.jsonl"
    if not path.is_file():
        raise EvalError(f"{path}: no such set; --path names the folder with the .jsonl files")
    try:
        questions = [_question(row) for row in _rows(path)]
    except KeyError as exc:
        raise EvalError(f"{path}: a question without {exc}") from exc
    if not 0 < limit < len(questions):
        return questions
    return [questions[i * len(questions) // limit] for i in range(limit)]


def read_documents(folder: Path, name: str) -> dict[str, Document]:
    """The documents of a set by id, from ``NAME.docs.jsonl`` or its gzip."""
    for path in (folder / f"{name}.docs.jsonl", folder / f"{name}.docs.jsonl.gz"):
        if path.is_file():
            return {d.id: d for d in map(_document, _rows(path))}
    raise EvalError(f"{folder / name}.docs.jsonl: no such file")


def read_attacks(folder: Path) -> list[str]:
    """The instructions of ``injection_attacks.jsonl``, to be planted in documents."""
    path = folder / "injection_attacks.jsonl"
    if not path.is_file():
        raise EvalError(f"{path}: no such file")
    return [str(row["attack"]) for row in _rows(path)]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8")
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except ValueError as exc:
            raise EvalError(f"{path}:{number}: not JSON: {exc}") from exc


def _document(row: dict[str, Any]) -> Document:
    return Document(id=str(row["id"]), title=str(row.get("title", "")), text=str(row["text"]))


def _question(row: dict[str, Any]) -> Question:
    documents = tuple(_document(d) for d in row.get("docs", ()))
    gold = row.get("doc_ids") or [g["doc_id"] for g in row.get("gold_evidence", ())]
    return Question(
        id=str(row["id"]),
        text=str(row["question"]),
        answers=tuple(row.get("answers", ())),
        document_ids=tuple(str(i) for i in gold),
        documents=documents,
        relevance=tuple((row.get("relevance") or {}).items()),
        wrong_answers=tuple(row.get("wrong_answers") or ()),
    )
