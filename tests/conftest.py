"""Shared fixtures: one assistant over the bundled article for the whole run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from askali import Assistant, Document
from askali.documents import bundled_corpus, load_documents


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test touches the user's folders."""
    home = tmp_path / "home"
    monkeypatch.setenv("ASKALI_HOME", str(home))
    for name in ("ASKALI_CORPUS", "ASKALI_LLM", "ASKALI_K", "ASKALI_ABSTAIN"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture(scope="session")
def article() -> Document:
    return load_documents(bundled_corpus())[0]


@pytest.fixture(scope="session")
def bot(article: Document) -> Iterator[Assistant]:
    with Assistant.from_documents([article]) as assistant:
        yield assistant
