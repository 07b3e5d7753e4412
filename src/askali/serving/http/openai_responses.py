"""`/v1/responses`, OpenAI's newer protocol, on the same answers as chat completions.

Nothing is stored: a conversation is sent along as `input`. Each ``[n]`` of the text is a
`file_citation` annotation; exact offsets stand in the message's `citations`, an extension.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, field_validator

from askali import Assistant
from askali.domain import Shape
from askali.errors import AskaliError
from askali.serving.http.api import ERRORS
from askali.serving.http.http_errors import Refused, body_of, error_body
from askali.serving.http.openai import deltas
from askali.serving.http.openai_request import (
    HARMLESS,
    MODEL,
    ChatMessage,
    asked_by,
    check_extensions,
    check_model,
)
from askali.serving.http.openai_text import (
    Cut,
    as_json,
    beside,
    count_tokens,
    message,
    schema_in,
)
from askali.serving.http.queue import Line, turn_in

_HARMLESS = HARMLESS | set(
    """instructions reasoning truncation include max_tool_calls stream_options top_logprobs
    context_management moderation""".split()
)
_MARKER = re.compile(r"\[(\d+)\]")


class ResponseRequest(BaseModel):
    """What means something here; `instructions` and what steers sampling are accepted unread."""

    model_config = ConfigDict(extra="allow")

    input: list[ChatMessage] = Field(description="A question, or messages of which the last asks")
    model: str = Field(MODEL, max_length=200)
    stream: bool | None = None
    max_output_tokens: int | None = Field(None, ge=1, description="Words and signs")
    text: dict[str, Any] | None = None
    tool_choice: Any = None
    documents: list[str] | None = Field(None, description="Ask only these; an extension")
    shape: Shape | None = Field(None, description="The form of the answer; an extension")

    @field_validator("input", mode="before")
    @classmethod
    def _as_messages(cls, given: Any) -> Any:
        """Text is the user's; of items, messages are kept and a tool's result is its message."""
        if isinstance(given, str):
            return [{"role": "user", "content": given}]
        if not isinstance(given, list):
            return given
        return [
            {"role": "tool"} if str(item.get("type", "")).endswith("_call_output") else item
            for item in given
            if isinstance(item, Mapping) and ("role" in item or "output" in item)
        ]

    @property
    def format(self) -> dict[str, Any] | None:
        """The form that the text is to have, as in chat completions' `response_format`."""
        found = (self.text or {}).get("format")
        return found if isinstance(found, dict) else None


def add_responses(app: FastAPI, assistant: Assistant, line: Line) -> None:
    """Add the route."""

    @app.post(
        "/v1/responses",
        summary="OpenAI's Responses, with citations",
        response_model=None,
        responses=ERRORS,
    )
    async def respond(request: ResponseRequest) -> JSONResponse | StreamingResponse:
        _check(request)
        given = asked_by(request.input) | request.model_dump(
            include={"documents", "shape"}, exclude_none=True
        )
        schema, cut = schema_in(request.format), Cut([], request.max_output_tokens)
        made = _Made(request)
        if request.stream:
            pieces = deltas(assistant.stream(**given), line, schema, cut)
            await anext(pieces)  # what fails before there is anything has its own status
            return StreamingResponse(_events(made, pieces, cut), media_type="text/event-stream")
        async with turn_in(line):
            answer = await asyncio.to_thread(assistant.ask, **given)
        whole = message(answer) if schema is None else as_json(answer, schema)
        text = cut.add(whole) + cut.end()
        return JSONResponse(made.ended(text, beside(answer), cut))


def _check(request: ResponseRequest) -> None:
    check_model(request.model)
    unkept = {
        "previous_response_id": "send the whole conversation as input",
        "conversation": "send the whole conversation as input",
        "background": "wait for the answer, or stream it",
        "prompt": "send the question as input",
    }
    for name, instead in unkept.items():
        if (request.model_extra or {}).pop(name, None):
            told = f"askali keeps no responses, so there is no {name}; {instead}"
            raise Refused(400, told, "unsupported_parameter", name)
    check_extensions(request, _HARMLESS)


