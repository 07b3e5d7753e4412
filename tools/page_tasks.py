"""Twenty tasks of someone who sees the page for the first time; see `page_steps`."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from page_steps import BUSES, INVESTED, MEMO, PROFITS, TRAMS, Hand, Step

SENTENCE = "an investment of 380 billion yuan in three years"


def _suggested(hand: Hand) -> None:
    hand.click("Who is the CEO of Alibaba Group?")
    hand.answer("Wu Yongming")


def _ask(hand: Hand) -> None:
    hand.ask(INVESTED)
    hand.answer("380 billion yuan")


def _place(hand: Hand) -> None:
    hand.click(re.compile("^Citation 1"), hand.answer())
    hand.lit(SENTENCE)
    if hand.is_narrow:
        hand.click("Close")


def _uses(hand: Hand) -> None:
    if hand.is_narrow:
        hand.click("Source")
    hand.press(hand.page.locator(".cited", has_text=SENTENCE).first)
    hand.click(re.compile(r"^\[1\]"))
    expect(hand.page.locator(".turn").last).to_be_in_viewport()


def _email(hand: Hand) -> None:
    hand.click("Copy with quotes")
    hand.page.get_by_text("Copied", exact=True).wait_for()
    copied = hand.page.evaluate("navigator.clipboard.readText()")
    assert SENTENCE in copied and "[1] “" in copied


def _published(hand: Hand) -> None:
    hand.ask("When was it published?")
    hand.answer("2025-10-09")


def _edit(hand: Hand) -> None:
    hand.click("Edit question")
    hand.ask("Who published it?")
    hand.answer("One")


def _shape(hand: Hand) -> None:
    hand.ask("What is the article about?")
    hand.choose("Answer again as", "a timeline")
    expect(hand.page.locator(".turn[data-ms]")).to_have_count(5)
    expect(hand.answer().locator(".timeline li")).not_to_have_count(0)


def _compare(hand: Hand) -> None:
    hand.documents()
    hand.bring(TRAMS, BUSES)
    hand.away()
    hand.ask(PROFITS)
    hand.answer("5.2 million euros", "1.9 million euros")


def _author(hand: Hand) -> None:
    hand.documents()
    hand.bring(MEMO)
    hand.away()
    hand.ask("Who wrote the memo?")
    hand.answer("Jonas Ek")


def _gist(hand: Hand) -> None:
    hand.ask("What is the memo about?")
    hand.answer("Thursdays")


def _cell(hand: Hand) -> None:
    hand.ask("Passengers on line 4 in 2025")
    hand.answer("5,400,000")


def _one_only(hand: Hand) -> None:
    hand.click(re.compile("^Asking"))
    hand.click(re.compile("^Only Varna"))
    hand.ask("Which plans are there for 2026?")
    hand.answer("airport")
    expect(hand.answer()).not_to_contain_text("line 3")


def _all_again(hand: Hand) -> None:
    hand.click(re.compile("^Asking"))
    hand.click("Ask all")
    expect(hand.page.get_by_text("Asking all sources")).to_be_visible()


def _paste(hand: Hand) -> None:
    hand.documents()
    hand.type("Or paste text", "The canteen serves soup on Mondays. It closes at three.")
    hand.click("Add the text")
    expect(hand.page.locator(".own .here")).to_have_count(4)
    hand.away()
    hand.ask("When does the canteen close?")
    hand.answer("It closes at three.")


def _remove(hand: Hand) -> None:
    hand.documents()
    hand.click(re.compile("^Remove The canteen"))
    expect(hand.page.locator(".own .here")).to_have_count(3)
    hand.away()


def _save(hand: Hand) -> None:
    hand.click("Menu")
    with hand.page.expect_download() as download:
        hand.click("Save as a web page")
    assert download.value.suggested_filename.endswith(".html")


def _dark(hand: Hand) -> None:
    hand.click("Menu")
    hand.click(re.compile("(Dark|Light) theme"))
    hand.away()


def _return(hand: Hand) -> None:
    hand.click("History")
    hand.click("New conversation")
    expect(hand.page.locator(".turn")).to_have_count(0)
    hand.click("History")
    hand.click(re.compile("^Who is the CEO of Alibaba Group"))
    expect(hand.page.locator(".turn").first).to_contain_text("Wu Yongming")


def _rename(hand: Hand) -> None:
    hand.click("History")
    hand.click(re.compile("^Rename"))
    hand.type("Name of the conversation", "Alibaba, money")
    hand.page.keyboard.press("Enter")
    expect(hand.page.get_by_role("button", name="Alibaba, money", exact=True)).to_be_visible()
    hand.away()


TASKS = (
    Step("ask something without knowing what", _suggested),
    Step("ask a question of one's own", _ask),
    Step("see where the answer stands", _place),
    Step("find the answers that use a sentence", _uses),
    Step("get the quotes into an e-mail", _email),
    Step("find out when the article was published", _published),
    Step("ask the last question again, changed", _edit),
    Step("have the article as a timeline instead", _shape),
    Step("add two files and compare their profits", _compare),
    Step("add a memo and find who wrote it", _author),
    Step("get the gist of the memo", _gist),
    Step("read one figure out of a table", _cell),
    Step("ask one document alone", _one_only),
    Step("ask all documents again", _all_again),
    Step("paste a text and ask it", _paste),
    Step("remove a document", _remove),
    Step("keep the conversation as a file", _save),
    Step("change to the dark theme", _dark),
    Step("begin anew, then go back to the conversation before", _return),
    Step("give the conversation a name", _rename),
)
