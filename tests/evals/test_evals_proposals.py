"""Proposals are kept, reworded or struck out, in the file at once and in the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from askali import Document
from askali_evals.cases.facts import load_cases
from askali_evals.cases.proposals import Proposals, write_drafts
from askali_evals.cases.review_queue import promote, read_pending
from askali_evals.errors import FactsError
from ui_room import Served, ask, chromium, visit

browser = pytest.fixture(scope="module")(chromium)
LEASE = Document(
    "lease",
    "Lease of the boathouse",
    "The boathouse was let on 3 May 2021.\n\nThe rent is 420 euros <a month> & is due in March. "
    "It is paid by hand.\n\nThe key was handed over by Timo Brandt.",
)


@pytest.fixture
def proposals(tmp_path: Path) -> Proposals:
    facts = tmp_path / "lease.facts.yaml"
    write_drafts({"lease": LEASE}, facts, 10)
    return Proposals(facts, {"lease": LEASE}, "askali eval --docs lease.txt")


def ids(proposals: Proposals) -> list[str]:
    return [case.id for case in proposals.waiting()]


def test_a_decision_changes_the_lines_of_its_case_alone(proposals: Proposals) -> None:
    first, second, third = ids(proposals)
    text = proposals.facts.read_text(encoding="utf-8")
    text = text.replace(f"- id: {second}", f"# mine\n- id: {second}")
    proposals.facts.write_text(text, encoding="utf-8")
    proposals.keep(first)
    proposals.strike(third)
    after = proposals.facts.read_text(encoding="utf-8")
    assert after.startswith("# Drafted by")
    assert "# mine\n- id: " in after
    assert ids(proposals) == [second]
    assert [case.reviewed for case in load_cases(proposals.facts)] == [True, False]
    assert proposals.kept() == 1


def test_what_is_reworded_is_kept_as_reworded(proposals: Proposals) -> None:
    _, second, _ = ids(proposals)
    proposals.keep(second, question="What is the rent?", expect=["420 euros"])
    kept = next(case for case in load_cases(proposals.facts) if case.id == second)
    assert (kept.question, kept.expect) == ("What is the rent?", (("420 euros",),))


def test_what_the_document_does_not_say_becomes_unanswerable(proposals: Proposals) -> None:
    first = ids(proposals)[0]
    proposals.keep(first, question="Who insured it?", answerable=False)
    kept = load_cases(proposals.facts)[0]
    assert not kept.answerable and not kept.evidence


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"evidence": ["The boathouse was sold."]}, "not in the documents"),
        ({"expect": ["4 May"]}, "is not in the words that prove it"),
        ({"expect": []}, "needs 'expect' and 'evidence'"),
        ({"question": " "}, "'question' is missing or empty"),
    ],
)
def test_what_cannot_count_is_told_and_the_file_stays(
    proposals: Proposals, given: dict[str, Any], told: str
) -> None:
    before = proposals.facts.read_text(encoding="utf-8")
    with pytest.raises(FactsError, match=told):
        proposals.keep(ids(proposals)[0], **given)
    assert proposals.facts.read_text(encoding="utf-8") == before


def test_nothing_is_decided_twice(proposals: Proposals) -> None:
    first = ids(proposals)[0]
    proposals.strike(first)
    with pytest.raises(FactsError, match="decided on before"):
        proposals.strike(first)


def test_only_ones_own_last_decision_is_taken_back(proposals: Proposals) -> None:
    before = proposals.facts.read_text(encoding="utf-8")
    first, second, _ = ids(proposals)
    proposals.strike(first)
    proposals.keep(second)
    proposals.undo()
    proposals.undo()
    assert proposals.facts.read_text(encoding="utf-8") == before
    proposals.strike(first)
    Proposals(proposals.facts, {"lease": LEASE}).strike(second)
    with pytest.raises(FactsError, match="changed since by somebody else"):
        proposals.undo()


def test_a_file_that_somebody_else_has_just_drafted_is_left_alone(proposals: Proposals) -> None:
    proposals.strike(ids(proposals)[0])
    with pytest.raises(FileExistsError):
        write_drafts({"lease": LEASE}, proposals.facts, 10)
    assert len(ids(proposals)) == 2


@pytest.fixture
def served(proposals: Proposals, tmp_path: Path) -> Iterator[Served]:
    room = Served([LEASE], tmp_path / "home", proposals=proposals)
    yield room
    room.stop()


def test_in_the_page_one_is_kept_one_reworded_and_one_struck_out(
    browser: Any, served: Served, proposals: Proposals
) -> None:
    opened = visit(browser, served)
    page: Any = opened.page
    page.locator(".menu summary", has_text="Menu").click()
    page.get_by_text("Questions to confirm").click()
    page.locator(".card").first.wait_for()
    assert page.locator("mark").nth(1).inner_text().endswith("in March.")
    assert page.locator("mark strong").first.inner_text() == "3 May 2021"
    cards = page.locator(".card")
    cards.nth(0).get_by_text("Keep").click()
    page.get_by_text("1 kept, 2 left.").wait_for()
    answer = cards.nth(0).locator("[name=answer]")
    cards.nth(0).locator("[name=question]").fill("What is the rent?")
    answer.fill("520 euros")
    cards.nth(0).get_by_text("Keep").click()
    page.locator(".fault:visible", has_text="is not in the words that prove it").wait_for()
    opened.errors.clear()  # the browser tells of the refusal
    answer.fill("420 euros")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.get_by_text("2 kept, 1 left.").wait_for()
    cards.nth(0).get_by_text("Strike out").click()
    page.get_by_text("askali eval --docs lease.txt").wait_for()
    opened.assert_quiet()
    kept = load_cases(proposals.facts)
    assert [case.question for case in kept] == ["boathouse let", "What is the rent?"]


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_breaks_no_rule_of_accessibility(
    browser: Any, served: Served, width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    size = {"width": width, "height": 800}
    page: Any = browser.new_context(viewport=size, color_scheme=scheme).new_page()
    page.goto(f"{served.address}/proposals")
    page.locator(".card").first.wait_for()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    told = axe.Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in told] == []


def test_a_room_without_proposals_has_no_such_page(browser: Any, tmp_path: Path) -> None:
    room = Served([LEASE], tmp_path / "home")
    page: Any = visit(browser, room).page
    assert page.get_by_text("Questions to confirm").count() == 0
    room.stop()


def test_a_thumbs_down_in_the_page_becomes_a_case_that_is_completed_there(
    browser: Any, served: Served, proposals: Proposals
) -> None:
    page: Any = visit(browser, served).page
    ask(page, "Who handed over the key?")
    page.locator(".turn details", has_text="Wrong").first.locator("summary").click()
    page.locator("[data-verdict=wrong_answer]").first.click()
    page.get_by_text("Saved for review").first.wait_for()
    [pending] = read_pending(served.home / "feedback" / "pending.jsonl")
    case = promote(pending, proposals.facts)
    assert (case.question, case.reviewed) == ("Who handed over the key?", False)
    page.goto(f"{served.address}/proposals")
    card = page.locator(f"form[data-id={case.id}]")
    card.locator("[name=answer]").fill("Timo Brandt")
    card.locator("[name=evidence]").fill("The key was handed over by Timo Brandt.")
    card.get_by_text("Keep").click()
    page.get_by_text("1 kept, 3 left.").wait_for()
    done = next(c for c in load_cases(proposals.facts) if c.reviewed)
    assert done.evidence == (("The key was handed over by Timo Brandt.",),)
    assert json.dumps(done.tags) == '["reported"]'
