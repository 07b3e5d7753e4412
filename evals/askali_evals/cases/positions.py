"""YAML and JSON Lines as one tree whose every value knows its line.

Scalars stay the characters that were typed: ``expect: [no, 1.50, 2032]`` is
three strings, not False, 1.5 and a year.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from askali_evals.errors import FactsError

_FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml reads a file ten times faster where it was built in."""

_HINTS = {
    "mapping values are not allowed here": "; a text that holds ': ' stands in quotation marks",
    "found character '\\t' that cannot start any token": "; indent with spaces, not with a tab",
}
"""What people who do not know YAML do most, and how to mend it."""


@dataclass(frozen=True, slots=True)
class Node:
    """A scalar, list or mapping, with the line it begins on (from 1)."""

    value: str | list[Node] | dict[str, Node]
    line: int


def read_nodes(path: Path) -> list[Node]:
    """The top-level entries of a .yaml, .yml or .jsonl file."""
    if not path.is_file():
        raise FactsError(f"{path}: no such file; askali eval init DIR --facts {path} drafts one")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as exc:
        line = exc.object[: exc.start].count(b"\n") + 1
        raise FactsError(f"{path}:{line}: not UTF-8 ({exc.reason}); save it as UTF-8") from exc
    except OSError as exc:
        raise FactsError(f"{path}: cannot be read ({exc.strerror})") from exc
    return _read_jsonl(path, text) if path.suffix == ".jsonl" else _read_yaml(path, text)


def _read_yaml(path: Path, text: str) -> list[Node]:
    try:
        try:
            root = yaml.compose(text, Loader=_FAST)
        except yaml.YAMLError:  # the slower reader says it better
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is None:
            return []
        tree = _from_yaml(root)
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else 1
        hint = _HINTS.get(exc.problem or "", "")
        raise FactsError(f"{path}:{line}: not YAML: {exc.problem}{hint}") from exc
    except yaml.reader.ReaderError as exc:
        line = text[: exc.position].count("\n") + 1
        told = f"the character {chr(exc.character)!r} must not stand in it; delete it"
        raise FactsError(f"{path}:{line}: not YAML: {told}") from exc
    except RecursionError as exc:
        raise FactsError(f"{path}:1: nested too deeply, or an anchor (&) in itself") from exc
    if not isinstance(tree.value, list):
        raise FactsError(f"{path}:{tree.line}: a list of cases is expected, each beginning '- id:'")
    return tree.value


def _from_yaml(node: yaml.Node) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return Node([_from_yaml(item) for item in node.value], line)
    if isinstance(node, yaml.MappingNode):
        return Node(_mapping(node), line)
    if node.tag == "tag:yaml.org,2002:null":
        return Node("", line)
    return Node(str(node.value), line)


def _mapping(node: yaml.MappingNode) -> dict[str, Node]:
    fields: dict[str, Node] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in fields:
            raise yaml.MarkedYAMLError(
                problem=f"{name!r} is given twice", problem_mark=key.start_mark
            )
        fields[name] = _from_yaml(value)
    return fields


def _read_jsonl(path: Path, text: str) -> list[Node]:
    nodes = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            nodes.append(_from_json(json.loads(line), number))
        except ValueError as exc:
            raise FactsError(f"{path}:{number}: not JSON: {exc}") from exc
    return nodes


def _from_json(value: Any, line: int) -> Node:
    if isinstance(value, list):
        return Node([_from_json(item, line) for item in value], line)
    if isinstance(value, dict):
        return Node({str(k): _from_json(v, line) for k, v in value.items()}, line)
    if isinstance(value, bool):
        return Node("true" if value else "false", line)
    return Node("" if value is None else str(value), line)
