"""Loads the natural questions and dialogues, and says what is wrong with them.

    python evals/natural/validate.py

The rules of matching that README.md describes are `normal` and `occurs` of `askali_evals`.
"""

import ast
import html
import operator
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from askali_evals.cases.natural import SHAPES
from askali_evals.scoring.points import PHRASES, normal, occurs

HERE = Path(__file__).parent
Case = dict[str, Any]

KINDS = "pronoun ordinal ellipsis replace why how amount small_talk_between topic_change".split()

CASE_FIELDS = set(
    "id document question shape history answerable verdict any items not_items complete none "
    "may_say order sum given number cites spans".split()
)
DIALOGUE_FIELDS = set(
    "id document kind turns standalone needs_rewrite answerable any items not_items none may_say "
    "mentions not_mentions".split()
)
# The answer of these is computed, said in own words or taken from the document's record.
NOT_IN_TEXT = {"count", "arithmetic", "summary", "about_document", "small_talk", "outside"}


def cases() -> list[Case]:
    """All questions, in the order of the files."""
    return [case for path in sorted((HERE / "questions").glob("*.yaml")) for case in read(path)]


def dialogues() -> list[Case]:
    return read(HERE / "dialogues.yaml")


def read(path: Path) -> list[Case]:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or []


def raw_text(document: str) -> str:
    return (HERE / "documents" / document).read_text(encoding="utf-8")


def visible_text(document: str) -> str:
    """What a reader sees, roughly: for HTML without tags, scripts and entities."""
    text = raw_text(document)
    if document.endswith(".html"):
        text = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", text)
        text = html.unescape(re.sub(r"<[^>]+>", " ", text))
    return text


def faults() -> Iterator[str]:
    questions, talks = cases(), dialogues()
    ids = Counter(case["id"] for case in [*questions, *talks])
    yield from (f"{name}: used {times} times" for name, times in ids.items() if times > 1)
    for case in questions:
        yield from (f"{case['id']}: {fault}" for fault in faults_of_case(case))
    for talk in talks:
        yield from (f"{talk['id']}: {fault}" for fault in faults_of_dialogue(talk))

    shapes = Counter(case["shape"] for case in questions)
    yield from (f"only {shapes[shape]} of {shape}" for shape in SHAPES if shapes[shape] < 10)
    unanswerable = sum(not case["answerable"] for case in questions if case["shape"] != "outside")
    if unanswerable < 0.2 * len(questions):
        yield f"only {unanswerable} of {len(questions)} cannot be answered"
    asked = Counter(
        (case["document"], normal(case["question"]), str(case.get("history"))) for case in questions
    )
    yield from (f"asked twice: {key[1]} ({key[0]})" for key, times in asked.items() if times > 1)


def faults_of_case(case: Case) -> Iterator[str]:
    yield from (f"unknown field {name}" for name in case.keys() - CASE_FIELDS)
    if case["shape"] not in SHAPES:
        yield f"unknown shape {case['shape']}"
    if (case["shape"] == "follow_up") != ("history" in case):
        yield "a follow-up has a history, nothing else has"
    for turn in case.get("history", []):
        if turn.keys() != {"role", "content"} or turn["role"] not in {"user", "assistant"}:
            yield f"bad turn {turn}"
    if case.get("verdict") not in {None, "yes", "no"}:
        yield f"bad verdict {case['verdict']}"
    yield from faults_of_scoring(case, checks_text=case["shape"] not in NOT_IN_TEXT)
    if case["shape"] == "arithmetic" and case["answerable"]:
        yield from faults_of_sum(case)
    text = visible_text(case["document"])
    for string in case.get("order", []):
        if not occurs(string, text):
            yield f"order: not in the document: {string}"


