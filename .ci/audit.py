"""What a release is made of: known weaknesses refused, and a bill of materials (CycloneDX).

    python .ci/audit.py [FOLDER]

Asks the advisory service about every package of `requirements.lock` and about torch, and writes
`sbom.cdx.json` into FOLDER (`dist` if unset). The exit code is 1 for a known weakness that
`.ci/advisories.toml` does not accept, for one that it accepted until a day that is over, and for a
package that could not be asked about.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def main(folder: Path) -> int:
    accepted = tomllib.loads((ROOT / ".ci/advisories.toml").read_text("utf-8"))["accepted"]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        made_of = Path(place) / "requirements.txt"
        # torch is installed by .ci/torch.py, but is part of a release all the same
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        [torch] = [one for one in project["dependencies"] if one.startswith("torch==")]
        made_of.write_text((ROOT / "requirements.lock").read_text("utf-8") + torch + "\n")
        bill = ["cyclonedx_py", "requirements", str(made_of), "--of", "JSON",
                "--output-reproducible", "-o", str(folder / "sbom.cdx.json")]  # fmt: skip
        audit = ["pip_audit", "-r", str(made_of), "--no-deps", "--disable-pip", "--strict"]
        ignored = [part for id in still_accepted(accepted) for part in ("--ignore-vuln", id)]
        done = [_run(*bill), _run(*audit, *ignored)]
    return int(any(done))


def still_accepted(accepted: list[dict[str, Any]], today: date | None = None) -> list[str]:
    """The ids whose day is not over; the others are told."""
    kept = []
    for one in accepted:
        if one["until"] >= (today or date.today()):
            kept.append(one["id"])
        else:
            told = f"{one['id']} of {one['package']} was accepted until {one['until']}: look again"
            print(told, file=sys.stderr)
    return kept


def _run(*module: str) -> int:
    return subprocess.run([sys.executable, "-m", *module], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "dist")))
