"""The house stays one that a stranger finds his way in: what was reached may not be lost."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from askali import Assistant, Document
from check_patterns import silent_patterns
from trace_question import Walk

ROOT = Path(__file__).parent.parent
MODULES, RETURNS = 46, 20
"""What one question over one short document meets; lower them when it meets less."""


def sources() -> list[Path]:
    return sorted((ROOT / "src" / "askali").rglob("*.py"))


def test_one_question_meets_no_more_modules_than_it_did() -> None:
    text = "The Elmford mill was built in 1912. It ground rye until 1967, when it burned down."
    with Assistant.from_documents([Document("mill", "The mill", text)], llm="none") as bot:
        bot.ask("When was the mill built?")
        walk = Walk()
        sys.setprofile(walk)
        try:
            bot.ask("When was the mill built?")
        finally:
            sys.setprofile(None)
    assert len(walk.modules) <= MODULES, walk.modules
    assert walk.returns <= RETURNS


def test_long_patterns_say_what_they_find() -> None:
    silent = [
        f"{path}:{line}"
        for path in sources()
        for line, _ in silent_patterns(path.read_text("utf-8"))
    ]
    assert not silent


def test_a_pattern_is_explained_by_a_comment_or_by_the_string_below_it() -> None:
    long = "x" * 90
    assert list(silent_patterns(f"A = re.compile('{long}')")) == [(1, 90)]
    assert not list(silent_patterns(f"# Why.\nA = re.compile('{long}')"))
    assert not list(silent_patterns(f'A = re.compile("{long}")\n"""What it finds."""'))
    assert not list(silent_patterns("A = re.compile('short')"))


def test_a_pattern_in_a_call_a_raw_string_or_a_table_is_a_pattern_too() -> None:
    long = "x" * 90
    assert list(silent_patterns(f"def f(t):\n    return re.search('{long}', t)")) == [(2, 90)]
    assert list(silent_patterns(f"A = {{'a': (r'{long}', 1)}}")) == [(1, 90)]
    assert not list(silent_patterns(f"A = '{long}'"))
    assert list(silent_patterns(f"A = re.compile('{long}')  # fmt: skip"))


def test_no_module_has_grown_over_three_hundred_lines() -> None:
    src = ROOT / "src" / "askali"
    long = {
        path.relative_to(src).as_posix()
        for path in sources()
        if len(path.read_text("utf-8").splitlines()) > 300
    }
    assert not long


def test_the_rooms_that_are_written_down_are_there() -> None:
    rooms = re.findall(r"`((?:\w+/)+\w+)`", (ROOT / "docs" / "where.md").read_text("utf-8"))
    assert len(rooms) > 30
    src = ROOT / "src" / "askali"
    missing = [r for r in rooms if not (src / r).is_dir() and not (src / f"{r}.py").is_file()]
    assert not missing
