"""`/v1` for clients that speak OpenAI's protocol: chat completions and models.

The message is the answer's text with its quotes as footnotes; its citations are also
the message's `citations`, an extension with exact offsets that other clients ignore. A
stream has a chunk for each claim as soon as it is verified, then the footnotes.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from fastapi.responses import JSONResponse, StreamingResponse

from askali import Assistant
from askali.errors import AskaliError
from askali.serving.http.api import ERRORS
from askali.serving.http.http_errors import Refused, body_of, error_body
from askali.serving.http.openai_request import (
    MODEL,
    ChatRequest,
    asked_by,
    check_model,
    check_request,
)
from askali.serving.http.openai_text import (
    Cut,
    as_json,
    beside,
    count_tokens,
    footnotes,
    message,
    schema_in,
)
from askali.serving.http.queue import Line, turn_in
from askali.streaming import ClaimVerified, Event, Finished, steps
from askali.text.visible import inert

_MODEL = {"id": MODEL, "object": "model", "created": 0, "owned_by": "askali"}


def add_openai(app: FastAPI, assistant: Assistant, line: Line) -> None:
    """Add the routes."""

    @app.post(
        "/v1/chat/completions",
        summary="OpenAI's protocol, with citations",
        response_model=None,
        responses=ERRORS,
    )
    async def complete(request: ChatRequest) -> JSONResponse | StreamingResponse:
        check_request(request)
        given = asked_by(request.messages)
        if request.documents:
            given["documents"] = request.documents
        if request.shape:
            given["shape"] = request.shape
        schema, cut = schema_in(request.response_format), Cut(request.stops, request.most)
        if request.stream:
            return await _streamed(assistant.stream(**given), line, request, cut)
        async with turn_in(line):
            answer = await asyncio.to_thread(assistant.ask, **given)
        whole = message(answer) if schema is None else as_json(answer, schema)
        content = cut.add(whole) + cut.end()
        replied = {"role": "assistant", "content": content, "refusal": None, **beside(answer)}
        choice = {
            "index": 0,
            "message": replied,
            "logprobs": None,
            "finish_reason": cut.reason or "stop",
        }
        head = _head("chat.completion")
        return JSONResponse({**head, "choices": [choice], "usage": _usage(request, content)})

    @app.get("/v1/models", summary="The one model there is")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [_MODEL]}

    @app.get("/v1/models/{id}", summary="What is known of it", responses=ERRORS)
    async def model(id: str) -> dict[str, Any]:
        check_model(id)
        return _MODEL


def _usage(request: ChatRequest, content: str) -> dict[str, int]:
    asked = sum(count_tokens(message.content) for message in request.messages)
    told = count_tokens(content)
    return {"prompt_tokens": asked, "completion_tokens": told, "total_tokens": asked + told}


async def _streamed(
    events: Iterator[Event], line: Line, request: ChatRequest, cut: Cut
) -> StreamingResponse:
    """Answers once the search is done: what fails before is an error with its status."""
    pieces = deltas(events, line, schema_in(request.response_format), cut)
    first = await anext(pieces)
    chunks = _chunks(first, pieces, request, cut)
    return StreamingResponse(chunks, media_type="text/event-stream")


async def deltas(
    events: Iterator[Event], line: Line, schema: dict[str, Any] | None, cut: Cut
) -> AsyncIterator[dict[str, Any]]:
    """The message in pieces, an empty one first, `beside` last; `content` of all of them
    together is the message's."""
    said, has_begun = "", False
    async with turn_in(line), aclosing(steps(events, lambda: None)) as each:
        async for event in each:
            if not has_begun:
                yield {"role": "assistant", "content": ""}
                has_begun = True
            piece = ""
            if isinstance(event, ClaimVerified) and schema is None:
                piece = inert(event.text)
                piece = piece if piece.startswith("\n") or not said else f" {piece}"
                said += piece
            elif isinstance(event, Finished):
                answer = event.answer
                whole = message(answer) if schema is None else ""
                rest = whole.removeprefix(said) if whole.startswith(said) else footnotes(answer)
                piece = rest if schema is None else as_json(answer, schema)
            if shown := cut.add(piece):
                yield {"content": shown}
            if isinstance(event, Finished):
                if shown := cut.end():
                    yield {"content": shown}
                yield beside(event.answer)


async def _chunks(
    first: dict[str, Any], pieces: AsyncIterator[dict[str, Any]], request: ChatRequest, cut: Cut
) -> AsyncIterator[str]:
    head = _head("chat.completion.chunk")
    counts = bool(request.stream_options and request.stream_options.include_usage)
    no_usage = {"usage": None} if counts else {}
    content = ""

    def chunk(delta: dict[str, Any], reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return _line({**head, "choices": [choice], **no_usage})

    yield chunk(first)
    try:
        async for delta in pieces:
            content += delta.get("content", "")
            yield chunk(delta)
        yield chunk({}, cut.reason or "stop")
        if counts:
            yield _line({**head, "choices": [], "usage": _usage(request, content)})
    except AskaliError as exc:
        yield _line(body_of(exc))
    except Refused as exc:
        yield _line(error_body(exc.status, str(exc), exc.code, exc.param))
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
