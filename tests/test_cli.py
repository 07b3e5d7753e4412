import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEADLINE = "how much is Alibaba investing over three years"


def askali(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "askali", *arguments],
        env={**os.environ, "COLUMNS": "100", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def town(tmp_path: Path) -> str:
    file = tmp_path / "town.txt"
    file.write_text("Elmford has 1,200 people. Its mayor is Ann Lee.")
    return str(file)


def test_asking_prints_the_answer_and_where_it_stands() -> None:
    done = askali("ask", HEADLINE)
    assert done.returncode == 0
    assert "380 billion yuan" in done.stdout
    assert "characters" in done.stdout
    assert "\x1b[" not in done.stdout


def test_json_is_the_answers_own(town: str) -> None:
    value = json.loads(askali("ask", "Who is the mayor?", "--corpus", town, "--json").stdout)
    assert value["citations"][0]["quote"] == "Its mayor is Ann Lee." or len(value["citations"]) == 2
    assert value["schema_version"] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("ask", " "), 4, "empty"),
        (("ask", "x" * 100_000), 4, "limit is 4,000"),
        (("ask", "a\x1bb"), 4, "not text"),
        (("ask", "who", "--corpus", "nowhere.txt"), 5, "no such file"),
        (("ask", "who", "--llm", "oracle"), 3, "llm"),
        (("ask",), 2, "Missing argument"),
        (("serve",), 2, "No such command"),
    ],
)
def test_bad_input_is_one_clear_line_and_an_exit_code(
    arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = askali(*arguments)
    assert done.returncode == code
    assert says in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_lone_surrogate_in_the_arguments_is_refused() -> None:
    done = subprocess.run(
        [sys.executable.encode(), b"-m", b"askali", b"ask", b"who \xff is"],
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 4
    assert b"not text" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_wrong_environment_setting_is_named(town: str) -> None:
    done = askali("ask", "who", "--corpus", town, ASKALI_K="many")
    assert done.returncode == 3
    assert "k = 'many'" in done.stderr


def test_a_home_that_cannot_be_written_is_named_with_the_fix(tmp_path: Path, town: str) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    done = askali("ask", "who", "--corpus", town, ASKALI_HOME=str(blocked / "home"))
    assert done.returncode == 7
    assert "Traceback" not in done.stderr


def test_a_chat_resolves_follow_ups(town: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "askali", "chat", "--corpus", town],
        input="How many people has Elmford?\n\x1b\nWho is its mayor?\n\n",
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0
    assert "1,200" in done.stdout
    assert "Ann Lee" in done.stdout


def test_search_and_index_work_on_a_folder_of_ones_own(town: str) -> None:
    assert "1 document(s) indexed" in askali("index", town).stdout
    assert "Ann Lee" in askali("search", "mayor", "--corpus", town).stdout
    [hit] = json.loads(askali("search", "mayor", "--corpus", town, "--json").stdout)
    assert hit["passage"]["start"] == 0


def test_doctor_is_content_with_a_good_installation(town: str) -> None:
    done = askali("doctor", "--corpus", town)
    assert done.returncode == 0, done.stdout
    assert "every file as pinned" in done.stdout


def test_doctor_names_what_is_wrong_and_the_fix(tmp_path: Path) -> None:
    done = askali("doctor", "--corpus", str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert "FAIL corpus" in done.stdout
    assert "fix:" in done.stdout


def test_help_shows_an_example_and_the_exit_codes() -> None:
    assert "Exit codes" in askali("--help").stdout
    assert "Example" in askali("ask", "--help").stdout


def test_version_is_printed() -> None:
    assert askali("--version").stdout.strip()
