"""What `from askali import …` promises."""

from __future__ import annotations

import pytest

import askali


@pytest.mark.parametrize("name", askali.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(askali, name)


def test_an_unknown_name_is_said_so() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Anser'"):
        _ = askali.Anser
