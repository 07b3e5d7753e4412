"""Values of askali → HTML. Pure; all that a document or a model wrote is escaped."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

from askali import HINTS, REASONS, SEARCHED_FOR, Answer, Citation, Claim, Reason, Shape, is_row
from askali_ui.html_text import text
from askali_ui.markdown import (
    emphasis,
    figure_columns,
    markdown_html,
    table_as_markdown,
    without_marks,
)

_MARKER = re.compile(r"\s*\[(\d+)\]")
_CELL = re.compile(r"\|?[^|]+|\|")


def answer_html(answer: Answer) -> str:
    """The whole body of one answer: claims or abstention, and notes, without its controls."""
    noted = "".join(f"<li>{text(note)}</li>" for note in notes(answer))
    return _body(answer) + (f'<ul class="notes">{noted}</ul>' if noted else "")


def notes(answer: Answer) -> list[str]:
    """What a reader should know beside the answer, such as a part that is not stated; the
    question as it was searched stands elsewhere."""
    searched_for = SEARCHED_FOR.format(question=answer.standalone_question)
    return [note for note in answer.notes if note != searched_for]


def _body(answer: Answer) -> str:
    cited = {citation.number: citation for citation in answer.citations}
    if answer.reason is Reason.CONFLICTING:
        return _conflict(answer, cited)
    if answer.abstained and answer.shape not in _FRIENDLY:
        return _abstention(answer)
    if _is_just_claims(answer):
        return claims_html(answer.claims, cited)
    return _shaped(answer, cited)


_FRIENDLY = (Shape.SMALL_TALK, Shape.ABOUT_DOCUMENT)
_PLAIN = re.compile(r"[\s*]+")


def _is_just_claims(answer: Answer) -> bool:
    """True where the text is its claims and no more, so that each can stand by itself."""
    if not answer.claims or answer.items or answer.table:
        return False
    said = " ".join(claim.text for claim in answer.claims)
    return _PLAIN.sub("", _MARKER.sub("", answer.text)) == _PLAIN.sub("", _MARKER.sub("", said))


def _shaped(answer: Answer, cited: Mapping[int, Citation]) -> str:
    """A list, a table, sections or a friendly line, from the answer's Markdown."""
    marked = answer.text
    if answer.shape is Shape.SMALL_TALK:  # its questions stand below, to be clicked
        marked = marked.partition(" You could ask:")[0]
    if answer.table and "|" not in marked:
        marked = f"{marked}\n\n{table_as_markdown(answer.table)}"
    body = markdown_html(marked, lambda said: with_chips(said, cited), answer.table)
    if answer.shape is Shape.TIMELINE:  # a date stands above what happened, without its colon
        body = body.replace("</strong>: ", "</strong> ")
    told: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        told.setdefault(_named(citation), []).append(citation)
    lines = "".join(
        f"<li>{text(name)} {''.join(map(chip, cites))}</li>" for name, cites in told.items()
    )
    whence = f'<ul class="whence">{lines}</ul>' if lines else ""
    return f'<div class="claim shaped {answer.shape.value}">{body}</div>{whence}'


def claims_html(claims: Iterable[Claim], cited: Mapping[int, Citation]) -> str:
    """Claims in order, each followed by the chips of its citations; rows as a table."""
    parts: list[str] = []
    for is_table, group in groupby(
        claims, key=lambda c: c.verdict == "verbatim" and is_row(c.text)
    ):
        rows = list(group)
        if is_table:
            parts.append(_framed(_rows(rows, cited)) + _whence(rows, cited))
        else:
            parts += [_claim(c, cited) + _whence([c], cited) for c in rows]
    return "".join(parts)


def with_chips(marked: str, cited: Mapping[int, Citation]) -> str:
    """Escaped text whose known ``[n]`` markers have become chips; unknown ones go."""
    parts, at = [], 0
    for match in _MARKER.finditer(marked):
        parts.append(text(marked[at : match.start()]))
        parts.append(chip(cited.get(int(match[1]))))
        at = match.end()
    return "".join([*parts, text(marked[at:])])


