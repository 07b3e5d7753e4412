"""Answers in shapes, a first look, history, and small screens, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from test_ui_browser import lit, serious

from askali import (
    Answer,
    Assistant,
    Citation,
    Event,
    EvidenceFound,
    Finished,
    FirstLook,
    Item,
    PassagesRead,
    Shape,
)
from ui_room import BEES, HARBOUR, Served, ask, chromium, reload, visit

COST = "How much did the harbour bridge cost?"
TOLL = "What is the toll for cars?"
LIST = "List what is said of tolls and bees."
browser = pytest.fixture(scope="module")(chromium)
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def _cited(number: int, document: Any, quote: str) -> Citation:
    start = document.text.index(quote)
    return Citation(number, document.id, start, start + len(quote), quote, document.title, "Facts")


LISTED = Answer(
    LIST,
    LIST,
    "Two facts:\n\n- **Cars** pay three euros [1]\n- Bees: 1,204 in June [2]",
    citations=(
        _cited(1, HARBOUR, "The toll for cars is three euros."),
        _cited(2, BEES, "Volunteers counted 1,204 bumblebees in June."),
    ),
    shape=Shape.LIST,
    items=(Item("Cars", (1,)), Item("Bees", (2,))),
)


class Shaped(Assistant):
    """Answers one question with a list, and one slowly, after a first look."""

    reads = threading.Event()
    shapes: list[Shape | None] = []

    def stream(self, question: str, *given: Any, shape: Any = None, **more: Any) -> Iterator[Event]:
        self.shapes.append(shape)
        if question == LIST:
            yield EvidenceFound(question, ())
            yield Finished(LISTED)
        elif question.startswith("Slowly"):
            yield EvidenceFound(question, ())
            yield FirstLook(replace(self.ask(TOLL), question=question))
            yield PassagesRead(3, 8)
            self.reads.wait(30)
            yield Finished(self.ask(COST))
        else:
            yield from super().stream(question, *given, **more)


@pytest.fixture(scope="module")
def room(browser: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("shaped")
    served = Served(Shaped.from_documents([HARBOUR, BEES], home=home, llm="none"), home)
    yield served
    served.stop()


@pytest.fixture
def tab(browser: object) -> Iterator[Any]:
    opened = []

    def go(served: Served, **context: object) -> Any:
        opened.append(visit(browser, served, **context))
        return opened[-1].page

    yield go
    for each in opened:
        each.assert_quiet()
        each.page.context.close()


def test_a_list_opens_its_first_source_by_itself_and_each_entry_leads_to_its_own(room, tab):
    page = tab(room)
    ask(page, LIST)
    assert page.locator(".shaped li").count() == 2
    page.locator(".rail i").first.wait_for()
    assert lit(page) == LISTED.citations[0].quote
    page.locator(".shaped li").nth(1).locator(".chip").click()
    page.locator('.paper[data-document="bees"]').wait_for()
    assert lit(page) == LISTED.citations[1].quote
    assert "A survey of bees · Facts" in page.locator("ul.whence").inner_text()
    assert page.title().startswith(LIST)


def test_a_first_look_stands_at_once_with_passages_and_seconds_counted(room, tab):
    page = tab(room)
    Shaped.reads.clear()
    page.locator("#question").fill("Slowly: what did it cost?")
    page.keyboard.press("Enter")
    assert "three euros" in page.locator(".first-look .claim").first.text_content()
    page.get_by_text("Read 3 of 8 passages").wait_for()
    page.locator(".seconds:not(:empty)").wait_for()
    Shaped.reads.set()
    page.locator(".turn[data-ms]").wait_for()
    assert page.locator(".first-look").count() == 0
    assert "412 million" in page.locator("#said").text_content(), "the answer is read aloud"


def test_a_conversation_is_named_kept_searched_renamed_and_deleted_with_undo(room, tab):
    page = tab(room)
    ask(page, COST)
    page.get_by_text("History", exact=True).click()
    page.get_by_role("button", name="New conversation").click()
    assert page.locator(".turn").count() == 0
    ask(page, TOLL)
    page.get_by_text("History", exact=True).click()
    assert page.locator(".talk-name").all_text_contents() == [TOLL, COST]
    page.get_by_label("Search the conversations").fill("412 million")
    page.get_by_role("button", name=f"Rename {COST}").click()
    page.get_by_label("Name of the conversation").fill("The price")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete The price").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("History", exact=True).click()
    page.get_by_text("The price", exact=True).click()
    assert "412 million" in page.locator(".turn").text_content()
    reload(page)
    page.locator(".turn[data-ms]").wait_for()
    assert "412 million" in page.locator(".turn").text_content()


def test_a_question_comes_back_to_be_edited_or_answered_in_another_shape(room, tab):
    page = tab(room)
    ask(page, COST)
    page.keyboard.press("ArrowUp")
    assert page.locator("#question").input_value() == COST
    page.locator("#question").fill("")
    page.get_by_role("button", name="Edit question").click()
    assert page.locator("#question").input_value() == COST
    page.get_by_label("Answer again as").select_option("summary")
    page.locator(".turn[data-ms]").nth(1).wait_for()
    assert Shaped.shapes[-1] is Shape.SUMMARY


def test_with_no_source_ticked_nothing_can_be_asked(room, tab):
    page = tab(room)
    page.get_by_text("Asking all sources").click()
    for box in page.locator(".within input").all():
        box.uncheck()
    assert "No source chosen" in page.locator(".within summary").text_content()
    page.locator("#question").fill(COST)
    assert page.get_by_role("button", name="Ask", exact=True).is_disabled()


def test_pasted_text_becomes_a_document_with_a_card(room, tab):
    page = tab(room)
    page.get_by_text("Your documents").click()
    page.get_by_label("Or paste text").fill("Gull is a small boat. Gull carries nine people.")
    page.get_by_role("button", name="Add the text").click()
    page.locator(".own .here").wait_for()
    page.keyboard.press("Escape")
    page.locator(".own-starters .card", has_text="9 words").wait_for()
    assert "3 documents" in page.locator(".about").text_content()


def test_on_a_touch_tablet_the_card_of_a_cited_sentence_stays(room, tab):
    page = tab(room, viewport={"width": 1180, "height": 820}, has_touch=True)
    ask(page, COST)
    page.locator(".turn .claim .chip").first.tap()
    page.locator(".cited", has_text="412 million").first.tap()
    page.wait_for_timeout(500)
    assert page.locator(".popover .use").first.is_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_with_a_list_the_history_and_the_panel_open(room, tab, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = tab(room, viewport={"width": width, "height": 844}, reduced_motion="reduce")
    ask(page, LIST)
    assert serious(axe, page) == []
    page.get_by_text("History", exact=True).click()
    assert serious(axe, page) == []
    page.keyboard.press("Escape")
    page.locator(".desk > summary").click()
    assert serious(axe, page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
