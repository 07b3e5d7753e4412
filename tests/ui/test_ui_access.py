"""Accessibility: axe in every state of the page, and what a screen reader meets of an answer."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from test_ui_shapes import FOLDER, SHAPES, SIZES

from askali import Assistant, Event, EvidenceFound, load_documents
from ui_room import Served, ask, chromium, visit

sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
browser = pytest.fixture(scope="module")(chromium)
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

GRADIOS = {"landmark-no-duplicate-main", "landmark-main-is-top-level"}
"""Gradio's frame is a `main`, and so is its column; neither is ours to name."""


class Waits(Assistant):
    """Reads a question that begins with "Slowly" until it is let go."""

    goes_on = threading.Event()

    def stream(self, question: str, *given: Any, **more: Any) -> Iterator[Event]:
        for event in super().stream(question, *given, **more):
            yield event
            if isinstance(event, EvidenceFound) and question.startswith("Slowly"):
                self.goes_on.wait(60)


@pytest.fixture(scope="module")
def room(browser: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("access")
    served = Served(Waits.from_documents(load_documents(FOLDER), home=home, llm="none"), home)
    yield served
    Waits.goes_on.set()
    served.stop()


def _name(page: Any, name: str | re.Pattern[str]) -> Any:
    named = page.get_by_role("button", name=name).or_(page.locator("summary", has_text=name))
    return named.locator("visible=true").last


def _bring(page: Any, text: str, name: str) -> None:
    file = {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    page.locator(".desk input[type=file]").set_input_files(file)


def _waiting(page: Any) -> None:
    page.locator("#question").fill("Slowly: why was line 9 closed?")
    page.keyboard.press("Enter")
    page.locator(".evidence li").first.wait_for()


def _let_go(page: Any) -> None:
    Waits.goes_on.set()
    page.locator(".running").wait_for(state="detached")


STATES: dict[str, Callable[[Any], None]] = {
    "welcome": lambda page: page.locator(".suggestion").first.wait_for(),
    "the documents' cards": lambda page: _name(page, "About these").click(),
    "history, empty": lambda page: _name(page, "History").click(),
    "own documents": lambda page: _name(page, re.compile("^(Your d|D)ocuments")).click(),
    "what can be read": lambda page: _name(page, "What can be read").click(),
    "a file that failed": lambda page: (
        _bring(page, "---", "empty.txt"),
        page.locator(".own .failed").wait_for(),
    ),
    "a file that is here": lambda page: (
        _bring(page, "Gull is a small boat. Gull carries nine people.", "gull.txt"),
        page.locator(".own .here").wait_for(),
    ),
    "the menu": lambda page: (page.keyboard.press("Escape"), _name(page, "Menu").click()),
    "sources to ask": lambda page: (
        page.keyboard.press("Escape"),
        _name(page, "Asking all sources").click(),
    ),
    "a question that is too long": lambda page: page.locator("#question").fill("why " * 1100),
    "waiting": lambda page: (_name(page, "Asking all").click(), _waiting(page)),
    "waiting, and one more in line": lambda page: (
        page.locator("#question").fill("Who wrote the memo?"),
        page.keyboard.press("Enter"),
        page.locator(".turn").nth(1).wait_for(),
    ),
    "stopped": lambda page: (
        page.get_by_role("button", name="Stop").click(),
        _let_go(page),
        page.get_by_text("Stopped.").wait_for(),
    ),
    **{
        f"an answer: {shape}": lambda page, asked=asked: ask(page, asked)
        for shape, (asked, *_) in SHAPES.items()
    },
    "sources that disagree": lambda page: ask(page, "How many passengers were carried in 2025?"),
    "a follow-up, corrected": lambda page: (
        ask(page, SHAPES["fact"][0]),
        ask(page, "And why?"),
    ),
    "a quote in its card": lambda page: page.locator(".turn .chip").last.focus(),
    "a quote in the source": lambda page: page.locator(".turn .chip").last.click(),
    "answers that use a sentence": lambda page: (
        page.locator(".pages .cited").last.click(),
        page.locator(".popover .use").first.wait_for(),
    ),
    "feedback": lambda page: (
        page.keyboard.press("Escape"),
        page.keyboard.press("Escape"),
        page.locator(".reading.up").wait_for(state="detached"),
        _name(page, "Was this right?").click(),
    ),
    "why this answer": lambda page: _name(page, "Why this answer").click(),
    "figures, ranks and times": lambda page: _name(page, "Figures, ranks and times").click(),
    "history, a conversation": lambda page: _name(page, "History").click(),
    "a conversation to be renamed": lambda page: _name(page, re.compile("^Rename")).click(),
    "deleted, with undo": lambda page: (
        page.keyboard.press("Escape"),
        _name(page, re.compile("^Delete")).click(),
        page.get_by_role("button", name="Undo").wait_for(),
    ),
}


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_axe_finds_nothing_in_any_state(browser: Any, room: Served, size: str, scheme: str) -> None:
    Waits.goes_on.clear()
    opened = visit(
        browser, room, viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce"
    )
    found = {}
    for state, reach in STATES.items():
        print(state)
        reach(opened.page)
        if faults := _faults(opened.page):
            found[state] = faults
    assert found == {}
    opened.assert_quiet()
    opened.page.context.close()


def _faults(page: Any) -> list[str]:
    violations = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in violations if v["id"] not in GRADIOS
    ]


def test_a_screen_reader_meets_question_answer_and_source_in_that_order(
    browser: Any, room: Served
) -> None:
    opened = visit(browser, room, reduced_motion="reduce")
    ask(opened.page, SHAPES["why"][0])
    sync_api.expect(opened.page.locator(".askali")).to_match_aria_snapshot(TRANSCRIPT)
    opened.assert_quiet()
    opened.page.context.close()


TRANSCRIPT = """
- link "Skip to the question"
- heading "askali" [level=1]
- paragraph: Short answers in the source’s own words
- group: History ▾
- group: Your documents ▾
- group: Menu ▾
- region "Conversation":
  - region "Questions and answers":
    - list:
      - listitem:
        - heading "Why was line 9 closed?" [level=2]
        - blockquote:
          - text: Line 9 was closed because its bridge was no longer safe for buses.
          - 'link "Citation 1: Line 9 was closed because its bridge was no longer safe for buses."'
        - paragraph: "Varna Buses: review of 2025 · What went wrong"
        - paragraph: ✓ 1 quotation, checked against the source word for word
        - button "Copy with quotes"
        - button "Copy link"
        - button "Edit question"
        - combobox "Answer again as":
          - option "reasons" [selected]
        - group: Was this right? ▾
        - group: Why this answer ▾
        - paragraph: Ask next
        - list:
          - listitem:
            - button /.+/
  - group: Asking all sources ▾
  - textbox "Your question"
  - button "Ask"
- separator "Width of the conversation"
- complementary "Source":
  - combobox "Source":
    - 'option "Varna Buses: review of 2025" [selected]'
  - region "Text of the source":
    - 'article "Varna Buses: review of 2025"':
      - 'heading "Varna Buses: review of 2025" [level=2]'
      - paragraph: Petar Kolev · 2026-03-03
      - heading "What went wrong" [level=3]
      - paragraph:
        - text: /Operating profit fell because .* 700,000 euros\\./
        - button "Line 9 was closed because its bridge was no longer safe for buses."
- status: Line 9 was closed because its bridge was no longer safe for buses. 1 citation.
"""
