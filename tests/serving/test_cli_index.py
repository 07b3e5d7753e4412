"""``askali index``: what a person types and sees, with real files and generations."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_cli import Typed, here

from askali import Assistant
from askali.settings import Settings
from document_files import pdf

__all__ = ["here"]


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "town.txt").write_text("Elmford has 1,200 people. Its mayor is Ann Lee.")
    pdf(folder / "bees.pdf", [["Bees fly a long way."], ["The keeper of the bees is Bo Chan."]])
    return folder


def answers(folder: Path, question: str) -> str:
    with Assistant.open(corpus=folder, abstain=False) as bot:
        return bot.ask(question).text


def test_the_summary_names_what_was_skipped_and_put_together(reports: Path, here: Typed) -> None:
    (reports / "copy.md").write_text("Elmford has 1,200 people.\n\nIts mayor is Ann Lee.")
    (reports / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    done = here("index", str(reports))
    assert done.returncode == 9
    assert "2 document(s) indexed" in done.stdout
    assert "skipped  broken.pdf is damaged" in done.stdout
    assert "copy     town.txt says nothing that copy.md does not" in done.stdout
    done = here("index", str(reports), "--json")
    assert done.returncode == 9
    assert json.loads(done.stdout)["is_new"] is False
    found = here("ask", "Who is the mayor of Elmford?", "-c", str(reports))
    assert "also in town.txt" in found.stdout


def test_a_citation_of_a_pdf_names_its_page(reports: Path, here: Typed) -> None:
    done = here("ask", "Who is the keeper of the bees?", "-c", str(reports), "--json")
    value = json.loads(done.stdout)
    assert value["citations"][0]["page"] == 2
    assert value["evidence"][0]["title"] == "bees"
    done = here("ask", "Who is the keeper of the bees?", "-c", str(reports))
    assert "page 2" in done.stdout
    done = here("search", "keeper", "-c", str(reports), "-k", "1")
    assert "page" in done.stdout


def test_a_question_can_be_kept_to_a_document(reports: Path, here: Typed) -> None:
    asked = ("ask", "Who is the keeper of the bees?", "-c", str(reports), "--json")
    value = json.loads(here(*asked, "--document", "town.txt").stdout)
    assert {hit["passage"]["document_id"] for hit in value["evidence"]} == {"town"}
    done = here(*asked, "-d", "nowhere")
    assert done.returncode == 5
    assert "known: bees, town" in done.stderr


def test_status_verify_rollback_and_forget_over_two_generations(reports: Path, here: Typed) -> None:
    place = str(reports)
    assert "not built yet" in here("index", "status", place).stdout
    here("index", place)
    (reports / "town.txt").write_text("Elmford has 1,300 people. Its mayor is Di Fox.")
    assert "older than the documents" in here("index", "status", place).stdout
    assert "1 file(s) read, 1 known" in here("index", place).stdout
    status = json.loads(here("index", "status", place, "--json").stdout)
    assert status["current"]["documents"] == status["previous"]["documents"] == 2
    assert "is whole" in here("index", "verify", place).stdout

    assert "pinned" in here("index", "rollback", place).stdout
    assert "Ann Lee" in answers(reports, "Who is the mayor?")  # although the file says Di Fox
    assert "Pinned" in here("index", "status", place).stdout
    here("index", place)
    assert "Di Fox" in answers(reports, "Who is the mayor?")

    here("index", "forget", place)
    assert here("index", "rollback", place).returncode == 7


def test_an_index_answers_without_its_sources_after_a_rebuild(reports: Path, here: Typed) -> None:
    place = str(reports)
    here("index", place)
    shutil.rmtree(reports)
    done = here("ask", "Who is the mayor?", "-c", place)
    assert done.returncode == 5
    assert "askali index rebuild" in " ".join(done.stderr.split())
    assert "pinned" in here("index", "rebuild", place).stdout
    assert "Ann Lee" in answers(reports, "Who is the mayor?")


def test_an_older_index_is_rebuilt_from_its_own_store(reports: Path, here: Typed) -> None:
    place = str(reports)
    here("index", place)
    [stamp] = Settings.load().home.glob("indexes/*/gen-*/stamp.json")
    stamp.write_text(stamp.read_text().replace('"format": 2', '"format": 1'))
    shutil.rmtree(reports)
    done = here("index", "status", place)
    assert done.returncode == 7
    assert "format 1" in done.stderr
    assert here("ask", "Who is the mayor?", "-c", place).returncode == 5
    assert here("index", "rebuild", place).returncode == 0
    assert "Ann Lee" in answers(reports, "Who is the mayor?")


def test_no_byte_of_a_removed_document_is_in_the_new_generation(reports: Path, here: Typed) -> None:
    here("index", str(reports))
    (reports / "town.txt").unlink()
    here("index", str(reports))
    [current] = {
        (folder / "current").read_text().split()[0]
        for folder in Settings.load().home.glob("indexes/*")
    }
    [generation] = Settings.load().home.glob(f"indexes/*/{current}")
    files = [file for file in generation.rglob("*") if file.is_file()]
    assert len(files) > 5
    for word in (b"Elmford", b"elmford", b"Ann Lee", b"mayor", b"town", b"1,200"):
        assert not [file for file in files if word in file.read_bytes()], word
    assert [file for file in files if b"keeper" in file.read_bytes()]


def test_a_web_address_is_refused_unless_it_is_allowed(here: Typed) -> None:
    done = here("ask", "who", "-c", "https://example.com/a.html")
    assert done.returncode == 3
    assert "ASKALI_ALLOW_URL" in done.stderr


def test_the_help_of_the_group_leads_to_its_parts(here: Typed) -> None:
    done = here("index", "--help")
    for word in ("rollback", "verify", "status", "rebuild", "forget", "--watch"):
        assert word in done.stdout


def test_watching_refreshes_at_a_change_and_ends_by_an_interrupt(
    reports: Path, tmp_path: Path
) -> None:
    log = (tmp_path / "log").open("w+b")
    process = subprocess.Popen(
        [sys.executable, "-m", "askali", "index", str(reports), "--watch"],
        stdout=log,
        stderr=log,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )

    def wait_for(said: bytes) -> None:
        give_up = time.monotonic() + 60
        while said not in (tmp_path / "log").read_bytes():
            assert process.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < give_up, (tmp_path / "log").read_text()
            time.sleep(0.1)

    try:
        wait_for(b"Watching")
        time.sleep(0.5)  # the watcher starts after the line
        (reports / "new.txt").write_text("The bridge is 900 metres long.")
        wait_for(b"3 document(s) indexed")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    finally:
        process.kill()
        process.wait()
        log.close()
