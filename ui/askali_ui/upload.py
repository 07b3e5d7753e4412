"""The address to which a page sends a reader's own files, and from which they go again.

`POST /room/documents?name=…` takes the bytes of one file and answers with one JSON
object a line while it is read: ``reading``, ``indexing`` with counts, ``done`` or
``failed``. The header ``x-askali-desk`` carries the page's secret key.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from fastapi import FastAPI, Header, Request
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.requests import ClientDisconnect

from askali import AskaliError, Document, DocumentError, load_documents
from askali.serving.http.http_errors import public_message
from askali.sources import limits_of
from askali_ui.suggestions import answered
from askali_ui.turn_view import suggestions_html
from askali_ui.workspace import DeskFull, Desks

ADDRESS = "/room/documents"
_SUGGESTED, _TRIED = 3, 15

Key = Annotated[str, Header(alias="x-askali-desk", max_length=64)]
Tell = Callable[[dict[str, Any]], None]


class _Left(AskaliError):
    """The reader has gone; nobody waits for the document."""


def add_upload(app: FastAPI, desks: Desks) -> None:
    """Add the routes; files are read one at a time, in the order in which they came."""
    turn = asyncio.Semaphore(1)

    @app.post(ADDRESS, include_in_schema=False)
    async def add(request: Request, name: str, key: Key = "") -> StreamingResponse:
        folder = tempfile.TemporaryDirectory(prefix="askali-")
        try:
            path = Path(folder.name) / _file_name(name)
            await _receive(request, path, desks.limits.file_bytes)
        except BaseException:
            folder.cleanup()
            raise
        lines = _lines(desks, key, folder, path, turn)
        return StreamingResponse(lines, media_type="application/x-ndjson")

    @app.get(ADDRESS, include_in_schema=False)
    async def listed(key: Key = "") -> dict[str, Any]:
        return {"documents": [_entry(document) for document in desks.own(key).values()]}

    @app.delete(ADDRESS, include_in_schema=False)
    async def remove(id: str, key: Key = "") -> dict[str, Any]:
        await asyncio.to_thread(desks.remove, key, id)
        return await listed(key)

    @app.exception_handler(DeskFull)
    async def full(_: Request, exc: DeskFull) -> JSONResponse:
        return JSONResponse({"error": {"message": str(exc)}}, status_code=413)


async def _receive(request: Request, path: Path, limit: int) -> None:
    """The body into a file; raises `DeskFull` as soon as it is too large."""
    size = 0
    with path.open("wb") as file:
        try:
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit:
                    raise DeskFull(f"{path.name} is larger than {limit:,} bytes; split it")
                file.write(chunk)
        except ClientDisconnect as exc:
            raise DocumentError(f"{path.name} did not arrive whole; add it again") from exc


async def _lines(
    desks: Desks,
    key: str,
    folder: tempfile.TemporaryDirectory[str],
    path: Path,
    turn: asyncio.Semaphore,
) -> AsyncIterator[str]:
    loop, told, left = asyncio.get_running_loop(), asyncio.Queue[Any](), threading.Event()

    def tell(event: dict[str, Any] | None) -> None:
        loop.call_soon_threadsafe(told.put_nowait, event)

    def work() -> None:
        try:
            _add(desks, key, path, tell, left)
        except AskaliError as exc:
            tell({"stage": "failed", "message": public_message(exc).replace("…/", "")})
        except Exception as exc:  # a reader of files met a file that it does not expect
            message = f"{path.name} cannot be read ({type(exc).__name__}); try another format"
            tell({"stage": "failed", "message": message})
        finally:
            folder.cleanup()
            tell(None)

    try:
        yield _line({"stage": "waiting"})
        async with turn:
            task = loop.run_in_executor(None, work)
            while (event := await told.get()) is not None:
                yield _line(event)
            await task
    finally:
        left.set()


def _add(desks: Desks, key: str, path: Path, tell: Tell, left: threading.Event) -> None:
    tell({"stage": "reading"})
    limits = limits_of(desks.house.settings)
    read = [replace(document, source=path.name) for document in load_documents(path, limits)]

    def step(done: int, total: int) -> None:
        if left.is_set():
            raise _Left("the upload was cancelled")
        tell({"stage": "indexing", "done": done, "total": total})

    added = desks.add(key, read, step)
    tell({"stage": "done", "documents": [_entry(document) for document in added]})
    found = answered(desks.assistant(key), {d.id: d for d in added}, tried=_TRIED)
    kept = list(islice(found, _SUGGESTED))
    desks.suggest(key, kept)
    questions = [suggestion.question for suggestion in kept]
    tell({"stage": "suggested", "html": suggestions_html(questions, "From your document")})


def _entry(document: Document) -> dict[str, Any]:
    title = document.title or document.source
    return {"id": document.id, "title": title, "chars": len(document.text)}


def _file_name(name: str) -> str:
    """The last part of a name as a browser gives it, fit for a file; no path survives."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(ch if ch.isprintable() and ch not in ':*?"<>|' else "-" for ch in last)
    if not kept.strip(". "):
        raise DocumentError("the file has no name; rename it and add it again")
    stem, dot, suffix = kept.rpartition(".")
    return f"{stem[:80]}{dot}{suffix[:12]}".lstrip(".")


def _line(event: dict[str, Any]) -> str:
    return json.dumps(event, ensure_ascii=False) + "\n"
