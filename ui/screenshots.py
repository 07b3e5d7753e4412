"""Make the pictures of the documentation: ``python ui/screenshots.py [FOLDER]``.

Opens the bundled article, drives an installed Chromium, writes PNG files.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from askali import Assistant
from askali_ui import create_app

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PORT = 7861
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1360, "height": 850}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True,
}  # fmt: skip

FOUNDER = "Who is the founder of Unitree?"
KAOLA = "When did NetEase launch Kaola?"
UNKNOWN = "Who is the CEO of Microsoft?"

NOTES = """# Minutes of the harbour board

## The ferry Aurora

The ferry Aurora was built in Gdansk in 1998. In 2024, the board sold the ferry to a company on \
the east bank. The price was 2.1 million euros, paid in two parts.

## The new quay

Nordbau is a builder of bridges and quays. Nordbau will invest 40 million euros in the new quay, \
which opens in spring. Until then, barges unload at the old pier.
"""


class NotShown(Exception):
    """The page does not show what the picture is to show."""


def main(folder: Path) -> None:
    """All pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, Assistant.open(home=home) as assistant:
        server = uvicorn.Server(uvicorn.Config(create_app(assistant), port=PORT, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            _pictures(browser, folder)
            browser.close()
        server.should_exit = True
        thread.join(10)


def _pictures(browser: Browser, folder: Path) -> None:
    def take(name: str, questions: list[str], then: Callable[[Page], None], **context: Any) -> None:
        page = browser.new_context(reduced_motion="reduce", **context).new_page()
        page.goto(f"http://127.0.0.1:{PORT}/")
        page.wait_for_selector(".starters .suggestion", timeout=60_000)
        for number, question in enumerate(questions):
            page.fill("#question", question)
            page.keyboard.press("Enter")
            page.locator(".turn[data-ms]").nth(number).wait_for(timeout=20_000)
        try:
            then(page)
        except NotShown as reason:
            print(f"no picture {name}: {reason}")  # noqa: T201
            page.context.close()
            return
        page.wait_for_timeout(500)
        page.screenshot(path=str(folder / f"{name}.png"))
        page.context.close()

    take("welcome", [], lambda page: None, **DESKTOP)
    take("desktop-light", [KAOLA, FOUNDER], _show_both, **DESKTOP)
    take("desktop-dark", [KAOLA, FOUNDER], _show_both, color_scheme="dark", **DESKTOP)
    take("phone", [FOUNDER], lambda page: None, **PHONE)
    take("phone-source", [FOUNDER], _open_citation, **PHONE)
    take("why", [FOUNDER], _open_why, **DESKTOP)
    take("abstention", [UNKNOWN], _open_nearest, **DESKTOP)
    take("upload", [], _bring_notes, **DESKTOP)
    take("own-document", [], _ask_notes, **DESKTOP)


def _open_citation(page: Page) -> None:
    page.locator(".turn").last.locator(".claim .chip").first.click()


def _show_both(page: Page) -> None:
    _open_citation(page)
    page.locator(".scroll").evaluate("pane => { pane.scrollTop = 0; }")


def _open_nearest(page: Page) -> None:
    if not page.locator(".abstention").count():
        raise NotShown(f"this engine answers {UNKNOWN!r} instead of abstaining")
    page.locator(".abstention .go").first.click()


def _bring_notes(page: Page) -> None:
    page.get_by_text("Your documents").click()
    file: Any = {"name": "harbour-minutes.md", "mimeType": "text/plain", "buffer": NOTES.encode()}
    page.locator(".desk input[type=file]").set_input_files(file)
    page.locator(".own .here").wait_for(timeout=30_000)
    page.locator(".own-starters .suggestion").first.wait_for(timeout=30_000)


def _ask_notes(page: Page) -> None:
    _bring_notes(page)
    page.keyboard.press("Escape")
    page.fill("#question", "When was the ferry Aurora built?")
    page.keyboard.press("Enter")
    page.locator(".turn[data-ms]").wait_for(timeout=20_000)
    _open_citation(page)


def _open_why(page: Page) -> None:
    summary = page.locator(".why summary")
    summary.click()
    page.locator(".claim .chip").first.click()
    summary.evaluate("element => element.scrollIntoView()")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/screenshots"))
