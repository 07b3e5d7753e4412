"""What SECURITY.md names is there, and each of its ten risks has a test."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text("utf-8")


def test_every_file_that_is_named_is_there() -> None:
    named = re.findall(r"`((?:tests|src|evals|tools|\.ci|\.github)/[^`]*)`", PAGE)
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_each_of_the_ten_risks_names_a_test_or_says_that_there_is_nothing_to_test() -> None:
    rows = re.findall(r"^\| LLM(\d\d) [^|]*\|[^|]*\|([^|]*)\|$", PAGE, re.M)
    assert [number for number, _ in rows] == [f"{n:02}" for n in range(1, 11)]
    without = [number for number, shown in rows if "`tests/" not in shown]
    assert without == []
