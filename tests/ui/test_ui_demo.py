"""The demo and the tasks of `docs/demo.md`, done in a real browser at three sizes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from askali import Assistant
from ui_room import Served, chromium, visit

pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from page_steps import DEMO, Hand  # noqa: E402
from page_tasks import TASKS  # noqa: E402

browser = pytest.fixture(scope="module")(chromium)
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
SIZES = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "tablet": {"viewport": {"width": 1180, "height": 820}, "has_touch": True},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}
PAGE = Path(__file__).parents[2] / "docs" / "demo.md"


@pytest.fixture(scope="module")
def room(browser: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("demo")
    served = Served(Assistant.open(home=home, llm="none"), home)
    yield served
    served.stop()


@pytest.mark.parametrize("steps", [DEMO, TASKS], ids=["demo", "tasks"])
@pytest.mark.parametrize("size", SIZES)
def test_every_step_is_done_by_what_can_be_read_on_the_page(
    browser: Any, room: Served, size: str, steps: Any
) -> None:
    context = {**SIZES[size], "permissions": ["clipboard-read", "clipboard-write"]}
    opened = visit(browser, room, reduced_motion="reduce", **context)
    hand = Hand(opened.page)
    for step in steps:
        print(step.title)
        step.do(hand)
        wide = opened.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"the page is wider than its window after: {step.title}"
    opened.assert_quiet()
    opened.page.context.close()
