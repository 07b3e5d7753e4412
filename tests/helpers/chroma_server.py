"""A real `chroma run` server for the tests, and a door before it that can misbehave."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from askali.index import ChromaServer
from askali.index.chroma import Remote


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def running(folder: Path, port: int | None = None) -> Iterator[str]:
    """The address of a `chroma run` over `folder`, which is stopped afterwards."""
    process, url = start(folder, port or free_port())
    try:
        yield url
    finally:
        process.kill()
        process.wait()


def start(folder: Path, port: int) -> tuple[subprocess.Popen[bytes], str]:
    program = shutil.which("chroma", path=str(Path(sys.executable).parent))
    assert program, "chromadb installs `chroma` beside python"
    command = [program, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    # Nothing of ours runs in there: measuring its coverage makes it start slower, no more.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    give_up = time.monotonic() + 60
    try:
        while not _answers(port):
            assert process.poll() is None, f"chroma run ended with {process.returncode}"
            assert time.monotonic() < give_up, "chroma run does not answer"
            time.sleep(0.05)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return process, f"http://127.0.0.1:{port}"


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/api/v2/heartbeat")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def collections(url: str) -> set[str]:
    """The names of all collections of the server."""
    remote = Remote(ChromaServer(url))
    try:
        return {c.name for c in remote.api.list_collections(limit=1000)}
    finally:
        remote.stop()


Refuse = Callable[[BaseHTTPRequestHandler], int | None]
"""A status to answer with instead of passing the request on, None to pass it on."""


@contextmanager
def door(url: str, refuse: Refuse = lambda request: None, server: str = "") -> Iterator[str]:
    """An HTTP proxy before the server at `url`, as a company puts one there."""
    host, _, port = url.removeprefix("http://").partition(":")

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status = refuse(self)
            if status is not None:
                return self.answer(status, b"refused at the door", "text/plain")
            headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
            with closing(http.client.HTTPConnection(host, int(port), timeout=30)) as behind:
                behind.request(self.command, self.path, body, headers)
                said = behind.getresponse()
                kind = said.getheader("Content-Type", "text/plain")
                return self.answer(said.status, said.read(), kind)

        def answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response_only(status)
            if server:
                self.send_header("Server", server)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = pass_on

        def log_message(self, *said: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *about: object) -> None:
            """A client that gave up waiting is what some tests are about."""

    listening = Quiet(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_address[1]}"
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