class _Made:
    """One response while it comes about."""

    def __init__(self, request: ResponseRequest) -> None:
        self._request = request
        self.message_id = f"msg_{uuid4().hex}"
        self._head = {
            "id": f"resp_{uuid4().hex}",
            "object": "response",
            "created_at": int(time.time()),
            "model": MODEL,
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "max_output_tokens": request.max_output_tokens,
            "metadata": {},
            "parallel_tool_calls": True,
            "previous_response_id": None,
            "store": False,
            "temperature": None,
            "text": {"format": request.format or {"type": "text"}},
            "tool_choice": "auto",
            "tools": [],
            "top_p": None,
            "truncation": "disabled",
        }

    def begun(self) -> dict[str, Any]:
        """Before anything is said."""
        return {**self._head, "status": "in_progress", "output": [], "usage": None}

    def message(self, content: list[dict[str, Any]], status: str, **more: Any) -> dict[str, Any]:
        """The one item of the output."""
        kind = {"id": self.message_id, "type": "message", "role": "assistant"}
        return {**kind, "status": status, "content": content, **more}

    def ended(self, text: str, told: Mapping[str, Any], cut: Cut) -> dict[str, Any]:
        """The whole of it; `told` is `beside` of its answer."""
        asked = sum(count_tokens(message.content) for message in self._request.input)
        said = count_tokens(text)
        is_cut = cut.reason == "length"
        return {
            **self._head,
            "status": "incomplete" if is_cut else "completed",
            "incomplete_details": {"reason": "max_output_tokens"} if is_cut else None,
            "output": [self.message([_part(text, told)], "completed", **told)],
            "usage": {
                "input_tokens": asked,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": said,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": asked + said,
            },
        }


def _part(text: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """The text, with an annotation for each marker that names a citation."""
    cited = {c["number"]: c for c in told.get("citations", ())}
    annotations = [
        {
            "type": "file_citation",
            "file_id": c["document_id"],
            "filename": c["title"] or c["document_id"],
            "index": marker.start(),
        }
        for marker in _MARKER.finditer(text.partition("\n\n---\n")[0])
        if (c := cited.get(int(marker[1])))
    ]
    return {"type": "output_text", "text": text, "annotations": annotations, "logprobs": []}


async def _events(
    made: _Made, pieces: AsyncIterator[dict[str, Any]], cut: Cut
) -> AsyncIterator[str]:
    number = -1

    def event(kind: str, **more: Any) -> str:
        nonlocal number
        number += 1
        sent = json.dumps({"type": kind, "sequence_number": number, **more}, ensure_ascii=False)
        return f"event: {kind}\ndata: {sent}\n\n"

    at: dict[str, Any] = {"item_id": made.message_id, "output_index": 0, "content_index": 0}
    text, told = "", {}
    yield event("response.created", response=made.begun())
    yield event("response.in_progress", response=made.begun())
    item = made.message([], "in_progress")
    yield event("response.output_item.added", output_index=0, item=item)
    yield event("response.content_part.added", **at, part=_part("", {}))
    try:
        async for piece in pieces:
            if "content" in piece:
                text += piece["content"]
                delta = piece["content"]
                yield event("response.output_text.delta", **at, delta=delta, logprobs=[])
            else:
                told = piece
    except (AskaliError, Refused) as exc:
        body = (
            body_of(exc)
            if isinstance(exc, AskaliError)
            else error_body(exc.status, str(exc), exc.code, exc.param)
        )["error"]
        error = {"code": body["code"], "message": body["message"]}
        yield event("error", **error, param=body["param"])
        yield event(
            "response.failed", response={**made.begun(), "status": "failed", "error": error}
        )
        return
    part = _part(text, told)
    yield event("response.output_text.done", **at, text=text, logprobs=[])
    yield event("response.content_part.done", **at, part=part)
    item = made.message([part], "completed", **told)
    yield event("response.output_item.done", output_index=0, item=item)
    whole = made.ended(text, told, cut)
    yield event(f"response.{whole['status']}", response=whole)
