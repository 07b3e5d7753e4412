"""Every shape of an answer on a real page, on a desktop and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_ui_browser import lit

from askali import Assistant, load_documents
from ui_room import Served, ask, chromium, until, visit

sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
browser = pytest.fixture(scope="module")(chromium)
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

FOLDER = Path(__file__).parents[2] / "docs" / "demo"
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
SHAPES = {
    "fact": ("What penalty did Nordhus pay?", "blockquote.claim", "900,000 euros"),
    "why": ("Why was line 9 closed?", "blockquote.claim", "no longer safe"),
    "list": (
        "Which projects are planned for 2026 at Lindholm Trams?",
        ".list li",
        "ticket machines",
    ),
    "table": ("Passengers on line 4 in 2025", ".shaped td.num.asked-cell", "5,400,000"),
    "timeline": ("What happened in 2025, in order?", ".timeline li > strong", "14 June 2025"),
    "summary": ("What is the memo about?", ".summary li", "Thursday"),
    "compare": (
        "Compare the operating profit of Lindholm Trams and Varna Buses",
        ".compare tbody tr",
        "1.9 million euros",
    ),
    "arithmetic": (
        "What is the total of passengers on lines 1 and 2 in 2025?",
        ".arithmetic strong",
        "19.8 million",
    ),
    "about the document": ("Who wrote the memo?", ".about_document", "Jonas Ek"),
    "hello": ("hello", ".small_talk", "Hello!"),
    "refusal": ("Who is the CEO of Microsoft?", ".abstention .verdict", "does not say"),
}
"""By name: a question, where its answer stands, and words of it."""


@pytest.fixture(scope="module")
def room(browser: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("shapes")
    served = Served(Assistant.from_documents(load_documents(FOLDER), home=home, llm="none"), home)
    yield served
    served.stop()


@pytest.fixture
def tab(browser: object) -> Iterator[Any]:
    opened = []

    def go(served: Served, **context: object) -> Any:
        opened.append(visit(browser, served, reduced_motion="reduce", **context))
        return opened[-1].page

    yield go
    for each in opened:
        each.assert_quiet()
        each.page.context.close()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", SIZES)
def test_a_shape_is_set_as_such_and_each_place_leads_to_its_quote(room, tab, shape, size):
    question, where, words = SHAPES[shape]
    page = tab(room, viewport=SIZES[size])
    ask(page, question)
    answer = page.locator(".turn .answer")
    sync_api.expect(answer.locator(where, has_text=words).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    chips = answer.locator(".claim .chip")
    for number in {0, chips.count() - 1} if chips.count() else ():
        chip = chips.nth(number)
        chip.click()
        quote = chip.get_attribute("data-quote")
        until(page, lambda quote=quote: lit(page).split() == quote.split())
        if size == "phone":
            page.keyboard.press("Escape")
            page.locator(".reading").wait_for(state="hidden")


@pytest.mark.parametrize("size", SIZES)
def test_of_several_documents_it_is_told_which_one_says_what(room, tab, size):
    page = tab(room, viewport=SIZES[size])
    ask(page, SHAPES["compare"][0])
    told = page.locator("ul.whence li")
    sync_api.expect(told).to_have_text(
        [r"Lindholm Trams: review of 2025 1", r"Varna Buses: review of 2025 2"]
    )
    ask(page, SHAPES["why"][0])
    said = page.locator(".turn").last.locator("p.whence")
    sync_api.expect(said).to_have_text("Varna Buses: review of 2025 · What went wrong")
    sync_api.expect(said).to_be_visible()


def test_what_is_asked_first_opens_first_and_words_stand_left_of_figures(room, tab):
    page = tab(room, viewport=SIZES["desktop"])
    ask(page, SHAPES["compare"][0])
    sync_api.expect(page.locator(".paper h2")).to_have_text("Lindholm Trams: review of 2025")
    cells = page.locator('.paper[data-document="lindholm-trams"] td')
    aligned = cells.evaluate_all("cells => cells.map((cell) => getComputedStyle(cell).textAlign)")
    assert aligned[:4] == ["start", "start", "end", "end"]


def test_who_asks_in_another_language_than_the_sources_is_told_so(room, tab):
    page = tab(room, viewport=SIZES["desktop"])
    ask(page, "Wie hoch war die Strafe für den Bau der Brücke?")
    turn = page.locator(".turn")
    sync_api.expect(turn).to_contain_text("You ask in German, the source is in English")


def test_a_menu_is_walked_by_arrow_keys_and_only_one_is_open(room, tab):
    page = tab(room, viewport=SIZES["desktop"])
    menu = page.locator("summary", has_text="Menu")
    menu.focus()
    page.keyboard.press("ArrowDown")
    sync_api.expect(page.get_by_role("button", name="Save as a web page")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    sync_api.expect(page.get_by_role("button", name="Dark theme")).to_be_focused()
    page.locator("summary", has_text="History").click()
    sync_api.expect(page.get_by_role("button", name="Dark theme")).to_be_hidden()


def test_one_source_is_asked_alone_and_all_again_with_a_click(room, tab):
    page = tab(room, viewport=SIZES["phone"])
    page.get_by_text("Asking all sources").click()
    page.get_by_role("button", name="Only Memo: night service").click()
    sync_api.expect(page.locator(".within summary")).to_have_text(
        "Asking only: Memo: night service"
    )
    page.locator(".within summary").click()
    page.get_by_role("button", name="Ask all").click()
    sync_api.expect(page.locator(".within summary")).to_have_text("Asking all sources")
