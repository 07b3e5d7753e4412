"""Open askali on the documents of a suite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from askali import Assistant, Document, Settings
from askali_evals.cases.case import Suite


@dataclass(frozen=True, slots=True)
class SuiteOpener:
    """Opens one `Assistant` for each suite with the given engine and home folder."""

    llm: str | None
    home: Path | None

    def __call__(self, suite: Suite) -> Assistant:
        return Assistant.open(corpus=suite.documents, llm=self.llm, home=self.home)


@dataclass(frozen=True, slots=True)
class DocumentsOpener:
    """Opens an `Assistant` on documents in memory with the given engine."""

    llm: str | None
    home: Path | None

    def __call__(self, documents: Sequence[Document]) -> Assistant:
        return Assistant.from_documents(documents, llm=self.llm, home=self.home)


def home_folder(home: Path | None) -> Path:
    """The folder that askali writes to."""
    return Settings.load(home=home).home


def config_of(llm: str | None, home: Path | None) -> dict[str, str]:
    """The settings that may change answers, for the run's record."""
    settings = Settings.load(llm=llm, home=home)
    return {"llm": settings.llm, "k": str(settings.k), "abstain": str(settings.abstain).lower()}
