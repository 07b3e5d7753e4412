"""Asks the natural questions of an assistant and prints right of asked, by shape and document.

    python evals/natural/run.py [--llm none] [--documents mower-manual.md …] [--shapes list …]
        [--as-labelled] [--fails] [--sample N] [--json FILE]

The rules are those of README.md. `--as-labelled` answers each question in the shape that it is
labelled with, so that answering is measured apart from recognising.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from validate import HERE, SHAPES, Case, cases, normal, occurs

from askali import Assistant
from askali.domain import Answer, Shape

LEAST_RECALL = 0.85
LEAST_PRECISION = 0.9


def faults_of(case: Case, answer: Answer) -> list[str]:
    """What is wrong with an answer; none if it is right."""
    said = answer.text
    found = [f"says {bad!r}" for bad in case.get("none", []) if occurs(bad, said)]
    if not case["answerable"]:
        is_corrected = any(occurs(good, said) for good in case.get("may_say", []))
        return [*found, *([] if answer.abstained or is_corrected else ["not refused"])]
    if answer.abstained:
        return [*found, "refused"]
    found += [f"lacks {p}" for p in case.get("any", []) if not any(occurs(s, said) for s in p)]
    if "verdict" in case:
        other = {"yes": "no", "no": "yes"}[case["verdict"]]
        found += ["wrong verdict"] if re.match(rf"{other}\b", normal(said)) else []
    if "number" in case:
        figures = [float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", said)]
        if not any(case["number"]["from"] <= n <= case["number"]["to"] for n in figures):
            found.append(f"no number of {case['number']}")
    if "order" in case:
        at = [normal(said).find(normal(s)) for s in case["order"]]
        found += ["wrong order"] if at != sorted(at) or -1 in at else []
    if case.get("cites") is False and answer.citations:
        found.append("has citations")
    if "items" in case:
        missed = [p[0] for p in case["items"] if not any(occurs(s, said) for s in p)]
        wrong = [bad for bad in case.get("not_items", []) if occurs(bad, said)]
        met = len(case["items"]) - len(missed)
        if met / len(case["items"]) < LEAST_RECALL:
            found.append(f"items missed: {missed}")
        if met and met / (met + len(wrong)) < LEAST_PRECISION:
            found.append(f"wrong items: {wrong}")
    return found


def inexact(answer: Answer, bot: Assistant) -> list[str]:
    """Citations that are no exact piece of their document."""
    return [
        f"inexact citation {c.number}"
        for c in answer.citations
        if bot.document(c.document_id).text[c.start : c.end] != c.quote
    ]


def sampled(all_cases: list[Case], each: int | None) -> list[Case]:
    """So many questions of each shape, evenly spread over the files; all where `each` is None."""
    if each is None:
        return all_cases
    by_shape: dict[str, list[Case]] = defaultdict(list)
    for case in all_cases:
        by_shape[case["shape"]].append(case)
    return [
        found[at * len(found) // each]
        for found in by_shape.values()
        for at in range(min(each, len(found)))
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--llm", default="none")
    options.add_argument("--documents", nargs="*", default=[])
    options.add_argument("--shapes", nargs="*", default=[], choices=SHAPES)
    options.add_argument("--as-labelled", action="store_true")
    options.add_argument("--fails", action="store_true", help="print each failure")
    options.add_argument("--sample", type=int, help="so many of each shape, spread evenly")
    options.add_argument("--json", type=Path)
    asked = options.parse_args()
    right: Counter[tuple[str, str]] = Counter()
    of: Counter[tuple[str, str]] = Counter()
    confused: dict[str, Counter[str]] = defaultdict(Counter)
    records: list[dict[str, Any]] = []
    bots: dict[str, Assistant] = {}
    started = time.perf_counter()
    for case in sampled(cases(), asked.sample):
        if asked.documents and case["document"] not in asked.documents:
            continue
        if asked.shapes and case["shape"] not in asked.shapes:
            continue
        if case["document"] not in bots:
            path = HERE / "documents" / case["document"]
            bots[case["document"]] = Assistant.open(llm=asked.llm, corpus=str(path))
        bot = bots[case["document"]]
        is_given = asked.as_labelled and case["shape"] in {*Shape}
        answer = bot.ask(
            case["question"],
            case.get("history", ()),
            **({"shape": Shape(case["shape"])} if is_given else {}),
        )
        faults = [*faults_of(case, answer), *inexact(answer, bot)]
        for key in ((case["shape"], ""), ("", case["document"]), ("", "")):
            of[key] += 1
            right[key] += not faults
        if case["shape"] != answer.shape:
            confused[case["shape"]][answer.shape] += 1
        records.append(
            {"id": case["id"], "question": case["question"], "shape": case["shape"],
             "as": answer.shape, "faults": faults, "text": answer.text}
        )  # fmt: skip
        if asked.json:  # what there is, should it be stopped
            asked.json.write_text(json.dumps(records, indent=1, ensure_ascii=False), "utf-8")
        if asked.fails and faults:
            print(f"✗ {case['id']} [{case['shape']}→{answer.shape}] {case['question']}")
            print(f"    {faults}\n    {answer.text[:400]!r}")
    for key in sorted(of):
        name = " ".join(filter(None, key)) or "all"
        share = right[key] / of[key]
        taken = ", ".join(f"{k} {n}" for k, n in confused[key[0]].most_common(4)) if key[0] else ""
        print(f"{name:28}{right[key]:4} of {of[key]:4} {share:6.1%}  {taken}")
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
