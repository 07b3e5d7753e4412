"""A conversation to keep: text, Markdown, JSON, or one web page that works offline."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files

from askali import Answer, Citation, Document
from askali.text.visible import inert, visible
from askali_ui.article import article_html
from askali_ui.conversation import Conversation
from askali_ui.explanation import drawer_html
from askali_ui.html import answer_html, notes, where
from askali_ui.html_text import text
from askali_ui.markdown import table_as_markdown

Documents = Mapping[str, Document]


def answer_text(answer: Answer) -> str:
    """An answer with its quotes as plain text, for the clipboard."""
    lines = [answer.question, "", answer.text, *notes(answer)]
    sources = [_source_line(citation) for citation in answer.citations]
    if answer.nearest:
        sources.append(f"Nearest passage: “{answer.nearest.quote}” ({where(answer.nearest)})")
    return visible("\n".join([*lines, "", *sources])).strip() + "\n"


def as_markdown(conversation: Conversation, documents: Documents) -> str:
    """Questions as headings, answers, and each citation as a quotation."""
    parts = ["# Conversation with askali\n"]
    for turn in conversation.turns:
        parts.append(f"## {_plain(turn.answer.question)}\n\n{_shaped(turn.answer)}\n")
        parts += [f"{_plain(note)}\n" for note in notes(turn.answer)]
        parts += [
            f"> [{c.number}] {_plain(c.quote)}\n>\n> {_plain(where(c))},"
            f" characters {c.start}–{c.end}\n"
            for c in (*turn.answer.citations, *_nearest(turn.answer))
        ]
    return "\n".join([*parts, *_imprint(conversation, documents)])


def as_json(conversation: Conversation, documents: Documents) -> str:
    """Every answer whole, and the hash of each document that they cite."""
    value = {
        "answers": [turn.answer.to_dict() for turn in conversation.turns],
        "documents": [
            {"id": d.id, "title": d.title, "sha256": d.content_hash}
            for d in _cited(conversation, documents)
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def as_html(conversation: Conversation, documents: Documents) -> str:
    """One page with the cited documents and the highlights; opens without a network."""
    turns = "".join(_turn(turn.answer) for turn in conversation.turns)
    papers = "".join(article_html(document) for document in _cited(conversation, documents))
    several = " several" if len(_cited(conversation, documents)) > 1 else ""
    style, theme, script = map(_static, ("askali.css", "theme.js", "kept.js"))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\';'
        " style-src 'unsafe-inline'; script-src 'unsafe-inline'\">"
        f"<title>Conversation with askali</title><script>{theme}</script>"
        f"<style>{style}</style></head>"
        f'<body class="kept"><div class="askali{several}"><main class="room"><section class="talk"'
        f' aria-label="Conversation"><ol class="turns">{turns}</ol></section>'
        f'<aside class="reading" id="source" aria-label="Source"><div class="pages">{papers}</div>'
        f"</aside></main></div><script>{script}</script></body></html>\n"
    )


def _turn(answer: Answer) -> str:
    asked, searched = answer.question, answer.standalone_question
    understood = f'<p class="standalone">Understood as: {text(searched)}</p>'
    return (
        f'<li class="turn"><h2 class="asked">{text(asked)}</h2>'
        f"{understood if searched and searched != asked else ''}"
        f'<div class="answer">{answer_html(answer)}{drawer_html(answer)}</div></li>'
    )


def _static(name: str) -> str:
    return (files("askali_ui") / "static" / name).read_text(encoding="utf-8")


FORMATS: Mapping[str, tuple[str, Callable[[Conversation, Documents], str]]] = {
    "html": ("text/html", as_html),
    "md": ("text/markdown", as_markdown),
    "json": ("application/json", as_json),
}
"""Format → media type and the function that writes it."""


def _source_line(citation: Citation) -> str:
    return f"[{citation.number}] “{citation.quote}” ({where(citation)})"


def _nearest(answer: Answer) -> tuple[Citation, ...]:
    return (answer.nearest,) if answer.nearest else ()


def _cited(conversation: Conversation, documents: Documents) -> list[Document]:
    ids = dict.fromkeys(
        citation.document_id
        for turn in conversation.turns
        for citation in (*turn.answer.citations, *_nearest(turn.answer))
    )
    return [documents[id] for id in ids if id in documents]


def _imprint(conversation: Conversation, documents: Documents) -> Iterable[str]:
    for document in _cited(conversation, documents):
        yield f"Source: {_plain(document.title)}, SHA-256 `{document.content_hash}`"


def _shaped(answer: Answer) -> str:
    """A list, a table or sections stay as such; only links, images and tags are put to sleep."""
    if not (answer.items or answer.table):
        return _plain(answer.text)
    text = answer.text
    if answer.table and "|" not in text:
        text = f"{text}\n\n{table_as_markdown(answer.table)}"
    return inert(text)


def _plain(value: str) -> str:
    """Text that Markdown shows as it is: no link, image or tag comes alive."""
    one_line = " ".join(visible(value).split())
    return "".join(f"\\{ch}" if ch in "\\`*_[]<>!#|&" else ch for ch in one_line)
