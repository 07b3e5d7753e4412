"""The page around the conversation: header, two panes, composer. Pure HTML."""

from __future__ import annotations

from collections.abc import Sequence

from askali import Document
from askali_ui.article import article_html
from askali_ui.render import text


def shell_html(documents: Sequence[Document], max_question_chars: int) -> str:
    """The empty room with its first document open."""
    return (
        f'<div class="askali">{_bar(len(documents))}<main class="room">'
        f"{_talk(documents, max_question_chars)}{_reading(documents)}</main>"
        '<div class="popover" role="tooltip" id="quote" hidden></div>'
        '<p class="sr" role="status" id="said"></p></div>'
    )


def _bar(count: int) -> str:
    sources = "the source" if count == 1 else f"{count} sources"
    saves = "".join(
        f'<li><button type="button" data-action="save" data-format="{key}">{label}</button></li>'
        for key, label in (
            ("html", "Web page (works offline)"),
            ("md", "Markdown"),
            ("json", "JSON"),
        )
    )
    return (
        '<header class="bar"><h1>askali</h1>'
        f'<p class="motto">Answers from {sources}, in its own words</p>'
        f'<details class="menu"><summary>Save</summary><ul>{saves}</ul></details>'
        '<button type="button" class="plain" data-action="theme">Dark</button>'
        '<button type="button" class="plain only-phone" data-action="open-source">Source</button>'
        "</header>"
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
        '<div class="starters" aria-live="polite"></div></div>'
    )


def _composer(documents: Sequence[Document], max_chars: int) -> str:
    return (
        f'<form class="composer">{_filter(documents)}<div class="field">'
        '<label class="sr" for="question">Your question</label>'
        f'<textarea id="question" rows="1" maxlength="{max_chars}"'
        ' placeholder="Ask a question" autocomplete="off"></textarea>'
        '<button type="submit" class="primary">Ask</button>'
        '<button type="button" class="primary stop" data-action="stop" hidden>Stop</button></div>'
        '<p class="hint-keys">Enter asks · Shift + Enter makes a new line</p></form>'
    )


def _filter(documents: Sequence[Document]) -> str:
    if len(documents) < 2:
        return ""
    boxes = "".join(
        f'<label><input type="checkbox" name="within" value="{text(d.id)}" checked>'
        f" {text(d.title or d.id)}</label>"
        for d in documents
    )
    return (
        '<details class="within"><summary>Ask all sources</summary>'
        f'<fieldset><legend class="sr">Sources to ask</legend>{boxes}</fieldset></details>'
    )


def _reading(documents: Sequence[Document]) -> str:
    return (
        '<aside class="reading" aria-label="Source"><div class="reading-bar">'
        f'{_tabs(documents)}<button type="button" class="plain close" data-action="close-source">'
        'Close</button></div><div class="pages" tabindex="0" role="region"'
        f' aria-label="Text of the source">{article_html(documents[0])}</div></aside>'
    )


def _tabs(documents: Sequence[Document]) -> str:
    if len(documents) < 2:
        return '<p class="label">Source</p>'
    options = "".join(
        f'<option value="{text(d.id)}">{text(d.title or d.id)}</option>' for d in documents
    )
    return f'<label class="sources">Source <select>{options}</select></label>'
