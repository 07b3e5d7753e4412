"""Figures in the short and the long ways of writing them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from askali.text.quantities import FIGURE, Figure, read_figure


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("$2m", "2000000", "$"),
        ("20m", "20", "metre"),
        ("€3.5k", "3500", "€"),
        ("£1b", "1000000000", "£"),
        ("two dozen eggs", "24", ""),
        ("three hundred and twelve", "312", ""),
        ("-4 km", "-4", "km"),
        ("third", "3", "th"),
        ("2½ hours", "2.5", "hour"),
    ],
)
def test_a_figure_is_read_with_its_scale_sign_and_unit(text: str, value: str, unit: str) -> None:
    match = FIGURE.search(text)
    assert match
    found = read_figure(match)
    assert found == Figure(Decimal(value).normalize(), unit)
