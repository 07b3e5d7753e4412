"""Web addresses, fetched from a real server; what is guarded is guarded on each hop."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from askali.documents import Limits
from askali.documents.loaders.web import download, is_url, read_page
from askali.errors import DocumentError
from document_files import page, pdf

PUBLIC = "93.184.215.14"
"""Where `pages.test` seems to be; connections to it end at the server of the test."""

ARTICLE = "<p>Bees fly three kilometres to a field of clover. They return before dusk.</p>"
LIMITS = Limits(max_download_mb=0.1, download_timeout_s=1.5)
INSIDE = [
    "127.0.0.1",
    "localhost",
    "LOCALHOST.",
    "0.0.0.0",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[2002:7f00:1::]",
    "169.254.169.254",
    "10.1.2.3",
    "192.168.0.1",
    "2130706433",
    "0x7f.1",
    "inside.test",
    "both.test",
    "metadata.google.internal",
]


class Site(BaseHTTPRequestHandler):
    """Answers by the path; `served` counts what was asked."""

    served: list[str] = []
    files: dict[str, bytes] = {}

    def do_GET(self) -> None:
        self.served.append(self.path)
        path, _, rest = self.path.partition("?")
        if path == "/to":
            self._answer(302, {"Location": rest})
        elif path == "/round":
            self._answer(302, {"Location": "/round"})
        elif path == "/type":
            self._answer(200, {"Content-Type": rest}, page(ARTICLE).encode())
        elif path == "/packed":
            self._answer(200, {"Content-Encoding": "gzip"}, b"\x1f\x8b" + bytes(20))
        elif path == "/large":
            self._answer(200, {"Content-Type": "text/plain"}, b"Bees fly. " * 20_000)
        elif path == "/slow":
            self._drip()
        elif path == "/cut":
            self._answer(200, {"Content-Length": "999999"}, b"Bees")
        elif path == "/user":
            said = f"{self.headers['User-Agent']}, {self.headers['Accept-Encoding']}"
            self._answer(200, {"Content-Type": "text/plain"}, f"It is {said}.".encode())
        elif path == "/paper":
            self._answer(200, {"Content-Type": "application/pdf"}, self.files["paper"])
        else:
            self._answer(404, {}, b"no")

    def _answer(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        """A byte now and then, so that no single read takes long."""
        self._answer(200, {"Content-Type": "text/plain"})
        try:
            for _ in range(100):
                self.wfile.write(b"a")
                time.sleep(0.1)
        except OSError:
            pass  # whoever asked has had enough

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The address of a server that seems to be on the public network."""
    Site.served.clear()
    Site.files["paper"] = pdf(
        tmp_path / "p.pdf", [["Bees see blue."], ["They do not see red."]], title="On bees"
    ).read_bytes()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    places = {
        "pages.test": [PUBLIC],
        "inside.test": ["127.0.0.1"],
        "both.test": [PUBLIC, "127.0.0.1"],
        "gone.test": [],
    }
    resolve, connect = socket.getaddrinfo, socket.create_connection

    def getaddrinfo(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if host not in places:
            return resolve(host, port, *args, **more)
        if not places[host]:
            raise socket.gaierror("no such name")
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, (address, port)) for address in places[host]]

    def create_connection(address: tuple[str, int], *args: Any, **more: Any) -> socket.socket:
        assert address[0] == PUBLIC, f"{address} was not checked"
        return connect(("127.0.0.1", server.server_port), *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", create_connection)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    yield "http://pages.test"
    server.shutdown()
    server.server_close()


def refusal(url: str, limits: Limits = LIMITS) -> str:
    with pytest.raises(DocumentError) as caught:
        download(url, limits)
    return str(caught.value)


def test_a_page_becomes_a_document_that_names_its_address(site: str) -> None:
    found = read_page(f"{site}/type?text/html;charset=utf-8", LIMITS)
    assert "three kilometres" in found.text
    assert "Cookies policy" not in found.text
    assert found.title.startswith("Bees")
    assert found.id == found.source == f"{site}/type?text/html;charset=utf-8"


def test_a_pdf_behind_an_address_keeps_its_pages(site: str) -> None:
    found = read_page(f"{site}/paper", LIMITS)
    assert (found.title, len(found.page_starts)) == ("On bees", 2)


def test_a_redirect_is_followed_and_its_end_is_the_source(site: str) -> None:
    assert read_page(f"{site}/to?/type?text/html", LIMITS).source == f"{site}/type?text/html"


def test_the_request_says_who_asks_and_wants_nothing_packed(site: str) -> None:
    assert download(f"{site}/user", LIMITS).content == b"It is askali, identity."


@pytest.mark.parametrize("host", INSIDE)
def test_an_address_of_the_own_network_is_never_asked(host: str, site: str) -> None:
    assert f"http://{host}/user is not fetched".lower() in refusal(f"http://{host}/user").lower()
    assert not Site.served


@pytest.mark.parametrize("host", INSIDE)
def test_nor_is_it_where_a_redirect_leads(host: str, site: str) -> None:
    assert "not fetched" in refusal(f"{site}/to?http://{host}/user")
    assert [asked.partition("?")[0] for asked in Site.served] == ["/to"]


@pytest.mark.parametrize(
    "to", ["file:///etc/hostname", "ftp://pages.test/a", "gopher://pages.test"]
)
def test_a_redirect_to_another_scheme_is_refused(to: str, site: str) -> None:
    refusal(f"{site}/to?{to}")
    assert len(Site.served) == 1


def test_a_variable_of_a_local_environment_opens_nothing(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGCHAIN_ENV", "local")
    assert "this machine" in refusal("http://localhost/user")
    assert "this machine" in refusal(f"{site}/to?http://testserver/user")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/none", "answered 404; check the address"),
        ("/round", "redirects"),
        ("/type?image/png", "is image/png, which askali does not read"),
        ("/type?", "which askali does not read"),
        ("/packed", "a packed form that was not asked for"),
        ("/large", "is larger than 0.1 MB; save it and name the file"),
        ("/slow", "took longer than 1.5 s"),
        ("/cut", "cannot be fetched"),
    ],
)
def test_what_is_not_to_be_had_says_why(path: str, says: str, site: str) -> None:
    started = time.monotonic()
    assert says in refusal(f"{site}{path}")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "url", ["http://", "http://a b/", "http://[", "https://gone.test/", "http://x:y/"]
)
def test_an_address_that_is_none_is_an_error_and_no_traceback(url: str, site: str) -> None:
    assert url.rstrip("/")[:8] in refusal(url)


def test_a_name_that_nobody_knows_is_no_matter_of_networks(site: str) -> None:
    said = refusal("http://gone.test/a")
    assert said.startswith("http://gone.test/a cannot be fetched: DNS")
    assert "inside.test/a is not fetched: it leads into" in refusal("http://inside.test/a")


def test_what_cannot_be_read_is_named_by_its_address(site: str) -> None:
    Site.files["paper"] = b"%PDF-1.7 and then nothing"
    with pytest.raises(DocumentError, match=rf"{site}/paper is damaged"):
        read_page(f"{site}/paper", LIMITS)


def test_only_http_is_a_web_address() -> None:
    assert is_url("HTTPS://example.com")
    assert not is_url("file:///etc/hostname")
    assert not is_url("httpd/notes.txt")
