"""Regular expressions that once took a time that grew with the square of their text do so no more.

Each is measured as it is used, on the worst text that was found for it. The texts are found by
repeating what a pattern repeats; most other patterns see a question of at most 4,000 characters.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from askali.answering.shapes.arithmetic import _NAMES
from askali.answering.shapes.blocks import _BREAK
from askali.answering.shapes.comparisons import _BETWEEN, _WHEN
from askali.answering.shapes.extraction import _DEGREES, _MAIL
from askali.answering.shapes.lists import _LABELLED
from askali.models.template import plain
from askali.text.visible import inert, visible

USED: dict[str, tuple[Callable[[str], object], tuple[str, ...]]] = {
    "arithmetic._NAMES": (_NAMES.match, (" ", "a ", "-")),
    "blocks._BREAK": (_BREAK.split, (" ", ", ", "and ")),
    "comparisons._BETWEEN": (_BETWEEN.split, (" ", ", ", "and ")),
    "comparisons._WHEN": (_WHEN.search, (" ", "before\n", "last ", "a before ")),
    "extraction._MAIL": (lambda text: list(_MAIL.finditer(text)), ("_", "a.", "a@", "www")),
    "extraction._DEGREES": (lambda text: list(_DEGREES.finditer(text)), ("1", "1 ", "1 to ", "-")),
    "lists._LABELLED": (lambda text: list(_LABELLED.finditer(text)), ("\n", " ", "\n-", "Ab ")),
    "template.plain": (plain, ("<|", "<|a", "|>", "\U000e0041")),
    "visible": (visible, ("\x1b", "\u202e", "\r")),
    "inert": (inert, ("\\", "![", "](", "<", "&")),
}
FEW, MANY = 2_000, 16_000


def seconds(use: Callable[[str], object], text: str) -> float:
    """The least of three: a machine that has other work to do is no slow pattern."""
    taken = []
    for _ in range(3):
        started = time.process_time()
        use(text)
        taken.append(time.process_time() - started)
    return min(taken)


@pytest.mark.parametrize("name", USED)
def test_the_time_grows_with_the_text(name: str) -> None:
    use, pieces = USED[name]
    for piece in pieces:
        for end in ("", "\x00", "\n"):
            few, many = (seconds(use, piece * (n // len(piece)) + end) for n in (FEW, MANY))
            # eight times the text: the square would be 64 times the time
            assert many < 0.05 or many < 24 * few, (piece, end, few, many)
