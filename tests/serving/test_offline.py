"""Nothing that askali does by default reaches for another machine: the kernel counts the tries."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

OFFLINE = Path(__file__).parents[2] / "tools" / "offline.py"
SERVED = """
{askali} ui --port 7791 & served=$!
for _ in $(seq 120); do {python} -c "
import urllib.request
for path in ('api/health', '', 'api/documents'):
    print(urllib.request.urlopen('http://127.0.0.1:7791/' + path).status)" && break; sleep 0.5; done
kill -INT $served
"""
FACTS = """
- id: mayor
  question: Who is the mayor?
  expect: [Ann Lee]
  evidence: [Its mayor is Ann Lee.]
"""


def alone(*command: str, home: Path) -> subprocess.CompletedProcess[str]:
    """The command in a network of its own, where a try to leave it is a failure."""
    done = subprocess.run(
        [sys.executable, str(OFFLINE), "--strict", *command],
        env={**os.environ, "ASKALI_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode == 4:
        pytest.skip(done.stderr)
    return done


def test_what_reaches_for_another_machine_is_counted(tmp_path: Path) -> None:
    reaching = "import socket; socket.create_connection(('192.0.2.1', 80), 2)"
    done = alone(
        sys.executable, "-c", f"try: exec({reaching!r})\nexcept OSError: pass", home=tmp_path
    )
    assert done.returncode == 3, done.stderr
    within = (
        "import socket as s; d = s.create_server(('', 0)); s.create_connection(d.getsockname())"
    )
    assert alone(sys.executable, "-c", within, home=tmp_path).returncode == 0


@pytest.mark.parametrize("command", ["ask", "index", "eval"])
def test_a_command_asks_no_other_machine(command: str, own_home: Path, tmp_path: Path) -> None:
    town = tmp_path / "town"
    town.mkdir()
    (town / "town.txt").write_text("Elmford has 1,200 people. Its mayor is Ann Lee.")
    (tmp_path / "town.facts.yaml").write_text(FACTS)
    given = {
        "ask": ("ask", "Who is the mayor?", "--llm", "none", "--corpus", str(town)),
        "index": ("index", str(town)),
        "eval": ("eval", "--llm", "none", "--docs", str(town), "--only", "mayor"),
    }
    done = alone(sys.executable, "-m", "askali", *given[command], home=own_home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "attempts to reach another machine: 0" in done.stderr


def test_the_page_and_its_interfaces_ask_no_other_machine(
    indexed_town: Path, own_home: Path
) -> None:
    askali = f"{sys.executable} -m askali"
    served = SERVED.format(askali=askali, python=sys.executable)
    done = alone("bash", "-c", f"export ASKALI_CORPUS='{indexed_town}'; {served}", home=own_home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("200") == 3
