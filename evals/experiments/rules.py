"""What does each rule of English in the answering path bring? ``python evals/experiments/rules.py``

Every question of our own is asked of the quotes with all rules, then with one of them switched off
at a time. Prints a Markdown table: rule, what gets right, what is refused.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from askali import Assistant
from askali.answering import extractive, pipeline, refusal
from askali.models import embeddings as encoder
from askali.retrieval import ranking
from askali_evals.cases.case import Suite
from askali_evals.cases.facts import evals_folder, load_suites
from askali_evals.running.run import Run, run_suites
from askali_evals.scoring.metrics import measure

MEASURES = (
    "passed.share",
    "answer.right",
    "abstention.near_miss",
    "abstention.false_refusals",
    "natural.right",
    "natural.unanswerable",
    "citation.precision",
)

Place = tuple[ModuleType | type, str, Any]
"""Where a rule is asked, and what stands there instead."""


def _says(value: object) -> Callable[..., object]:
    return lambda *_, **__: value


RULES: dict[str, tuple[Place, ...]] = {
    "all rules": (),
    "a value of the kind asked for, or refused": ((refusal, "_is_of_kind", _says(True)),),
    "another time than asked for is refused": ((refusal, "is_of_other_time", _says(False)),),
    "yes and no by the best sentence": ((extractive, "yes_or_no", _says("")),),
    "what the next sentence takes back": ((extractive, "takes_back", _says(False)),),
    "what follows a colon": (
        (extractive.ExtractiveAnswerer, "_complete", lambda self, chosen: chosen),
    ),
    "sentences that disagree": (
        (extractive, "conflicting", _says(None)),
        (pipeline, "conflicting", _says(None)),
    ),
    'the sentence that "It …" leans on': ((ranking, "_antecedent", _says(None)),),
    "several sentences for several things": ((ranking, "asks_for_several", _says(False)),),
    "each document of a comparison": ((ranking, "_counterparts", _says([])),),
    "a second sentence has the names of the first": ((ranking, "_names_the_same", _says(True)),),
    "a second sentence is of the years asked for": ((ranking, "_is_of_other_years", _says(False)),),
    "the whole source is asked about": ((extractive, "asks_for_overview", _says(False)),),
    "of another row or thing": ((pipeline.Pipeline, "_is_of_other", _says(False)),),
}


class Kept(Assistant):
    """Stays open from one run to the next."""

    def close(self) -> None:
        """It is asked again."""


def main() -> None:
    """Ask, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", nargs="+", default=list(RULES), choices=list(RULES))
    given = parser.parse_args()
    encoder.CACHED_READINGS = 5000
    suites = load_suites(evals_folder())
    opened = {s.name: Kept.open(corpus=s.documents, llm="none") for s in suites}
    print("| without | " + " | ".join(MEASURES) + " | changed |")
    print("|---" * (len(MEASURES) + 2) + "|")
    whole: Run | None = None
    for rule in given.rules:
        run = _without(rule, suites, opened)
        whole = whole or run
        found = measure(run.results)
        passed = [
            (one.passed, other.passed)
            for one, other in zip(whole.results, run.results, strict=True)
            if one.passed != other.passed
        ]
        lost = sum(before for before, _ in passed)
        shares = " | ".join(f"{found[name].value:.1%}" for name in MEASURES)
        print(f"| {rule} | {shares} | −{lost} +{len(passed) - lost} |", flush=True)
        for one, other in zip(whole.results, run.results, strict=True):
            if one.passed != other.passed:
                print(f"{'-' if one.passed else '+'} {one.key} {one.question}", file=sys.stderr)


def _without(rule: str, suites: tuple[Suite, ...], opened: dict[str, Kept]) -> Run:
    kept = [(place, name, getattr(place, name)) for place, name, _ in RULES[rule]]
    try:
        for place, name, instead in RULES[rule]:
            setattr(place, name, instead)
        return run_suites(suites, lambda suite: opened[suite.name], config={"llm": "none"})
    finally:
        for place, name, was in kept:
            setattr(place, name, was)


if __name__ == "__main__":
    main()
