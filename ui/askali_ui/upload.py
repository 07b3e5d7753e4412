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
from askali_ui.card import card_html
from askali_ui.card_store import summary_of
from askali_ui.questions import varied
from askali_ui.suggestions import answered
from askali_ui.turn_view import suggestions_html
from askali_ui.web_page import fetch_page
from askali_ui.workspace import DeskFull, Desks

ADDRESS, PAGE_ADDRESS = "/room/documents", "/room/page"
_SUGGESTED, _TRIED = 4, 15
_SHOWN, _SHOWN_CARDS = 6, 3

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
        lines = _lines(desks, key, folder, lambda: path, turn)
        return StreamingResponse(lines, media_type="application/x-ndjson")

    @app.post(PAGE_ADDRESS, include_in_schema=False)
    async def add_page(url: str, key: Key = "") -> StreamingResponse:
        folder = tempfile.TemporaryDirectory(prefix="askali-")

        def fetched() -> Path:
            return fetch_page(url.strip(), Path(folder.name), desks.limits.file_bytes)

        lines = _lines(desks, key, folder, fetched, turn, source=url.strip())
        return StreamingResponse(lines, media_type="application/x-ndjson")

    @app.get(ADDRESS, include_in_schema=False)
    async def listed(key: Key = "") -> dict[str, Any]:
        return {
            "documents": [_entry(document) for document in desks.own(key).values()],
            "html": _front(desks, key),
        }

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
    fetched: Callable[[], Path],
    turn: asyncio.Semaphore,
    *,
    source: str = "",
) -> AsyncIterator[str]:
    loop, told, left = asyncio.get_running_loop(), asyncio.Queue[Any](), threading.Event()

    def tell(event: dict[str, Any] | None) -> None:
        loop.call_soon_threadsafe(told.put_nowait, event)

    def work() -> None:
        named = source or "the file"
        try:
            path = fetched()
            named = path.name
            _add(desks, key, path, tell, left, source)
        except AskaliError as exc:
            tell({"stage": "failed", "message": public_message(exc).replace("…/", "")})
        except Exception as exc:  # a reader of files met a file that it does not expect
            message = f"{named} cannot be read ({type(exc).__name__}); try another format"
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


def _add(
    desks: Desks, key: str, path: Path, tell: Tell, left: threading.Event, source: str = ""
) -> None:
    tell({"stage": "reading"})
    limits = limits_of(desks.house.settings)
    read = [
        replace(document, source=source or path.name) for document in load_documents(path, limits)
    ]

    def step(done: int, total: int) -> None:
        if left.is_set():
            raise _Left("the upload was cancelled")
        tell({"stage": "indexing", "done": done, "total": total})

    added = desks.add(key, read, step)
    tell({"stage": "done", "documents": [_entry(document) for document in added]})
    asking = desks.assistant(key).quoting()
    known = {d.id: d for d in added}
    kept = list(islice(answered(asking, known, tried=_TRIED), _SUGGESTED))
    desks.suggest(key, kept)
    for document in added:
        desks.summarise(key, document.id, summary_of(asking, [document.id]))
    tell({"stage": "suggested", "html": _front(desks, key)})


def _front(desks: Desks, key: str) -> str:
    """The card of each own document, newest first, and questions, some of each of them."""
    own = list(desks.own(key).values())[::-1]
    cards = "".join(card_html(d, desks.summary(key, d.id)) for d in own[:_SHOWN_CARDS])
    by_document = [[s for s in desks.suggested(key) if s.document_id == d.id] for d in own]
    questions = [each.question for each in varied(by_document, _SHOWN)]
    label = "From your document" if len(own) == 1 else "From your documents"
    return cards + suggestions_html(questions, label)


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
