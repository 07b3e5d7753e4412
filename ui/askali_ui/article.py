"""A document → HTML to be read: each sentence in a span that knows its offsets."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from askali import Document, Sentence, split_sentences
from askali_ui.render import text


def article_html(document: Document) -> str:
    """The whole document: title, what is known about it, headings and paragraphs.

    Every character of the text is there; a sentence is
    ``<span class="s" data-start data-end>``, the space after it ``class="g"``.
    """
    return (
        f'<article class="paper" data-document="{text(document.id)}"'
        f' aria-label="{text(document.title or document.id)}">'
        f"{_head(document)}{_body(document)}</article>"
    )


def _head(document: Document) -> str:
    known = " · ".join(text(part) for part in (document.publisher, document.date) if part)
    byline = f'<p class="byline">{known}</p>' if known else ""
    source = f'<p class="source">{text(document.source)}</p>' if document.source else ""
    return f"<header><h2>{text(document.title or document.id)}</h2>{byline}{source}</header>"


def _body(document: Document) -> str:
    parts, at, first = [], 0, True
    for _, group in groupby(split_sentences(document), key=lambda s: s.paragraph):
        paragraph = list(group)
        gap = document.text[at : paragraph[0].start]
        parts.append(_between(gap, paragraph[0].heading, document.title if first else ""))
        parts.append(_paragraph(document, paragraph, first))
        at, first = paragraph[-1].end, False
    return "".join([*parts, _between(document.text[at:], "", "")])


def _between(gap: str, heading: str, title: str) -> str:
    """Lines that are not sentences: headings, or asides such as image credits."""
    lines = (line.strip() for line in gap.splitlines())
    return "".join(_line(line, heading, title) for line in lines if line)


def _line(line: str, heading: str, title: str) -> str:
    bare = line.lstrip("#").strip() or line
    if bare == title:  # stands above already; kept here, unseen, so that nothing is missing
        return f'<p class="again" hidden>{text(bare)}</p>'
    if heading and bare.rstrip("# ") == heading or line.startswith("#"):
        return f"<h3>{text(bare)}</h3>"
    return f'<p class="aside">{text(line)}</p>'


def _paragraph(document: Document, sentences: Sequence[Sentence], first: bool) -> str:
    parts, at = [], sentences[0].start
    for sentence in sentences:
        if sentence.start > at:
            parts.append(_gap(document.text, at, sentence.start))
        parts.append(_sentence(document.id, sentence))
        at = sentence.end
    return f"<p{' class=first' if first else ''}>{''.join(parts)}</p>"


def _gap(verbatim: str, start: int, end: int) -> str:
    span = f'data-start="{start}" data-end="{end}"'
    return f'<span class="g" {span}>{text(verbatim[start:end])}</span>'


def _sentence(document_id: str, sentence: Sentence) -> str:
    return (
        f'<span class="s" id="at-{text(document_id)}-{sentence.start}"'
        f' data-start="{sentence.start}" data-end="{sentence.end}">{text(sentence.text)}</span>'
    )
