"""What a document, a name or a question says is shown as text wherever it is shown: nothing
executes, nothing is fetched, nothing hides."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from askali import Answer, Cell, Citation, Claim, Document, Hit, Item, Passage, Shape, Table
from askali.errors import QuestionError
from askali.serving.cli import console
from askali.serving.http import mcp, openai_text
from askali.text.visible import inert, visible, visible_json
from askali_ui.conversation import Conversation, Exchange
from askali_ui.export import answer_text, as_html, as_json, as_markdown
from hostile_strings import FOREIGN, STRINGS

HARMLESS = "a quokka"
TURNS = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
_CLIENT = MarkdownIt("commonmark", {"html": True}).enable("table")
"""A chat client that shows Markdown with all that it can do."""


def document(said: str) -> Document:
    text = f"The tool costs {said} in Lund. It is blue."
    return Document(f"d{said}", said, text, said, said, said, author=said)


def answer(said: str, *, is_shaped: bool = False) -> Answer:
    """An answer where the string stands in every place that a document's words reach."""
    of = document(said)
    end = of.text.index(" It is blue")
    quote = of.text[:end]
    cited = Citation(1, of.id, 0, end, quote, of.title, said, date=of.date, also_in=(said,))
    made = Answer(
        question=said,
        standalone_question=said,
        text=f"{quote} [1]",
        claims=(Claim(quote, (1,)),),
        citations=(cited,),
        evidence=(Hit(Passage(of.id, 0, end, quote, said), 0.1, 1, None, title=said),),
        notes=(f"Searched for: {said}",),
    )
    if not is_shaped:
        return made
    return replace(
        made,
        shape=Shape.LIST,
        text=f"- {quote} [1]",
        items=(Item(quote, (1,), label=said),),
        table=Table((said, "b"), ((Cell(said, (1,)), Cell("c")),)),
    )


def shown_everywhere(made: Answer, said: str) -> dict[str, str]:
    kept = Conversation((Exchange("1", made),))
    documents = {document(said).id: document(said)}
    return {
        "terminal": on_terminal(made, is_terminal=True),
        "pipe": on_terminal(made, is_terminal=False),
        "copied": answer_text(made),
        "markdown": as_markdown(kept, documents),
        "html": as_html(kept, documents),
        "json": as_json(kept, documents),
        "openai": openai_text.message(made),
        "mcp": mcp._answer(made).content[0].text,
    }


def on_terminal(made: Answer, *, is_terminal: bool) -> str:
    with pytest.MonkeyPatch.context() as patch:
        file = io.StringIO()
        screen = console.Screen(
            file=file, force_terminal=is_terminal, color_system=None, width=400, highlight=False
        )
        screen.soft_wrap = not is_terminal
        patch.setattr(console, "out", screen)
        console.print_answer(made)
    return file.getvalue()


def orders(text: str) -> list[str]:
    """Characters that a terminal obeys, or that turn or hide what stands around them."""
    return [
        ch
        for ch in text
        if (unicodedata.category(ch) == "Cc" and ch not in "\n\t")
        or unicodedata.bidirectional(ch) in TURNS
        or 0xE0000 <= ord(ch) <= 0xE007F
    ]  # fmt: skip


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(sorted(name for name, _ in attrs))))
        self.addresses += [v or "" for n, v in attrs if n in ("href", "src", "action", "data")]

    def handle_data(self, data: str) -> None:
        self.text += data


def alive(markdown: str) -> list[str]:
    """What a client would make of it besides text, lists, tables and emphasis."""
    every = [t for block in _CLIENT.parse(markdown) for t in (block, *(block.children or ()))]
    kinds = ("link_open", "image", "html_block", "html_inline")
    return [token.content or str(token.attrs) for token in every if token.type in kinds]


def test_there_are_more_than_two_hundred() -> None:
    assert len(set(STRINGS)) >= 200


@pytest.mark.parametrize("is_shaped", [False, True], ids=["quoted", "shaped"])
def test_nothing_that_is_shown_gives_an_order_or_hides(is_shaped: bool) -> None:
    for said in STRINGS:
        shown = shown_everywhere(answer(said, is_shaped=is_shaped), said)
        for where, text in shown.items():
            if where != "json":
                assert orders(text) == [], (where, said)
            assert "quokka" in text, (where, said)


@pytest.mark.parametrize("is_shaped", [False, True], ids=["quoted", "shaped"])
def test_no_markdown_of_ours_has_a_link_an_image_or_a_tag_of_a_document(is_shaped: bool) -> None:
    for said in STRINGS:
        shown = shown_everywhere(answer(said, is_shaped=is_shaped), said)
        for where in ("markdown", "openai", "mcp"):
            assert alive(shown[where]) == [], (where, said)


@pytest.mark.parametrize("is_shaped", [False, True], ids=["quoted", "shaped"])
def test_a_kept_page_has_the_elements_of_ours_alone(is_shaped: bool) -> None:
    harmless = shown_everywhere(answer(HARMLESS, is_shaped=is_shaped), HARMLESS)["html"]
    ours = set(Tags(harmless).tags)
    for said in STRINGS:
        page = Tags(shown_everywhere(answer(said, is_shaped=is_shaped), said)["html"])
        # a dash, a star or a line break of its own may set off words, and nothing else
        foreign = {tag for tag, _ in set(page.tags) - ours}
        assert foreign <= {"em", "strong", "span", "p", "h3", "tr", "td", "th", "table", "div",
                           "ul", "li", "hr", "blockquote"}, (said, foreign)  # fmt: skip
        assert not [name for _, names in page.tags for name in names if name.startswith("on")]
        assert all(address.startswith("#") for address in page.addresses), said


def test_json_for_a_terminal_is_the_very_same_value() -> None:
    told = visible_json({"said": STRINGS})
    assert orders(told) == []
    assert json.loads(told) == {"said": STRINGS}


def test_a_message_of_ours_about_foreign_text_gives_no_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = io.StringIO()
    monkeypatch.setattr(console, "err", console.Screen(file=file, color_system=None))
    for said in STRINGS:
        console.print_error(QuestionError(f"no document {said}; name another"))
    assert orders(file.getvalue()) == []


def test_what_is_harmless_is_left_as_it_is() -> None:
    for text in (
        "a [1][2] b",
        "x < y & z!",
        "* one\n* **two** [3]",
        "| a | b |\n|---|---|",
        "f(x)",
    ):
        assert inert(text) == visible(text) == text
    assert visible("שלום \u200fעולם") == "שלום עולם"
    assert not re.search(r"(?<!\\)\]\(", inert(f"[a]({FOREIGN}) and [b]({FOREIGN})"))


def test_a_formula_cannot_open_in_a_spreadsheet_for_no_table_is_written_for_one() -> None:
    from askali_ui.export import FORMATS

    assert set(FORMATS) == {"html", "md", "json"}
