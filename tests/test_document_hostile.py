"""Hostile files: each is refused within its limits, the others are read."""

import resource
import sys
import time
from pathlib import Path

import pytest

from askali.documents import Corpus, Limits, read_corpus
from hostile_files import HARMLESS, HOSTILE, LOUD, SECRET, write_all

LIMITS = Limits(max_file_mb=3, max_text_chars=500_000, read_timeout_s=10, read_memory_mb=700)
LINKS = ("link.txt", "to-itself.txt", "to-nothing.txt", "up.txt")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and odd names")


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> tuple[Corpus, float]:
    """All of them in one folder with three sound files, and the seconds it took."""
    folder = tmp_path_factory.mktemp("hostile") / "folder"
    folder.mkdir()
    write_all(folder)
    for number in range(3):
        (folder / f"sound-{number}.txt").write_text(f"Elmford has {number + 2} mills.")
    started = time.monotonic()
    corpus = read_corpus(folder, LIMITS)
    return corpus, time.monotonic() - started


def test_there_are_sixty_of_them() -> None:
    assert len(HOSTILE) + len(LINKS) >= 60


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason(name: str, read: tuple[Corpus, float]) -> None:
    reasons = {skipped.name: skipped.reason for skipped in read[0].skipped}
    assert HOSTILE[name][1] in reasons[name]
    assert "\n" not in reasons[name]
    assert len(reasons[name]) < 300


@pytest.mark.parametrize("name", LINKS)
def test_a_link_out_of_the_folder_is_named(name: str, read: tuple[Corpus, float]) -> None:
    reasons = {skipped.name: skipped.reason for skipped in read[0].skipped}
    assert reasons[name] == "is a link out of the folder"


def test_all_others_are_read(read: tuple[Corpus, float]) -> None:
    corpus = read[0]
    refused = {skipped.name for skipped in corpus.skipped}
    assert len(refused) == len(HOSTILE) + len(LINKS)
    texts = [document.text for document in corpus.documents]
    assert sum("Elmford" in text for text in texts) == 3
    copies = [copy for copy, _ in corpus.copies]
    assert len(texts) + len(copies) == 3 + len(HARMLESS)
    assert any(LOUD in text for text in texts)


def test_nothing_comes_from_outside_of_the_folder(read: tuple[Corpus, float]) -> None:
    hostname = Path("/etc/hostname")
    secrets = [SECRET, *([hostname.read_text().strip()] if hostname.is_file() else [])]
    for document in read[0].documents:
        assert not [secret for secret in secrets if secret and secret in document.text]


def test_names_are_one_printable_line(read: tuple[Corpus, float]) -> None:
    for document in read[0].documents:
        for name in (document.id, document.source, document.title, *document.copies):
            assert name.isprintable(), name


def test_time_and_memory_stay_within_the_limits(read: tuple[Corpus, float]) -> None:
    assert read[1] < 60  # one file alone may take ten
    if sys.platform == "linux":
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        assert most < LIMITS.read_memory_mb * 1e6
