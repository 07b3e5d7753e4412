"""Security headers on every response, foreign origins refused, bodies bounded.

Gradio sends no such headers. Its page has inline scripts, so each page gets a
nonce; its components compile their templates, so ``unsafe-eval`` stays. Of its
addresses only those are open that the page uses: its upload would write whatever
anyone sends to this machine and answer with the path.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from askali.serving.http.http_errors import error_response
from askali.serving.http.subpath import path_within

MAX_BODY_BYTES = 2_000_000
"""For every address but those that set a limit of their own, such as uploads."""

_CLOSED = re.compile(
    r"/openapi\.json/?|/gradio_api(?!/(?:queue/join|queue/data|run/predict|cancel|reset|app_id|"
    r"heartbeat/\w+)/?$)(?:/.*)?",
    re.DOTALL,
)
_FOREIGN_META = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>')


_KEPT = "public, max-age=31536000, immutable"  # names with a hash of their content
_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
        "script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; connect-src 'self'; font-src 'self'; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # without any, a form's Origin would be "null"
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
}


class Guard:
    """ASGI middleware around the whole application; `head` comes first in the page's head."""

    def __init__(
        self, app: ASGIApp, *, larger: Mapping[str, int] | None = None, head: str = ""
    ) -> None:
        self._app = app
        self._larger = larger or {}
        self._head = head.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = path_within(scope)
        limit = self._larger.get(path, MAX_BODY_BYTES)
        refusal = _refusal(scope["method"], (path, scope["path"]), Headers(scope=scope), limit)
        if refusal:
            await refusal(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        is_page = path == "/"
        if is_page:  # the body is rewritten, so it must not come compressed
            plain = [h for h in scope["headers"] if h[0] != b"accept-encoding"]
            scope = {**scope, "headers": plain}
        kept = _KEPT if path.startswith("/assets/") else "no-cache"
        root = str(scope.get("root_path", ""))
        sender = _Page(send, nonce, self._head, root) if is_page else _Plain(send, nonce, kept)
        await self._app(scope, _bounded(receive, limit), sender)


def _bounded(receive: Receive, limit: int) -> Receive:
    """Ends a body that was not announced and grows past the limit."""
    size = 0

    async def bounded() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        return {"type": "http.disconnect"} if size > limit else message

    return bounded


class _Plain:
    """Adds the headers."""

    def __init__(self, send: Send, nonce: str, kept: str = "no-store") -> None:
        self._send = send
        self._nonce = nonce
        self._kept = kept

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._protect(MutableHeaders(scope=message))
        await self._send(message)

    def _protect(self, headers: MutableHeaders) -> None:
        headers.setdefault("cache-control", self._kept)
        for name, value in _HEADERS.items():
            headers[name] = value.format(nonce=self._nonce)


class _Page(_Plain):
    """Also gives each script of the page its nonce, and our files the path of a proxy; waits
    for the whole body."""

    def __init__(self, send: Send, nonce: str, head: bytes, root: str) -> None:
        super().__init__(send, nonce)
        self._head = head
        self._root = root.encode()
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = _FOREIGN_META.sub(b"", self._body).replace(b"<head>", b"<head>" + self._head, 1)
        body = body.replace(b"<script", f'<script nonce="{self._nonce}"'.encode())
        body = body.replace(b'"/askali/', b'"' + self._root + b"/askali/")
        headers = MutableHeaders(scope=self._start)
        headers["content-length"] = str(len(body))
        self._protect(headers)
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})


def _refusal(
    method: str, paths: tuple[str, ...], headers: Headers, limit: int
) -> JSONResponse | None:
    if any(map(_CLOSED.fullmatch, paths)):
        return error_response(
            404, "there is nothing here; /api tells what this server answers", "not_found"
        )
    origin = headers.get("origin")
    if origin and method not in ("GET", "HEAD") and urlsplit(origin).netloc != headers.get("host"):
        return error_response(403, "requests from another site are refused", "foreign_origin")
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > limit:
        return error_response(413, f"a request may have at most {limit:,} bytes", "too_large")
    return None
