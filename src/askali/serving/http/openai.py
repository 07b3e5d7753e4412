"""`/v1/chat/completions` for clients that speak OpenAI's protocol.

The answer's text is the message; its citations are the message's `citations`,
an extension with exact offsets that other clients ignore. A stream has a chunk for
each claim as soon as it is verified, then one with the citations.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field, field_validator

from askali import (
    Answer,
    AskaliError,
    Assistant,
    ClaimVerified,
    Event,
    EvidenceFound,
    Finished,
    QuestionError,
)
from askali.serving.http.http_errors import public_message
from askali.serving.http.queue import Line, turn_in
from askali.serving.http.streaming import steps

MODEL = "askali"
_MAX_CHARS = 100_000


class ChatMessage(BaseModel):
    """A message; only text is read, and "system" messages are not."""

    role: str = Field(max_length=20)
    content: str = Field("", max_length=_MAX_CHARS)

    @field_validator("content", mode="before")
    @classmethod
    def _in_one_piece(cls, given: Any) -> Any:
        """Many clients send a list of parts: the text of those that have one."""
        if not isinstance(given, list):
            return "" if given is None else given
        texts = (part.get("text") for part in given if isinstance(part, Mapping))
        return "\n".join(text for text in texts if isinstance(text, str))


class ChatRequest(BaseModel):
    """The fields that mean something here; others are accepted and not used."""

    messages: list[ChatMessage] = Field(max_length=200)
    stream: bool = False
    model: str = Field(MODEL, max_length=100)


def add_openai(app: FastAPI, assistant: Assistant, line: Line) -> None:
    """Add the routes."""

    @app.post(
        "/v1/chat/completions", summary="OpenAI's protocol, with citations", response_model=None
    )
    async def complete(request: ChatRequest) -> JSONResponse | StreamingResponse:
        question, history = _split(request.messages)
        if request.stream:
            return await _streamed(assistant.stream(question, history), line)
        async with turn_in(line):
            answer = await asyncio.to_thread(assistant.ask, question, history)
        message = {"role": "assistant", "content": answer.text, **_beside(answer)}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
        return JSONResponse({**_head("chat.completion"), "choices": [choice], "usage": usage})

    @app.get("/v1/models", summary="The one model there is")
    async def models() -> dict[str, Any]:
        model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "askali"}
        return {"object": "list", "data": [model]}


def _split(messages: list[ChatMessage]) -> tuple[str, list[dict[str, str]]]:
    """The last user message is the question; what stands before it is history."""
    said = [message for message in messages if message.role in ("user", "assistant")]
    if not said or said[-1].role != "user":
        raise QuestionError("the last message must be the user's question")
    return said[-1].content, [message.model_dump() for message in said[:-1]]


def _beside(answer: Answer) -> dict[str, Any]:
    """What a message carries that OpenAI's has not."""
    return {
        "citations": [asdict(citation) for citation in answer.citations],
        "abstained": answer.abstained,
        "notes": list(answer.notes),
    }


async def _streamed(events: Iterator[Event], line: Line) -> StreamingResponse:
    """Answers once the search is done: what fails before is an error with its status."""
    deltas = _deltas(events, line)
    first = await anext(deltas)
    return StreamingResponse(_chunks(first, deltas), media_type="text/event-stream")


async def _deltas(events: Iterator[Event], line: Line) -> AsyncIterator[dict[str, Any]]:
    """The message in pieces; `content` of all of them together is the answer's text."""
    space = ""
    async with turn_in(line), aclosing(steps(events, lambda: None)) as each:
        async for event in each:
            if isinstance(event, EvidenceFound):
                yield {"role": "assistant", "content": ""}
            elif isinstance(event, ClaimVerified):
                yield {"content": event.text if event.text.startswith("\n") else space + event.text}
                space = " "
            elif isinstance(event, Finished):
                text = {} if event.answer.claims else {"content": event.answer.text}
                yield {**text, **_beside(event.answer)}


async def _chunks(
    first: dict[str, Any], deltas: AsyncIterator[dict[str, Any]]
) -> AsyncIterator[str]:
    head = _head("chat.completion.chunk")

    def chunk(delta: dict[str, Any], reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return _line({**head, "choices": [choice]})

    yield chunk(first)
    try:
        async for delta in deltas:
            yield chunk(delta)
        yield chunk({}, "stop")
    except AskaliError as exc:
        yield _line({"error": {"message": public_message(exc)}})
    yield "data: [DONE]\n\n"


def _line(value: dict[str, Any]) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def _head(kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": MODEL,
    }
