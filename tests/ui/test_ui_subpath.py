"""The whole page below a proxy's path, in a real browser: nothing is asked of another path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ui_room import HARBOUR, Served, ask, chromium, visit

expect = pytest.importorskip("playwright.sync_api", reason="pip install playwright").expect
browser = pytest.fixture(scope="module")(chromium)
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
ROOT = "/tools/askali"


@pytest.fixture(scope="module")
def room(browser: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("below")
    served = Served([HARBOUR], home, path=ROOT, password="open, harbour")
    served.address += ROOT
    yield served
    served.stop()


def test_a_page_behind_a_proxy_is_entered_asked_and_given_a_document(
    browser: Any, room: Served
) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{room.address}/")
    page.get_by_label("Password").fill("open, harbour")
    page.keyboard.press("Enter")
    page.wait_for_selector("#question")
    ask(page, "What is the toll for cars?")
    expect(page.locator(".turn .answer")).to_contain_text("three euros")
    page.locator("summary", has_text="Your documents").click()
    file = {"name": "gull.txt", "mimeType": "text/plain", "buffer": b"Gull is a small boat."}
    page.locator(".desk input[type=file]").set_input_files(file)
    page.locator(".own .here").wait_for()
    elsewhere = [url for url in asked if not url.startswith((f"{room.address}/", "blob:", "data:"))]
    assert elsewhere == []
    page.context.close()


def test_a_link_below_the_path_asks_its_question(browser: Any, room: Served) -> None:
    opened = visit(
        browser, room, "?q=What+is+the+toll+for+cars%3F",
        extra_http_headers={"authorization": "Bearer open, harbour"},
    )  # fmt: skip
    expect(opened.page.locator(".turn .answer")).to_contain_text("three euros")
    opened.assert_quiet()
    opened.page.context.close()
