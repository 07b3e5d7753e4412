"""All hostile strings in one document, in a real browser: nothing runs, nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from askali import Document
from hostile_strings import STRINGS
from ui_room import Served, ask, chromium, visit

browser = pytest.fixture(scope="module")(chromium)
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
MARKUP = '<img src=x onerror="document.title=`owned`"><script>alert(1)</script>'
TEXT = "\n\n".join(f"Tool {n} costs {n} crowns {said} in Lund." for n, said in enumerate(STRINGS))


@pytest.fixture
def room(browser: object, tmp_path: Path) -> Iterator[Served]:
    named = Document(f"d{MARKUP}", f"Tools {MARKUP}", TEXT, MARKUP, MARKUP, author=MARKUP)
    served = Served([named], tmp_path)
    yield served
    served.stop()


def test_nothing_of_a_document_runs_in_the_page(browser: object, room: Served) -> None:
    opened = visit(browser, room)
    page = opened.page
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for question in ("What does tool 3 cost?", f"What does tool 40 cost {MARKUP}?"):
        ask(page, question)
    assert page.locator(".askali article.paper").first.text_content().count("in Lund.") > 200
    foreign = "script, img, svg, iframe, object, embed, form[action], video, audio, style, base"
    assert page.locator(f".paper :is({foreign}), .turn :is({foreign})").count() == 0
    hrefs = page.locator(".paper a, .turn a").evaluate_all("all => all.map(a => a.href)")
    assert all(href.startswith(room.address) for href in hrefs)
    assert dialogs == []
    assert page.title() != "owned" and page.title() != "quokka"
    opened.assert_quiet()
    page.context.close()
