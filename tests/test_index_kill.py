"""A builder may be killed at any moment; readers see the old index or the new one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import index_helpers
from index_helpers import stamp_of, versioned

KILLS = 26


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_a_killed_build_leaves_exactly_the_old_or_the_new_generation(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, index_helpers.__file__, str(tmp_path), str(KILLS), "20261123"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    rounds = [json.loads(line) for line in done.stdout.splitlines()]
    current = 0
    for said in rounds:
        assert said["exit"] == 0, (said, done.stderr)
        found = said["found"]
        assert found["stamp"] in {stamp_of(versioned(v)) for v in (current, said["version"])}
        if found["stamp"] == stamp_of(versioned(said["version"])):
            current = said["version"]
        assert found["versions"] == [f"version{current}"]
        assert found["hits"] == 40
        assert said["killed"] or current == said["version"]
        assert said["open_s"] < 5
    assert sum(said["killed"] for said in rounds) == KILLS
    leftovers = [p.name for p in (tmp_path / "indexes" / "victim").glob("gen-*")]
    assert len(leftovers) <= 3


def test_the_next_build_removes_what_killed_builders_left(tmp_path: Path) -> None:
    shelf = tmp_path / "indexes" / "victim"
    (shelf / "tmp-0123456789ab").mkdir(parents=True)
    (shelf / "tmp-0123456789ab" / "store.sqlite").write_bytes(b"half")
    (shelf / "gen-0123456789ab").mkdir()
    (shelf / "gen-0123456789ab" / "lease").touch()
    index_helpers._build(tmp_path, 1)
    assert len(list(shelf.glob("gen-*"))) == 1
    assert not list(shelf.glob("tmp-*"))
