"""Every regular expression of more than 80 characters says what it finds.

    python tools/check_patterns.py src

Beside the pattern: a comment above or inside, or a string below its assignment. Prints those
that say nothing; the exit code is 1 where there are more than `--most`.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

LONG = 80


def silent_patterns(text: str) -> Iterator[tuple[int, int]]:
    """(line, length) of each long pattern of a module that nothing explains."""
    lines = text.splitlines()
    module = ast.parse(text)
    described = {
        one.end_lineno
        for body in ast.walk(module)
        for one, after in _neighbours(getattr(body, "body", None))
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
    }
    for statement in ast.walk(module):
        if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.Return | ast.Expr):
            continue
        size = max((_size(call) for call in ast.walk(statement) if _compiles(call)), default=0)
        end = statement.end_lineno or statement.lineno
        around = lines[max(0, statement.lineno - 2) : end]
        is_commented = any(re.search(r"(?:^|\s)#\s", line) for line in around)
        if size > LONG and not is_commented and end not in described:
            yield statement.lineno, size


def _neighbours(body: object) -> Iterator[tuple[ast.stmt, ast.stmt]]:
    if isinstance(body, list):
        yield from zip(body, body[1:], strict=False)


def _compiles(call: ast.AST) -> bool:
    return isinstance(call, ast.Call) and ast.unparse(call.func) == "re.compile"


def _size(call: ast.AST) -> int:
    assert isinstance(call, ast.Call)
    return sum(
        len(piece.value)
        for argument in call.args[:1]
        for piece in ast.walk(argument)
        if isinstance(piece, ast.Constant) and isinstance(piece.value, str)
    )


def main() -> int:
    """Print the silent ones; 1 where they are too many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, default=0)
    asked = parser.parse_args()
    count = 0
    for path in sorted(asked.folder.rglob("*.py")):
        for line, size in silent_patterns(path.read_text("utf-8")):
            count += 1
            print(f"{path}:{line}: {size} characters, and nothing says what they find")
    return int(count > asked.most)


if __name__ == "__main__":
    sys.exit(main())
