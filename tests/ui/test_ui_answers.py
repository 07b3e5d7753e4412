"""Answers in shapes, a first look, history, and small screens, in a real browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

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

expect = pytest.importorskip("playwright.sync_api", reason="pip install playwright").expect

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
    expect(page.locator(".shaped li")).to_have_count(2)
    page.locator(".rail i").first.wait_for()
    expect(page.locator(".lit")).to_have_text(LISTED.citations[0].quote)
    page.locator(".shaped li").nth(1).locator(".chip").click()
    page.locator('.paper[data-document="bees"]').wait_for()
    expect(page.locator(".lit")).to_have_text(LISTED.citations[1].quote)
    expect(page.locator("ul.whence")).to_contain_text("A survey of bees · Facts")
    expect(page).to_have_title(re.compile(f"^{re.escape(LIST)}"))


def test_a_first_look_stands_at_once_with_passages_and_seconds_counted(room, tab):
    page = tab(room)
    Shaped.reads.clear()
    page.locator("#question").fill("Slowly: what did it cost?")
    page.keyboard.press("Enter")
    expect(page.locator(".first-look .claim").first).to_contain_text("three euros")
    expect(page.locator(".lit")).to_contain_text(["three euros"])
    page.get_by_text("Read 3 of 8 passages").wait_for()
    page.locator(".seconds:not(:empty)").wait_for()
    Shaped.reads.set()
    page.locator(".turn[data-ms]").wait_for()
    expect(page.locator(".first-look")).to_have_count(0)
    expect(page.locator("#said"), "the answer is read aloud").to_contain_text("412 million")


def test_a_conversation_is_named_kept_searched_renamed_and_deleted_with_undo(room, tab):
    page = tab(room)
    ask(page, COST)
    page.get_by_text("History", exact=True).click()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    ask(page, TOLL)
    page.get_by_text("History", exact=True).click()
    expect(page.locator(".talk-name")).to_have_text([TOLL, COST])
    page.get_by_label("Search the conversations").fill("412 million")
    page.get_by_role("button", name=f"Rename {COST}").click()
    page.get_by_label("Name of the conversation").fill("The price")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete The price").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("History", exact=True).click()
    page.get_by_text("The price", exact=True).click()
    expect(page.locator(".turn")).to_contain_text("412 million")
    reload(page)
    page.locator(".turn[data-ms]").wait_for()
    expect(page.locator(".turn")).to_contain_text("412 million")


def test_a_question_comes_back_to_be_edited_or_answered_in_another_shape(room, tab):
    page = tab(room)
    ask(page, COST)
    page.keyboard.press("ArrowUp")
    expect(page.locator("#question")).to_have_value(COST)
    page.locator("#question").fill("")
    page.get_by_role("button", name="Edit question").click()
    expect(page.locator("#question")).to_have_value(COST)
    page.get_by_label("Answer again as").select_option("summary")
    page.locator(".turn[data-ms]").nth(1).wait_for()
    assert Shaped.shapes[-1] is Shape.SUMMARY


def test_with_no_source_ticked_nothing_can_be_asked(room, tab):
    page = tab(room)
    page.get_by_text("Asking all sources").click()
    for box in page.locator(".within input").all():
        box.uncheck()
    expect(page.locator(".within summary")).to_contain_text("No source chosen")
    page.locator("#question").fill(COST)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_disabled()


def test_pasted_text_becomes_a_document_with_a_card(room, tab):
    page = tab(room)
    page.get_by_text("Your documents").click()
    page.get_by_label("Or paste text").fill("Gull is a small boat. Gull carries nine people.")
    page.get_by_role("button", name="Add the text").click()
    page.locator(".own .here").wait_for()
    page.keyboard.press("Escape")
    page.locator(".own-starters .card", has_text="9 words").wait_for()
    expect(page.locator(".about")).to_contain_text("3 documents")


def test_what_is_brought_in_a_conversation_shows_its_card_under_the_last_answer(room, tab):
    page = tab(room)
    ask(page, COST)
    page.get_by_text("Your documents").click()
    page.get_by_label("Or paste text").fill("Tern is a tug. A tow costs 90 euros an hour.")
    page.get_by_role("button", name="Add the text").click()
    page.keyboard.press("Escape")
    expect(page.locator(".turns + .own-starters .card")).to_be_in_viewport()
    expect(page.locator(".own-starters .suggestion").first).to_be_attached()
    expect(page.locator(".turn .next")).to_be_hidden()
    ask(page, COST)
    expect(page.locator(".own-starters")).to_be_hidden()


def test_on_a_touch_tablet_the_card_of_a_cited_sentence_stays(room, tab):
    page = tab(room, viewport={"width": 1180, "height": 820}, has_touch=True)
    ask(page, COST)
    page.locator(".turn .claim .chip").first.tap()
    page.locator(".cited", has_text="412 million").first.tap()
    page.wait_for_timeout(500)
    assert page.locator(".popover .use").first.is_visible()
