"""A key in the environment is in nothing that askali prints, writes, serves or starts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

KEYS = {
    "OPENAI_API_KEY": "sk-quokka-7f3a9c51d2",
    "ANTHROPIC_API_KEY": "sk-ant-quokka-80b1",
    "ASKALI_CHROMA_TOKEN": "chroma-quokka-55e0",
    "ASKALI_PASSWORD": "quokka-door-31c8",
    "HF_TOKEN": "hf_quokka_99ad",
}
QUESTION = "Who is the mayor of the tapir valley?"
SAVED = "Who is the mayor?\n/save kept.html\n/save kept.md\n/save kept.json\n/why\n\n"


def told(
    *arguments: str, cwd: Path, typed: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "askali", *arguments],
        env={**os.environ, **KEYS, **more},
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=cwd,
    )


def files_with(folder: Path, words: list[str]) -> list[str]:
    return [
        f"{path}: {word}"
        for path in folder.rglob("*")
        if path.is_file()
        for word in words
        if word.encode() in path.read_bytes()
    ]


def test_a_key_is_in_no_output_and_in_no_file(
    indexed_town: Path, own_home: Path, tmp_path: Path
) -> None:
    town = str(indexed_town)
    done = {
        "answer": told("ask", QUESTION, "--llm", "none", "-c", town, "--json", cwd=tmp_path),
        "export": told("chat", "--llm", "none", "-c", town, cwd=tmp_path, typed=SAVED),
        "no such model": told("ask", "Who?", "--llm", "openai:gpt-5", "--base-url",
                              "http://127.0.0.1:9/v1", "-c", town, cwd=tmp_path),
        "no such server": told("ask", "Who?", "--llm", "none", "-c", town, cwd=tmp_path,
                               ASKALI_CHROMA_URL="http://127.0.0.1:9"),
        "a crash": subprocess.run(
            [sys.executable, "-X", "faulthandler", "-c",
             "from askali.settings import Settings; s = Settings.load(); print(s, repr(s), "
             "s.model_dump(), s.model_dump_json()); 1 / 0"],
            env={**os.environ, **KEYS}, capture_output=True, text=True, timeout=60,
        ),
    }  # fmt: skip
    for what, one in done.items():
        for key in KEYS.values():
            assert key not in one.stdout + one.stderr, what
    assert (tmp_path / "kept.html").is_file() and (tmp_path / "kept.json").is_file()
    assert files_with(tmp_path, [*KEYS.values(), "tapir"]) == [], "nor is what was asked"
    assert not [what for what, one in done.items() if "tapir" in one.stderr]


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="Linux tells command lines")
def test_a_key_is_in_no_command_line(indexed_town: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "askali", "ask", QUESTION, "--llm", "none", "-c"]
    running = subprocess.Popen(
        [*command, str(indexed_town)],
        env={**os.environ, **KEYS},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    seen = b""
    while running.poll() is None:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                seen += path.read_bytes() + b"\n"
            except OSError:  # it is over
                continue
        time.sleep(0.05)
    assert running.returncode == 0
    assert b"askali" in seen
    assert not [key for key in KEYS.values() if key.encode() in seen]
