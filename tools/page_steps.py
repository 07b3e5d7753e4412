"""A five-minute demo and twenty tasks of a new user, as steps on a page that is open.

A button is found by the name that can be read on it, never by its place in the markup: what
these steps can do, someone can do who sees the page for the first time. `Hand` counts what it
takes. Each step ends by looking for what it was made for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

FOLDER = Path(__file__).parents[1] / "docs" / "demo"
TRAMS, BUSES, MEMO = (FOLDER / name for name in ("lindholm-trams.md", "varna-buses.md", "memo.md"))

INVESTED = "How much is Alibaba investing over three years?"
PROFITS = "Compare the operating profit of Lindholm Trams and Varna Buses"


@dataclass(slots=True)
class Hand:
    """What a person does at the page; counts clicks and what was typed or chosen."""

    page: Page
    clicks: int = 0
    typed: int = 0
    kept: Path | None = field(default=None)

    def click(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        """A button, link, menu or tick box by its name."""
        place = within or self.page
        named = [place.get_by_role(role, name=name) for role in ("button", "link", "checkbox")]
        found = named[0].or_(named[1]).or_(named[2]).or_(place.locator("summary", has_text=name))
        found.locator("visible=true").last.click()
        self.clicks += 1

    def press(self, there: Locator) -> None:
        """Something that has no name, such as a lit sentence."""
        there.click()
        self.clicks += 1

    def documents(self) -> None:
        """The menu of own documents; it is called so, or "Your documents" where there is room."""
        self.click(re.compile(r"^(your )?documents", re.I))

    def ask(self, question: str) -> None:
        """Type a question, press Enter, wait for its answer."""
        turns = self.page.locator(".turn[data-ms]").count()
        self.type("Your question", question)
        self.page.keyboard.press("Enter")
        self.page.locator(".turn[data-ms]").nth(turns).wait_for()

    def type(self, label: str, words: str) -> None:
        """Into the field of that label."""
        self.page.get_by_label(label, exact=True).locator("visible=true").fill(words)
        self.typed += 1

    def choose(self, label: str, option: str) -> None:
        """An entry of a list."""
        self.page.get_by_label(label).locator("visible=true").last.select_option(label=option)
        self.clicks += 2

    def bring(self, *paths: Path) -> None:
        """Choose files in the panel of documents, which is open, and wait until they are read."""
        here = self.page.locator(".own .here").count()
        with self.page.expect_file_chooser() as chooser:
            self.press(self.page.get_by_text("Choose files"))
        chooser.value.set_files(list(paths))
        expect(self.page.locator(".own .here")).to_have_count(here + len(paths))

    def answer(self, *words: str) -> Locator:
        """The last answer, which says these words."""
        answer = self.page.locator(".turn").last.locator(".answer")
        for each in words:
            expect(answer).to_contain_text(each)
        return answer

    def lit(self, words: str) -> None:
        """The source is in view and these words are lit in it."""
        expect(self.page.locator(".lit", has_text=words).first).to_be_in_viewport()

    def away(self) -> None:
        """Esc: a panel, a card or a phone's sheet goes."""
        self.page.keyboard.press("Escape")

    @property
    def is_narrow(self) -> bool:
        return bool(self.page.evaluate("innerWidth < 900"))


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do, in the words of the documentation."""

    title: str
    do: Callable[[Hand], None]
    says: str = ""
    picture: str = ""


# --- the demo


def _arrive(hand: Hand) -> None:
    expect(hand.page.locator(".house-card")).to_contain_text("2,559 words")
    expect(hand.page.locator(".starters .suggestion")).to_have_count(4)


def _fact(hand: Hand) -> None:
    hand.ask(INVESTED)
    hand.answer("380 billion yuan", "checked against the source word for word")
    if hand.is_narrow:
        hand.click(re.compile("^Citation 1"))
    hand.lit("380 billion yuan")


def _back(hand: Hand) -> None:
    hand.press(hand.page.locator(".lit", has_text="380 billion yuan").first)
    expect(hand.page.locator(".popover")).to_contain_text(INVESTED)
    hand.click(re.compile(r"^\[1\]"))
    expect(hand.page.locator(".turn")).to_be_in_viewport()


def _summary(hand: Hand) -> None:
    hand.ask("Summarise the article in five points")
    expect(hand.answer().locator("li .chip").nth(2)).to_be_attached()


def _refusal(hand: Hand) -> None:
    hand.ask("Who is the CEO of Microsoft?")
    hand.answer("The source does not say.", "The nearest passage")


def _record(hand: Hand) -> None:
    hand.ask("When was this article published?")
    hand.answer("2025-10-09")


def _bring(hand: Hand) -> None:
    hand.documents()
    hand.bring(TRAMS, BUSES)
    expect(hand.page.locator(".own .here").first).to_contain_text("Lindholm Trams")


def _list(hand: Hand) -> None:
    hand.away()
    hand.ask("Which projects are planned for 2026 at Lindholm Trams?")
    answer = hand.answer("second track on line 3", "62 stops", "every six minutes")
    expect(answer.locator("li .chip")).not_to_have_count(0)


def _compare(hand: Hand) -> None:
    hand.ask(PROFITS)
    hand.answer("5.2 million euros", "1.9 million euros", "Varna Buses: review of 2025")


def _sum(hand: Hand) -> None:
    hand.ask("What is the total of passengers on lines 1 and 2 in 2025?")
    hand.answer("19.8 million", "11,500,000 + 8,300,000")


def _timeline(hand: Hand) -> None:
    hand.click(re.compile("^Asking"))
    hand.click(re.compile("^Only Lindholm"))
    hand.ask("What happened in 2025, in order?")
    answer = hand.answer("14 June 2025", "Ferrum Rail")
    expect(answer).not_to_contain_text("Galata")


def _why(hand: Hand) -> None:
    hand.click("Why this answer")
    expect(hand.page.locator(".why .plainly").last).to_contain_text("character for character")
    hand.click("Figures, ranks and times")


def _keep(hand: Hand) -> None:
    hand.click("Menu")
    with hand.page.expect_download() as download:
        hand.click("Save as a web page")
    assert "Kvarnvik" in Path(download.value.path()).read_text("utf-8")


def _new(hand: Hand) -> None:
    hand.click("History")
    hand.click("New conversation")
    hand.click("History")
    hand.click(re.compile(f"^{re.escape(INVESTED)}"))
    expect(hand.page.locator(".turn").first).to_contain_text("380 billion yuan")


DEMO = (
    Step(
        "Open the page",
        _arrive,
        "The document is there with its card: who, when, how long, a summary with its places, and"
        " four questions that have an answer.",
        "welcome",
    ),
    Step(
        f"Ask: *{INVESTED}*",
        _fact,
        "One sentence, and the source beside it stands at that very sentence.",
        "desktop-light",
    ),
    Step(
        "Click the lit sentence, then the question in the card",
        _back,
        "The way back: each sentence knows the answers that rest on it.",
    ),
    Step(
        "Ask: *Summarise the article in five points*",
        _summary,
        "Sentences of the sections, each with its place.",
        "summary",
    ),
    Step(
        "Ask: *Who is the CEO of Microsoft?*",
        _refusal,
        "The name stands in the article, the answer does not: so it says, and shows what is near.",
        "abstention",
    ),
    Step(
        "Ask: *When was this article published?*",
        _record,
        "Nothing is searched: this is known of the document.",
    ),
    Step(
        "**Your documents**, *Choose files*: `lindholm-trams.md` and `varna-buses.md` of"
        " [`docs/demo`](demo)",
        _bring,
        "Read in a second or two, seen by this tab alone, kept in memory.",
        "upload",
    ),
    Step(
        "Ask: *Which projects are planned for 2026 at Lindholm Trams?*",
        _list,
        "A list is a list, each entry with its place.",
        "list",
    ),
    Step(
        f"Ask: *{PROFITS}*",
        _compare,
        "Two documents side by side; under the answer stands which says what.",
        "table",
    ),
    Step(
        "Ask: *What is the total of passengers on lines 1 and 2 in 2025?*",
        _sum,
        "Code adds, not a model; both rows are lit.",
    ),
    Step(
        "**Asking all sources**, *Only* beside Lindholm Trams; ask: *What happened in 2025, in"
        " order?*",
        _timeline,
        "A timeline of one document.",
        "timeline",
    ),
    Step(
        "**Why this answer**, *Figures, ranks and times*",
        _why,
        "First in a sentence, then in figures.",
        "why",
    ),
    Step(
        "**Menu**, *Save as a web page*",
        _keep,
        "One file that opens without a network, with its highlights.",
    ),
    Step(
        "**History**, *New conversation*; **History**, the first question",
        _new,
        "Nothing is lost; conversations stay in this browser.",
    ),
)
