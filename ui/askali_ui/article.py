"""A document → HTML to be read: each sentence in a span that knows its offsets."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from askali import Document, Sentence, head_rows, is_row, split_sentences
from askali_ui.html import figures_of, row_html, table_html
from askali_ui.html_text import text
from askali_ui.markdown import emphasis, item_class


def article_html(document: Document) -> str:
    """The whole document: title, what is known about it, headings and paragraphs.

    Every character of the text is there; a sentence is
    ``<span class="s" data-start data-end>``, a row of a table a ``<tr>`` with the same;
    the space after it is ``class="g"``.
    """
    return (
        f'<article class="paper" data-document="{text(document.id)}"'
        f' aria-label="{text(document.title or document.id)}">'
        f"{_head(document)}{_body(document)}</article>"
    )


def _head(document: Document) -> str:
    known = " · ".join(
        text(part) for part in (document.author, document.publisher, document.shown_date) if part
    )
    byline = f'<p class="byline">{known}</p>' if known else ""
    source = f'<p class="source">{text(document.source)}</p>' if document.source else ""
    return f"<header><h2>{text(document.title or document.id)}</h2>{byline}{source}</header>"


def _body(document: Document) -> str:
    parts, at, first = [], 0, True
    for is_table, group in groupby(split_sentences(document), key=_block):
        block = list(group)
        gap = document.text[at : block[0].start]
        parts.append(_between(gap, block[0].heading, document.title if first else ""))
        parts.append((_table if is_table < 0 else _paragraph)(document, block, first))
        at, first = block[-1].end, False
    return "".join([*parts, _between(document.text[at:], "", "")])


def _block(sentence: Sentence) -> int:
    """What stands together: a paragraph by its number, the rows of a table as one."""
    return -1 if is_row(sentence.text) else sentence.paragraph


def _table(document: Document, rows: Sequence[Sentence], _: bool) -> str:
    """Rows with their cells; the rule below the head stays in the text, unseen."""
    lines = [
        line.strip()
        for line in document.text[rows[0].start : rows[-1].end].splitlines()
        if line.strip()
    ]
    head = {" ".join(line.split()) for line in lines[: head_rows(lines)]}
    parts, at = [], rows[0].start
    figures = figures_of([row.text for row in rows if " ".join(row.text.split()) not in head])
    for row in rows:
        if rule := document.text[at : row.start].strip():
            parts.append(f"<tr hidden><td>{text(rule)}</td></tr>")
        is_head = " ".join(row.text.split()) in head
        place = _place(document.id, row)
        parts.append(row_html(row.text, attributes=place, is_head=is_head, figures=figures))
        at = row.end
    return table_html(parts)


def _between(gap: str, heading: str, title: str) -> str:
    """Lines that are not sentences: headings, or asides such as image credits."""
    lines = (line.strip() for line in gap.splitlines())
    return "".join(_line(line, heading, title) for line in lines if line)


def _line(line: str, heading: str, title: str) -> str:
    bare = line.lstrip("#").strip() or line
    if bare == title or not line.strip(
        "*_"
    ):  # stands above, or is a mark; kept here, unseen, so that nothing is missing
        return f'<p class="again" hidden>{text(bare)}</p>'
    if heading and bare.rstrip("# ") == heading or line.startswith("#"):
        return f"<h3>{text(bare)}</h3>"
    return f'<p class="aside">{emphasis(line).html(line, 0, len(line))}</p>'


def _paragraph(document: Document, sentences: Sequence[Sentence], first: bool) -> str:
    begin, end = sentences[0].start, sentences[-1].end
    whole = document.text[begin:end]
    marks = emphasis(whole)
    parts, at = [], begin
    for sentence in sentences:
        if sentence.start > at:
            span = f'class="g" data-start="{at}" data-end="{sentence.start}"'
            gap = marks.html(whole, at - begin, sentence.start - begin)
            parts.append(f"<span {span}>{gap}</span>")
        said = marks.html(whole, sentence.start - begin, sentence.end - begin)
        parts.append(f"<span {_place(document.id, sentence)}>{said}</span>")
        at = sentence.end
    kind = " ".join(filter(None, ("first" if first else "", item_class(whole))))
    return f"<p{_class(kind)}>{''.join(parts)}</p>"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _place(document_id: str, sentence: Sentence) -> str:
    return (
        f'class="s" id="at-{text(document_id)}-{sentence.start}"'
        f' data-start="{sentence.start}" data-end="{sentence.end}"'
    )
