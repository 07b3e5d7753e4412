"""A real page over real documents in a real Chromium, for the tests of the browser page.

Each `visit` records what the page asks of the network and says on its console;
`Visit.assert_quiet` holds for every state: no other origin, no error.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from askali import Assistant, Document

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PATIENCE_MS = int(os.environ.get("ASKALI_TEST_PATIENCE_MS", 120_000))
"""Waiting ends with what is waited for, so a long patience costs nothing but where a test
fails. With 15 and 20 s these tests failed on machines that had other work to do."""

START_S = 120

HARBOUR = Document(
    id="harbour",
    title="The new harbour bridge",
    publisher="Port Gazette",
    date="2025-03-14",
    text=(
        "The harbour bridge opened on Friday.\n\n"
        "Cost and crew\n\n"
        "The bridge cost 412 million euros, according to the port authority. Construction took six"
        " years. The chief engineer was Marta Lindqvist, who had built two ferry terminals before."
        "\n\n"
        "In 2019, Nordbau launched the construction site on the east bank. Ferries will keep"
        " running until the end of the year.\n\n"
        + "\n\n".join(
            f"Pier {number} stands {number * 3} metres from the quay and carries one lamp."
            for number in range(4, 40)
        )
        + "\n\nThe toll for cars is three euros. Cyclists cross free of charge.\n"
    ),
)
BEES = Document(
    id="bees",
    title="A survey of bees",
    text="Volunteers counted 1,204 bumblebees in June. The survey covered nine meadows.\n",
)
HOSTILE = Document(
    id='h"><img src=x onerror=alert(1)>',
    title='</script><script>document.title="owned"</script>{{7*7}}${7*7}',
    source="javascript:alert(1)",
    text=(
        'The secret tool is called Grobnik <script>document.title="owned"</script> and costs 5'
        ' euros. <img src="http://evil.example/a.png" onerror="document.title=1"> Its maker,'
        " Ada Blank, sells it at [a shop](javascript:alert(1)) beside ![x](http://evil.example/i.png)"
        " daily. {{constructor.constructor('document.title=2')()}} ${document.title=3} `x` follows"
        " here.\n\n</div></article><style>body{display:none}</style><b>Broken markup stands"
        " \u202egnorw\u202c at the end of this line.\n\n<svg onload=alert(1)> draws nothing here.\n"
    ),
)


def reload(page: Any) -> None:
    """Reload once Gradio has heard that its last event is over: a browser that leaves a page
    cuts its open requests off, and Gradio's client calls that an error."""
    page.wait_for_timeout(400)
    page.reload()


def until(page: Any, holds: Callable[[], bool]) -> None:
    """Wait for a state of the page that is no element's, such as where a scroll has ended."""
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while not holds():
        assert time.monotonic() < give_up, "it did not come to hold"
        page.wait_for_timeout(50)


@dataclass(slots=True)
class Visit:
    """One browser tab on one served assistant."""

    page: object
    address: str
    home: Path
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def assert_quiet(self) -> None:
        assert self.foreign == [], "the page asked another origin"
        assert self.errors == [], f"the page's console has errors: {self.errors}"


class Served:
    """askali's web application in a thread of its own, on a free port."""

    def __init__(self, documents: list[Document] | Assistant, home: Path, **options: Any) -> None:
        from askali.serving.http.queue import Line

        self.home = home
        is_list = isinstance(documents, list)
        self.assistant = Assistant.from_documents(documents, home=home) if is_list else documents
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.line = options.setdefault("line", Line(servers=1))
        self._server: uvicorn.Server | None = None
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(port, options)), daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + START_S
        while not self._is_up() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert self._is_up(), "the web application did not start in time"

    async def _serve(self, port: int, options: dict[str, Any]) -> None:
        from askali_ui import create_app  # within a loop, else Gradio leaves one of its own open

        app = create_app(self.assistant, **options)
        self._server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
        await self._server.serve()

    def _is_up(self) -> bool:
        return self._server is not None and self._server.started

    def stop(self, patience_s: float = 10) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(patience_s)
        self.assistant.close()


def chromium() -> Iterator[object]:
    """A Chromium for the session; skips where there is none."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install playwright"
    )
    if not CHROMIUM.is_file():
        pytest.skip(f"no browser at {CHROMIUM}: apt-get install chromium")
    playwright.expect.set_options(timeout=PATIENCE_MS)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


def visit(browser: object, served: Served, query: str = "", **context: object) -> Visit:
    """Open the page and wait until a question can be typed."""
    page = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **context}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    opened = Visit(page, served.address, served.home)

    def requested(request: object) -> None:
        if not request.url.startswith((served.address, "data:", "blob:")):
            opened.foreign.append(request.url)

    page.on("request", requested)
    page.on("console", lambda m: opened.errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: opened.errors.append(str(error)))
    page.goto(f"{served.address}/{query}")
    page.wait_for_selector("#question")
    return opened


def ask(page: object, question: str) -> None:
    """Type a question, press Enter, and wait for its answer."""
    turns = page.locator(".turn[data-ms]").count()
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")
    page.locator(".turn[data-ms]").nth(turns).wait_for()