def chip(citation: Citation | None) -> str:
    """The link ``[n]``: where it leads, and the quote that hovering shows."""
    if citation is None:
        return ""
    return (
        f'<a class="chip" href="#{place(citation)}" {span_attributes(citation)}'
        f' data-number="{citation.number}" data-quote="{text(citation.quote)}"'
        f' data-where="{text(where(citation))}"'
        f' aria-label="Citation {citation.number}: {text(citation.quote)}">{citation.number}</a>'
    )


def place(citation: Citation) -> str:
    """The id, within a page, of the sentence where a citation begins."""
    return f"at-{text(citation.document_id)}-{citation.start}"


def span_attributes(span: Citation) -> str:
    """Document and offsets as data attributes, for the script that highlights."""
    return (
        f'data-document="{text(span.document_id)}" data-start="{span.start}" data-end="{span.end}"'
    )


def where(citation: Citation) -> str:
    """Title, heading and page in one line, for example ``Annual report · Losses · page 3``."""
    page = f"page {citation.page}" if citation.page else ""
    also = f"also in {', '.join(citation.also_in)}" if citation.also_in else ""
    return " · ".join(part for part in (_named(citation), page, also) if part)


def table_html(rows: Iterable[str]) -> str:
    """A table that scrolls sideways where it is wider than its column."""
    return f'<div class="table"><table>{"".join(rows)}</table></div>'


def figures_of(rows: Sequence[str]) -> Collection[int]:
    """The columns of figures in rows of a table, the names of its columns not among them."""
    return figure_columns([[cell.strip("| ") for cell in _CELL.findall(row)] for row in rows])


def row_html(
    row: str,
    *,
    attributes: str = "",
    is_head: bool = False,
    end: str = "",
    figures: Collection[int] | None = None,
) -> str:
    """`row`, "| Books | 12 |", with a cell for each of its own; `end` follows in one more.
    `figures` are the columns that stand flush right; the row's own figures if unset.

    The bars stay in the text, unseen, so that it is the row's, character for character.
    """
    pieces = _CELL.findall(row)
    figures = figures_of([row]) if figures is None else figures
    closing = text(pieces.pop()) if len(pieces) > 1 and pieces[-1].strip() == "|" else ""
    last = f'<span class="edge">{closing}</span>'
    tag = "th" if is_head else "td"
    num = ' class="num"'
    cells = "".join(
        f"<{tag}{num if number in figures else ''}>{_cell(piece)}"
        f"{last if number == len(pieces) - 1 else ''}</{tag}>"
        for number, piece in enumerate(pieces)
    )
    return f"<tr {attributes}>{cells}{f'<td>{end}</td>' if end else ''}</tr>"


def _cell(piece: str) -> str:
    bar = '<span class="edge">|</span>' if piece.startswith("|") else ""
    body = piece.removeprefix("|")
    return bar + emphasis(body).html(body, 0, len(body)) if body else bar


def _whence(claims: Iterable[Claim], cited: Mapping[int, Citation]) -> str:
    """Which document says it; the page shows it where there is more than one."""
    says = [cited[number] for claim in claims for number in claim.citations if number in cited]
    named = dict.fromkeys(map(_named, says))
    fullest = [n for n in named if n and not any(o != n and o.startswith(n) for o in named)]
    return "".join(f'<p class="whence">{text(name)}</p>' for name in fullest)


def _named(citation: Citation) -> str:
    """Title and heading; without the names of a row's columns, which stand above it, and a
    heading that is the title again."""
    headings = [part for part in citation.heading.split(" · ") if not is_row(part)]
    return " · ".join(dict.fromkeys(filter(None, (citation.title, *headings))))


def _rows(claims: list[Claim], cited: Mapping[int, Citation]) -> Iterable[str]:
    """Rows with their chips; a first row of two or more is the head."""
    has_head = len(claims) > 1
    figures = figures_of([claim.text for claim in claims[has_head:]])
    for number, claim in enumerate(claims):
        chips = "".join(chip(cited.get(cites)) for cites in claim.citations)
        is_head = number == 0 and has_head
        yield row_html(claim.text, is_head=is_head, end=chips, figures=figures)


