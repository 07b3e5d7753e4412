"""Every regular expression of more than 80 characters says what it finds.

    python tools/check_patterns.py src

Beside the pattern: a comment above or inside, or a string below its assignment. A pattern is what
a function of `re` gets, and any other raw string. Prints those that say nothing; the exit code is
then 1.
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
        if not isinstance(statement, ast.stmt) or hasattr(statement, "body"):
            continue
        size = max((_size(one) for one in ast.walk(statement) if _is_pattern(one, text)), default=0)
        end = statement.end_lineno or statement.lineno
        around = lines[max(0, statement.lineno - 2) : end]
        is_commented = any(re.search(r"(?:^|\s)#\s(?!fmt:|type:)", line) for line in around)
        if size > LONG and not is_commented and end not in described:
            yield statement.lineno, size


def _neighbours(body: object) -> Iterator[tuple[ast.stmt, ast.stmt]]:
    if isinstance(body, list):
        yield from zip(body, body[1:], strict=False)


def _is_pattern(node: ast.AST, text: str) -> bool:
    """True for a raw string, and for a string that a function of `re` gets first."""
    if isinstance(node, ast.Call):
        is_of_re = ast.unparse(node.func).startswith("re.") and bool(node.args)
        return is_of_re and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
    if not isinstance(node, ast.Constant | ast.JoinedStr):
        return False
    source = ast.get_source_segment(text, node) or ""
    return bool(re.match(r"(?i:r|rf|fr)['\"]", source))


def _size(node: ast.AST) -> int:
    """How many characters its strings have, without the values that are filled in."""
    pieces = ast.walk(node.args[0] if isinstance(node, ast.Call) else node)
    found = (p.value for p in pieces if isinstance(p, ast.Constant))
    return sum(len(value) for value in found if isinstance(value, str))


def main() -> int:
    """Print the silent ones; 1 where there is any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    count = 0
    for path in sorted(asked.folder.rglob("*.py")):
        for line, size in silent_patterns(path.read_text("utf-8")):
            count += 1
            print(f"{path}:{line}: {size} characters, and nothing says what they find")
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main())
