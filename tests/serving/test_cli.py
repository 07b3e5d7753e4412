"""The command line: what a person types and sees; a few as whole processes, most in this one."""

import io
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from askali.domain import Answer
from askali.messages import ABSTENTION
from askali.serving.cli import console
from askali.serving.cli import main as cli
from askali.streaming import Event, EvidenceFound, Finished, FirstLook, PassagesRead

HEADLINE = "how much is Alibaba investing over three years"


def askali(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "askali", *arguments],
        env={**os.environ, "COLUMNS": "100", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@dataclass(frozen=True)
class Typed:
    """Types a command line in this process: the same `main`, without starting Python again."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        self.monkeypatch.setattr(sys, "argv", ["askali", *arguments])
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as left:
            cli.main()
        told = self.capsys.readouterr()
        return subprocess.CompletedProcess(arguments, left.value.code, told.out, told.err)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    monkeypatch.setenv("COLUMNS", "100")
    return Typed(monkeypatch, capsys)


@pytest.fixture
def town(indexed_town: Path) -> str:
    return str(indexed_town)


def test_asking_prints_the_answer_and_where_it_stands() -> None:
    done = askali("ask", HEADLINE)
    assert done.returncode == 0
    assert "380 billion yuan" in done.stdout
    assert "characters" in done.stdout
    assert "\x1b[" not in done.stdout


def test_json_is_the_answers_own(town: str, here: Typed) -> None:
    value = json.loads(here("ask", "Who is the mayor?", "--corpus", town, "--json").stdout)
    assert value["citations"][0]["quote"] == "Its mayor is Ann Lee." or len(value["citations"]) == 2
    assert value["schema_version"] == 1


def test_an_abstention_tells_its_reason_and_shows_the_nearest_passage(
    town: str, here: Typed
) -> None:
    done = here("ask", "Which opera did Verdi finish last?", "--corpus", town)
    assert done.returncode == 0
    assert ABSTENTION in done.stdout
    assert "Nearest passage:" in done.stdout


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
    here: Typed, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = here(*arguments)
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


def test_a_wrong_environment_setting_is_named(
    town: str, here: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASKALI_K", "many")
    done = here("ask", "who", "--corpus", town)
    assert done.returncode == 3
    assert "k = 'many'" in done.stderr


def test_a_home_that_cannot_be_written_is_named_with_the_fix(tmp_path: Path, town: str) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    done = askali("ask", "who", "--corpus", town, ASKALI_HOME=str(blocked / "home"))
    assert done.returncode == 7
    assert "Traceback" not in done.stderr


def test_a_chat_resolves_follow_ups_and_goes_on_after_a_question_that_is_none(
    town: str, here: Typed
) -> None:
    typed = "How many people has Elmford?\n\x1b\nWho is its mayor?\n\n"
    done = here("chat", "--corpus", town, typed=typed)
    assert done.returncode == 0
    assert "1,200" in done.stdout
    assert "Ann Lee" in done.stdout
    assert "not text" in done.stderr


def test_a_chat_ends_with_its_input(town: str, here: Typed) -> None:
    assert here("chat", "--corpus", town, typed="Who is the mayor?\n").returncode == 0


def test_a_chat_has_commands_for_documents_and_shapes(tmp_path: Path, here: Typed) -> None:
    for name, mayor in (("elm", "Ann Lee"), ("oak", "Bo Chan")):
        (tmp_path / f"{name}.txt").write_text(
            f"{name.title()}ford is a town. Its mayor is {mayor}."
        )
    typed = (
        "/documents\n/again\n/only oak.txt\nWho is the mayor?\n/only ash\n/as poem\n/as list\n"
        "/again\n/as\n/only\n/new\n/help\n/dance\n/quit\nWho is the mayor of Elmford?\n"
    )
    done = here("chat", "--corpus", str(tmp_path), "--llm", "none", typed=typed)
    assert done.returncode == 0
    assert "• elm" in done.stdout
    assert "Bo Chan" in done.stdout and "Ann Lee" not in done.stdout
    assert len(re.findall(r"^\[1\] “", done.stdout, re.M)) == 2
    for told in ("Asking only oak.txt.", "Answers as list.", "as the question wants", "/as SHAPE"):
        assert told in done.stdout, told
    for fault in (
        "no document 'ash'",
        "no shape 'poem'; one of: fact",
        "no command /dance",
        "no answer yet",
    ):
        assert fault in done.stderr, fault


def test_a_chat_takes_documents_tells_why_and_is_kept_as_a_file(
    town: str, here: Typed, tmp_path: Path
) -> None:
    (tmp_path / "ferry.txt").write_text("The ferry Gull was built in Gdansk.")
    kept, nowhere = tmp_path / "talk.md", tmp_path / "no" / "talk.md"
    typed = (
        f"/why\n/add\n/add {tmp_path / 'ferry.txt'}\nWhere was the ferry Gull built?\n/why\n"
        f"/save talk.doc\n/save {nowhere}\n/save {kept}\n\n"
    )
    done = here("chat", "--corpus", town, "--llm", "none", typed=typed)
    assert done.returncode == 0
    for told in ("Added ferry.", "Gdansk", "[1] · ferry 0–", "% likely", "Saved 1 answers"):
        assert told in done.stdout.replace("\n", " "), told
    told = " ".join(done.stderr.split())
    for fault in ("no answer yet", "/add wants a name", "no format 'doc'", "cannot be written"):
        assert fault in told, fault
    assert "> [1] The ferry Gull was built in Gdansk." in kept.read_text("utf-8")


def test_who_asks_in_another_language_is_told_so(town: str, here: Typed) -> None:
    done = here("ask", "Wie hoch ist der Turm?", "--corpus", town, "--llm", "none")
    assert "You ask in German, the source is in English" in " ".join(done.stdout.split())


def test_an_unknown_shape_is_refused_before_anything_is_loaded(here: Typed) -> None:
    done = here("ask", "who", "--as", "poem", "--corpus", "nowhere.txt")
    assert done.returncode == 4
    assert "one of: fact, yes_no" in " ".join(done.stderr.split())


def screen(monkeypatch: pytest.MonkeyPatch, name: str) -> io.StringIO:
    """What a terminal of 100 columns gets."""
    shown = io.StringIO()
    monkeypatch.setattr(console, name, Console(file=shown, force_terminal=True, width=100))
    return shown


def test_a_terminal_gets_markdown_set_and_a_pipe_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = "| Town | Mayor |\n| --- | --- |\n| Elmford | *Ann Lee* [1] |"
    answer = Answer("q", "q", table, suggestions=("Who is the mayor of Oakham?",))
    console.print_answer(answer)
    assert table in capsys.readouterr().out
    shown = screen(monkeypatch, "out")
    console.print_answer(answer)
    assert "Elmford" in shown.getvalue() and "---" not in shown.getvalue()
    assert "Who is the mayor of Oakham?" in shown.getvalue()


def test_a_terminal_shows_the_first_look_and_how_much_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def events() -> Iterator[Event]:
        yield EvidenceFound("q", ())
        yield FirstLook(Answer("q", "q", "It is Ann Lee."))
        yield PassagesRead(3, 12)
        time.sleep(0.3)  # the screen is drawn eight times a second
        yield Finished(Answer("q", "q", "Ann Lee"))

    shown = screen(monkeypatch, "err")
    assert console.watched(events()).text == "Ann Lee"
    assert "First look" in shown.getvalue() and "It is Ann Lee." in shown.getvalue()
    assert "read 3 of 12 passages" in shown.getvalue()


def test_a_shell_can_complete_shapes(tmp_path: Path) -> None:
    script = tmp_path / "askali"
    script.write_text("from askali.serving.cli.main import main\nmain()\n")
    wanted = {"_ASKALI_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "askali ask --as ti"}
    done = subprocess.run(
        [sys.executable, str(script)], env={**os.environ, **wanted}, capture_output=True, text=True
    )
    assert "timeline" in done.stdout


def test_search_and_index_work_on_a_folder_of_ones_own(town: str, here: Typed) -> None:
    assert "1 document(s) indexed" in here("index", town).stdout
    assert "Ann Lee" in here("search", "mayor", "--corpus", town).stdout
    [hit] = json.loads(here("search", "mayor", "--corpus", town, "--json").stdout)
    assert hit["passage"]["start"] == 0


def test_an_index_build_shows_its_progress_on_a_terminal(
    tmp_path: Path, here: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "new.txt").write_text("Elmford lies on the Arn.")
    screen = io.StringIO()
    terminal = Console(file=screen, force_terminal=True, width=100)
    monkeypatch.setattr(console, "err", terminal)
    assert here("index", str(tmp_path / "new.txt")).returncode == 0
    assert "reading" in screen.getvalue()
    assert "1/1" in screen.getvalue()


def test_doctor_is_content_with_a_good_installation(town: str, here: Typed) -> None:
    done = here("doctor", "--corpus", town)
    assert done.returncode == 0, done.stdout
    assert "every file as pinned" in done.stdout


def test_doctor_names_what_is_wrong_and_the_fix(tmp_path: Path, here: Typed) -> None:
    done = here("doctor", "--corpus", str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert "FAIL corpus" in done.stdout
    assert "fix: name an existing one with --corpus" in done.stdout
    checks = json.loads(here("doctor", "--corpus", str(tmp_path / "nowhere"), "--json").stdout)
    assert [check["name"] for check in checks if not check["is_ok"]] == ["corpus", "index"]


def test_bench_times_what_a_user_waits_for_and_asks_no_model(
    town: str, here: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as model:
        monkeypatch.setenv("ASKALI_BASE_URL", f"http://127.0.0.1:{model.getsockname()[1]}/v1")
        monkeypatch.setenv("ASKALI_LLM", "some-model")
        monkeypatch.setenv("ASKALI_LLM_TIMEOUT_S", "1")
        monkeypatch.setenv("ASKALI_CORPUS", town)
        monkeypatch.setenv("OPENAI_API_KEY", "none")
        done = here("bench", "--questions", "10", "--runs", "1")
        assert done.returncode == 0, done.stderr
        model.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has called
            model.accept()
    heading, *lines = done.stdout.splitlines()
    assert heading == "The article that comes with askali, quotes alone"
    rows = {line[:48].strip(): line[48:].split() for line in lines}
    assert [unit for _, unit in rows.values()] == ["s", "s", "ms", "ms", "s", "s"]
    assert all(float(value) > 0 for value, _ in rows.values())
    assert "question, warm, p95" in rows


def test_help_shows_an_example_and_the_exit_codes(here: Typed) -> None:
    assert "Exit codes" in here("--help").stdout
    assert "Example" in here("ask", "--help").stdout


def test_the_gate_is_reached_through_eval(here: Typed) -> None:
    assert "May this go out?" in here("eval", "--help").stdout


def test_version_is_printed_also_without_a_command_line_of_its_own() -> None:
    assert askali("--version").stdout.strip()


def test_both_modules_that_one_may_run_are_the_command() -> None:
    for module in ("askali", "askali.serving.cli.main"):
        done = subprocess.run([sys.executable, "-m", module, "ask", " "], capture_output=True)
        assert done.returncode == 4, module


def test_an_interrupt_ends_without_a_traceback(
    town: str, here: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(io.StringIO):
        def readline(self, size: int | None = -1, /) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "argv", ["askali", "chat", "--corpus", town])
    monkeypatch.setattr(sys, "stdin", Interrupted())
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 130


def test_fitting_a_local_model_says_which_questions_it_lacks(tmp_path: Path, here: Typed) -> None:
    done = here("models", "fit", str(tmp_path))
    assert done.returncode == 3
    assert "squad2.jsonl and xquad_en.jsonl" in done.stderr
    (tmp_path / "squad2.jsonl").write_text("")
    assert "no xquad_en.jsonl" in here("models", "fit", str(tmp_path)).stderr
