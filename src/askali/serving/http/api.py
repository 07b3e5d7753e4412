"""The JSON API: ask, ask as a stream of lines, search. Same answers as ``--json``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import asdict
from typing import Any, Literal

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

from askali import (
    AskaliError,
    Assistant,
    ClaimVerified,
    Event,
    EvidenceFound,
    FirstLook,
    PassagesRead,
)
from askali.serving.http.api_docs import manual_html
from askali.serving.http.http_errors import http_status, public_message
from askali.serving.http.queue import Line, LineFull, turn_in
from askali.serving.http.streaming import steps

_MAX_CHARS = 100_000


class Message(BaseModel):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=_MAX_CHARS)


class AskRequest(BaseModel):
    """A question, and what was said before it."""

    question: str = Field(max_length=_MAX_CHARS, examples=["Who opened the bridge, and when?"])
    history: list[Message] = Field(default_factory=list, max_length=100)
    document_ids: list[str] | None = Field(None, max_length=1000)


class SearchRequest(BaseModel):
    """Words or a question to search for."""

    query: str = Field(max_length=_MAX_CHARS)
    k: int = Field(10, ge=1, le=200)


def add_api(app: FastAPI, assistant: Assistant, line: Line) -> None:
    """Add the routes and the JSON form of every error."""
    _add_errors(app)

    @app.post("/api/ask", summary="Answer a question, with citations")
    async def ask(request: AskRequest) -> dict[str, Any]:
        async with turn_in(line):
            answer = await asyncio.to_thread(assistant.ask, **_arguments(request))
        return answer.to_dict()

    @app.post("/api/ask/stream", summary="The same as events, one JSON object a line")
    async def stream(request: AskRequest) -> StreamingResponse:
        events = assistant.stream(**_arguments(request))
        return StreamingResponse(_lines(events, line), media_type="application/x-ndjson")

    @app.post("/api/search", summary="The best passages")
    async def search(request: SearchRequest) -> dict[str, Any]:
        async with turn_in(line):
            hits = await asyncio.to_thread(assistant.search, request.query, request.k)
        return {"hits": [asdict(hit) for hit in hits]}

    @app.get("/api", include_in_schema=False)
    async def manual() -> HTMLResponse:
        return HTMLResponse(manual_html(app.openapi()))


def _arguments(request: AskRequest) -> dict[str, Any]:
    given = request.model_dump()
    return {"documents": given.pop("document_ids"), **given}


async def _lines(events: Iterator[Event], line: Line) -> AsyncIterator[str]:
    try:
        async with turn_in(line), aclosing(steps(events, lambda: None)) as each:
            async for event in each:
                yield json.dumps(_event(event), ensure_ascii=False) + "\n"
    except (AskaliError, LineFull) as exc:
        message = public_message(exc) if isinstance(exc, AskaliError) else str(exc)
        yield json.dumps({"event": "error", "error": {"message": message}}) + "\n"


def _event(event: Event) -> dict[str, Any]:
    if isinstance(event, EvidenceFound):
        return {"event": "evidence", **asdict(event)}
    if isinstance(event, ClaimVerified):
        return {"event": "claim", **asdict(event)}
    if isinstance(event, PassagesRead):
        return {"event": "progress", **asdict(event)}
    name = "first_look" if isinstance(event, FirstLook) else "finished"
    return {"event": name, "answer": event.answer.to_dict()}


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(AskaliError)
    async def ours(_: Request, exc: AskaliError) -> JSONResponse:
        return _error(http_status(exc), public_message(exc))

    @app.exception_handler(LineFull)
    async def full(_: Request, exc: LineFull) -> JSONResponse:
        return _error(429, str(exc))

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, exc: RequestValidationError) -> JSONResponse:
        reasons = [f"{'.'.join(str(p) for p in e['loc'][1:])}: {e['msg']}" for e in exc.errors()]
        return _error(422, "; ".join(reasons))


def _error(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": {"message": message}}, status_code=status)
