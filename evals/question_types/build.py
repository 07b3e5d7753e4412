"""Writes `train.jsonl` and `test.jsonl` from `questions/*.txt` and `templates.py`; checks both.

A file of questions has headings `## shape kind`; `question ;; kind` overrides the kind.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import templates

HERE = Path(__file__).parent
SHAPES = (
    "fact yes_no definition list count why how summary compare timeline extract arithmetic "
    "about_document small_talk outside"
).split()
KINDS = (
    "money number percentage date time_of_day duration person organisation place reason manner "
    "definition other"
).split()


def hand_written(path: Path) -> list[dict[str, str]]:
    """The questions of one file with their labels."""
    rows = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("## "):
            shape, kind = line[3:].split()
        elif line.strip():
            question, _, own = line.partition(" ;; ")
            rows.append({"question": question, "shape": shape, "kind": own.strip() or kind})
    return rows


def plain(question: str) -> str:
    """The question as only its words tell it."""
    return " ".join(re.findall(r"\w+", question.lower()))


def main() -> None:
    train = [
        row for path in sorted(HERE.glob("questions/train_*.txt")) for row in hand_written(path)
    ]
    by_hand = len(train)
    train += [
        {"question": question, "shape": shape, "kind": kind, "phrasing": phrasing}
        for question, shape, kind, phrasing in templates.questions()
    ]
    test = hand_written(HERE / "questions/test.txt")
    asked_in_test = {plain(row["question"]) for row in test}
    seen: dict[str, str] = {}
    kept = []
    shared = 0
    for row in train:
        words = plain(row["question"])
        if words in asked_in_test and row["shape"] != "small_talk":
            shared += 1
        elif words not in seen:
            kept.append(row)
        elif seen[words] != row["shape"]:
            print("two shapes:", row["question"], seen[words], row["shape"])
        seen.setdefault(words, row["shape"])
    for name, rows in (("train", kept), ("test", test)):
        for row in rows:
            assert row["shape"] in SHAPES and row["kind"] in KINDS, row
            assert "alibaba" not in row["question"].lower(), row
        with (HERE / f"{name}.jsonl").open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        print(name, len(rows), dict(Counter(row["shape"] for row in rows)))
        print("  ", dict(Counter(row["kind"] for row in rows)))
    made = sum("phrasing" in row for row in kept)
    print(f"{len(kept) - made} by hand (of {by_hand}), {made} made; {shared} left out: in the test")


if __name__ == "__main__":
    main()
