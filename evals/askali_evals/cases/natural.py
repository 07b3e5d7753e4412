"""The natural questions and dialogues as suites, one for each document; a mistake is told with
its file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from askali_evals.cases.case import Case, Points, Suite
from askali_evals.cases.positions import Node, read_nodes
from askali_evals.cases.schema import Problem, lines_of, scalar, texts_of, truth
from askali_evals.errors import FactsError

SHAPES = (
    "fact yes_no definition list count why how summary compare timeline extract arithmetic "
    "about_document several follow_up small_talk outside"
).split()
DIALOGUE = "dialogue"
"""The shape of a conversation whose last turn is asked."""

_TOLD_ONLY = ("given", "kind", "needs_rewrite", "standalone", "sum")


def load_natural(folder: Path) -> tuple[Suite, ...]:
    """The suites of a folder with documents/, questions/ and dialogues.yaml; none without it."""
    files = sorted((folder / "questions").glob("*.yaml"))
    dialogues = folder / "dialogues.yaml"
    files += [dialogues] if dialogues.is_file() else []
    taken: dict[str, str] = {}
    problems: list[str] = []
    by_document: dict[str, list[Case]] = {}
    for path in files:
        nodes = read_nodes(path)
        if not nodes:
            problems.append(f"{path}:1: no question in it; write some, or delete the file")
        for node in nodes:
            try:
                document, case = _case(path, node, folder)
                if case.id in taken:
                    raise Problem(node.line, f"id {case.id!r} is used before, {taken[case.id]}")
                taken[case.id] = case.where
                by_document.setdefault(document, []).append(case)
            except Problem as problem:
                problems.append(f"{path}:{problem.line}: {problem}")
    if problems:
        raise FactsError("\n".join(problems))
    return tuple(
        Suite(
            Path(document).stem,
            tuple(cases),
            folder / "questions" / f"{Path(document).stem}.yaml",
            folder / "documents" / document,
        )
        for document, cases in sorted(by_document.items())
    )


def _case(path: Path, node: Node, folder: Path) -> tuple[str, Case]:
    given = node.value
    if not isinstance(given, dict):
        raise Problem(node.line, "a question is expected: '- id: …' with its fields below")
    for name, value in given.items():
        if name not in _READ and name not in _TOLD_ONLY:
            raise Problem(value.line, f"unknown field {name!r}; known: {', '.join(_READ)}")
    values = {name: read(given[name], name) for name, read in _READ.items() if name in given}
    for name in ("id", "document", "answerable"):
        if values.get(name, "") == "":
            raise Problem(node.line, f"{name!r} is missing or empty")
    if "turns" in values:
        *before, last = values.pop("turns")
        values |= {"shape": DIALOGUE, "question": last["user"]}
        values["history"] = [(role, t[role]) for t in before for role in ("user", "assistant")]
    elif values.get("shape") not in SHAPES:
        line = given.get("shape", node).line
        known = ", ".join(SHAPES)
        raise Problem(line, f"unknown shape {values.get('shape')!r}; known: {known}")
    if not values.get("question"):
        raise Problem(node.line, "'question' is missing or empty")
    document, spans = values["document"], values.get("spans", ())
    _check_spans(given, folder / "documents" / document, spans)
    points = Points(**{n: v for n, v in values.items() if n in Points.__dataclass_fields__})
    if values["answerable"] and points == Points(none=points.none, cites=points.cites):
        raise Problem(node.line, f"{values['id']}: nothing to score: give any, items or number")
    case = Case(
        values["id"],
        values["question"],
        evidence=tuple((span,) for span in spans),
        answerable=values["answerable"],
        tags=(f"shape-{values['shape'].replace('_', '-')}",),
        where=f"{path}:{node.line}",
        shape=values["shape"],
        points=points,
        turns=tuple(values.get("history", ())),
    )
    return document, case


def _check_spans(given: dict[str, Node], document: Path, spans: Iterable[str]) -> None:
    line = given["document"].line
    if not document.is_file():
        there = ", ".join(sorted(path.name for path in document.parent.glob("*")))
        raise Problem(line, f"no document {document.name!r}; {document.parent} has {there}")
    text = _texts.setdefault(document, document.read_text(encoding="utf-8"))
    for span in spans:
        if span not in text:
            raise Problem(
                given["spans"].line,
                f"not in {document.name} any more: {span!r}; quote it as it stands there now",
            )


_texts: dict[Path, str] = {}


def _turns(node: Node, name: str) -> list[dict[str, str]]:
    items = node.value if isinstance(node.value, list) else []
    turns = [
        {k: scalar(v, k) for k, v in item.value.items()}
        for item in items
        if isinstance(item.value, dict)
    ]
    if not turns or len(turns) != len(items):
        raise Problem(node.line, f"{name!r} is a list of turns")
    wanted = {"role", "content"} if name == "history" else {"user"}
    if any(not wanted <= turn.keys() for turn in turns):
        raise Problem(node.line, f"{name!r}: every turn has {' and '.join(sorted(wanted))}")
    return turns


def _history(node: Node, name: str) -> list[tuple[str, str]]:
    return [(turn["role"], turn["content"]) for turn in _turns(node, name)]


def _range(node: Node, name: str) -> tuple[float, float]:
    try:
        ends = node.value if isinstance(node.value, dict) else {}
        return float(scalar(ends["from"], name)), float(scalar(ends["to"], name))
    except (KeyError, ValueError) as exc:
        raise Problem(node.line, f"{name!r} is a range: {{from: 1080, to: 1300}}") from exc


def _yes_or_no(node: Node, name: str) -> str:
    value = scalar(node, name)
    if value not in ("yes", "no"):
        raise Problem(node.line, f"{name!r} is yes or no, not {value!r}")
    return value


_READ: dict[str, Callable[[Node, str], Any]] = {
    "id": scalar,
    "document": scalar,
    "question": scalar,
    "shape": scalar,
    "history": _history,
    "turns": _turns,
    "answerable": truth,
    "spans": texts_of,
    "any": lines_of,
    "none": texts_of,
    "items": lines_of,
    "not_items": texts_of,
    "complete": truth,
    "may_say": texts_of,
    "order": texts_of,
    "verdict": _yes_or_no,
    "number": _range,
    "cites": truth,
    "mentions": texts_of,
    "not_mentions": texts_of,
}
