"""The page around the conversation: header, two panes, composer. Pure HTML."""

from __future__ import annotations

from collections.abc import Sequence

from askali import Document
from askali_ui.article import article_html
from askali_ui.formats import ACCEPTED, spoken
from askali_ui.html import text
from askali_ui.workspace import Limits

_SAVES = (("html", "Save as a web page"), ("md", "Save as Markdown"), ("json", "Save as JSON"))


def shell_html(documents: Sequence[Document], max_question_chars: int, limits: Limits) -> str:
    """The empty room with its first document open."""
    return (
        f'<div class="askali">{_bar(limits)}<main class="room">'
        f"{_talk(documents, max_question_chars)}{_reading(documents)}</main>"
        '<div class="popover" role="tooltip" id="quote" hidden></div>'
        '<p class="toast" hidden></p><p class="sr" role="status" id="said"></p>'
        '<div class="drop" aria-hidden="true" hidden><p>Drop it here to ask it</p></div>'
        "</div>"
    )


def _bar(limits: Limits) -> str:
    return (
        '<header class="bar"><h1>askali</h1>'
        '<p class="motto">Short answers in the source’s own words</p>'
        f"{_desk(limits)}{_menu()}"
        '<button type="button" class="plain only-phone" data-action="open-source">Source</button>'
        "</header>"
    )


def _desk(limits: Limits) -> str:
    """The panel of own documents, with what is taken and what becomes of it said first."""
    return (
        '<details class="menu desk"><summary><span class="only-desktop">Your documents</span>'
        '<span class="only-phone">Documents</span><span class="count"></span></summary>'
        '<div class="menu-body"><h2>Ask your own documents</h2>'
        f"<p>{spoken()}, up to {limits.file_bytes // 1_000_000} MB each. At most"
        f" {limits.documents} documents with {limits.chars:,} characters together. A million"
        " characters take about half a minute to read, longer while others are served.</p>"
        '<p class="muted">Only this tab can see them. They stay in memory and are forgotten after'
        f" {limits.idle_s / 60:.0f} minutes without use, or when you remove them.</p>"
        '<ul class="own"></ul>'
        '<p class="pick"><label class="primary">Choose files'
        f'<input type="file" class="sr" multiple accept="{ACCEPTED}"'
        f' data-max-bytes="{limits.file_bytes}"></label>'
        ' <span class="muted only-desktop">or drop them on the page</span></p>'
        "</div></details>"
    )


def _menu() -> str:
    saves = "".join(
        f'<li><button type="button" data-action="save" data-format="{key}">{label}</button></li>'
        for key, label in _SAVES
    )
    return (
        '<details class="menu"><summary>Menu</summary><ul class="menu-body">'
        '<li><button type="button" data-action="new">New conversation</button></li>'
        f'{saves}<li><button type="button" data-action="theme">Dark theme</button></li>'
        "</ul></details>"
    )


def _talk(documents: Sequence[Document], max_chars: int) -> str:
    return (
        '<section class="talk" aria-label="Conversation"><div class="scroll" tabindex="0"'
        ' role="region" aria-label="Questions and answers">'
        f'{_welcome(documents)}<ol class="turns"></ol></div>{_composer(documents, max_chars)}'
        "</section>"
    )


def _welcome(documents: Sequence[Document]) -> str:
    about = documents[0].title or documents[0].id
    of = f"“{text(about)}”" if len(documents) == 1 else f"{len(documents)} documents"
    return (
        '<div class="welcome"><h2>What would you like to know?</h2>'
        f"<p>Ask about {of}. Each answer is made of exact sentences of the source, with the place"
        " where they stand. What the source does not state, you are told plainly.</p>"
        '<div class="own-starters" aria-live="polite"></div>'
        '<div class="starters" aria-live="polite"></div></div>'
    )


def _composer(documents: Sequence[Document], max_chars: int) -> str:
    return (
        f'<form class="composer">{_filter(documents)}<div class="field">'
        '<label class="sr" for="question">Your question</label>'
        f'<textarea id="question" rows="1" data-max-chars="{max_chars}" aria-describedby="excess"'
        ' placeholder="Ask a question" autocomplete="off"></textarea>'
        '<button type="submit" class="primary">Ask</button>'
        '<button type="button" class="primary stop" data-action="stop" hidden>Stop</button></div>'
        '<p class="excess" id="excess" role="status"></p>'
        '<p class="hint-keys">Enter asks · Shift + Enter makes a new line</p></form>'
    )


def _filter(documents: Sequence[Document]) -> str:
    boxes = "".join(
        f'<label><input type="checkbox" name="within" value="{text(d.id)}" checked>'
        f" <span>{text(d.title or d.id)}</span></label>"
        for d in documents
    )
    return (
        f'<details class="within"{_hidden(documents)}><summary>Asking all sources</summary>'
        f'<fieldset><legend class="sr">Sources to ask</legend>{boxes}</fieldset></details>'
    )


def _reading(documents: Sequence[Document]) -> str:
    return (
        '<aside class="reading" aria-label="Source"><div class="reading-bar">'
        f'{_sources(documents)}<button type="button" class="plain close"'
        ' data-action="close-source">Close</button></div>'
        '<div class="pages" tabindex="0" role="region"'
        f' aria-label="Text of the source">{article_html(documents[0])}</div></aside>'
    )


def _sources(documents: Sequence[Document]) -> str:
    options = "".join(
        f'<option value="{text(d.id)}">{text(d.title or d.id)}</option>' for d in documents
    )
    return (
        '<p class="label single">Source</p>'
        f'<label class="sources"{_hidden(documents)}>Source <select>{options}</select></label>'
    )


def _hidden(documents: Sequence[Document]) -> str:
    return " hidden" if len(documents) < 2 else ""
