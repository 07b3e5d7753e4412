"""As many questions as a budget of time allows: the same ones for the same budget."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from askali_evals.cases.case import Case, Suite
from askali_evals.errors import EvalError
from askali_evals.running.system import Opener, observe

_UNITS = {"s": 1, "m": 60, "h": 3600}
_PROBES = 3
FEWEST_PAIRS = 6
"""The fewest cases of which a sample can say that they got worse: six losses and no gain are the
first beyond chance (sign test, p = .03)."""


def seconds_of(budget: str) -> int:
    """ "10m", "90s" or "2h" in seconds."""
    found = re.fullmatch(r"(\d+)\s*([smh])", budget.strip())
    if not found or not int(found[1]):
        raise EvalError(f"--budget {budget!r}: a number and s, m or h, like 10m")
    return int(found[1]) * _UNITS[found[2]]


def sample(suites: Sequence[Suite], count: int) -> tuple[Suite, ...]:
    """About `count` cases, each stratum (document, shape or first tag, answerable) by its share.

    Within a stratum the order is a fixed shuffle, so a larger sample holds a smaller one.
    """
    strata: dict[tuple[str, str, bool], list[Case]] = defaultdict(list)
    for suite in suites:
        for case in suite.counted:
            kind = case.shape or (case.tags or ("",))[0]
            strata[suite.name, kind, case.answerable].append(case)
    share = count / max(1, sum(len(suite.counted) for suite in suites))
    chosen: dict[str, set[str]] = defaultdict(set)
    owed = 0.0
    for key, cases in sorted(strata.items()):
        cases.sort(key=lambda c: hashlib.sha256(f"{key[0]}/{c.id}".encode()).digest())
        owed += share * len(cases)  # what a small stratum is short of goes to the next one
        taken = min(len(cases), int(owed + 1e-9))
        owed -= taken
        chosen[key[0]] |= {case.id for case in cases[:taken]}
    narrowed = [
        replace(s, cases=tuple(c for c in s.counted if c.id in chosen[s.name])) for s in suites
    ]
    return tuple(suite for suite in narrowed if suite.cases)


def affordable(seconds: int, pace: float) -> int:
    """How many questions: of 10, 20, 50, 100, …, so that a little more speed changes nothing."""
    most = max(1, int(seconds / max(pace, 1e-3)))
    steps = [digit * 10**power for power in range(1, 6) for digit in (1, 2, 5)]
    return max((step for step in steps if step <= most), default=10)


def known_pace(llm: str, home: Path) -> float | None:
    """Seconds a question took in this engine's last run here; None for the first."""
    return _paces(home).get(llm)


def measured_pace(suites: Sequence[Suite], opener: Opener) -> float:
    """Seconds a question takes, of three asked now in the smallest suite."""
    suite = min(suites, key=lambda s: len(s.counted))
    subject = opener(suite)
    try:
        started = time.perf_counter()
        asked = [observe(subject, case) for case in suite.counted[:_PROBES]]
        return (time.perf_counter() - started) / len(asked)
    finally:
        subject.close()


def keep_pace(llm: str, home: Path, seconds: float) -> None:
    """Remember how long a question took, for the next run's estimate."""
    path = home / "eval" / "pace.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**_paces(home), llm: round(seconds, 4)}), encoding="utf-8")


def _paces(home: Path) -> dict[str, float]:
    try:
        return dict(json.loads((home / "eval" / "pace.json").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
