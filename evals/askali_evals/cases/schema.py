"""From a facts file's nodes to checked cases; every problem is told with its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import regex

from askali_evals.cases.case import Alternatives, Case
from askali_evals.cases.positions import Node, read_nodes
from askali_evals.errors import FactsError
from askali_evals.scoring.text import is_pattern

TO_WRITE = "TODO"
"""How the question of a draft begins; a person writes it before the case counts."""

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
_KNOWN = [f.name for f in fields(Case) if f.name not in ("where", "shape", "points", "turns")]


class Problem(Exception):
    """What is wrong with a case, and the line it is wrong at."""

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
                raise Problem(node.line, f"id {case.id!r} is used before, {cases[case.id].where}")
            cases[case.id] = case
        except Problem as problem:
            problems.append(f"{path}:{problem.line}: {problem}")
    if problems:
        raise FactsError("\n".join(problems))
    return list(cases.values())


def _case(path: Path, node: Node) -> Case:
    given = node.value
    if not isinstance(given, dict):
        raise Problem(node.line, "a case is expected: '- id: …' with its fields below")
    for name, value in given.items():
        if name not in _KNOWN:
            raise Problem(value.line, f"unknown field {name!r}; known: {', '.join(_KNOWN)}")
    values = {name: _READ[name](value, name) for name, value in given.items()}
    for name in ("id", "question"):
        if not values.get(name):
            raise Problem(node.line, f"{name!r} is missing or empty")
    case = Case(**values, where=f"{path}:{node.line}")
    _check(case, given, node.line)
    return case


def _check(case: Case, given: dict[str, Node], line: int) -> None:
    if not _ID.fullmatch(case.id):
        raise Problem(given["id"].line, f"id {case.id!r} is not kebab-case, like three-year-plan")
    if case.reviewed and case.question.startswith(TO_WRITE):
        raise Problem(
            given["question"].line, f"{case.id}: write the question, or keep 'reviewed: false'"
        )
    if case.answerable and case.reviewed and not (case.expect and case.evidence):
        raise Problem(
            line,
            f"{case.id}: an answerable case needs 'expect' and 'evidence' "
            "(or say 'answerable: false')",
        )
    for name in ("expect", "evidence"):
        if not case.answerable and getattr(case, name):
            raise Problem(
                given[name].line,
                f"{case.id}: an unanswerable case has no {name!r}; delete "
                "that or 'answerable: false'",
            )


def scalar(node: Node, name: str) -> str:
    """One piece of text."""
    if not isinstance(node.value, str):
        raise Problem(node.line, f"{name!r} is one piece of text here, not a list or mapping")
    return node.value.strip()


def truth(node: Node, name: str) -> bool:
    """True or false, as people write it."""
    value = scalar(node, name).lower()
    if value not in _TRUTH:
        raise Problem(node.line, f"{name!r} is true or false, not {value!r}")
    return _TRUTH[value]


def texts_of(node: Node, name: str) -> tuple[str, ...]:
    """A list of texts, or one text alone."""
    items = node.value if isinstance(node.value, list) else [node]
    texts = []
    for item in items:
        text = scalar(item, name)
        if not text and isinstance(node.value, list):
            raise Problem(item.line, f"{name!r} has an empty line")
        if is_pattern(text):
            _compile(text, item.line, name)
        texts.append(text)
    return tuple(text for text in texts if text)


def lines_of(node: Node, name: str) -> tuple[Alternatives, ...]:
    """A list of alternatives."""
    items = node.value if isinstance(node.value, list) else [node]
    return tuple(alternatives for item in items if (alternatives := texts_of(item, name)))


def _compile(text: str, line: int, name: str) -> None:
    try:
        regex.compile(text[1:-1])
    except regex.error as exc:
        raise Problem(line, f"{name!r}: {text} is not a regular expression: {exc}") from exc


_READ: dict[str, Callable[[Node, str], Any]] = {
    "id": scalar,
    "question": scalar,
    "expect": lines_of,
    "reject": texts_of,
    "evidence": lines_of,
    "history": texts_of,
    "answerable": truth,
    "tags": texts_of,
    "note": scalar,
    "reviewed": truth,
}
