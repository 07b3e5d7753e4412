"""Prints how many last turns of the dialogues become the question that they mean, by kind.

    python evals/natural/standalone.py [--show]

A turn is right when its standalone question has every `mentions` and none of `not_mentions`,
and is left as it was typed where it needs no rewrite. The given answers are the history.
"""

import sys
from collections import Counter

from validate import Case, dialogues, normal, occurs

from askali.domain import Turn
from askali.query.condense import condense_question


def standalone(talk: Case) -> str:
    history = [
        Turn(role, turn[role]) for turn in talk["turns"][:-1] for role in ("user", "assistant")
    ]
    return condense_question(talk["turns"][-1]["user"], history)


def is_right(talk: Case, question: str) -> bool:
    if not talk["needs_rewrite"] and normal(question) != normal(talk["turns"][-1]["user"]):
        return False
    return all(occurs(each, question) for each in talk["mentions"]) and not any(
        occurs(each, question) for each in talk.get("not_mentions", [])
    )


def main() -> int:
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for talk in dialogues():
        question = standalone(talk)
        found = is_right(talk, question)
        for kind in (talk["kind"], "all"):
            asked[kind] += 1
            right[kind] += found
        if "--show" in sys.argv and not found:
            last = [turn["user"] for turn in talk["turns"]]
            print(f"{talk['kind']}: {' / '.join(last)}\n   {question}\n   {talk['standalone']}")
    for kind, number in asked.items():
        print(f"{kind:20}{right[kind]:4} of {number}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
