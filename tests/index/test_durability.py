"""Kills and re-indexing with readers, as `evals/experiments/durability.py` does, in small."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
KILLS = 16

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


def counted(*arguments: object) -> dict[str, Any]:
    command = [sys.executable, ROOT / "evals" / "experiments" / "durability.py", *arguments]
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        timeout=300,
    )
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_kills_at_random_moments_leave_exactly_the_old_or_the_new_generation(
    tmp_path: Path,
) -> None:
    found = counted("kills", tmp_path, "--count", KILLS, "--seed", 20261123)
    wrong = ("failed_opens", "mixtures", "lost_acknowledged", "crashed_readers")
    assert {name: found[name] for name in wrong} == dict.fromkeys(wrong, 0), found
    assert found["kills"] == KILLS
    assert len(found["kills_by_operation"]) == 4
    assert found["acknowledged"] > 0  # the operations do end where nobody kills them
    assert found["looks_of_readers"] > 0
    assert found["slowest_open_s"] < 5
    shelf = tmp_path / "indexes" / "victim"
    assert len(list(shelf.glob("gen-*"))) <= 4


def test_answers_while_re_indexing_come_from_one_generation_each(tmp_path: Path) -> None:
    found = counted("reindex", tmp_path, "--builds", 4, "--readers", 2, "--rate", 10)
    assert found["errors"] == 0, found
    assert found["answers_from_two_generations_or_unnamed"] == 0
    assert found["generations_that_answered"] > 1
    assert found["questions"] > 0
