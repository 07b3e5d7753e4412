"""From a facts file's nodes to checked cases; every problem is told with its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from askali_evals.cases.case import Alternatives, Case
from askali_evals.cases.positions import Node, read_nodes
from askali_evals.errors import FactsError
from askali_evals.scoring.text import is_pattern

TO_WRITE = "TODO"
"""How the question of a draft begins; a person writes it before the case counts."""

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
_KNOWN = [field.name for field in fields(Case) if field.name != "where"]


class _Problem(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def read_cases(path: Path) -> list[Case]:
    """The cases of one file in its order; raises `FactsError` listing every problem."""
    cases: dict[str, Case] = {}
    problems = []
    for node in read_nodes(path):
        try:
            case = _case(path, node)
            if case.id in cases:
                raise _Problem(node.line, f"id {case.id!r} is used before, {cases[case.id].where}")
            cases[case.id] = case
        except _Problem as problem:
            problems.append(f"{path}:{problem.line}: {problem}")
    if problems:
        raise FactsError("\n".join(problems))
    return list(cases.values())


def _case(path: Path, node: Node) -> Case:
    given = node.value
    if not isinstance(given, dict):
        raise _Problem(node.line, "a case is expected: '- id: …' with its fields below")
    for name, value in given.items():
        if name not in _KNOWN:
            raise _Problem(value.line, f"unknown field {name!r}; known: {', '.join(_KNOWN)}")
    values = {name: _READ[name](value, name) for name, value in given.items()}
    for name in ("id", "question"):
        if not values.get(name):
            raise _Problem(node.line, f"{name!r} is missing or empty")
    case = Case(**values, where=f"{path}:{node.line}")
    _check(case, given, node.line)
    return case


def _check(case: Case, given: dict[str, Node], line: int) -> None:
    if not _ID.fullmatch(case.id):
        raise _Problem(given["id"].line, f"id {case.id!r} is not kebab-case, like three-year-plan")
    if case.reviewed and case.question.startswith(TO_WRITE):
        raise _Problem(
            given["question"].line, f"{case.id}: write the question, or keep 'reviewed: false'"
        )
    if case.answerable and case.reviewed and not (case.expect and case.evidence):
        raise _Problem(
            line,
            f"{case.id}: an answerable case needs 'expect' and 'evidence' "
            "(or say 'answerable: false')",
        )
    for name in ("expect", "evidence"):
        if not case.answerable and getattr(case, name):
            raise _Problem(given[name].line, f"{case.id}: an unanswerable case has no {name!r}")


def _scalar(node: Node, name: str) -> str:
    if not isinstance(node.value, str):
        raise _Problem(node.line, f"{name!r} is one piece of text here, not a list or mapping")
    return node.value.strip()


def _truth(node: Node, name: str) -> bool:
    value = _scalar(node, name).lower()
    if value not in _TRUTH:
        raise _Problem(node.line, f"{name!r} is true or false, not {value!r}")
    return _TRUTH[value]


def _texts(node: Node, name: str) -> tuple[str, ...]:
    items = node.value if isinstance(node.value, list) else [node]
    texts = []
    for item in items:
        text = _scalar(item, name)
        if not text and isinstance(node.value, list):
            raise _Problem(item.line, f"{name!r} has an empty line")
        if is_pattern(text):
            _compile(text, item.line, name)
        texts.append(text)
    return tuple(text for text in texts if text)


def _lines(node: Node, name: str) -> tuple[Alternatives, ...]:
    items = node.value if isinstance(node.value, list) else [node]
    return tuple(alternatives for item in items if (alternatives := _texts(item, name)))


def _compile(text: str, line: int, name: str) -> None:
    try:
        re.compile(text[1:-1])
    except re.error as exc:
        raise _Problem(line, f"{name!r}: {text} is not a regular expression: {exc}") from exc


_READ: dict[str, Callable[[Node, str], Any]] = {
    "id": _scalar,
    "question": _scalar,
    "expect": _lines,
    "reject": _texts,
    "evidence": _lines,
    "history": _texts,
    "answerable": _truth,
    "tags": _texts,
    "note": _scalar,
    "reviewed": _truth,
}
