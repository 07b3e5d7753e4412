"""Cases of a facts file that wait for a person: kept, reworded or struck out one by one.

Each decision is in the file when it is made, so nobody loses what he has gone through. Only the
lines of the case are written anew; comments and other cases stay as they are.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from askali import Document
from askali_evals.cases.case import Case
from askali_evals.cases.drafting import HEADER, draft_cases
from askali_evals.cases.facts import check_evidence
from askali_evals.cases.positions import read_nodes
from askali_evals.cases.review_queue import to_yaml
from askali_evals.cases.schema import read_cases
from askali_evals.errors import FactsError
from askali_evals.scoring.text import says_any


class Proposals:
    """The unreviewed cases of a facts file in YAML and the documents that they are asked of."""

    def __init__(self, facts: Path, documents: Mapping[str, Document], command: str = "") -> None:
        self.facts, self.documents = facts, documents
        self.command = command or "askali eval"
        """What asks the kept ones, to be told to the person."""
        self._writing = threading.Lock()
        self._decided: list[tuple[str, str]] = []

    def waiting(self) -> list[Case]:
        """The cases that nobody has decided on, in the file's order."""
        return [case for case in read_cases(self.facts) if not case.reviewed]

    def kept(self) -> int:
        """How many cases of the file are asked."""
        return sum(case.reviewed for case in read_cases(self.facts))

    def keep(
        self,
        case_id: str,
        *,
        question: str | None = None,
        expect: Sequence[str] | None = None,
        evidence: Sequence[str] | None = None,
        answerable: bool = True,
    ) -> Case:
        """Let a case count, with what is given in place of what was proposed.

        Raises `FactsError` where it cannot count: its evidence is not in the documents, the
        answer not in what is cited, or there is none.
        """
        with self._writing:
            case = self._find(case_id)
            kept = replace(
                case,
                question=(case.question if question is None else question).strip(),
                expect=case.expect if expect is None else _lines(expect),
                evidence=case.evidence if evidence is None else _lines(evidence),
                answerable=answerable,
                reviewed=True,
            )
            if not answerable:
                kept = replace(kept, expect=(), evidence=())
            check_evidence((kept,), self.documents)
            self._check_answer(kept)
            self._write(case, to_yaml([_plain(kept)]))
            return kept

    def strike(self, case_id: str) -> None:
        """Take a case out of the file."""
        with self._writing:
            self._write(self._find(case_id), "")

    def undo(self) -> None:
        """Take back this store's last decision; raises `FactsError` where there is none, or the
        file has been changed by somebody else since."""
        with self._writing:
            if not self._decided:
                raise FactsError("there is nothing to take back")
            before, after = self._decided[-1]
            if self.facts.read_text(encoding="utf-8") != after:
                raise FactsError(f"{self.facts}: changed since by somebody else; edit it there")
            _replace(self.facts, before)
            self._decided.pop()

    def _find(self, case_id: str) -> Case:
        for case in self.waiting():
            if case.id == case_id:
                return case
        raise FactsError(f"{self.facts}: no proposal {case_id!r}; it was decided on before")

    def _check_answer(self, case: Case) -> None:
        cited = " ".join(quote for line in case.evidence for quote in line)
        for line in case.expect:
            if not says_any(cited, line):
                raise FactsError(
                    f"{case.where}: {case.id}: the answer {line[0]!r} is not in the words that "
                    f"prove it: {cited!r}; word it as they do, or name other words"
                )

    def _write(self, case: Case, text: str) -> None:
        """Put a text in place of a case's lines; the file is left as it was if it then fails."""
        before = self.facts.read_text(encoding="utf-8")
        lines = before.split("\n")
        starts = [node.line - 1 for node in read_nodes(self.facts)]
        begin = int(case.where.rpartition(":")[2]) - 1
        end = min((start for start in starts if start > begin), default=len(lines))
        while end > begin and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
            end -= 1  # what stands above the next case is the next one's
        if not text:
            while end < len(lines) and not lines[end].strip():
                end += 1
        kept = [*lines[:begin], *text.split("\n")[:-1], *lines[end:]]
        after = "\n".join(kept).rstrip("\n") + "\n"
        _replace(self.facts, after)
        try:
            read_cases(self.facts)
        except FactsError:
            _replace(self.facts, before)
            raise
        self._decided.append((before, after))


def write_drafts(documents: Mapping[str, Document], facts: Path, count: int) -> None:
    """A new facts file with up to `count` proposals; raises `FactsError` where there is none."""
    drafts = draft_cases(documents, count)
    if not drafts:
        names = ", ".join(document.title or key for key, document in documents.items())
        raise FactsError(f"{names}: no sentence with a figure, a date or a name to ask about")
    with facts.open("x", encoding="utf-8") as file:  # another may be drafting the same
        file.write(HEADER + to_yaml(drafts))


def _replace(path: Path, text: str) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _lines(texts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple((" ".join(text.split()),) for text in texts if text.strip())


def _plain(case: Case) -> dict[str, Any]:
    """A case as it is written in a file."""
    given: dict[str, Any] = {"id": case.id, "question": case.question}
    given |= {"history": list(case.history)} if case.history else {}
    if case.answerable:
        for name in ("expect", "evidence"):
            given[name] = [x[0] if len(x) == 1 else list(x) for x in getattr(case, name)]
    else:
        given["answerable"] = False
    for name in ("reject", "tags"):
        given |= {name: list(getattr(case, name))} if getattr(case, name) else {}
    return given | ({"note": case.note} if case.note else {})
