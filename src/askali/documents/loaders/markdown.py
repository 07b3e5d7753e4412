"""Markdown: what a reader of the rendered page sees, by markdown-it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from askali.documents.limits import Limits
from askali.documents.loaders import plain
from askali.documents.loaders.base import Extracted, one_line, require_text, row_text
from askali.documents.loaders.html_blocks import visible_text

if TYPE_CHECKING:
    from markdown_it.token import Token

_MOST_CHARS = 4_000_000
"""More is read as plain text: the parser keeps every token of a document."""

_FRONT = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_NOTE = re.compile(r"^\[\^([^\]\s]{1,40})\]:[ \t]*", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^[^\]\s]{1,40}\]")
_TASK = re.compile(r"\[[ xX]\] ")


def extract(path: Path, limits: Limits) -> Extracted:
    """Headings are lines after "#", entries of lists after "- ", rows of tables "a | b"; marks
    of emphasis, links' addresses and comments are gone. Front matter tells title, author and
    date; its other fields stay as lines."""
    from markdown_it import MarkdownIt

    found = plain.extract(path, limits)
    text = found.text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > _MOST_CHARS:
        return replace(found, remarks=(*found.remarks, "read as plain text for its length"))
    about, rest = _front_matter(text)
    rest = _NOTE_MARK.sub("", _NOTE.sub("", rest))
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(rest)
    told = {name: about.pop(name, "") for name in ("title", "author", "date", "lang", "language")}
    page = _Page([f"{name}: {value}" for name, value in about.items()])
    for token in tokens:
        page.take(token)
    return Extracted(
        require_text("\n\n".join(page.blocks), limits.max_text_chars, "is empty; add text"),
        title=told["title"],
        date=told["date"],
        author=told["author"],
        language=told["lang"] or told["language"],
        remarks=found.remarks,
    )


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """Its fields of one line or of a list, lower-cased, and the text below it."""
    found = _FRONT.match(text)
    if not found:
        return {}, text
    try:
        fields: Any = yaml.load(found.group(1), yaml.BaseLoader)  # dates and figures as written
    except (yaml.YAMLError, RecursionError):
        return {}, text
    if not isinstance(fields, dict):
        return {}, text
    told = {str(name).lower(): ", ".join(_scalars(value)) for name, value in fields.items()}
    return {name: one_line(value) for name, value in told.items() if value}, text[found.end() :]


def _scalars(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item.strip():
            yield item


@dataclass(slots=True)
class _Page:
    """Blocks so far; `lists` has for each open list the number of its next entry, 0 for none."""

    blocks: list[str]
    lists: list[int] = field(default_factory=list)
    mark: str = ""
    row: list[str] | None = None
    is_table_open: bool = False

    def take(self, token: Token) -> None:
        kind = token.type
        if kind == "heading_open":
            self.mark = token.markup + " " if "#" in token.markup else "#" * int(token.tag[1]) + " "
        elif kind in ("bullet_list_open", "ordered_list_open"):
            start = int(token.attrGet("start") or 1) if kind.startswith("ordered") else 0
            self.lists.append(start)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif kind == "list_item_open":
            self.mark = f"{self.lists[-1]}. " if self.lists[-1] else "- "
            self.lists[-1] += bool(self.lists[-1])
        elif kind == "table_open":
            self.is_table_open = False
        elif kind == "tr_open":
            self.row = []
        elif kind == "tr_close":
            self._end_row()
        elif kind == "inline":
            self._inline(token)
        elif kind in ("fence", "code_block"):
            self._add(token.content.rstrip("\n"))
        elif kind == "html_block":
            self._add(visible_text(token.content))

    def _inline(self, token: Token) -> None:
        text = "".join(map(_shown, token.children or ()))
        if self.row is not None:
            self.row.append(" ".join(text.split()))
        elif self.mark.startswith("#"):
            self._add(" ".join(text.split()))
        else:
            self._add(_TASK.sub("", text, count=1) if self.mark == "- " else text)

    def _end_row(self) -> None:
        text = row_text(self.row or ("",))
        if self.is_table_open and text.strip():
            self.blocks[-1] += f"\n{text}"
        elif text.strip():
            self.blocks.append(text)
            self.is_table_open = True
        self.row = None

    def _add(self, text: str) -> None:
        if text.strip():
            self.blocks.append(self.mark + text.strip())
            self.mark = ""


def _shown(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " " if token.type == "softbreak" else "\n"
    if token.type == "html_inline":
        return "\n" if token.content.lower().startswith("<br") else ""
    return token.content
