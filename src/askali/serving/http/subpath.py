"""Behind a proxy that serves askali below a path of its own, such as ``/tools/askali/``."""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from askali.errors import SettingsError

_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")


class SubPath:
    """ASGI middleware, outside all others: tells the application its root. Middleware within
    it reads a path with `path_within`.

    The root is `path`, or where that is empty what the proxy says in X-Forwarded-Prefix;
    proxies that take it off themselves and those that leave it there are both served. A
    header that is no plain path is not looked at.
    """

    def __init__(self, app: ASGIApp, path: str = "") -> None:
        self._app = app
        self._root = checked_path(path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            given = Headers(scope=scope).get("x-forwarded-prefix", "").rstrip("/")
            root = self._root or (given if _PATH.fullmatch(given) else "")
            if root:
                path = scope["path"]
                if path != root and not path.startswith(f"{root}/"):
                    path = root + path
                scope = {**scope, "path": path, "raw_path": quote(path).encode(), "root_path": root}
        await self._app(scope, receive, send)


def path_within(scope: Scope) -> str:
    """The path of a request without the root."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path.removeprefix(root) or "/" if root and path.startswith(root) else path


def checked_path(path: str) -> str:
    """The path without a stroke at its end; raises `SettingsError` for what is none."""
    root = path.rstrip("/")
    if root and not _PATH.fullmatch(root):
        raise SettingsError(f"path = {path!r} is no path; give one such as /tools/askali")
    return root
