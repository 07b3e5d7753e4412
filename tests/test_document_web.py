"""A page by its address: a real server, real answers; the own network stays shut."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from askali.documents import Limits, web
from askali.errors import DocumentError
from document_files import page

PAGE = page("<p>Volunteers counted 1,204 bees in June.</p>" * 3).encode()
LIMITS = Limits(max_download_mb=0.2, download_timeout_s=0.6)


class Site(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        kind, content, headers = "text/html; charset=utf-8", PAGE, {}
        status = 200
        if self.path == "/moved":
            status, headers = 302, {"Location": "/page"}
        elif self.path == "/gone":
            status = 404
        elif self.path == "/picture":
            kind = "image/png"
        elif self.path == "/large":
            content = b"x" * 400_000
        elif self.path == "/packed":
            headers = {"Content-Encoding": "gzip"}
        self.send_response(status)
        for name, value in {"Content-Type": kind, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.path == "/slow":
            for _ in range(8):
                self.wfile.write(b"x" * 100)
                self.wfile.flush()
                time.sleep(0.2)
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's own server may be fetched from, as one of the public network may."""

    def client(limits: Limits) -> httpx.Client:
        return httpx.Client(follow_redirects=True, timeout=limits.download_timeout_s)

    monkeypatch.setattr(web, "_client", client)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_own_network_is_never_fetched_from(site: str, host: str) -> None:
    with pytest.raises(DocumentError, match="is not fetched"):
        web.read_page(f"{site.replace('127.0.0.1', host)}/page", LIMITS)


def test_a_page_becomes_a_document_under_the_address_where_it_ended(
    site: str, reachable: None
) -> None:
    document = web.read_page(f"{site}/moved", LIMITS)
    assert document.source == f"{site}/page"
    assert "1,204 bees" in document.text
    assert "Navigation" not in document.text


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("gone", "answered 404; check the address"),
        ("picture", "is image/png, which askali does not read"),
        ("large", "is larger than 0.2 MB; save it and name the file"),
        ("packed", "in a packed form"),
        ("slow", "took longer than 0.6 s; try again"),
    ],
)
def test_what_is_no_page_is_refused_with_what_to_do(
    site: str, reachable: None, path: str, says: str
) -> None:
    with pytest.raises(DocumentError, match=says):
        web.read_page(f"{site}/{path}", LIMITS)


def test_a_server_that_is_not_there_is_told(reachable: None) -> None:
    with pytest.raises(DocumentError, match="cannot be fetched"):
        web.read_page("http://127.0.0.1:9/x", LIMITS)
