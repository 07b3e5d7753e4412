"""An element tree of HTML, or of trafilatura's own tags, to plain text in blocks.

Paragraphs stand apart by an empty line; a heading starts with "#", an entry of a
list with "- "; the cells of a table's row are joined by " | ". No recursion: a
tree may be as deep as its author liked.
"""

from __future__ import annotations

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
_STAY_IN_CELL = frozenset({"p", "div"})
_BREAKS = frozenset({"br", "lb"})
_CELL_END = "\x1f"


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
                page.open(tag, element.get("rend") or "")
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

    def open(self, tag: str, rend: str) -> None:
        self._cells += tag in _CELLS
        if tag in _BREAKS:
            self._parts.append(" " if self._cells else "\n")
        elif self._ends_block(tag):
            self.end_block()
            self._mark = _mark(tag, rend) or self._mark

    def add(self, text: str | None) -> None:
        if text:
            self._parts.append(text.replace("\n", " "))

    def close(self, tag: str) -> None:
        if tag in _CELLS:
            self._cells -= 1
            self._parts.append(_CELL_END)
        elif self._ends_block(tag):
            self.end_block()
            if tag in ("li", "item"):
                self._mark = ""

    def _ends_block(self, tag: str) -> bool:
        """A cell's paragraphs stay on the line of their row."""
        if tag in _STAY_IN_CELL and self._cells:
            self._parts.append(" ")
            return False
        return tag in _BLOCKS

    def end_block(self) -> None:
        lines = clean("".join(self._parts).replace(_CELL_END, "\t|\t")).split("\n")
        folded = [" ".join(line.split()).rstrip(" |") for line in lines]
        text = "\n".join(line for line in folded if line)
        if text:
            if self._mark.startswith("#"):
                text = text.replace("\n", " ")
            self.blocks.append(self._mark + text)
            self._mark = ""
        self._parts = []


def _mark(tag: str, rend: str) -> str:
    level = rend if tag == "head" else tag
    if len(level) == 2 and level[0] == "h" and level[1] in "123456":
        return "#" * int(level[1]) + " "
    if tag == "head":
        return "## "
    return "- " if tag in ("li", "item") else ""
