"""What a tab keeps, what a reader brings, and many readers at once, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from test_ui_browser import serious, shows_lit

from askali import Assistant, Document, Event, EvidenceFound
from ui_room import BEES, HARBOUR, HOSTILE, Served, ask, chromium, reload, visit

expect = pytest.importorskip("playwright.sync_api", reason="pip install playwright").expect

COST = "How much did the harbour bridge cost?"
TOLL = "What is the toll for cars?"
NOTES = "The ferry Aurora was built in Gdansk in 1998.\n\nThe cook of the Aurora is Piet Maas.\n"
browser = pytest.fixture(scope="module")(chromium)
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def harbour(browser: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served([HARBOUR], tmp_path_factory.mktemp("harbour"))
    yield served
    served.stop()


@pytest.fixture
def tab(browser: object) -> Iterator[Any]:
    """Opens pages; when the test ends, each must have been quiet."""
    opened = []

    def go(served: Served, query: str = "", **context: object) -> Any:
        opened.append(visit(browser, served, query, **context))
        return opened[-1].page

    yield go
    for each in opened:
        each.assert_quiet()
        each.page.context.close()


def bring(page: Any, text: str = NOTES, name: str = "notes.txt") -> None:
    """Choose a file in the panel of own documents and wait until it can be asked."""
    if not page.locator(".desk").evaluate("panel => panel.open"):
        page.get_by_text("Your documents").click()
    count = page.locator(".own .here").count()
    file = {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    page.locator(".desk input[type=file]").set_input_files(file)
    page.locator(".own .here").nth(count).wait_for()


def test_limits_and_privacy_are_said_before_anything_is_chosen(harbour, tab):
    page = tab(harbour)
    page.get_by_text("Your documents").click()
    said = page.locator(".desk .menu-body").text_content()
    for part in (
        "Plain text",
        "PDF",
        "20 MB",
        "10 documents",
        "2,000,000 characters",
        "half a minute",
        "Only this tab",
        "60 min",
    ):
        assert part in said


def test_progress_tells_rate_and_time_left_from_the_first_passage_on(harbour, tab):
    told = tab(harbour).evaluate(
        """async () => {
          const { pace } = await import("/askali/desk.js");
          const tell = pace("passages", 1);
          const wait = () => new Promise((done) => setTimeout(done, 1000));
          const told = [tell(0, 600)];
          await wait();  // the encoder is loaded
          told.push(tell(100, 600));
          await wait();
          told.push(tell(200, 600), tell(200, 60_000));
          return told;
        }"""
    )
    assert told[:2] == ["0 of 600 passages", "100 of 600 passages"]
    counted, rate, left = told[2].split(", ")
    assert counted == "200 of 600 passages"
    assert 50 < float(rate.split()[0]) <= 100
    assert 4 <= int(left.split()[0]) <= 8 and left.endswith(" s left")
    assert told[3].endswith(" min left")


def test_an_own_document_is_asked_read_and_removed(harbour, tab):
    page = tab(harbour)
    bring(page)
    page.keyboard.press("Escape")
    ask(page, "Where was the ferry Aurora built?")
    chip = page.locator(".turn .claim .chip").first
    expect(page.locator(".turn .claim").first).to_contain_text("Gdansk")
    chip.click()
    shows_lit(page, chip.get_attribute("data-quote"))
    expect(page.locator(".feedback"), "a private answer is not written to a file").to_have_count(0)
    expect(page.locator(".tools")).to_contain_text("own documents are not kept")
    page.get_by_text("Your documents").click()
    page.get_by_role("button", name="Remove").click()
    page.locator(".toast", has_text="is removed and forgotten").wait_for()
    expect(page.locator('.paper[data-document="harbour"]')).to_be_visible()
    page.keyboard.press("Escape")
    ask(page, "Where was the ferry Aurora built?")
    expect(page.locator(".turn").last.locator(".answer")).not_to_contain_text("Gdansk")
    page.locator(".turn").first.locator(".chip").first.click()
    page.locator(".toast", has_text="This source is not here any more").wait_for()


def test_a_dropped_file_is_added(harbour, tab):
    page = tab(harbour)
    data = page.evaluate_handle(
        """text => {
          const data = new DataTransfer();
          data.items.add(new File([text], "dropped.md", { type: "text/markdown" }));
          return data;
        }""",
        NOTES,
    )
    page.dispatch_event("body", "dragenter", {"dataTransfer": data})
    expect(page.locator(".drop")).to_be_visible()
    page.dispatch_event("body", "drop", {"dataTransfer": data})
    page.locator(".own .here").wait_for()
    expect(page.locator(".drop")).to_be_hidden()


def test_nobody_else_sees_an_own_document(harbour, tab):
    one, two = tab(harbour), tab(harbour)
    bring(one)
    ask(two, "Where was the ferry Aurora built?")
    assert "Gdansk" not in two.content()
    assert two.locator(".sources").is_hidden()


def test_a_file_that_cannot_be_read_says_why_and_can_be_dismissed(harbour, tab):
    page = tab(harbour)
    page.get_by_text("Your documents").click()
    empty = {"name": "empty.txt", "mimeType": "text/plain", "buffer": b"---"}
    page.locator(".desk input[type=file]").set_input_files(empty)
    failed = page.locator(".own .failed")
    failed.wait_for()
    expect(failed).to_contain_text("empty.txt")
    failed.get_by_text("Dismiss").click()
    expect(page.locator(".own li")).to_have_count(0)


def test_a_file_that_is_too_large_is_never_sent(harbour, tab, tmp_path):
    page = tab(harbour)
    page.get_by_text("Your documents").click()
    sent = []
    page.on("request", lambda request: sent.append(request.method == "POST" and request.url))
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 20_000_001)
    page.locator(".desk input[type=file]").set_input_files(large)
    page.locator(".own .failed", has_text="larger than 20 MB").wait_for()
    assert not any(url and "documents" in url for url in sent)


def test_a_picture_is_refused_before_it_is_sent(harbour, tab):
    page = tab(harbour)
    page.get_by_text("Your documents").click()
    picture = {"name": "shot.png", "mimeType": "image/png", "buffer": b"\x89PNG"}
    page.locator(".desk input[type=file]").set_input_files(picture)
    page.locator(".own .failed", has_text="not a text").wait_for()


def test_a_hostile_file_under_a_hostile_name_runs_nothing(harbour, tab):
    page = tab(harbour)
    bring(page, HOSTILE.text, '<img src=x onerror="document.title=1">.txt')
    page.keyboard.press("Escape")
    ask(page, "What does the secret tool Grobnik cost?")
    page.locator(".turn .claim .chip").first.hover()
    page.locator(".turn .claim .chip").first.click()
    page.get_by_text("Why this answer").click()
    page.wait_for_timeout(300)
    expect(page).to_have_title("What does the secret tool Grobnik cost? · askali")
    assert page.locator(".askali img, .askali script, .askali svg, .askali style").count() == 0


def test_a_question_can_be_put_to_chosen_sources_only(harbour, tab):
    page = tab(harbour)
    bring(page, "The toll for cars on the old ferry is nine crowns.\n", "old.txt")
    page.keyboard.press("Escape")
    page.get_by_text("Asking all sources").click()
    page.locator(".within label", has_text="harbour bridge").locator("input").uncheck()
    expect(page.locator(".within summary")).to_contain_text("Asking only: old")
    ask(page, TOLL)
    answer = page.locator(".turn").last.locator(".answer")
    expect(answer).to_contain_text("nine crowns")
    expect(answer).not_to_contain_text("three euros")


def test_a_reload_keeps_the_conversation_and_own_documents(harbour, tab):
    page = tab(harbour)
    bring(page)
    page.keyboard.press("Escape")
    ask(page, "What did Nordbau launch?")
    ask(page, "Where was the ferry Aurora built?")
    reload(page)
    page.locator(".turn[data-ms]").nth(1).wait_for()
    expect(page.locator(".welcome")).to_be_hidden()
    page.locator(".turn").nth(1).locator(".chip").first.click()
    expect(page.locator(".lit")).to_contain_text(["Gdansk"])
    page.locator(".own .here").wait_for(state="attached")
    page.locator(".turn").nth(0).locator(".chip").first.click()
    page.locator(".cited", has_text="construction site").first.wait_for()
    ask(page, "And when did Nordbau launch the construction site?")
    expect(page.locator(".turn").last).to_contain_text("2019")


def test_after_a_reload_a_follow_up_feedback_and_saving_still_work(harbour, tab):
    page = tab(harbour)
    ask(page, "What did Nordbau launch?")
    reload(page)
    page.locator(".turn[data-ms]").wait_for()
    ask(page, "And when did it launch the construction site?")
    expect(page.locator(".turn").nth(1).locator(".standalone")).to_contain_text("Nordbau")
    page.locator(".turn").first.get_by_text("Was this right?").click()
    page.locator(".turn").first.get_by_role("button", name="Good").click()
    page.get_by_text("Thank you").wait_for()
    page.get_by_text("Menu").click()
    with page.expect_download() as download:
        page.get_by_text("Save as JSON").click()
    assert "construction site" in download.value.path().read_text("utf-8")


def test_a_new_conversation_forgets_the_old_one_even_after_a_reload(harbour, tab):
    page = tab(harbour)
    ask(page, COST)
    page.locator(".turn .claim .chip").first.click()
    page.get_by_text("History", exact=True).click()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn, .cited, .lit")).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()
    reload(page)
    page.locator(".suggestion").first.wait_for()
    expect(page.locator(".turn")).to_have_count(0)


def test_a_new_conversation_does_not_ask_the_link_s_question_again(harbour, tab):
    page = tab(harbour, "?q=What+is+the+toll+for+cars%3F")
    page.locator(".turn[data-ms]").wait_for()
    page.get_by_text("History", exact=True).click()
    page.get_by_role("button", name="New conversation").click()
    reload(page)
    page.locator(".suggestion").first.wait_for()
    expect(page.locator(".turn")).to_have_count(0)


def test_a_link_asks_its_question_once_and_not_again_on_reload(harbour, tab):
    page = tab(harbour, "?q=What+is+the+toll+for+cars%3F")
    page.locator(".turn[data-ms]").wait_for()
    reload(page)
    page.locator(".turn[data-ms]").wait_for()
    page.wait_for_timeout(500)
    assert page.locator(".turn").count() == 1


def test_there_is_nothing_to_save_at_first_and_it_is_said(harbour, tab):
    page = tab(harbour)
    page.get_by_text("Menu").click()
    page.get_by_text("Save as JSON").click()
    expect(page.locator(".toast")).to_contain_text("nothing to save yet")


def test_the_fourth_in_line_is_told_so(harbour, tab):
    page = tab(harbour)
    tickets = [harbour.line.join() for _ in range(4)]
    try:
        page.locator("#question").fill(COST)
        page.keyboard.press("Enter")
        page.get_by_text("Busy at the moment: you are 4th in line").wait_for()
        harbour.line.leave(tickets.pop())
        page.get_by_text("you are 3rd in line").wait_for()
    finally:
        for ticket in tickets:
            harbour.line.leave(ticket)
    page.locator(".turn[data-ms]").wait_for()
    expect(page.locator(".turn")).to_contain_text("412 million")


class Slow(Assistant):
    """Thinks after its evidence until it is let go; counts the answers it finished."""

    thinks = threading.Event()
    finished = 0

    def stream(self, *given: Any, **more: Any) -> Iterator[Event]:
        for event in super().stream(*given, **more):
            yield event
            if isinstance(event, EvidenceFound):
                self.thinks.wait(30)
        type(self).finished += 1


def test_a_slow_answer_shows_its_evidence_and_can_be_stopped_in_the_middle(tab, tmp_path):
    slow = Slow.from_documents([HARBOUR], home=tmp_path)
    served = Served(slow, tmp_path)
    try:
        page = tab(served)
        page.locator("#question").fill(COST)
        page.keyboard.press("Enter")
        page.locator(".evidence li").first.wait_for()
        expect(page.locator(".stage").first).to_contain_text("Reading")
        page.locator("#question").fill(TOLL)
        page.get_by_role("button", name="Stop").click()
        page.get_by_text("Stopped.").wait_for()
        page.keyboard.press("Tab")
        Slow.thinks.set()
        page.locator("#question").focus()
        page.keyboard.press("Enter")
        page.locator(".turn").nth(1).locator(".chip").first.wait_for()
        assert page.locator(".turn").first.locator(".claim").count() == 0
        assert Slow.finished == 1, "the stopped answer was not worked on any further"
        page.locator(".turn").first.get_by_text("Ask again").click()
        page.locator(".turn").nth(2).locator(".chip").first.wait_for()
    finally:
        Slow.thinks.set()
        served.stop()


def test_a_server_that_is_gone_is_noticed_and_the_conversation_stays(browser, tmp_path):
    slow = Slow.from_documents([HARBOUR], home=tmp_path)
    served = Served(slow, tmp_path)
    Slow.thinks.clear()
    opened = visit(browser, served)
    page = opened.page
    page.locator("#question").fill(COST)
    page.keyboard.press("Enter")
    page.locator(".evidence li").first.wait_for()
    served.stop(1)  # its thread waits for the thinking
    page.get_by_text("askali does not answer").wait_for()
    expect(page.get_by_role("button", name="Ask again")).to_be_visible()
    assert opened.foreign == []
    page.context.close()
    Slow.thinks.set()


def test_sources_that_disagree_are_shown_side_by_side(tab, tmp_path):
    one = Document("gazette", "The Gazette", "The harbour bridge cost 412 million euros.\n")
    two = Document("courier", "The Courier", "The harbour bridge cost 530 million euros.\n")
    served = Served([one, two], tmp_path)
    try:
        assert served.assistant.ask(COST).reason == "conflicting"
        page = tab(served)
        ask(page, COST)
        sides = page.locator(".conflict .sides li")
        expect(sides).to_have_count(2)
        left, right = sides.nth(0).bounding_box(), sides.nth(1).bounding_box()
        assert abs(left["y"] - right["y"]) < 2 and left["x"] + left["width"] <= right["x"]
        assert {"412", "530"} <= {w for s in sides.all_text_contents() for w in s.split()}
        for number in (0, 1):
            chip = sides.nth(number).locator(".chip")
            chip.click()
            quote = chip.get_attribute("data-quote")
            shows_lit(page, quote)
    finally:
        served.stop()


def test_the_gate_asks_in_its_own_page_and_lets_the_question_through(tab, browser, tmp_path):
    served = Served([HARBOUR], tmp_path, password="open, harbour")
    try:
        page = browser.new_context().new_page()
        page.goto(f"{served.address}/?q=What+is+the+toll+for+cars%3F")
        page.get_by_label("Password").fill("open, harbour")
        page.keyboard.press("Enter")
        page.locator(".turn .claim .chip").first.wait_for()
        expect(page.locator(".turn .claim").first).to_contain_text("three euros")
        page.context.close()
    finally:
        served.stop()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_in_a_conflict_or_on_a_phone(tab, tmp_path, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    one = Document("gazette", "The Gazette", "The harbour bridge cost 412 million euros.\n")
    two = Document("courier", "The Courier", "The harbour bridge cost 530 million euros.\n")
    served = Served([one, two, BEES], tmp_path)
    try:
        size = {"width": 390, "height": 844}
        page = tab(served, color_scheme=scheme, viewport=size, reduced_motion="reduce")
        ask(page, COST)
        assert serious(axe, page) == []
        page.locator(".turn .chip").first.click()
        assert serious(axe, page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    finally:
        served.stop()
