"""The gate's page in a browser: opened from a file, without a network, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_evals_reports import report_of

from askali_evals.reports.html import to_html
from evals_subjects import NeverRefuses, RandomHits
from ui_room import chromium

browser = pytest.fixture(scope="module")(chromium)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "eval.html"
    path.write_text(to_html(report_of(RandomHits, NeverRefuses)), encoding="utf-8")
    return path


@pytest.fixture
def opened(browser: Any, file: Path) -> Iterator[Callable[..., Any]]:
    """Opens the page offline; when the test ends, it must have asked nobody and not failed."""
    contexts, noise = [], []

    def go(**context: Any) -> Any:
        contexts.append(browser.new_context(offline=True, **context))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("console", lambda message: noise.append(message.text))
        page.on("request", lambda r: r.url.startswith("file:") or noise.append(r.url))
        page.goto(file.as_uri())
        return page

    yield go
    for context in contexts:
        context.close()
    assert noise == []


def shown(page: Any) -> int:
    return int(page.locator("details.case:not([hidden])").count())


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_its_window_and_begins_with_the_verdict(opened, size, scheme) -> None:
    page = opened(viewport=size, color_scheme=scheme)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert page.locator("h1").inner_text().startswith("NO-GO: look at ")
    assert page.locator("h1").bounding_box()["y"] < 100


def test_words_typed_into_the_search_leave_the_cases_that_have_them(opened) -> None:
    page = opened(viewport=DESK)
    every = shown(page)
    page.locator("#search").fill("BRIDGE long")
    assert 0 < shown(page) < every
    assert page.locator("#count").inner_text() == f"{shown(page)} of {every} cases"
    page.locator("#search").fill("no case has these words")
    assert shown(page) == 0
    page.locator("#clear").click()
    assert shown(page) == every


def test_filters_add_up(opened) -> None:
    page = opened(viewport=PHONE)
    page.locator("#state").select_option("failed")
    failed = shown(page)
    page.locator("#suite").select_option("bee-survey")
    of_bees = shown(page)
    page.locator("#kind").select_option("follow-up")
    assert failed > of_bees > shown(page) > 0


def test_an_address_of_the_failures_leads_to_its_cases(opened) -> None:
    page = opened(viewport=DESK)
    row = page.locator("tr", has=page.locator("[data-show]")).first
    count = int(row.locator("td.num").inner_text())
    row.locator("button").click()
    assert 0 < count < page.locator("details.case").count()
    assert shown(page) == count
    assert page.locator("#cases").bounding_box()["y"] < 100


def test_both_answers_of_a_changed_case_stand_side_by_side_on_a_desk(opened) -> None:
    page = opened(viewport=DESK)
    before, now = (page.locator(".two").first.locator("div").nth(i).bounding_box() for i in (0, 1))
    assert before["y"] == now["y"] and before["x"] < now["x"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_breaks_no_rule_of_accessibility(opened, scheme) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(viewport=DESK, color_scheme=scheme)
    page.locator("#search").fill("toll")
    page.locator("details.case:not([hidden]) > summary").first.click()
    told = axe.Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in told] == []