def _framed(rows: Iterable[str]) -> str:
    return f'<blockquote class="claim verbatim">{table_html(rows)}</blockquote>'


def _claim(claim: Claim, cited: Mapping[int, Citation]) -> str:
    verbatim = claim.verdict == "verbatim"
    said = without_marks(_MARKER.sub("", claim.text).strip())
    body, _, last = said.rpartition(" ")
    chips = "".join(chip(cited.get(number)) for number in claim.citations)
    tag = "blockquote" if verbatim else "p"
    return (
        f'<{tag} class="claim {"verbatim" if verbatim else "written"}">{text(body)} '
        f'<span class="end">{text(last)}{chips}</span></{tag}>'
        f"{_beside(claim, cited)}"
    )


def _beside(claim: Claim, cited: Mapping[int, Citation]) -> str:
    """The sentence that a few of its words were taken from, with these words in it."""
    first = cited.get(claim.citations[0]) if claim.citations else None
    quote = " ".join(first.quote.split()) if first else ""
    if is_row(quote) and first:
        return _beside_row(claim, quote)
    found = re.search(rf"(?<!\w){re.escape(claim.text)}(?!\w)", quote)
    if claim.verdict != "verbatim" or not found or found.group() == quote:
        return ""
    before, after = quote[: found.start()], quote[found.end() :]
    words = f"<strong>{text(claim.text)}</strong>"
    return f'<p class="beside">“{text(before)}{words}{text(after)}”</p>'


def _beside_row(claim: Claim, row: str) -> str:
    """The row that a figure stands in, its cell bold."""
    if claim.text == row:
        return ""
    html = row_html(row)
    bold = re.sub(
        rf"(<td>(?:<span[^>]*>\|</span>)?\s*)((?:\*\*)?{re.escape(text(claim.text))}(?:\*\*)?)(?=\s|<)",
        lambda m: f"{m[1]}<strong>{m[2].strip('*')}</strong>",
        html,
        count=1,
    )
    return f'<div class="beside">{table_html([bold])}</div>'


def _conflict(answer: Answer, cited: Mapping[int, Citation]) -> str:
    title, hint = REASONS[Reason.CONFLICTING], HINTS[Reason.CONFLICTING]
    sides = "".join(
        f"<li>{_side(claim, cited)}{_claim(claim, cited)}</li>" for claim in answer.claims
    )
    return (
        f'<div class="notice conflict"><h3>{title}</h3><p>{hint}</p>'
        f'<ul class="sides">{sides}</ul></div>'
    )


def _side(claim: Claim, cited: Mapping[int, Citation]) -> str:
    """Who says it, and when: what helps to judge between two statements."""
    says = [cited[number] for number in claim.citations if number in cited]
    known = dict.fromkeys(part for c in says for part in (c.title, c.date) if part)
    return f'<p class="label">{" · ".join(map(text, known))}</p>' if known else ""


def _abstention(answer: Answer) -> str:
    reason = answer.reason or Reason.NOTHING_RELATED
    title, hint = REASONS[reason], HINTS[reason]
    return (
        f'<div class="notice abstention"><p class="verdict">{text(answer.text)}</p>'
        f"<h3>{title}</h3>{_nearest(answer.nearest)}"
        f'<p class="hint"><strong>Try this:</strong> {hint}</p></div>'
    )


def _nearest(citation: Citation | None) -> str:
    if citation is None:
        return ""
    quote = without_marks(citation.quote)
    shown = table_html([row_html(quote)]) if is_row(quote) else text(quote)
    return (
        f'<p class="label">The nearest passage<span class="whence"> in {text(citation.title)}'
        f'</span></p><blockquote class="nearest">{shown} '
        f'<a class="go" href="#{place(citation)}" {span_attributes(citation)}'
        f' data-quote="{text(citation.quote)}" data-where="{text(where(citation))}">'
        "Show in the source</a></blockquote>"
    )
