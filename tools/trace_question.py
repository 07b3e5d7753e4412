"""Walk one real question through askali and count the rooms that it meets.

    python tools/trace_question.py "how much is Alibaba investing over three years"

Prints the modules in the order in which they are first entered, and how often a package of the
answer path is entered again after it was left. `--most N` and `--most-returns N` make the exit
code 1 above these numbers, so that CI holds what was reached.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import askali
from askali import Assistant

STAGES = ("query", "retrieval", "grounding", "answering")
"""Packages of the answer path; rows below them (text, domain, index, models) serve them all."""


class Walk:
    """The modules whose functions are called, in order; use it as a profile function."""

    def __init__(self) -> None:
        self.root = str(Path(askali.__file__).parent)
        self.entered: list[str] = []

    def __call__(self, frame: FrameType, event: str, arg: Any) -> None:
        file = frame.f_code.co_filename
        if event != "call" or not file.startswith(self.root):
            return
        module = file[len(self.root) + 1 : -3].replace("/", ".")
        if not self.entered or self.entered[-1] != module:
            self.entered.append(module)

    @property
    def modules(self) -> list[str]:
        """Each module once, in the order of its first call."""
        return list(dict.fromkeys(self.entered))

    @property
    def returns(self) -> int:
        """How often a stage is entered again after the question had gone on to a later one."""
        stages = [m.partition(".")[0] for m in self.entered if m.partition(".")[0] in STAGES]
        inner = [s for s in stages if s != "answering"]  # the pipeline calls all others
        changes = [s for i, s in enumerate(inner) if i == 0 or inner[i - 1] != s]
        return len(changes) - len(set(changes))


def main() -> int:
    """Ask the question once to warm everything, once under the profiler."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("question")
    parser.add_argument("--llm", default="none")
    parser.add_argument("--most", type=int, default=10**6)
    parser.add_argument("--most-returns", type=int, default=10**6)
    asked = parser.parse_args()
    with Assistant.open(llm=asked.llm) as assistant:
        assistant.ask(asked.question)
        walk = Walk()
        sys.setprofile(walk)
        try:
            assistant.ask(asked.question)
        finally:
            sys.setprofile(None)
    print("\n".join(walk.modules))
    print(f"{len(walk.modules)} modules, {walk.returns} returns to a package that was left")
    return int(len(walk.modules) > asked.most or walk.returns > asked.most_returns)


if __name__ == "__main__":
    sys.exit(main())
