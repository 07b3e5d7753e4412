"""The last release to hold a run against: how it is accepted, what it belongs to, its history."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from askali_evals.errors import EvalError, PromiseBroken, RunsDiffer
from askali_evals.gate.compare import pairs_of
from askali_evals.gate.gate import Decision
from askali_evals.running.run import Run, read_run

TRENDS = (
    "passed.share",
    "answer.right",
    "natural.right",
    "natural.unanswerable",
    "retrieval.recall@12",
    "abstention.near_miss",
    "abstention.false_refusals",
)
"""What the history keeps of each release."""


def accept(run: Run, decision: Decision, path: Path, history: Path, why: str) -> Run:
    """Write the run as the baseline and a line of history; never one that breaks a promise."""
    if not decision.may_be_accepted:
        missed = "; ".join(c.text for c in decision.broken)
        raise PromiseBroken(
            f"not accepted, a promise is broken: {missed}. "
            "Mend it, or mend the case, and run again."
        )
    about = {
        "commit": _commit(path.resolve().parent),
        "date": datetime.now(UTC).date().isoformat(),
        "reason": " ".join(why.split()),
    }
    accepted = replace(run.without_times(), accepted=about)
    path.write_text(accepted.to_json(), encoding="utf-8")
    line = {
        **about,
        "llm": run.config.get("llm", ""),
        "code": run.config.get("code", ""),
        "cases": len(run.results),
        "measures": {n: m.value for n in TRENDS if (m := run.measures[n]).n},
    }
    with history.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
    return accepted


def _commit(folder: Path) -> str:
    """The commit of the folder's repository, "-dirty" with changes; "" outside of one."""
    command = ["git", "-C", str(folder), "describe", "--always", "--dirty", "--exclude", "*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def read_baseline(path: Path, now: Run) -> Run:
    """The baseline of a file; raises `RunsDiffer` with its line where it is over other material.

    `now` is a run of what is to be asked, its results without answers.
    """
    baseline = read_run(path)
    try:
        pairs_of(now, baseline)
    except RunsDiffer as exc:
        lines = path.read_text(encoding="utf-8").split("\n")
        at = next((n for n, line in enumerate(lines, 1) if line.startswith(' "sources"')), 1)
        raise RunsDiffer(f"{path}:{at}: {exc}") from exc
    return baseline


def read_history(path: Path, llm: str, last: int = 8) -> list[dict[str, Any]]:
    """The last releases of an engine, oldest first; raises `EvalError` with file:line."""
    if not path.is_file():
        return []
    entries = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            if entry["llm"] == llm:
                entries.append({**entry, "measures": dict(entry["measures"])})
        except (ValueError, KeyError, TypeError) as exc:
            raise EvalError(f"{path}:{number}: not a release ({exc!r}); mend the line") from exc
    return entries[-last:]