def faults_of_scoring(case: Case, *, checks_text: bool) -> Iterator[str]:
    """What questions and dialogues have in common."""
    if not (HERE / "documents" / case["document"]).is_file():
        yield f"no document {case['document']}"
        return
    text = visible_text(case["document"])
    for name in ("any", "items"):
        for alternatives in case.get(name, []):
            if not isinstance(alternatives, list) or not all(
                isinstance(s, str) and s for s in alternatives
            ):
                yield f"{name}: not a list of strings: {alternatives}"
            elif "NOT_STATED" in alternatives or not checks_text:
                continue
            elif not any(occurs(string, text) for string in alternatives):
                yield f"{name}: none in the document: {alternatives}"
    for name in ("none", "not_items", "may_say", "spans", "mentions", "not_mentions"):
        if not all(isinstance(string, str) and string.strip() for string in case.get(name, ["-"])):
            yield f"{name}: not strings"
    scored = [name for name in ("any", "items", "number", "verdict") if name in case]
    if case["answerable"] and not scored:
        yield "nothing to score"
    if not case["answerable"] and scored:
        yield f"cannot be answered, yet has {scored}"
    if case["answerable"] and "may_say" in case:
        yield "may_say belongs to what cannot be answered"
    for string in case.get("may_say", []):
        if string not in PHRASES and not occurs(string, text):
            yield f"may_say: not in the document: {string}"
    wanted = [
        s for name in ("any", "items") for alternatives in case.get(name, []) for s in alternatives
    ]
    for string in [*case.get("none", []), *case.get("not_items", [])]:
        if any(occurs(string, good) for good in wanted):
            yield f"both wanted and forbidden: {string}"
    for span in case.get("spans", []):
        if span not in raw_text(case["document"]):
            yield f"span not in the document: {span!r}"


OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def value_of(node: ast.expr) -> float:
    if isinstance(node, ast.Constant):
        return float(node.value)
    if isinstance(node, ast.BinOp):
        return OPERATIONS[type(node.op)](value_of(node.left), value_of(node.right))
    raise ValueError(ast.dump(node))


def faults_of_sum(case: Case) -> Iterator[str]:
    """The sum is right as far as its result is given, and its operands stand in the document."""
    if "sum" not in case:
        yield "arithmetic without its sum"
        return
    left, result = case["sum"].split(" = ")
    decimals = len(result.partition(".")[2])
    if abs(value_of(ast.parse(left, mode="eval").body) - float(result)) > 0.51 * 10**-decimals:
        yield f"wrong: {case['sum']}"
    text = visible_text(case["document"]).replace(",", "")
    words = {"3200000": "3.2 million", "1750000": "1.75 million"}
    for operand in re.findall(r"[\d.]+", left):
        if operand not in {"100", *case.get("given", [])} and not occurs(
            words.get(operand, operand), text
        ):
            yield f"operand not in the document: {operand}"
    if not any(
        occurs(result, string.replace(",", "")) for point in case["any"] for string in point
    ):
        yield f"the result {result} is no accepted answer"


def faults_of_dialogue(talk: Case) -> Iterator[str]:
    yield from (f"unknown field {name}" for name in talk.keys() - DIALOGUE_FIELDS)
    if talk["kind"] not in KINDS:
        yield f"unknown kind {talk['kind']}"
    if not 2 <= len(talk["turns"]) <= 5:
        yield f"{len(talk['turns'])} turns"
    for turn in talk["turns"][:-1]:
        if turn.keys() != {"user", "assistant"}:
            yield f"bad turn {turn}"
    if talk["turns"][-1].keys() != {"user"}:
        yield "the last turn has a user's question only"
    yield from faults_of_scoring(talk, checks_text=True)
    for string in talk["mentions"]:
        if not occurs(string, talk["standalone"]):
            yield f"mentions: not in the standalone question: {string}"
    for string in talk.get("not_mentions", []):
        if occurs(string, talk["standalone"]):
            yield f"not_mentions: in the standalone question: {string}"
    if not talk["needs_rewrite"] and normal(talk["standalone"]) != normal(
        talk["turns"][-1]["user"]
    ):
        yield "needs no rewrite, yet its standalone question differs"


def main() -> int:
    questions, talks = cases(), dialogues()
    unanswerable = sum(not case["answerable"] for case in questions)
    print(f"{len(questions)} questions, {unanswerable} cannot be answered")
    for shape in SHAPES:
        of_shape = [case for case in questions if case["shape"] == shape]
        unanswerable = sum(not case["answerable"] for case in of_shape)
        print(f"  {shape:16}{len(of_shape):4}  unanswerable {unanswerable:3}")
    for document, number in sorted(Counter(case["document"] for case in questions).items()):
        of_dialogues = sum(talk["document"] == document for talk in talks)
        print(f"  {document:28}{number:4} questions {of_dialogues:4} dialogues")
    print(f"{len(talks)} dialogues: {dict(Counter(talk['kind'] for talk in talks))}")
    found = list(faults())
    print("\n".join(found) or "no faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
