"""A place in a list that nobody has given."""

from __future__ import annotations

import pytest

from askali.domain import Turn
from askali.query.condense import condense_question
from askali.query.reference import at_place


@pytest.mark.parametrize("place", ["last", "latter", "former", "first", "eighth"])
def test_an_empty_list_has_no_place(place: str) -> None:
    assert at_place(place, ()) is None


@pytest.mark.parametrize(
    "question",
    ["Who holds the first key and who holds the last?", "And the latter?", "the last one's price"],
)
def test_a_place_of_no_list_is_no_error(question: str) -> None:
    assert condense_question(question, [Turn("user", "Who keeps the keys?")])
