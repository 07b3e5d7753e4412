"""Run the check of a generation in a process that may die without harm."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from askali.errors import IndexBroken
from askali.index.manifest import STORE
from askali.index.storage_errors import REBUILD, storage_faults

_CHECK_S = 60.0
_CHECK_S_PER_MB = 5.0


def check_in_child(folder: Path) -> None:
    """Check a generation in a fresh process; raises `IndexBroken` with the reason."""
    megabytes = (folder / STORE).stat().st_size / 1e6
    search_path = os.pathsep.join(entry for entry in sys.path if entry)
    try:
        # -P: the folder that askali was started in must not shadow a module.
        with storage_faults("the process that checks the index", folder):
            done = subprocess.run(
                [sys.executable, "-P", "-m", "askali.index.check", str(folder)],
                capture_output=True,
                text=True,
                errors="replace",
                env={**os.environ, "PYTHONPATH": search_path},
                timeout=_CHECK_S + _CHECK_S_PER_MB * megabytes,
            )
    except subprocess.TimeoutExpired as exc:
        raise IndexBroken(f"checking {folder} took over {exc.timeout:.0f} s; {REBUILD}") from exc
    if done.returncode:
        said = (done.stdout or done.stderr).strip().splitlines() or ["nothing"]
        died = f"died of signal {-done.returncode}" if done.returncode < 0 else said[-1]
        raise IndexBroken(f"the index {folder} did not pass its check: {died}; {REBUILD}")
