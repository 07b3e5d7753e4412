"""Values of askali → HTML. Pure; all that a document or a model wrote is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby

from askali import HINTS, REASONS, SEARCHED_FOR, Answer, Citation, Claim, Reason, is_row

_MARKER = re.compile(r"\s*\[(\d+)\]")
_CELL = re.compile(r"\|?[^|]+|\|")
_CONTROL = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def text(value: str) -> str:
    """`value` as inert HTML text; direction overrides become visible nothing."""
    return escape(_CONTROL.sub("", value), quote=True)


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
    if answer.abstained:
        return _abstention(answer)
    if not answer.claims:
        return f'<p class="claim">{with_chips(answer.text, cited)}</p>'
    return claims_html(answer.claims, cited)


def claims_html(claims: Iterable[Claim], cited: Mapping[int, Citation]) -> str:
    """Claims in order, each followed by the chips of its citations; rows as a table."""
    parts: list[str] = []
    for is_table, group in groupby(
        claims, key=lambda c: c.verdict == "verbatim" and is_row(c.text)
    ):
        made = (_row(c, cited) if is_table else _claim(c, cited) for c in group)
        parts += [_framed(made)] if is_table else made
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
    return " · ".join(part for part in (citation.title, citation.heading, page, also) if part)


def table_html(rows: Iterable[str]) -> str:
    """A table that scrolls sideways where it is wider than its column."""
    return f'<div class="table"><table>{"".join(rows)}</table></div>'


def row_html(row: str, *, attributes: str = "", is_head: bool = False, end: str = "") -> str:
    """`row`, "| Books | 12 |", with a cell for each of its own; `end` follows in one more.

    The bars stay in the text, unseen, so that it is the row's, character for character.
    """
    pieces = _CELL.findall(row)
    closing = text(pieces.pop()) if len(pieces) > 1 and pieces[-1].strip() == "|" else ""
    last = f'<span class="edge">{closing}</span>'
    tag = "th" if is_head else "td"
    cells = "".join(
        f"<{tag}>{_cell(piece)}{last if number == len(pieces) else ''}</{tag}>"
        for number, piece in enumerate(pieces, 1)
    )
    return f"<tr {attributes}>{cells}{f'<td>{end}</td>' if end else ''}</tr>"


def _cell(piece: str) -> str:
    bar = '<span class="edge">|</span>' if piece.startswith("|") else ""
    return bar + text(piece.removeprefix("|"))


def _row(claim: Claim, cited: Mapping[int, Citation]) -> str:
    return row_html(claim.text, end="".join(chip(cited.get(number)) for number in claim.citations))


def _framed(rows: Iterable[str]) -> str:
    return f'<blockquote class="claim verbatim">{table_html(rows)}</blockquote>'


def _claim(claim: Claim, cited: Mapping[int, Citation]) -> str:
    verbatim = claim.verdict == "verbatim"
    body, _, last = _MARKER.sub("", claim.text).strip().rpartition(" ")
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
    found = re.search(rf"(?<!\w){re.escape(claim.text)}(?!\w)", quote)
    if claim.verdict != "verbatim" or not found or found.group() == quote:
        return ""
    before, after = quote[: found.start()], quote[found.end() :]
    words = f"<strong>{text(claim.text)}</strong>"
    return f'<p class="beside">“{text(before)}{words}{text(after)}”</p>'


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
    return (
        '<p class="label">The nearest passage, which does not answer it</p>'
        f'<blockquote class="nearest">{text(citation.quote)} '
        f'<a class="go" href="#{place(citation)}" {span_attributes(citation)}'
        f' data-quote="{text(citation.quote)}" data-where="{text(where(citation))}">'
        "Show in the source</a></blockquote>"
    )
