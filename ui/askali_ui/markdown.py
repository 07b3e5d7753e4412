"""Markdown → HTML: of answers, with chips; of a source's paragraph, character for character.

Only lists, tables, headings and emphasis come alive. Links, images and tags are no rules of
the parser here, so nothing that a document or a model wrote can become one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML

from askali import Table
from askali_ui.html_text import text

_RULES = ["list", "table", "heading", "emphasis", "escape", "newline", "hr"]
_EMPHASIS = re.compile(
    r"(?<![\w*\\])(\*{1,3})(?=[^\s*])([^*\n]{1,400}?)(?<=\S)\1(?![\w*])"
    r"|(?<![\w_\\])(_{1,2})(?=[^\s_])([^_\n]{1,400}?)(?<=\S)\3(?![\w_])"
)
_UNCLOSED = re.compile(r"\*{1,3}(?=[^\s*])(?![^*]*\*)")
_BULLET = re.compile(r"[-*+•]\s+(?=\S)")
_MARKERS = re.compile(r"\[\d+\]")
_UNIT_LETTERS = 3  # "4.1 m", "12 GWh"
_NUMBERED = re.compile(r"\(?\d{1,3}[.)]\s+(?=\S)")


class _Renderer(RendererHTML):
    """Text goes through `env["inline"]`, which escapes it and makes its chips."""

    def text(self, tokens: Sequence[Any], idx: int, options: Any, env: Any) -> str:
        made: str = env["inline"](tokens[idx].content)
        return made


_PARSER = MarkdownIt("zero", renderer_cls=_Renderer).enable(_RULES)


def markdown_html(marked: str, inline: Callable[[str], str], table: Table | None = None) -> str:
    """`marked` as HTML; `inline` makes the HTML of its plain text. The cells that `table`
    says are asked for are set bold."""
    tokens = _PARSER.parse(marked)
    figures = iter(_figures_of_tables(tokens))
    numeric: Collection[int] = ()
    asked = {
        (r, c)
        for r, row in enumerate(table.rows if table else (), 1)
        for c, cell in enumerate(row)
        if cell.is_asked
    }
    row = column = -1
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3"  # below the question, which is the turn's heading
        elif token.type == "table_open":
            numeric = next(figures)
        elif token.type == "tr_open":
            row, column = row + 1, -1
        elif token.type in ("td_open", "th_open"):
            column += 1
            token.attrs.pop("style", None)
            if column in numeric:
                token.attrJoin("class", "num")
            if token.type == "td_open" and (row, column) in asked:
                token.attrJoin("class", "asked-cell")
        elif token.type == "table_close":
            row = -1
    for opening, named, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "th_open" and not named.content:  # a corner that names nothing
            opening.tag = closing.tag = "td"
    made = str(_PARSER.renderer.render(tokens, _PARSER.options, {"inline": inline}))
    framed = made.replace("<table>", '<div class="table"><table>')
    return framed.replace("</table>", "</table></div>")


def _figures_of_tables(tokens: Sequence[Any]) -> Iterator[Collection[int]]:
    """For each table the columns of its figures."""
    body: list[list[str]] = []
    for before, token in pairwise(tokens):
        if token.type == "table_open":
            body = []
        elif token.type == "tr_open":
            body.append([])
        elif before.type == "td_open":
            body[-1].append(_MARKERS.sub("", token.content))
        elif token.type == "table_close":
            yield figure_columns(body)


def figure_columns(rows: Sequence[Sequence[str]]) -> Collection[int]:
    """Columns of figures, which stand flush right: each cell has digits and next to no letters.
    The first one names its row, whatever stands in it."""
    cells = [
        [cell for cell in column if cell.strip()] for column in zip_longest(*rows, fillvalue="")
    ]
    return {
        number
        for number, column in enumerate(cells)
        if number and column and all(map(_is_figure, column))
    }


def _is_figure(cell: str) -> bool:
    return any(map(str.isdigit, cell)) and sum(map(str.isalpha, cell)) <= _UNIT_LETTERS


def table_as_markdown(table: Table) -> str:
    """A table of values with the markers of its citations."""

    def cell(value: str) -> str:
        return " ".join(value.split()).replace("|", "\\|")

    rows = [
        [cell(c.text) + "".join(f" [{n}]" for n in c.citations) for c in row] for row in table.rows
    ]
    lines = [list(map(cell, table.columns)), ["---"] * len(table.columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Where a paragraph's marks stand, which are not shown, and what they set off."""

    hidden: tuple[tuple[int, int], ...] = ()
    strong: tuple[tuple[int, int, str], ...] = ()

    def html(self, paragraph: str, start: int, end: int) -> str:
        """``paragraph[start:end]`` with every character; a mark is ``class="edge"``."""
        ends = {start, end}
        spans = [*self.hidden, *((a, b) for a, b, _ in self.strong)]
        ends |= {at for span in spans for at in span if start < at < end}
        cuts = sorted(ends)
        parts = []
        for a, b in zip(cuts, cuts[1:], strict=False):
            piece = text(paragraph[a:b])
            if any(x <= a < y for x, y in self.hidden):
                parts.append(f'<span class="edge">{piece}</span>')
                continue
            for x, y, tag in self.strong:
                if x <= a < y:
                    piece = f"<{tag}>{piece}</{tag}>"
            parts.append(piece)
        return "".join(parts)


def emphasis(paragraph: str) -> Emphasis:
    """The marks of a paragraph: stars and underscores around words, the dash of a bullet."""
    hidden, strong = [], []
    if bullet := _BULLET.match(paragraph):
        hidden.append((0, bullet.end()))
    if (opening := _UNCLOSED.match(paragraph)) and not hidden:  # its end is in no sentence
        hidden.append(opening.span())
        strong.append((opening.end(), len(paragraph), "em" if opening.end() == 1 else "strong"))
    for found in _EMPHASIS.finditer(paragraph, hidden[0][1] if hidden else 0):
        width = len(found[1] or found[3])
        a, b = found.span()
        hidden += [(a, a + width), (b - width, b)]
        strong.append((a + width, b - width, "em" if width == 1 else "strong"))
    return Emphasis(tuple(hidden), tuple(strong))


def item_class(paragraph: str) -> str:
    """What kind of list entry a paragraph is, as a class; "" for none."""
    if _BULLET.match(paragraph):
        return "bullet"
    return "numbered" if _NUMBERED.match(paragraph) else ""


def without_marks(quote: str) -> str:
    """A quote as it is read: no dash of a bullet, no stars around words."""
    found = emphasis(quote)
    kept, at = [], 0
    for a, b in sorted(found.hidden):
        kept.append(quote[at:a])
        at = b
    return "".join([*kept, quote[at:]])
