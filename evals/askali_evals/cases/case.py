"""The nouns of the evaluation: one question with what is expected, and sets of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

Alternatives = tuple[str, ...]
"""Any one of these is enough."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what a right answer must say and cite.

    Every line of `expect` must be met by the answer's text and every line of
    `evidence` be cited; none of `reject` may be said. An unanswerable case has
    neither `expect` nor `evidence`: the right answer abstains. `history` holds
    the questions asked before, oldest first. Only reviewed cases count.
    """

    id: str
    question: str
    expect: tuple[Alternatives, ...] = ()
    reject: tuple[str, ...] = ()
    evidence: tuple[Alternatives, ...] = ()
    history: tuple[str, ...] = ()
    answerable: bool = True
    tags: tuple[str, ...] = ()
    note: str = ""
    reviewed: bool = True
    where: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one facts file and the documents they are asked of.

    `documents` is a file or folder; None is the article that comes with askali.
    """

    name: str
    cases: tuple[Case, ...]
    facts: Path
    documents: Path | None = None

    @property
    def counted(self) -> tuple[Case, ...]:
        """The cases that a person has reviewed."""
        return tuple(case for case in self.cases if case.reviewed)
