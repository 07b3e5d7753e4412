"""What does each rule of the answering path bring? ``python evals/experiments/rules.py``

A rule is a function that may say "none", "no" or nothing. Each is made to say so on those of our
own questions where it says something else, and the answers are compared. Prints a Markdown table:
rule, questions asked again, answers changed, passed before and not now, and the other way round.
Whole shapes are not switched off: their registry holds them.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import pkgutil
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import askali
from askali import Assistant
from askali.models import embeddings as encoder
from askali_evals.cases.case import Case, Suite
from askali_evals.cases.facts import evals_folder, load_suites
from askali_evals.running.system import observe
from askali_evals.scoring.result import score_case

PACKAGES = ("askali.answering", "askali.query", "askali.retrieval", "askali.grounding")


@dataclass(frozen=True)
class Rule:
    """A function, where it is bound, and what it says instead."""

    name: str
    function: FunctionType
    holder: type | None
    instead: Any

    def places(self) -> Iterator[tuple[Any, str]]:
        """Everything that holds the function under a name."""
        if self.holder is not None:
            yield self.holder, self.function.__name__
        for module in [m for m in sys.modules.values() if isinstance(m, ModuleType)]:
            if module.__name__.startswith("askali."):
                yield from ((module, k) for k, v in vars(module).items() if v is self.function)


def rules() -> Iterator[Rule]:
    """The functions of `PACKAGES` whose return type has a way to say nothing."""
    for found in pkgutil.walk_packages(askali.__path__, "askali."):
        if not found.name.startswith(PACKAGES):
            continue
        module = importlib.import_module(found.name)
        holders = [None, *(v for v in vars(module).values() if inspect.isclass(v))]
        for holder in holders:
            for function in list(vars(holder or module).values()):
                if inspect.isfunction(function) and function.__module__ == module.__name__:
                    name = f"{found.name.removeprefix('askali.')}.{function.__name__}"
                    for instead in _nothings(str(function.__annotations__.get("return", ""))):
                        yield Rule(name, function, holder, instead)


def _nothings(returns: str) -> tuple[Any, ...]:
    if returns == "bool":
        return False, True
    if returns.endswith("| None"):
        return (None,)
    if returns.startswith(("list[", "Sequence[")):
        return ([],)
    if returns.startswith("tuple[") and returns.endswith("...]"):
        return ((),)
    return ("",) if returns == "str" else ()


class Questions:
    """Our own questions over assistants that stay open."""

    def __init__(self) -> None:
        suites = load_suites(evals_folder())
        self.cases: list[tuple[Suite, Case]] = [(s, c) for s in suites for c in s.counted]
        self._open = {s.name: Assistant.open(corpus=s.documents, llm="none") for s in suites}

    def ask(self, number: int) -> tuple[bool, object]:
        """Whether it passed, and what was answered; a crash is an answer that fails."""
        suite, case = self.cases[number]
        bot = self._open[suite.name]
        try:
            seen = observe(bot, case)
            passed = score_case(suite, case, seen, bot.documents).passed
        except Exception as exc:  # a rule that others rely on
            return False, repr(exc)
        answer = seen.answer
        cited = [(c.document_id, c.start) for c in answer.citations] if answer else []
        return passed, answer and (answer.text, answer.shape, cited)


def main() -> None:
    """Ask, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=60, help="rules that say more are needed")
    given = parser.parse_args()
    encoder.CACHED_READINGS = 6000
    asked, known = Questions(), list(rules())
    by_code: dict[CodeType, list[Rule]] = defaultdict(list)
    for rule in known:
        by_code[rule.function.__code__].append(rule)
    speaks: dict[int, set[int]] = defaultdict(set)
    number = 0

    def hear(frame: FrameType, event: str, said: Any) -> None:
        for rule in by_code.get(frame.f_code, ()) if event == "return" else ():
            is_nothing = type(said) is type(rule.instead) and said == rule.instead
            if not is_nothing:
                speaks[id(rule)].add(number)

    before = []
    for number in range(len(asked.cases)):
        sys.setprofile(hear)
        before.append(asked.ask(number))
        sys.setprofile(None)
    print("| rule | instead | speaks | changed | lost | won |\n|---|---|---|---|---|---|")
    for rule in known:
        numbers = sorted(speaks[id(rule)])
        if 0 < len(numbers) <= given.most:
            after = _without(rule, asked, numbers)
            pairs = [(before[n], one) for n, one in zip(numbers, after, strict=True)]
            changed = sum(was[1] != now[1] for was, now in pairs)
            lost, won = (sum(was[0] is x and now[0] is not x for was, now in pairs)
                         for x in (True, False))  # fmt: skip
            print(
                f"| {rule.name} | {rule.instead!r} | {len(numbers)} | {changed} | {lost} | {won} |"
            )


def _without(rule: Rule, asked: Questions, numbers: list[int]) -> list[tuple[bool, object]]:
    places = list(rule.places())
    try:
        for holder, name in places:
            setattr(holder, name, lambda *_, **__: rule.instead)
        return [asked.ask(number) for number in numbers]
    finally:
        for holder, name in places:
            setattr(holder, name, rule.function)


if __name__ == "__main__":
    main()
