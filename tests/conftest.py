"""Shared fixtures: one assistant over the bundled article for the whole run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from askali import Assistant, Document
from askali.documents import bundled_corpus, load_documents


@pytest.fixture(scope="session", autouse=True)
def no_users_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is shared by tests stays out of the user's folders too. Measured where a user had
    fetched the local model: the shared assistant read with it, 117 s for its first question."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASKALI_HOME", str(tmp_path_factory.mktemp("shared") / "home"))
        for name in ("ASKALI_CORPUS", "ASKALI_LLM", "ASKALI_K", "ASKALI_ABSTAIN"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test touches the user's folders, nor another test's."""
    home = tmp_path / "home"
    monkeypatch.setenv("ASKALI_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def article() -> Document:
    return load_documents(bundled_corpus())[0]


@pytest.fixture(scope="session")
def bot(article: Document) -> Iterator[Assistant]:
    with Assistant.from_documents([article]) as assistant:
        yield assistant


PAGE = ("test_ui_", "test_evals_page")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The page first: the longest files shall not begin last, when one worker has no more to do."""
    items.sort(key=lambda item: not item.path.stem.startswith(PAGE))


TOWN = "Elmford has 1,200 people. Its mayor is Ann Lee."


@pytest.fixture(scope="session")
def built_town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A short document and a home with its index, made once: each build checks itself."""
    folder = tmp_path_factory.mktemp("built")
    file = folder / "my town.txt"
    file.write_text(TOWN)
    Assistant.open(corpus=file, home=folder / "home").close()
    return file, folder / "home"


@pytest.fixture
def indexed_town(built_town: tuple[Path, Path], own_home: Path) -> Iterator[Path]:
    """The document, with a copy of its index in the home of this test."""
    file, home = built_town
    shutil.copytree(home, own_home)
    yield file
    file.write_text(TOWN)
