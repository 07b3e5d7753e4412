"""The nouns of the evaluation: one question with what is expected, and sets of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

Alternatives = tuple[str, ...]
"""Any one of these is enough."""


@dataclass(frozen=True, slots=True)
class Points:
    """How an answer to a natural question is scored; `evals/natural/README.md` is the rule.

    `any` are the required points, `none` what must not occur, `items` the true entries of a
    list; `may_say` is what may stand in place of a refusal. `number` is a range.
    """

    any: tuple[Alternatives, ...] = ()
    none: tuple[str, ...] = ()
    items: tuple[Alternatives, ...] = ()
    not_items: tuple[str, ...] = ()
    complete: bool = False
    may_say: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    verdict: str = ""
    number: tuple[float, float] | None = None
    cites: bool = True
    mentions: tuple[str, ...] = ()
    not_mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what a right answer must say and cite.

    Every line of `expect` must be met by the answer's text and every line of
    `evidence` be cited; none of `reject` may be said. An unanswerable case has
    neither `expect` nor `evidence`: the right answer abstains. `history` holds
    the questions asked before, oldest first. Only reviewed cases count. A natural question
    has a `shape`, `points` in place of `expect`, and `turns` (role, content) as given before it.
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
    shape: str = ""
    points: Points | None = None
    turns: tuple[tuple[str, str], ...] = ()

    @property
    def stamp(self) -> str:
        """Changes when the question or what is expected of it changes."""
        asked = repr(replace(self, where="", note="", tags=()))
        return hashlib.sha256(asked.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one facts file and the documents they are asked of.

    `documents` is a file or folder; None where a test gives the texts themselves.
    """

    name: str
    cases: tuple[Case, ...]
    facts: Path
    documents: Path | None = None

    @property
    def counted(self) -> tuple[Case, ...]:
        """The cases that a person has reviewed."""
        return tuple(case for case in self.cases if case.reviewed)
