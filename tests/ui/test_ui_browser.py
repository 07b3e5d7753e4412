"""The reading room as a person uses it."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest

from askali import Document
from ui_room import BEES, HARBOUR, HOSTILE, Served, ask, chromium, until, visit

expect = pytest.importorskip("playwright.sync_api", reason="pip install playwright").expect

COST = "How much did the harbour bridge cost?"
TOLL = "What is the toll for cars?"
UNKNOWN = "What is the boiling point of tungsten?"
browser = pytest.fixture(scope="module")(chromium)
# Gradio's queue statistics call pandas in a way that pandas is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def harbour(browser, tmp_path_factory):
    served = Served([HARBOUR], tmp_path_factory.mktemp("harbour"))
    yield served
    served.stop()


@pytest.fixture(scope="module")
def library(browser, tmp_path_factory):
    served = Served([HARBOUR, BEES], tmp_path_factory.mktemp("library"))
    yield served
    served.stop()


@pytest.fixture
def tab(browser, request):
    """Opens pages; when the test ends, each must have been quiet."""
    opened = []

    def go(served, query="", **context):
        opened.append(visit(browser, served, query, **context))
        return opened[-1].page

    yield go
    for each in opened:
        each.assert_quiet()
        each.page.context.close()


def shows_lit(page, quote: str) -> None:
    """Waits until exactly this is lit."""
    until(page, lambda: lit(page) == quote)


def lit(page) -> str:
    return "".join(page.locator(".lit").all_text_contents())


def first_lit_is_in_view(page) -> bool:
    return page.evaluate(
        """() => {
          const box = document.querySelector(".lit")?.getBoundingClientRect();
          if (!box) return false;
          const pane = document.querySelector(".pages").getBoundingClientRect();
          return box.top >= pane.top && box.bottom <= Math.min(pane.bottom, innerHeight)
            && box.left >= 0 && box.right <= innerWidth;
        }"""
    )


def test_a_question_is_asked_and_its_citation_opened_by_keyboard_alone(harbour, tab):
    page = tab(harbour)
    page.locator("#question").focus()
    page.keyboard.type(COST)
    page.keyboard.press("Enter")
    page.locator(".turn .claim .chip").first.wait_for()
    for _ in range(30):  # a chip that was there while the answer was told may be made anew
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('.chip[data-quote]')"):
            break
    quote = page.evaluate("document.activeElement.dataset.quote")
    page.keyboard.press("Enter")
    until(page, lambda: first_lit_is_in_view(page))
    assert "412 million euros" in quote
    shows_lit(page, quote)


def test_each_new_answer_is_in_view_however_long_the_conversation(harbour, tab):
    page = tab(harbour, viewport={"width": 1280, "height": 700})
    for number, question in enumerate((COST, TOLL, "What did Nordbau launch?", UNKNOWN, COST)):
        ask(page, question)
        turn = page.locator(".turn").nth(number)
        view = page.locator(".scroll").bounding_box()
        answer = turn.locator(".claim, .notice").first

        def is_in_view(turn=turn, answer=answer, view=view) -> bool:
            box = answer.bounding_box()
            is_above = box["y"] + box["height"] <= view["y"] + view["height"]
            return turn.bounding_box()["y"] >= view["y"] - 1 and is_above

        until(page, is_in_view)
    page.locator("#question").fill(TOLL)
    page.keyboard.press("Enter")
    page.locator("#question").fill(COST)
    page.keyboard.press("Enter")
    page.locator(".turn[data-ms]").nth(6).wait_for()
    view, turn = page.locator(".scroll").bounding_box(), page.locator(".turn").nth(6)

    def ends_in_view() -> bool:
        last = turn.bounding_box()
        return last["y"] + last["height"] <= view["y"] + view["height"] + 30

    until(page, ends_in_view)


def test_clicking_a_citation_highlights_exactly_its_quote_within_the_view(harbour, tab):
    page = tab(harbour)
    ask(page, TOLL)
    chip = page.locator(".turn .claim .chip").first
    chip.click()
    until(page, lambda: first_lit_is_in_view(page))
    shows_lit(page, chip.get_attribute("data-quote"))


def test_hovering_or_focusing_a_citation_shows_its_quote_and_escape_hides_it(harbour, tab):
    page = tab(harbour)
    ask(page, COST)
    chip = page.locator(".turn .claim .chip").first
    chip.hover()
    card = page.locator(".popover")
    expect(card).to_be_visible()
    expect(card).to_contain_text(chip.get_attribute("data-quote"))
    chip.focus()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_the_card_of_a_citation_stays_while_the_pointer_is_on_it(harbour, tab):
    page = tab(harbour)
    ask(page, COST)
    page.locator(".turn .claim .chip").first.hover()
    card = page.locator(".popover")
    expect(card).to_be_visible()
    box = card.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 10, steps=4)
    page.wait_for_timeout(400)
    assert card.is_visible()
    page.mouse.move(box["x"] + 20, 700)
    card.wait_for(state="hidden")


def test_a_cited_sentence_tells_which_answers_used_it(harbour, tab):
    page = tab(harbour)
    ask(page, COST)
    ask(page, "What did the bridge cost in euros?")
    page.locator(".cited", has_text="412 million").first.click()
    expect(page.locator(".popover .use", has_text=COST).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".cited:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    page.locator(".popover .use").first.click()
    expect(page.locator(".chip:focus")).to_have_count(1)


def test_an_abstention_has_its_own_look_a_reason_and_the_nearest_passage(harbour, tab):
    if not harbour.assistant.ask(UNKNOWN).abstained:
        pytest.skip(f"this engine answers {UNKNOWN!r}: its calibration is missing")
    page = tab(harbour)
    ask(page, UNKNOWN)
    notice = page.locator(".abstention")
    expect(notice).to_contain_text("The source does not say.")
    expect(notice.locator(".hint")).to_be_visible()
    expect(page.locator(".turn .claim")).to_have_count(0)
    notice.locator(".go").click()
    shows_lit(page, notice.locator(".go").get_attribute("data-quote"))


def test_a_follow_up_shows_how_it_was_understood_and_can_be_corrected(harbour, tab):
    page = tab(harbour)
    ask(page, "What did Nordbau launch?")
    ask(page, "And when did it launch the construction site?")
    line = page.locator(".turn").nth(1).locator(".standalone")
    expect(line).to_contain_text("Nordbau")
    line.get_by_text("Change").click()
    page.locator(".correct input").fill(TOLL)
    page.keyboard.press("Enter")
    page.locator(".turn[data-ms]").nth(2).wait_for()
    expect(page.locator(".turn").nth(2)).to_contain_text("three euros")


def test_numbers_belong_to_their_own_answer(harbour, tab):
    page = tab(harbour)
    ask(page, COST)
    ask(page, TOLL)
    page.locator(".turn").nth(0).locator(".chip").first.click()
    until(page, lambda: "412 million" in lit(page))
    page.locator(".turn").nth(1).locator(".chip").first.click()
    until(page, lambda: "three euros" in lit(page))
    shown = page.locator(".turn .chip[aria-current]")
    expect(shown).to_have_count(1)
    expect(shown).to_have_attribute("data-quote", re.compile("three euros"))


def test_the_next_question_may_be_sent_before_the_answer_is_there(harbour, tab):
    page = tab(harbour)
    for question in (COST, TOLL, "How long did construction take?"):
        page.locator("#question").fill(question)
        page.keyboard.press("Enter")
    page.locator(".turn[data-ms]").nth(2).wait_for()
    expect(page.locator(".turn .answer")).to_contain_text(
        ["412 million", "three euros", "six years"]
    )


def test_who_must_wait_is_told_the_place_and_can_stop(harbour, tab):
    page = tab(harbour)
    tickets = [harbour.line.join(), harbour.line.join()]
    try:
        page.locator("#question").fill(COST)
        page.keyboard.press("Enter")
        page.get_by_text("Busy at the moment: you are 2nd in line").wait_for()
        page.get_by_role("button", name="Stop").click()
        page.get_by_text("Stopped.").wait_for()
    finally:
        for ticket in tickets:
            harbour.line.leave(ticket)
    ask(page, COST)
    expect(page.locator(".turn").last).to_contain_text("412 million")


def test_the_drawer_tells_ranks_use_and_times(harbour, tab):
    page = tab(harbour)
    ask(page, COST)
    page.get_by_text("Why this answer").click()
    drawer = page.locator(".why")
    for told in ("stands word for word in [1]", " ms", "Lexical"):
        expect(drawer).to_contain_text(told)
    expect(drawer).to_contain_text(re.compile(r"not used: its best sentence ranks \d"))


def test_feedback_is_one_click_and_one_line_in_the_file(harbour, tab):
    page = tab(harbour)
    ask(page, COST)
    page.get_by_text("Was this right?").click()
    page.locator(".note").fill("it is in euros")
    page.get_by_role("button", name="Wrong source").click()
    page.get_by_text("Thank you").wait_for()
    lines = (harbour.home / "feedback" / "pending.jsonl").read_text().splitlines()
    case = json.loads(lines[-1])
    assert (case["verdict"], case["note"]) == ("wrong_source", "it is in euros")
    cited = case["citations"][0]
    assert HARBOUR.text[cited["start"] : cited["end"]] == cited["quote"]


def test_a_link_with_a_question_asks_it_on_opening(harbour, tab):
    page = tab(harbour, "?q=What+is+the+toll+for+cars%3F")
    page.locator(".turn .claim .chip").first.wait_for()
    expect(page.locator(".turn .claim").first).to_contain_text("three euros")


def test_suggested_questions_are_ones_that_get_an_answer(harbour, tab):
    page = tab(harbour)
    suggestions = page.locator(".starters .suggestion")
    expect(suggestions).not_to_have_count(0)
    starters = suggestions.all_text_contents()
    suggestions.first.click()
    page.locator(".turn[data-ms]").wait_for()
    following = page.locator(".turn .next .suggestion").all_text_contents()
    answers = [harbour.assistant.ask(question) for question in starters + following]
    assert all(answer.citations and not answer.abstained for answer in answers)


def test_an_answer_is_copied_with_its_quotes_and_as_a_link_that_asks_it(harbour, tab):
    page = tab(harbour, permissions=["clipboard-read", "clipboard-write"])
    ask(page, TOLL)
    page.get_by_role("button", name="Copy with quotes").click()
    page.get_by_text("Copied", exact=True).wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(TOLL) and "[1] “The toll for cars is three euros.”" in copied
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text("Copied", exact=True).nth(1).wait_for()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    page.locator(".turn .claim .chip").first.wait_for()


def test_a_question_that_cannot_be_asked_is_told_and_kept(harbour, tab):
    page = tab(harbour)
    field = page.locator("#question")
    for question, told in (("Why? " * 1600, "7,999 of at most 4,000"), ("🤖?", "Ask in words")):
        field.fill(question)
        page.keyboard.press("Enter")
        expect(page.locator(".excess:not(:empty), .toast:visible", has_text=told)).to_be_visible()
        expect(field).to_have_value(question)
    expect(page.locator(".turn")).to_have_count(0)
    field.fill("Why? " * 700 + TOLL)
    page.keyboard.press("Enter")
    page.locator(".turn .claim, .notice").first.wait_for()
    assert page.locator(".asked").bounding_box()["height"] < 400


def test_the_saved_page_opens_without_a_network_and_highlights(harbour, tab, tmp_path, browser):
    page = tab(harbour)
    ask(page, COST)
    page.get_by_text("Menu").click()
    with page.expect_download() as download:
        page.get_by_text("Save as a web page").click()
    kept = tmp_path / "kept.html"
    download.value.save_as(kept)
    with browser.new_context(offline=True) as offline:
        reader = offline.new_page()
        reader.goto(kept.as_uri())
        chip = reader.locator(".turn .claim .chip").first
        expect(chip).to_have_attribute("title", re.compile("412 million"))
        chip.click()
        until(reader, lambda: "412 million" in lit(reader))
        reader.keyboard.press("Tab")
        reader.locator(".cited").first.click()
        expect(reader.locator(".chip:focus")).to_have_count(1)


def test_several_sources_can_be_read_and_chosen(library, tab):
    page = tab(library)
    ask(page, "How many bumblebees were counted?")
    page.locator(".turn .claim .chip").first.click()
    page.locator('.paper[data-document="bees"]').wait_for()
    until(page, lambda: "1,204" in lit(page))
    page.locator(".sources select").select_option("harbour")
    page.locator('.paper[data-document="harbour"]').wait_for()


def test_two_people_at_once_see_only_their_own_conversation(harbour, tab):
    one, two = tab(harbour), tab(harbour)
    ask(one, COST)
    ask(two, TOLL)
    assert "toll" not in one.locator(".turns").text_content()
    assert "412" not in two.locator(".turns .claim").first.text_content()


def test_on_a_phone_the_source_is_a_sheet_that_opens_at_the_sentence(harbour, tab):
    page = tab(harbour, viewport={"width": 390, "height": 844}, has_touch=True)
    ask(page, TOLL)
    expect(page.locator(".reading")).to_be_hidden()
    page.locator(".turn .claim .chip").first.click()
    until(page, lambda: first_lit_is_in_view(page))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".talk").evaluate("talk => talk.inert")
    page.keyboard.press("Escape")
    page.locator(".reading").wait_for(state="hidden")
    page.locator(".turn .claim .chip").first.click()
    page.locator(".reading").wait_for()
    page.go_back()
    page.locator(".reading").wait_for(state="hidden")
    expect(page.locator(".turn"), "going back closes the sheet, not the page").to_have_count(1)
    expect(page.locator(".chip:focus")).to_have_count(1)
    page.set_viewport_size({"width": 320, "height": 600})
    assert page.locator(".bar").evaluate("bar => bar.scrollWidth <= innerWidth")


def test_on_a_phone_the_drawer_needs_no_scrolling_aside(harbour, tab):
    page = tab(harbour, viewport={"width": 390, "height": 844}, has_touch=True)
    ask(page, COST)
    page.get_by_text("Why this answer").click()
    page.get_by_text("Figures, ranks and times").click()
    table = page.locator(".why .found")
    assert table.evaluate("table => table.scrollWidth <= table.clientWidth")
    for cell in table.locator("tr").nth(1).locator("td").all():
        box = cell.bounding_box()
        assert box["width"] > 40 and box["x"] + box["width"] <= 390


@pytest.mark.parametrize("width", [390, 1280])
def test_a_quoted_table_looks_like_one_and_the_drawer_s_like_itself(tab, tmp_path, width):
    rows = ["| Block | Flats | Lift | Built |", "| --- | --- | --- | --- |"]
    rows += [f"| Block {name} | {20 + n} | yes | {1990 + n} |" for n, name in enumerate("ABC")]
    text = "# Blocks\n\n" + "\n".join(rows) + "\n"
    served = Served([Document("blocks", "Blocks of flats", text)], tmp_path)
    try:
        page = tab(served, viewport={"width": width, "height": 800})
        ask(page, "How many flats are in Block C?")
        # the row's name and the cell that is asked for
        cells = page.locator(".turn .claim .table tr").last.locator("td, th").all()
        boxes = [cell.bounding_box() for cell in cells]
        assert len(boxes) == 2 and max(b["y"] for b in boxes) - min(b["y"] for b in boxes) < 2
        assert all(one["x"] < other["x"] for one, other in pairwise(boxes))
        page.get_by_text("Why this answer").click()
        page.get_by_text("Figures, ranks and times").click()
        passage = page.locator(".why .found td").nth(3)
        assert passage.evaluate("cell => getComputedStyle(cell).textAlign") == "start"
    finally:
        served.stop()


def test_the_system_s_dark_theme_is_followed_and_can_be_left(harbour, tab):
    page = tab(harbour, color_scheme="dark")
    paper = "getComputedStyle(document.querySelector('.askali')).backgroundColor"
    dark = page.evaluate(paper)
    page.get_by_text("Menu").click()
    page.get_by_role("button", name="Light theme").click()
    until(page, lambda: page.evaluate(paper) != dark)


def test_a_hostile_document_runs_nothing_and_asks_nobody(browser, tab, tmp_path):
    served = Served([HOSTILE], tmp_path)
    try:
        page = tab(served)
        ask(page, "What does the secret tool Grobnik cost?")
        ask(page, "Who is the maker of the tool?")
        for chip in page.locator(".turn .chip").all():
            chip.click()
        page.get_by_text("Why this answer").first.click()
        page.wait_for_timeout(500)
        expect(page).to_have_title("What does the secret tool Grobnik cost? · askali")
        assert page.locator(".askali img, .askali script, .askali svg, .askali style").count() == 0
        assert page.locator('.askali a[href^="javascript"]').count() == 0
        expect(page.locator(".paper")).to_contain_text("<script>")
        expect(page.locator(".paper h2")).to_contain_text("{{7*7}}${7*7}")
        expect(page.locator(".askali")).to_be_visible()
    finally:
        served.stop()


def test_nothing_of_gradio_is_seen_while_the_page_loads(harbour, browser):
    page = browser.new_context(color_scheme="dark").new_page()
    page.add_init_script(
        """window.seen = [];
        new MutationObserver(() => {
          const loader = document.querySelector("[data-testid=status-tracker]");
          if (loader) window.seen.push(loader.offsetHeight);
        }).observe(document, { childList: true, subtree: true });"""
    )
    page.goto(f"{harbour.address}/", wait_until="domcontentloaded")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.wait_for_selector("#question")
    seen = page.evaluate("window.seen")
    assert seen and set(seen) == {0}
    page.context.close()


def serious(axe, page) -> list[str]:
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:200]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
