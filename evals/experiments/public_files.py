"""Public files of eleven kinds, asked what anybody would ask: right of asked, per file.

Usage: python evals/experiments/public_files.py FOLDER [--llm none] [--show] [--only WORD]

FOLDER holds checkouts of the repositories that ``public_files.yaml`` names, as
``FOLDER/owner/name``; none of their text is kept here. An answer is right where it holds what the
list says, or refuses what the file does not state. Every quote is looked for in the text of the
file as it was read, character by character.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from askali import Answer, Assistant
from askali.errors import AskaliError

LIST = Path(__file__).with_suffix(".yaml")
REFUSE = "refuse"


@dataclass(frozen=True)
class Asked:
    """One question of one file: what came, whether it is right and whether its quotes are exact."""

    file: str
    question: str
    said: str
    is_right: bool
    is_exact: bool


def ask(folder: Path, entry: dict[str, Any], llm: str) -> Iterator[Asked]:
    """All questions of one file; a file that cannot be read has none right."""
    file = str(entry["file"])
    try:
        bot = Assistant.open(corpus=folder / file, llm=llm)
    except AskaliError as exc:
        yield from (
            Asked(file, question, f"error: {exc}", False, True) for question in entry["ask"]
        )
        return
    with bot:
        for question, wanted in entry["ask"].items():
            answer = bot.ask(question)
            texts = {id: document.text for id, document in bot.documents.items()}
            is_exact = all(
                texts[c.document_id][c.start : c.end] == c.quote for c in answer.citations
            )
            yield Asked(file, question, answer.text, is_right(answer, str(wanted)), is_exact)


def is_right(answer: Answer, wanted: str) -> bool:
    """True where one of the alternatives is in the answer, or it refuses where it should."""
    if wanted == REFUSE or answer.abstained:
        return answer.abstained and wanted == REFUSE
    return any(_plain(one) in _plain(answer.text) for one in wanted.split(" / "))


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("**", "").split())


def main() -> None:
    """Ask everything and print a row for each file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--llm", default="none")
    parser.add_argument("--show", action="store_true", help="print what is wrong")
    parser.add_argument("--only", default="", help="files whose name holds this word")
    given = parser.parse_args()
    right = asked = exact = 0
    for entry in yaml.safe_load(LIST.read_text("utf-8")):
        if given.only not in entry["file"]:
            continue
        found = list(ask(given.folder, entry, given.llm))
        right += sum(one.is_right for one in found)
        exact += sum(one.is_exact for one in found)
        asked += len(found)
        name = Path(entry["file"])
        print(
            f"| {name.suffix[1:]} | {name.name} | {sum(o.is_right for o in found)} | {len(found)} |"
        )
        for one in found:
            if given.show and not one.is_right:
                print("   ", one.question, "→", " ⏎ ".join(one.said.split("\n"))[:260])
    print(f"right {right} of {asked}; quotes exact in {exact} answers")


if __name__ == "__main__":
    main()
