"""Hostile files: each is refused within its limits, the others are read."""

import multiprocessing
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from askali.documents import Corpus, Limits, read_corpus
from hostile_files import HARMLESS, HOSTILE, LOUD, SECRET, write_all

LIMITS = Limits(max_file_mb=3, max_text_chars=500_000, read_timeout_s=10, read_memory_mb=700)
LINKS = ("link.txt", "to-itself.txt", "to-nothing.txt", "up.txt")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and odd names")


@dataclass(frozen=True)
class Read:
    """What was read, the seconds it took, and the most memory of a process that read files."""

    corpus: Corpus
    seconds: float
    bytes: int


def read_apart(folder: Path) -> Read:
    started = time.monotonic()
    corpus = read_corpus(folder, LIMITS)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return Read(
        replace(corpus, documents=tuple(corpus.documents)), time.monotonic() - started, most
    )


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """All of them in one folder with three sound files, read in a process whose only children
    are its readers: other tests' children are larger."""
    folder = tmp_path_factory.mktemp("hostile") / "folder"
    folder.mkdir()
    write_all(folder)
    for number in range(3):
        (folder / f"sound-{number}.txt").write_text(f"Elmford has {number + 2} mills.")
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
        return apart.submit(read_apart, folder).result()


def test_there_are_sixty_of_them() -> None:
    assert len(HOSTILE) + len(LINKS) >= 60


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason(name: str, read: Read) -> None:
    reasons = {skipped.name: skipped.reason for skipped in read.corpus.skipped}
    assert HOSTILE[name][1] in reasons[name]
    assert "\n" not in reasons[name]
    assert len(reasons[name]) < 300


@pytest.mark.parametrize("name", LINKS)
def test_a_link_out_of_the_folder_is_named(name: str, read: Read) -> None:
    reasons = {skipped.name: skipped.reason for skipped in read.corpus.skipped}
    assert reasons[name] == "is a link out of the folder"


def test_all_others_are_read(read: Read) -> None:
    corpus = read.corpus
    refused = {skipped.name for skipped in corpus.skipped}
    assert refused == {*HOSTILE, *LINKS}
    texts = [document.text for document in corpus.documents]
    assert sum("Elmford" in text for text in texts) == 3
    copies = [copy for copy, _ in corpus.copies]
    assert len(texts) + len(copies) == 3 + len(HARMLESS)
    assert any(LOUD in text for text in texts)


def test_nothing_comes_from_outside_of_the_folder(read: Read) -> None:
    hostname = Path("/etc/hostname")
    secrets = [SECRET, *([hostname.read_text().strip()] if hostname.is_file() else [])]
    for document in read.corpus.documents:
        assert not [secret for secret in secrets if secret and secret in document.text]


def test_names_are_one_printable_line(read: Read) -> None:
    for document in read.corpus.documents:
        for name in (document.id, document.source, document.title, *document.copies):
            assert name.isprintable(), name


def test_time_and_memory_stay_within_the_limits(read: Read) -> None:
    assert read.seconds < 60  # one file alone may take ten
    if sys.platform == "linux":
        assert read.bytes < LIMITS.read_memory_mb * 1e6
