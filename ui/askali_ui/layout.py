"""The page around the conversation: header, two panes, composer. Pure HTML."""

from __future__ import annotations

from collections.abc import Sequence

from askali import Document
from askali_ui.article import article_html
from askali_ui.formats import ACCEPTED, spoken
from askali_ui.html_text import text
from askali_ui.workspace import Limits

_SAVES = (("html", "Save as a web page"), ("md", "Save as Markdown"), ("json", "Save as JSON"))


def shell_html(
    documents: Sequence[Document],
    max_question_chars: int,
    limits: Limits,
    *,
    is_shared: bool = False,
    has_proposals: bool = False,
) -> str:
    """The empty room with its first document open. A shared one keeps no conversations unless
    its reader says so."""
    return (
        f'<div class="askali{" several" if len(documents) > 1 else ""}">'
        '<a class="skip" href="#question">Skip to the question</a>'
        f'{_bar(limits, is_shared, has_proposals)}<div class="room">'
        f"{_talk(documents, max_question_chars)}"
        '<div class="divider" role="separator" tabindex="0" aria-orientation="vertical"'
        ' aria-label="Width of the conversation" aria-valuemin="25" aria-valuemax="75"'
        f' aria-valuenow="47"></div>{_reading(documents)}</div>'
        '<div class="popover" role="tooltip" id="quote" hidden></div>'
        '<p class="toast" hidden></p><p class="sr" role="status" id="said"></p>'
        '<div class="drop" aria-hidden="true" hidden><p>Drop it here to ask it</p></div>'
        "</div>"
    )


def _bar(limits: Limits, is_shared: bool, has_proposals: bool) -> str:
    return (
        '<header class="bar"><h1>askali</h1>'
        '<p class="motto">Short answers in the source’s own words</p>'
        f"{_history(is_shared)}{_desk(limits)}{_menu(has_proposals)}"
        '<button type="button" class="plain only-phone" data-action="open-source">Source</button>'
        "</header>"
    )


def _history(is_shared: bool) -> str:
    """Earlier conversations; they are kept by the browser, never here."""
    return (
        f'<details class="menu history" data-shared="{str(is_shared).lower()}">'
        '<summary>History</summary><div class="menu-body">'
        '<button type="button" class="primary" data-action="new">New conversation</button>'
        '<label class="sr" for="find-talk">Search the conversations</label>'
        '<input type="text" id="find-talk" placeholder="Search" autocomplete="off">'
        '<ul class="talks"></ul>'
        '<label class="keeps"><input type="checkbox" name="keeps"> Keep conversations, with their'
        " quotes, in this browser</label></div></details>"
    )


def _desk(limits: Limits) -> str:
    """The panel of own documents: files, pasted text, a web address; limits a click away."""
    return (
        '<details class="menu desk"><summary><span class="only-desktop">Your documents</span>'
        '<span class="only-phone">Documents</span><span class="count"></span></summary>'
        '<div class="menu-body"><h2>Ask your own documents</h2>'
        '<p class="pick"><label class="primary">Choose files'
        f'<input type="file" class="sr" multiple accept="{ACCEPTED}"'
        f' data-max-bytes="{limits.file_bytes}"></label>'
        ' <span class="muted only-desktop">or drop them on the page</span></p>'
        '<form class="bring" data-bring="page"><label for="page-address">Or a web page</label>'
        '<span class="line"><input type="text" inputmode="url" id="page-address"'
        ' placeholder="https://…" autocomplete="off">'
        '<button type="submit" class="plain">Read it</button></span></form>'
        '<form class="bring" data-bring="paste"><label for="pasted">Or paste text</label>'
        '<textarea id="pasted" rows="2"></textarea>'
        '<button type="submit" class="plain">Add the text</button></form>'
        '<ul class="own"></ul>'
        '<p class="muted">Only this tab can see them. They stay in memory and are forgotten after'
        f" {limits.idle_s / 60:.0f} minutes without use, or when you remove them.</p>"
        "<details><summary>What can be read</summary>"
        f"<p>{spoken()}, up to {limits.file_bytes // 1_000_000} MB each. At most"
        f" {limits.documents} documents with {limits.chars:,} characters together. A million"
        " characters take about half a minute to read, longer while others are served. A web page"
        " is fetched by askali, once, when you ask for it.</p></details>"
        "</div></details>"
    )


def _menu(has_proposals: bool) -> str:
    confirm = '<li><a class="item" href="proposals">Questions to confirm</a></li>'
    saves = "".join(
        f'<li><button type="button" data-action="save" data-format="{key}">{label}</button></li>'
        for key, label in _SAVES
    )
    return (
        '<details class="menu"><summary>Menu</summary><ul class="menu-body">'
        f'{saves}<li><button type="button" data-action="print">Print</button></li>'
        '<li><button type="button" data-action="theme">Dark theme</button></li>'
        f"{confirm if has_proposals else ''}</ul></details>"
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
        f'<p><span class="about">Ask about {of}.</span> Each answer is made of exact sentences of'
        " the source, with the place"
        " where they stand. What the source does not state, you are told plainly.</p>"
        '<div class="own-starters" aria-live="polite"></div><div class="house-card"></div>'
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
        '<p class="hint-keys">Enter asks · Shift + Enter makes a new line · ↑ brings the last'
        " question back</p></form>"
    )


def _filter(documents: Sequence[Document]) -> str:
    boxes = "".join(
        f'<div class="one"><label><input type="checkbox" name="within" value="{text(d.id)}"'
        " checked>"
        f" <span>{text(d.title or d.id)}</span></label>"
        '<button type="button" class="plain" data-action="only"'
        f' aria-label="Only {text(d.title or d.id)}">Only</button></div>'
        for d in documents
    )
    return (
        f'<details class="within"{_hidden(documents)}><summary>Asking all sources</summary>'
        f'<fieldset><legend class="sr">Sources to ask</legend>{boxes}'
        '<div class="one"><button type="button" class="plain" data-action="all">Ask all'
        "</button></div></fieldset></details>"
    )


def _reading(documents: Sequence[Document]) -> str:
    return (
        '<aside class="reading" id="source" aria-label="Source"><div class="reading-bar">'
        f'{_sources(documents)}<button type="button" class="plain close"'
        ' data-action="close-source">Close</button></div>'
        '<div class="pages" tabindex="0" role="region"'
        f' aria-label="Text of the source">{article_html(documents[0])}</div>'
        '<div class="rail" aria-hidden="true"></div></aside>'
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
