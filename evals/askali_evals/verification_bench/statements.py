"""A question and an answer as one statement, in the words of whoever asked."""

from __future__ import annotations

import re

_PAST = (
    r"(?:\w+ed|won|led|made|became|wrote|built|gave|took|held|ran|began|found|brought|bought|sold"
    r"|left|kept|came|went|saw|sang|threw|caught|fought|lost|met|said|sent|spent|taught|told|has"
    r"|had|is|are|was|were|plays|makes|leads|owns|holds|runs|includes|contains)"
)
_BE = r"(?:is|are|was|were)"
_RULES = (
    (rf"^(?:who|what) ({_BE}) (the .+)$", "{2} {1} {a}"),
    (rf"^(?:who|what|which (?:[\w'-]+ ){{1,3}}?)\s?({_PAST}) (.+)$", "{a} {1} {2}"),
    (rf"^(?:who|what|which [\w' -]{{1,30}}?) ({_PAST}) (.+)$", "{a} {1} {2}"),
    (r"^(?:who|what) did (.+?) (\w+)$", "{1} did {2} {a}"),
    (rf"^when ({_BE}) (.+?) (\w+ed|built|born|made|written|held|won|begun|sold|lost)\b(.*)$",
     "{2} {1} {3}{4} {in}"),
    (r"^when did (.+)$", "{1} {in}"),
    (
        r"^(?:in|during) (?:what|which) (?:year|month|decade|century) (?:did|was|were) (.+)$",
        "{1} {in}",
    ),
    (rf"^where ({_BE}) (.+?) (\w+ed|built|born|made|held|found)\b(.*)$", "{2} {1} {3}{4} in {a}"),
    (r"^how many ([\w' -]+?) (are|were|was|have|had|did not) (.+)$", "{a} {1} {2} {3}"),
    (rf"^how many (\w+) ({_PAST}) (.+)$", "{a} {1} {2} {3}"),
    (r"^how many (\w+) (?:did|does|do) (.+?) (\w+)$", "{2} {3} {a} {1}"),
)  # fmt: skip
_RULES_READ = tuple((re.compile(pattern, re.I), form) for pattern, form in _RULES)


def statement(question: str, answer: str) -> str:
    """The answer put into the question; empty where no rule fits."""
    asked = " ".join(question.strip(" ?").split())
    answer = answer.strip(" .")
    when = (
        answer if re.match(r"(?:in|on|at|by|from|during|since)\b", answer, re.I) else f"in {answer}"
    )
    for pattern, form in _RULES_READ:
        if match := pattern.match(asked):
            parts = {str(n): part for n, part in enumerate(match.groups(), start=1)}
            text = _fill(form, parts | {"a": answer, "in": when})
            return f"{text[0].upper()}{text[1:]}."
    return ""


def _fill(form: str, parts: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda m: parts[m[1]], form)
