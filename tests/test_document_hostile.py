"""Sixty hostile files in one folder: each refused in its limits, the good ones are read."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from askali.documents import Limits, read_corpus
from document_files import page, word
from hostile_files import SECRET, hostile

if sys.platform == "win32":
    pytest.skip("pipes and links are made differently there", allow_module_level=True)

LIMITS = Limits(read_timeout_s=8, read_memory_mb=600, max_text_chars=2_000_000)
HARMLESS = {"charset.html", "previous-loop.pdf", "slip.docx", "xml.html"}
"""Read, because nothing is wrong with the text that is left once they can do no harm."""


def memory_mb() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_hostile_files_are_refused_within_their_limits_and_the_others_are_read(
    tmp_path: Path,
) -> None:
    secret = tmp_path / "outside" / "secret.txt"
    secret.parent.mkdir()
    secret.write_text(SECRET)
    folder = tmp_path / "corpus"
    folder.mkdir()
    files = hostile(folder, secret)
    assert len(files) >= 60
    for name, make in files.items():
        make(folder / name)
    (folder / "good-1.txt").write_text("The mill has 12 rooms.")
    (folder / "good-2.html").write_text(page("<p>Volunteers counted 1,204 bees in June.</p>" * 3))
    word(folder / "good-3.docx", "The quay cost 40 million euros.")
    before, started = memory_mb(), time.monotonic()
    corpus = read_corpus(folder, LIMITS)
    took = time.monotonic() - started
    texts = {Path(d.source).name: d.text for d in corpus.documents}
    assert set(texts) == {"good-1.txt", "good-2.html", "good-3.docx", *HARMLESS}
    assert not any(SECRET in text for text in texts.values())
    assert not (tmp_path / "slipped.txt").exists()
    assert all(len(text) <= LIMITS.max_text_chars for text in texts.values())
    assert all(s.reason for s in corpus.skipped)
    assert memory_mb() - before < 200
    assert took < LIMITS.read_timeout_s * len(files) / 4
