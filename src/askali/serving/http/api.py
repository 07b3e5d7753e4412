"""The JSON API: ask, ask as a stream of lines, search, documents. Same answers as ``--json``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Any, Literal

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from askali import Assistant, Document, __version__
from askali.domain import SCHEMA_VERSION, Answer, Hit, Shape
from askali.errors import AskaliError
from askali.serving.http.api_docs import manual_html
from askali.serving.http.http_errors import body_of
from askali.serving.http.queue import Line, LineFull, turn_in
from askali.streaming import ClaimVerified, Event, EvidenceFound, FirstLook, PassagesRead, steps

_MAX_CHARS = 100_000


class _Strict(BaseModel):
    """A misspelt field is an error: a restriction that is not seen would answer from all."""

    model_config = ConfigDict(extra="forbid")


class Message(_Strict):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=_MAX_CHARS)


_WITHIN = Field(
    None,
    min_length=1,
    max_length=1000,
    validation_alias=AliasChoices("documents", "document_ids"),
    description="Only these documents: ids, sources or titles, as GET /api/documents names them",
)


class AskRequest(_Strict):
    """A question, and what was said before it."""

    question: str = Field(max_length=_MAX_CHARS, examples=["Who opened the bridge, and when?"])
    history: list[Message] = Field(default_factory=list, description="Earlier messages")
    documents: list[str] | None = _WITHIN
    shape: Shape | None = Field(
        None,
        validation_alias=AliasChoices("as", "shape"),
        description="The form of the answer, such as list or summary; chosen if unset",
    )


class SearchRequest(_Strict):
    """Words or a question to search for."""

    query: str = Field(max_length=_MAX_CHARS)
    k: int = Field(10, ge=1, le=200)
    documents: list[str] | None = _WITHIN


@dataclass(frozen=True, slots=True)
class AnswerJson(Answer):
    """An `Answer` as it is sent."""

    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Hits:
    """Passages, best first."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """What is known of a document; `pages` is null where it has none, `file_date` the day on
    which its file was made, where its own `date` is not known."""

    id: str
    title: str
    source: str
    publisher: str
    date: str
    characters: int
    pages: int | None
    file_date: str


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents that are asked."""

    documents: tuple[DocumentRecord, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """`index_stamp` names the content that is served."""

    status: Literal["ok"]
    version: str
    documents: int
    index_stamp: str


@dataclass(frozen=True, slots=True)
class Error:
    """What went wrong; `code` for programs, `param` where one field is at fault."""

    message: str
    type: str
    code: str | None = None
    param: str | None = None


@dataclass(frozen=True, slots=True)
class ErrorJson:
    """Every error has this form."""

    error: Error


ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorJson, "description": "Bad question, field or value"},
    404: {"model": ErrorJson, "description": "Unknown document"},
    415: {"model": ErrorJson, "description": "Not sent as JSON"},
    429: {"model": ErrorJson, "description": "Too many are waiting"},
    503: {"model": ErrorJson, "description": "Index or model does not serve"},
}


def add_api(app: FastAPI, assistant: Assistant, line: Line) -> None:
    """Add the routes; `add_errors`, after all routes, gives errors their form."""

    @app.post(
        "/api/ask",
        summary="Answer a question, with citations",
        response_model=AnswerJson,
        responses=ERRORS,
    )
    async def ask(request: AskRequest) -> Any:
        async with turn_in(line):
            answer = await asyncio.to_thread(assistant.ask, **_arguments(request))
        return JSONResponse(answer.to_dict())

    @app.post(
        "/api/ask/stream",
        summary="The same as events, one JSON object a line",
        response_class=StreamingResponse,
        responses={
            **ERRORS,
            200: {
                "description": "Lines with `event`: evidence, first_look, progress, claim, "
                "finished or error",
                "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
            },
        },
    )
    async def stream(request: AskRequest) -> StreamingResponse:
        lines = _lines(assistant.stream(**_arguments(request)), line)
        first = await anext(lines)  # what fails before there is anything has its own status
        return StreamingResponse(_after(first, lines), media_type="application/x-ndjson")

    @app.post("/api/search", summary="The best passages", response_model=Hits, responses=ERRORS)
    async def search(request: SearchRequest) -> Any:
        async with turn_in(line):
            hits = await asyncio.to_thread(
                assistant.search, request.query, request.k, documents=request.documents
            )
        return JSONResponse({"hits": [asdict(hit) for hit in hits]})

    @app.get("/api/documents", summary="The documents that are asked", response_model=Documents)
    async def documents() -> Any:
        return JSONResponse(
            {"documents": [asdict(record(d)) for d in assistant.documents.values()]}
        )

    @app.get("/api/health", summary="Whether it serves, and what", response_model=Health)
    async def health() -> Any:
        found = Health("ok", __version__, len(assistant.documents), assistant.stamp)
        return JSONResponse(asdict(found))

    @app.get("/api", include_in_schema=False)
    async def manual(request: Request) -> HTMLResponse:
        return HTMLResponse(manual_html(app.openapi(), request.scope.get("root_path", "")))


def record(document: Document) -> DocumentRecord:
    """What a visitor may know of a document besides its text."""
    return DocumentRecord(
        document.id,
        document.title,
        document.source,
        document.publisher,
        document.date,
        len(document.text),
        len(document.page_starts) or None,
        document.file_date,
    )


def _arguments(request: AskRequest) -> dict[str, Any]:
    """What `Assistant.ask` takes; a field that was not sent is not passed."""
    return request.model_dump(exclude_none=True)


async def _lines(events: Iterator[Event], line: Line) -> AsyncIterator[str]:
    """Raises what fails before the first event; what fails later is the last line."""
    has_begun = False
    try:
        async with turn_in(line), aclosing(steps(events, lambda: None)) as each:
            async for event in each:
                has_begun = True
                yield json.dumps(_event(event), ensure_ascii=False) + "\n"
    except (AskaliError, LineFull) as exc:
        if not has_begun:
            raise
        yield json.dumps({"event": "error", **body_of(exc)}, ensure_ascii=False) + "\n"


async def _after(first: str, lines: AsyncIterator[str]) -> AsyncIterator[str]:
    yield first
    async for line in lines:
        yield line


def _event(event: Event) -> dict[str, Any]:
    if isinstance(event, EvidenceFound):
        return {"event": "evidence", **asdict(event)}
    if isinstance(event, ClaimVerified):
        return {"event": "claim", **asdict(event)}
    if isinstance(event, PassagesRead):
        return {"event": "progress", **asdict(event)}
    name = "first_look" if isinstance(event, FirstLook) else "finished"
    return {"event": name, "answer": event.answer.to_dict()}
