"""`/v1/chat/completions` for clients that speak OpenAI's protocol.

The answer's text is the message; its citations are the message's `citations`,
an extension with exact offsets that other clients ignore.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field, field_validator

from askali import Answer, Assistant, QuestionError
from askali_ui.line import Line, turn_in

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
        async with turn_in(line):
            answer = await asyncio.to_thread(assistant.ask, question, history)
        if request.stream:
            return StreamingResponse(_chunks(answer), media_type="text/event-stream")
        message = {"role": "assistant", **_message(answer)}
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


def _message(answer: Answer) -> dict[str, Any]:
    return {
        "content": answer.text,
        "citations": [asdict(citation) for citation in answer.citations],
        "abstained": answer.abstained,
    }


def _chunks(answer: Answer) -> Iterator[str]:
    head = _head("chat.completion.chunk")
    steps: tuple[tuple[dict[str, Any], str | None], ...] = (
        ({"role": "assistant", **_message(answer)}, None),
        ({}, "stop"),
    )
    for delta, reason in steps:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        yield f"data: {json.dumps({**head, 'choices': [choice]}, ensure_ascii=False)}\n\n"
    yield "data: [DONE]\n\n"


def _head(kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": MODEL,
    }
