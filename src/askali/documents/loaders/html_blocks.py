"""An element tree of HTML, or of trafilatura's own tags, to plain text in blocks.

Paragraphs stand apart by an empty line; a heading starts with "#", an entry of a
list with "- " or its number; the cells of a table's row are joined by " | ". No recursion: a
tree may be as deep as its author liked.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from askali.documents.loaders.base import clean

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset "
    "figcaption figure footer form header hr html legend list li item main nav ol p pre quote "
    "section summary table tbody tfoot thead title tr row ul head h1 h2 h3 h4 h5 h6 code".split()
)
_SKIPPED = frozenset(
    "script style noscript template svg math iframe object embed button input select textarea "
    "nav form dialog canvas audio video graphic".split()
)
_CELLS = frozenset({"td", "th", "cell"})
_LISTS = frozenset({"ol", "ul", "list"})
_ENTRIES = frozenset({"li", "item"})
_STAY_IN_CELL = frozenset({"p", "div"})
_BREAKS = frozenset({"br", "lb"})
_CELL_END = "\x1f"


_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ENDS = (".", "!", "?", ":", ";", "。", "！", "？")
_MOST_SPANNED = 50
_MOST_COPIES = 20_000


def prepare(root: Any) -> None:
    """Take out what a browser hides, put a term before each of its definitions, and give a
    spanning cell to each column and row of it."""
    for element in list(root.iter()):
        if isinstance(element.tag, str) and _is_hidden(element) and element.getparent() is not None:
            _remove(element)
    for definitions in list(root.iter("dl")):
        _define(definitions)
    left = _MOST_COPIES
    for row in list(root.iter("tr")):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        for at, cell in enumerate(cells):
            columns, rows = _span(cell, "colspan"), _span(cell, "rowspan")
            for other in _rows_below(row, rows - 1):
                if left > 0 and len(cells) > 1:
                    _insert(other, at, cell)
                    left -= 1
            for _ in range(min(columns - 1, left) if len(cells) > 1 else 0):
                row.insert(row.index(cell) + 1, _copy(cell))
                left -= 1


def visible_text(html: str) -> str:
    """The text of a piece of HTML, as `text_of` gives it."""
    from lxml import etree

    parser = etree.HTMLParser(no_network=True, recover=True, remove_comments=True)
    tree = etree.fromstring(f"<body>{html}</body>", parser)
    if tree is None:
        return ""
    prepare(tree)
    return text_of(tree)


def _is_hidden(element: Any) -> bool:
    return (
        element.get("hidden", "until-found") != "until-found"
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(element.get("style") or ""))
    )


def _define(definitions: Any) -> None:
    """Make paragraphs of a list of definitions: "term: what it is"."""
    from lxml import etree

    terms: list[Any] = []
    is_told = False
    for part in list(definitions.iter("dt", "dd")):
        if part.tag == "dt":
            terms = [] if is_told else terms
            terms.append(part)
            is_told = False
            continue
        named = " / ".join(" ".join("".join(term.itertext()).split()) for term in terms)
        for inner in part.iter("p", "div"):
            inner.tail = f" {inner.tail or ''}"
        etree.strip_tags(part, "p", "div")
        if named:
            part.text = f"{named}{' ' if named.endswith(_ENDS) else ': '}{part.text or ''}"
            is_told = True
        part.tag = "p"
        for term in terms:
            if term.getparent() is not None:
                _remove(term)
    for term in definitions.iter("dt"):
        term.tag = "p"
    definitions.tag = "div"


def _remove(element: Any) -> None:
    parent, before = element.getparent(), element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    cell.attrib.pop(name, None)
    return min(max(int(value), 1), _MOST_SPANNED) if value.isascii() and value.isdigit() else 1


def _rows_below(row: Any, count: int) -> list[Any]:
    below = []
    while count > 0 and (row := row.getnext()) is not None and row.tag == "tr":
        below.append(row)
        count -= 1
    return below


def _insert(row: Any, at: int, cell: Any) -> None:
    """A copy of the cell into the row, at the column that it has in its own."""
    cells = [other for other in row if other.tag in ("td", "th")]
    row.insert(row.index(cells[at]) if at < len(cells) else len(row), _copy(cell))


def _copy(cell: Any) -> Any:
    made = copy.deepcopy(cell)
    for name in ("colspan", "rowspan"):
        made.attrib.pop(name, None)
    made.tail = None
    return made


def text_of(root: Any, skipped: frozenset[str] = frozenset()) -> str:
    """All that a reader would see of `root`, without scripts, forms and `skipped` tags."""
    from lxml import etree

    page = _Page()
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
        is_hidden = tag in _SKIPPED or tag in skipped or not tag
        if event == "start":
            hidden += is_hidden
            if not hidden:
                page.open(tag, element.get("rend") or "", element.get("start") or "1")
                page.add(element.text)
            continue
        if event == "end":
            if not hidden:
                page.close(tag)
            hidden -= is_hidden
        if not hidden and element is not root:
            page.add(element.tail)
    page.end_block()
    return "\n\n".join(page.blocks)


class _Page:
    """Blocks so far and the one that is being written."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self._parts: list[str] = []
        self._mark = ""
        self._cells = 0
        self._is_row = self._is_table_open = False
        self._numbers: list[int] = []  # of the next entry of each open list; 0 in one of bullets

    def open(self, tag: str, rend: str, start: str = "1") -> None:
        self._cells += tag in _CELLS
        if tag in _LISTS:
            is_numbered = "ol" in (tag, rend) and start.isdecimal()
            self._numbers.append(int(start) if is_numbered else 0)
        if tag in ("table", "row", "tr"):
            self.end_block()
            self._is_table_open = self._is_table_open and tag != "table"
            self._is_row = tag != "table"
        if tag in _BREAKS:
            self._parts.append(" " if self._cells else "\n")
        elif self._ends_block(tag):
            self.end_block()
            self._mark = _mark(tag, rend) or self._mark
            if tag in _ENTRIES and self._numbers and self._numbers[-1]:
                self._mark = f"{self._numbers[-1]}. "
                self._numbers[-1] += 1

    def add(self, text: str | None) -> None:
        if text:
            self._parts.append(text.replace("\n", " "))

    def close(self, tag: str) -> None:
        if tag in _LISTS and self._numbers:
            self._numbers.pop()
        if tag in _CELLS:
            self._cells -= 1
            self._parts.append(_CELL_END)
        elif self._ends_block(tag):
            self.end_block()
            if tag in _ENTRIES:
                self._mark = ""
            if tag in ("tr", "row", "table"):
                self._is_row = False

    def _ends_block(self, tag: str) -> bool:
        """A cell's paragraphs stay on the line of their row."""
        if tag in _STAY_IN_CELL and self._cells:
            self._parts.append(" ")
            return False
        return tag in _BLOCKS

    def end_block(self) -> None:
        lines = clean("".join(self._parts).replace(_CELL_END, "\t|\t")).split("\n")
        folded = [" ".join(line.split()).rstrip(" |") for line in lines]
        text = ""
        for line in filter(None, folded):
            # A break inside a sentence is typesetting.
            runs_on = text and line[0].islower() and not text.endswith(_ENDS)
            text += f"{' ' if runs_on else chr(10) if text else ''}{line}"
        self._parts = []
        if not text:
            return
        if self._mark.startswith("#"):
            text = text.replace("\n", " ")
        if self._is_row and self._is_table_open and " | " in text:
            self.blocks[-1] += f"\n{text}"
        else:
            self.blocks.append(self._mark + text)
            self._is_table_open = self._is_row and " | " in text
        self._mark = ""


def _mark(tag: str, rend: str) -> str:
    level = rend if tag == "head" else tag
    if len(level) == 2 and level[0] == "h" and level[1] in "123456":
        return "#" * int(level[1]) + " "
    if tag == "head":
        return "## "
    return "- " if tag in _ENTRIES else ""
