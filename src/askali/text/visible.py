"""Foreign text as it may be shown: nothing that a terminal obeys, a browser fetches or a reader
does not see."""

from __future__ import annotations

import json
import re
from typing import Any

_BLANK = "\x0b\x0c\r\x1c\x1d\x1e\x1f\x85"
_SHOWN: dict[int, str | None] = {
    **dict.fromkeys((*range(32), *range(127, 160)), "�"),
    **dict.fromkeys(map(ord, _BLANK), " "),
    **dict.fromkeys((0x200E, 0x200F, 0x61C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), None),
    **dict.fromkeys(range(0xE0000, 0xE0080), None),
    ord("\n"): "\n",
    ord("\t"): "\t",
}
_NOT_PLAIN = re.compile(
    "[\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)
# "![", "](", "]:" and the beginning of a tag or an entity, where no backslash puts them to sleep:
# each second one in a row is itself put to sleep by the one before it.
_AWAKE = re.compile(r"(?<!\\)((?:\\\\)*)(!(?=\[)|\](?=[(:])|<(?=[A-Za-z/!?])|&(?=#?\w))")


def visible(text: str) -> str:
    """`text` in the order in which it is stored: without the marks and overrides of the direction,
    and without Unicode's tags, an alphabet that nobody sees and every model reads; control
    characters, but for line breaks and tabs, are U+FFFD or a space."""
    return text.replace("\r\n", "\n").translate(_SHOWN)


def inert(markdown: str) -> str:
    """`visible` Markdown whose lists, tables and emphasis are ours, and whose links, images and
    tags, which a document wrote, show as they are written."""
    return _AWAKE.sub(r"\1\\\2", visible(markdown))


def visible_json(value: Any) -> str:
    """Indented JSON that a terminal may show: what is not `visible` is escaped, so that a program
    reads the very same value."""
    told = json.dumps(value, ensure_ascii=False, indent=2)
    return _NOT_PLAIN.sub(lambda found: json.dumps(found.group())[1:-1], told)
