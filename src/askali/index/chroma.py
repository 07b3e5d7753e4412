"""A Chroma of our own to speak to: in this process, or a server somewhere.

A call to a server is repeated while the server cannot be reached or is busy; all
that is asked of it may be asked twice. What it answers otherwise is translated.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import urlsplit

from askali.errors import ServerUnreachable, SettingsError, StorageError
from askali.index.storage_errors import storage_faults

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection as Collection
    from chromadb.config import System

ROLE = "the vector index"

_LOG = logging.getLogger("askali")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """Where a Chroma server listens and how to speak to it.

    The token goes into `token_header`, behind "Bearer" where that is Authorization.
    A call is tried `retries` times more, after `pause_s` and then twice as long each time;
    `timeout_s` is for each.
    """

    url: str
    token: str = field(default="", repr=False)
    token_header: str = "Authorization"
    tenant: str = "default_tenant"
    database: str = "default_database"
    timeout_s: float = 10.0
    retries: int = 3
    pause_s: float = 0.2

    def headers(self) -> dict[str, str]:
        if not self.token:
            return {}
        is_bearer = self.token_header.lower() == "authorization"
        return {self.token_header: f"Bearer {self.token}" if is_bearer else self.token}


class Link(Protocol):
    """A running Chroma: `api` are its calls, `tenancy` the arguments that all of them take."""

    api: Any
    tenancy: dict[str, str]

    def call(self, work: Callable[[], _Result]) -> _Result:
        """What `work` returns; every failure of storage leaves as a `StorageError`."""

    def stop(self) -> None:
        """Let go of files, memory and connections."""


class Embedded:
    """A Chroma in this process, over a folder or in memory."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.tenancy: dict[str, str] = {}
        with storage_faults(ROLE, path):
            self._system, self.api = _start(
                chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
                is_persistent=path is not None,
                persist_directory=str(path) if path else "",
                migrations="apply",
            )

    def call(self, work: Callable[[], _Result]) -> _Result:
        with storage_faults(ROLE, self._path):
            return work()

    def stop(self) -> None:
        self._system.stop()


class Remote:
    """A client of a server. Opening one asks for its version, so that it fails at once."""

    def __init__(self, server: ChromaServer) -> None:
        self._server = server
        self.tenancy = {"tenant": server.tenant, "database": server.database}
        self._system, self.api = _start(
            chroma_api_impl="chromadb.api.fastapi.FastAPI",
            chroma_server_host=_checked(server.url),
            chroma_server_http_port=0,  # the address has it
            chroma_server_headers=server.headers(),
        )
        self.api._session.timeout = server.timeout_s
        self.api._session.event_hooks["response"].append(_refuse_status)
        try:
            _warn_of_python_server(server.url, *self.call(self._version))
        except BaseException:
            self.stop()
            raise

    def call(self, work: Callable[[], _Result]) -> _Result:
        for attempt in range(self._server.retries + 1):
            try:
                with _server_faults(self._server.url):
                    return work()
            except _NotNow as exc:
                if attempt == self._server.retries:
                    raise self._unreachable(exc) from exc.__cause__
                time.sleep(self._server.pause_s * 2**attempt)
        raise AssertionError("not reached")

    def stop(self) -> None:
        self.api._session.close()
        self._system.stop()

    def _version(self) -> tuple[str, str]:
        response = self.api._session.get(f"{self.api.get_api_url()}/version")
        return str(response.json()), response.headers.get("server", "")

    def _unreachable(self, exc: Exception) -> ServerUnreachable:
        return ServerUnreachable(
            f"the Chroma server {self._server.url} does not answer ({exc}; "
            f"{self._server.retries + 1} attempts): start it with `chroma run --path FOLDER`, "
            "correct ASKALI_CHROMA_URL, or unset it to keep the index on this machine"
        )


class _NotNow(Exception):
    """Worth another attempt."""


@contextmanager
def _server_faults(url: str) -> Iterator[None]:
    import httpx

    try:
        with storage_faults(f"{ROLE} on {url}", None):
            yield
    except httpx.TransportError as exc:
        raise _NotNow(str(exc) or type(exc).__name__) from exc


def _refuse_status(response: Any) -> None:
    """Statuses whose text Chroma's client would raise as a bare `Exception`."""
    status, host = response.status_code, response.url.netloc.decode()
    if status == 429 or status >= 500:
        raise _NotNow(f"status {status}")
    if status in (401, 403):
        raise StorageError(
            f"the Chroma server {host} refused the token (status {status}); set "
            "ASKALI_CHROMA_TOKEN, and ASKALI_CHROMA_TOKEN_HEADER where it is not Authorization"
        )
    if "json" not in response.headers.get("content-type", ""):
        raise StorageError(
            f"what answers at {host} is no Chroma server (status {status}); "
            "correct ASKALI_CHROMA_URL"
        )


def _warn_of_python_server(url: str, version: str, server: str) -> None:
    """The Rust server says 1.0.0 whatever its release; the Python one its own version."""
    if "uvicorn" in server.lower() or version != "1.0.0":
        _LOG.warning(
            "the Chroma server %s (version %s) is the Python one, which runs code that a "
            "client sends before it asks who that is (CVE-2026-45829, 1.0.0 and later); "
            "use `chroma run`, the Rust server",
            *(url, version),
        )


def _checked(url: str) -> str:
    parts = urlsplit(url)
    try:
        is_usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number
        is_usable = False
    if not is_usable:
        raise SettingsError(
            f"setting chroma_url = {url!r}: give scheme, host and port, "
            "for example http://localhost:8000"
        )
    return url.rstrip("/")


def _start(**chosen: Any) -> tuple[System, Any]:
    from chromadb.api import ServerAPI
    from chromadb.config import Settings, System

    # A stray .env or CHROMA_* variable must not send this elsewhere.
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        anonymized_telemetry=False,
        chroma_otel_collection_endpoint="",
        **chosen,
    )
    system = System(settings)
    api = system.instance(ServerAPI)  # type: ignore[type-abstract]
    system.start()
    return system, api


def wrap(api: Any, model: Any) -> Collection:
    """The collection that an api speaks of; it embeds nothing, whatever a server says."""
    from chromadb.api.models.Collection import Collection

    return Collection(client=api, model=model, embedding_function=None)


def is_misfit(exc: Exception) -> bool:
    """True where Chroma refused a vector of another width than its collection's."""
    from chromadb.errors import InvalidArgumentError, InvalidDimensionException

    return isinstance(exc, InvalidArgumentError | InvalidDimensionException)
