"""What a page sends, checked: nothing that a browser says is taken on trust."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from askali import Answer, AskaliError, Document, Shape
from askali_ui.conversation import MAX_TURNS, Conversation, Exchange

_ANSWER = TypeAdapter(Answer)
_HISTORY_MESSAGES = 12


class PageError(AskaliError):
    """The page sent what no page of ours sends."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the page sends it; `key` opens the reader's own desk."""

    id: str
    question: str
    history: tuple[dict[str, str], ...]
    within: tuple[str, ...] | None
    key: str
    shape: Shape | None = None


def asked(sent: Mapping[str, Any]) -> Asked:
    """Read a question; a field that is missing is empty."""
    history = [m for m in _listed(sent.get("history")) if isinstance(m, Mapping)]
    return Asked(
        id=str(sent.get("id", ""))[:64],
        question=str(sent.get("question", "")),
        history=tuple(
            {"role": str(m.get("role")), "content": str(m.get("content"))}
            for m in history[-_HISTORY_MESSAGES:]
        ),
        within=tuple(map(str, _listed(sent.get("within")))) or None,
        key=str(sent.get("desk", "")),
        shape=Shape(sent["shape"]) if sent.get("shape") in set(Shape) else None,
    )


def conversation(sent: Any) -> Conversation:
    """The turns that a page keeps; raises `PageError` where they are none."""
    turns = [turn for turn in _listed(sent) if isinstance(turn, Mapping)]
    return Conversation(
        tuple(Exchange(str(t.get("id"))[:64], answer(t.get("answer"))) for t in turns[-MAX_TURNS:])
    )


def answer(sent: Any) -> Answer:
    """An answer as `Answer.to_dict` wrote it; raises `PageError` for anything else."""
    try:
        return _ANSWER.validate_python(sent)
    except ValidationError as exc:
        raise PageError("this page is older than askali: reload it") from exc


def is_genuine(given: Answer, documents: Mapping[str, Document]) -> bool:
    """True if every quote of an answer stands where the answer says it stands."""
    spans = (*given.citations, *([given.nearest] if given.nearest else []))
    return all(
        c.document_id in documents and documents[c.document_id].text[c.start : c.end] == c.quote
        for c in spans
    )


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
