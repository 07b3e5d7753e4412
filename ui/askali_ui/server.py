"""Our own web application around the page: hosts, origins, headers, limits, static files."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from askali import Assistant
from askali_ui.api import add_api
from askali_ui.guard import Guard
from askali_ui.line import Line
from askali_ui.openai import add_openai
from askali_ui.page import build
from askali_ui.suggest import Suggestions

_LOCAL = ("localhost", "127.0.0.1", "[::1]", "::1")
_ANY = ("0.0.0.0", "::", "")


def create_app(
    assistant: Assistant, *, hosts: Sequence[str] = (), line: Line | None = None
) -> FastAPI:
    """The page at ``/``, the JSON API at ``/api``. `hosts` are names it answers to
    besides this machine's own loopback, `line` bounds how many are served at once."""
    line, suggestions = line or Line(), Suggestions(assistant)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> Any:
        suggestions.start()
        yield
        suggestions.close()

    app = FastAPI(
        title="askali", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )  # fmt: skip
    add_api(app, assistant, line)
    add_openai(app, assistant, line)
    static = StaticFiles(directory=str(files("askali_ui") / "static"))
    app.mount("/askali", static, name="askali")
    app.add_middleware(CORSMiddleware, allow_origins=[])  # Gradio's own trusts the Host header
    gr.mount_gradio_app(
        app,
        build(assistant, line=line, suggestions=suggestions),
        path="/",
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        ssr_mode=False,
        max_file_size="1mb",
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"]),
        head=_HEAD,
    )
    app.add_middleware(Guard)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*_LOCAL, *hosts], www_redirect=False)
    return app


_HEAD = (
    '<link rel="stylesheet" href="/askali/askali.css">'
    '<link rel="icon" href="/askali/icon.svg" type="image/svg+xml">'
    '<script src="/askali/theme.js"></script>'
    '<script type="module" src="/askali/main.js"></script>'
)


def serve(
    assistant: Assistant,
    host: str = "127.0.0.1",
    port: int = 7860,
    *,
    hosts: Sequence[str] = (),
) -> None:
    """Serve until interrupted. `hosts`: further names under which it may be opened."""
    app = create_app(assistant, hosts=[*_own_names(host), *hosts])
    shown = "localhost" if host in _ANY else host
    print(f"askali is at http://{shown}:{port}/  (stop with Ctrl+C)")  # noqa: T201
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)


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
