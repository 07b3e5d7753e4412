"""Open askali on the documents of a suite."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from askali import Assistant, Document, Settings
from askali_evals.benchmarks.injection import OpenDocuments
from askali_evals.cases.case import Suite
from askali_evals.running.run import Opener


def assistant_opener(llm: str | None, home: Path | None) -> Opener:
    """Opens one `Assistant` for each suite with the given engine and home folder."""

    def open_suite(suite: Suite) -> Assistant:
        return Assistant.open(corpus=suite.documents, llm=llm, home=home)

    return open_suite


def documents_opener(llm: str | None, home: Path | None) -> OpenDocuments:
    """Opens an `Assistant` on documents in memory with the given engine."""

    def open_documents(documents: Sequence[Document]) -> Assistant:
        return Assistant.from_documents(documents, llm=llm, home=home)

    return open_documents


def home_folder(home: Path | None) -> Path:
    """The folder that askali writes to."""
    return Settings.load(home=home).home


def config_of(llm: str | None, home: Path | None) -> dict[str, str]:
    """The settings that may change answers, for the run's record."""
    settings = Settings.load(llm=llm, home=home)
    return {"llm": settings.llm, "k": str(settings.k), "abstain": str(settings.abstain).lower()}
