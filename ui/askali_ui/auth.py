"""A password before everything, for a room that others may reach.

A browser is sent to a page that asks for it and gets a cookie; a program sends
``Authorization: Bearer PASSWORD`` (or Basic with any name). No state: the cookie is
made from the password, so each process that knows the one accepts the other.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
from importlib.resources import files
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from askali.serving.http.http_errors import error_response
from askali.serving.http.subpath import path_within
from askali_ui.bind_policy import check_password
from askali_ui.html_text import text

_COOKIE = "askali"
_PAUSE_S = 1.0
_STYLE = "/askali/askali.css"
_DAY_S = 86_400


class Gate:
    """ASGI middleware: nobody passes without the password."""

    def __init__(self, app: ASGIApp, password: str) -> None:
        check_password(password)
        self._app = app
        self._password = password.encode()
        salt = b"askali: the cookie of a reader"
        self._token = hashlib.scrypt(self._password, salt=salt, n=2**14, r=8, p=1).hex()
        self._trying = asyncio.Semaphore(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._may_pass(Headers(scope=scope), path_within(scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            response = await self._entrance(Request(scope, receive))
            await response(scope, receive, send)
        # anything else, such as a WebSocket, is left unanswered: the server closes it

    def _may_pass(self, headers: Headers, path: str) -> bool:
        given = _cookie(headers).get(_COOKIE, "")
        if path == _STYLE or hmac.compare_digest(given.encode(), self._token.encode()):
            return True
        return hmac.compare_digest(_credential(headers), self._password)

    async def _entrance(self, request: Request) -> Response:
        if request.method == "POST" and path_within(request.scope) == "/enter":
            return await self._enter(request)
        wants_page = "text/html" in request.headers.get("accept", "")
        if request.method == "GET" and wants_page:
            return HTMLResponse(_page(request.scope, request.url.query), 401)
        message = "this askali asks for a password: send Authorization: Bearer PASSWORD"
        return error_response(401, message, "password_needed")

    async def _enter(self, request: Request) -> Response:
        body = (await request.body())[:10_000].decode("utf-8", "replace")
        form = {name: values[0] for name, values in parse_qs(body).items()}
        async with self._trying:  # one guess at a time, whoever guesses
            is_right = hmac.compare_digest(form.get("password", "").encode(), self._password)
            if not is_right:
                await asyncio.sleep(_PAUSE_S)
        query = form.get("query", "")
        if not is_right:
            return HTMLResponse(_page(request.scope, query, "That is not the password."), 401)
        home = f"{request.scope.get('root_path', '')}/"
        response = RedirectResponse(f"{home}?{query}" if query else home, 303)
        response.set_cookie(
            _COOKIE, self._token, max_age=_DAY_S, httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return response


def _cookie(headers: Headers) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in headers.get("cookie", "").split(";"))
    return {name: value for name, _, value in pairs}


def _credential(headers: Headers) -> bytes:
    """The password of an Authorization header; nothing where there is none."""
    kind, _, value = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip().encode()
    if kind.lower() != "basic":
        return b""
    try:
        return base64.b64decode(value, validate=True).partition(b":")[2]
    except binascii.Error:
        return b""


def _page(scope: Scope, query: str, fault: str = "") -> str:
    alert = f'<p class="fault" role="alert">{text(fault)}</p>' if fault else ""
    kept = query if path_within(scope) in ("/", "/enter") else ""
    page = (files("askali_ui") / "static" / "enter.html").read_text(encoding="utf-8")
    page = page.replace('="/', f'="{text(str(scope.get("root_path", "")))}/')
    return page.replace("<!--query-->", text(kept)).replace("<!--fault-->", alert)
