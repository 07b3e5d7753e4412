"""Our own web application around the page: hosts, origins, headers, limits, static files."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from importlib.resources import files

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from askali import Assistant, SettingsError
from askali.serving.http.api import add_api
from askali.serving.http.http_errors import add_errors
from askali.serving.http.mcp import mcp_routes, mcp_server
from askali.serving.http.openai import add_openai
from askali.serving.http.openai_responses import add_responses
from askali.serving.http.queue import Line
from askali.serving.http.subpath import SubPath
from askali_ui.app import build
from askali_ui.auth import Gate
from askali_ui.bind_policy import LOCAL, check_reach
from askali_ui.proposals import ADDRESS as PROPOSALS
from askali_ui.proposals import Store, add_proposals
from askali_ui.security import Guard
from askali_ui.suggestions import Suggestions
from askali_ui.upload import ADDRESS as UPLOAD
from askali_ui.upload import add_upload
from askali_ui.workspace import Desks, Limits

_EVENTS = "/gradio_api/queue/join"
_CONVERSATION_BYTES = 8_000_000
_ANY = ("0.0.0.0", "::", "")


def create_app(
    assistant: Assistant,
    *,
    hosts: Sequence[str] = (),
    line: Line | None = None,
    limits: Limits | None = None,
    password: str = "",
    path: str = "",
    proposals: Store | None = None,
) -> FastAPI:
    """The page at ``/``, the JSON API at ``/api``, OpenAI's at ``/v1``, MCP at ``/mcp``.

    `hosts` are names it answers to besides this machine's own loopback, `line`
    bounds how many are served at once, `limits` what readers may bring along.
    With a `password` nothing is shown without it. `path` is where a proxy shows it.
    `proposals` are questions that whoever runs it has to confirm, at ``/proposals``.
    """
    line = line or Line()
    suggestions = Suggestions(assistant, is_busy=lambda: not line.is_empty())
    desks, tools = Desks(assistant, limits), mcp_server(assistant, line)
    routes = mcp_routes(tools)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        suggestions.start()
        async with tools.session_manager.run():
            yield
        suggestions.close()

    app = FastAPI(
        title="askali", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )  # fmt: skip
    add_api(app, assistant, line)
    add_openai(app, assistant, line)
    add_responses(app, assistant, line)
    add_upload(app, desks)
    if proposals is not None:
        add_proposals(app, proposals)
    app.router.routes.extend(routes)
    add_errors(app)
    static = StaticFiles(directory=str(files("askali_ui") / "static"))
    app.mount("/askali", static, name="askali")
    app.add_middleware(CORSMiddleware, allow_origins=[])  # Gradio's own trusts the Host header
    is_shared = bool(password or hosts)
    page = build(
        assistant,
        line=line,
        suggestions=suggestions,
        desks=desks,
        is_shared=is_shared,
        has_proposals=proposals is not None,
    )
    _mount_page(app, page)
    if password:
        app.add_middleware(Gate, password=password)
    larger = {UPLOAD: 2 * desks.limits.file_bytes, _EVENTS: _CONVERSATION_BYTES}
    app.add_middleware(Guard, larger=larger, head=_FIRST)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOCAL, *hosts], www_redirect=False)
    app.add_middleware(SubPath, path=path)
    return app


def _mount_page(app: FastAPI, blocks: gr.Blocks) -> None:
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        ssr_mode=False,
        max_file_size="1mb",
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"]),
        head=_LATER,
    )


_STYLE = '<link rel="stylesheet" href="/askali/askali.css">'
_FIRST = (  # in the page itself: the chosen theme, and nothing of Gradio's loading screen
    f'{_STYLE}<link rel="icon" href="/askali/icon.svg" type="image/svg+xml">'
    '<script src="/askali/theme.js"></script>'
)
# Gradio adds this after styles of its own, which ours must follow.
_LATER = f'{_STYLE}<script type="module" src="/askali/main.js"></script>'


def serve(
    assistant: Assistant,
    host: str = "127.0.0.1",
    port: int = 7860,
    *,
    hosts: Sequence[str] = (),
    password: str = "",
    path: str = "",
    proposals: Store | None = None,
) -> None:
    """Serve until interrupted. `hosts`: further names under which it may be opened;
    `proposals` are shown where nobody else can reach it.

    Raises `SettingsError` for an address that others can reach without a password, and for one
    where nothing can listen.
    """
    check_reach(host, hosts, password)
    if password or hosts or host not in LOCAL:
        proposals = None
    names = [*_own_names(host), *hosts]
    door = _door(host, port)
    app = create_app(assistant, hosts=names, password=password, path=path, proposals=proposals)
    shown = "localhost" if host in _ANY else host
    print(f"askali is at http://{shown}:{port}/  (stop with Ctrl+C)")  # noqa: T201
    if proposals is not None:
        print(f"questions to confirm: http://{shown}:{port}{PROPOSALS}")  # noqa: T201
    settings = uvicorn.Config(app, log_level="warning", server_header=False)
    with door, suppress(KeyboardInterrupt):
        uvicorn.Server(settings).run(sockets=[door])


def _door(host: str, port: int) -> socket.socket:
    """A socket that listens there; `SettingsError` where none can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as exc:
        why = str(exc.strerror).partition(" (")[0]
        raise SettingsError(
            f"nothing can listen on port {port} of {host} ({why}): choose another with --port, "
            "or stop what listens there"
        ) from exc


def _own_names(host: str) -> list[str]:
    """The names under which a machine that listens on `host` is reached."""
    if host not in _ANY:
        return [host]
    name = socket.gethostname()
    try:
        found = socket.getaddrinfo(name, None)
    except OSError:
        found = []
    return [name, f"{name}.local", *sorted({str(entry[4][0]) for entry in found})]
