"""From a bad answer to a case: what readers reported waits in a file until a person promotes it.

``<home>/feedback/pending.jsonl``, one JSON object a line; the browser's feedback
buttons write the same: id, question, history, verdict, note, answer_text,
citations (document_id, start, end, quote) and created (ISO 8601).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from askali_evals.cases.case import Case
from askali_evals.cases.drafting import slug
from askali_evals.cases.schema import read_cases
from askali_evals.errors import FactsError

VERDICTS = ("good", "wrong_answer", "wrong_source", "should_abstain")


@dataclass(frozen=True, slots=True)
class Pending:
    """One reported question; `expect` and `evidence` only where a person gave them."""

    id: str
    question: str
    verdict: str = "wrong_answer"
    history: tuple[str, ...] = ()
    note: str = ""
    answer_text: str = ""
    citations: tuple[dict[str, Any], ...] = ()
    created: str = ""
    expect: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    def told(self) -> list[tuple[str, str]]:
        """What a reviewer has to know, as (name, text); what is empty is left out."""
        pairs = [
            ("after", " / ".join(self.history)),
            ("question", self.question),
            ("answer", self.answer_text),
            ("cited", " / ".join(str(c.get("quote", "")) for c in self.citations)),
            ("expect", " / ".join(self.expect)),
            ("evidence", " / ".join(self.evidence)),
            ("note", self.note),
        ]
        return [(name, text) for name, text in pairs if text]


def pending_file(home: Path) -> Path:
    """Where reported questions wait."""
    return home / "feedback" / "pending.jsonl"


def new_pending(question: str, taken: Collection[str] = (), **given: Any) -> Pending:
    """A pending case made now; its id is the question's words, and none of those `taken`."""
    if not question.strip():
        raise FactsError("the question is empty; give it in quotation marks")
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return Pending(slug(question, taken), question.strip(), created=created, **given)


def read_pending(path: Path) -> list[Pending]:
    """Every waiting case in the order of arrival; raises `FactsError` with file:line."""
    if not path.is_file():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            found.append(_pending(line, f"{path}:{number}"))
    return found


def add_pending(path: Path, pending: Pending) -> None:
    """Append one line; readers see whole lines, for it is written at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(_plain(pending), ensure_ascii=False) + "\n"
    with path.open("a", encoding="utf-8") as file:
        file.write(line)


def remove_pending(path: Path, pending_id: str) -> None:
    """Take one case out; the file is replaced in one step."""
    kept = [item for item in read_pending(path) if item.id != pending_id]
    text = "".join(json.dumps(_plain(item), ensure_ascii=False) + "\n" for item in kept)
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def promote(pending: Pending, facts: Path) -> Case:
    """Append a pending case to a facts file and read it back as `reviewed: false` or complete.

    A case that has all it needs counts at once; one that lacks `expect` or
    `evidence` is marked unreviewed until a person has filled it in.
    """
    taken = {case.id for case in read_cases(facts)} if facts.is_file() else set()
    case = _as_case(pending, taken)
    before = facts.read_text(encoding="utf-8") if facts.is_file() else ""
    facts.parent.mkdir(parents=True, exist_ok=True)
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    facts.write_text(before + gap + to_yaml([case]), encoding="utf-8")
    try:
        return next(c for c in read_cases(facts) if c.id == case["id"])
    except FactsError:
        facts.write_text(before, encoding="utf-8")
        raise


def to_yaml(cases: Iterable[dict[str, Any]]) -> str:
    """Cases as the YAML that a person would write, a blank line between them."""
    blocks = [
        yaml.safe_dump([case], allow_unicode=True, sort_keys=False, width=110) for case in cases
    ]
    return "\n".join(blocks)


def _as_case(pending: Pending, taken: set[str]) -> dict[str, Any]:
    refuses = pending.verdict == "should_abstain"
    quotes = [str(c["quote"]) for c in pending.citations] if pending.verdict == "good" else []
    evidence = list(pending.evidence) or quotes
    case: dict[str, Any] = {"id": slug(pending.question, taken), "question": pending.question}
    if pending.history:
        case["history"] = list(pending.history)
    if refuses:
        case["answerable"] = False
    else:
        case |= {"expect": list(pending.expect), "evidence": evidence}
        if not (pending.expect and evidence):
            case["reviewed"] = False
    case["tags"] = ["reported"]
    note = "; ".join(filter(None, (pending.note, f"reported as {pending.verdict}")))
    return case | {"note": note}


def _pending(line: str, where: str) -> Pending:
    try:
        values = json.loads(line)
        known = {name: values.pop(name) for name in list(values) if name in _FIELDS}
        for name in ("history", "citations", "expect", "evidence"):
            known[name] = tuple(known.get(name) or ())
        known["history"] = tuple(_asked(known["history"]))
        pending = Pending(**known, extra=values)
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        raise FactsError(f"{where}: not a pending case: {exc}") from exc
    if pending.verdict not in VERDICTS:
        raise FactsError(f"{where}: verdict {pending.verdict!r}; known: {', '.join(VERDICTS)}")
    return pending


def _asked(history: Iterable[Any]) -> Iterable[str]:
    """The user's questions of a history, be it of texts or of {"role", "content"}."""
    for turn in history:
        if isinstance(turn, str):
            yield turn
        elif turn["role"] == "user":
            yield str(turn["content"])


def _plain(pending: Pending) -> dict[str, Any]:
    values = asdict(pending)
    return {**values.pop("extra"), **values}


_FIELDS = frozenset(Pending.__dataclass_fields__) - {"extra"}
