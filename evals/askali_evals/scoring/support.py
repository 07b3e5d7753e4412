"""Does a claim say only what its citations say? Deterministic, without a model.

The same question as ALCE's citation recall (Gao et al. 2023) with a supporter
of tokens, figures and negation in place of the NLI model. It errs towards
"unsupported" only where a figure, a negation or most words are not in the quotes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from askali import Answer, Claim, Shape
from askali_evals.scoring.text import fold, numbers, without_markers, words

SHARED_WORDS = 0.5
"""A paraphrase must share this part of its content words with what it cites."""

_NEGATION = re.compile(r"\b(?:not?|never|none|neither|nor|without|cannot|\w+n't)\b")
_STOP = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been but by did do does for from had has have he her his in is it "
        "its of on or she that the their them they this to was were which who will with",
    )
)


def unsupported(answer: Answer) -> list[str]:
    """One line for each claim, or figure of the text, that the citations do not carry."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    if answer.shape in (Shape.SMALL_TALK, Shape.ABOUT_DOCUMENT):
        return []  # of the record, which says so
    said = [claim for claim in answer.claims if claim.verdict != "computed"]
    problems = [problem for claim in said if (problem := _problem(claim, quotes))]
    everything = " ".join(quotes.values())
    if not answer.abstained:
        text = re.sub(r"^\s*\d+\. ", "", answer.text, flags=re.M)  # numbers of a list
        dated = "\n".join(item.label for item in answer.items)  # a year that the text implies
        extra = numbers(text) - numbers(everything) - numbers(dated) - _counted(answer)
        if any(claim.verdict == "computed" for claim in answer.claims):
            given = numbers(everything) | numbers(answer.question) | _in_words(everything)
            extra -= numbers(answer.question)
            extra -= _computed(extra, given, re.findall(r"\(([^)]*\d[^)]*)\)", answer.text))
        problems += [f"the figure {number} is in no citation" for number in sorted(extra)]
        if not answer.claims:
            problems.append("an answer without a claim")
    return problems


_WORDS = "two three four five six seven eight nine ten eleven twelve".split()


def _in_words(text: str) -> set[str]:
    """The small numbers that a text has in words, as digits."""
    said = set(re.findall(r"[a-z]+", text.lower()))
    return {str(number) for number, word in enumerate(_WORDS, start=2) if word in said}


def _counted(answer: Answer) -> set[str]:
    """How many entries there are, and their numbers in a list: no document says these."""
    parts = re.findall(r"(\d+) are listed:((?:\s*\n\s*- .*)+)", answer.text)
    listed = {number for number, below in parts if below.count("- ") >= int(number)}
    return {str(number) for number in range(1, len(answer.items) + 1)} | listed


_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_FIGURE = re.compile(r"(\d[\d,]*(?:\.\d+)?)(?: (thousand|million|billion))?")


def _computed(results: set[str], operands: set[str], shown: Sequence[str] = ()) -> set[str]:
    """The results that a sum, difference, product, share or growth of two operands gives, or
    that of all operands `shown` together, where each of them is given."""
    given = [float(n.replace(",", "")) for n in operands]
    pairs = [(a, b) for a in given for b in given]
    made = [value for a, b in pairs for value in (a + b, a - b, a * b)]
    made += [value for a, b in pairs if b for value in (a / b, 100 * a / b, 100 * (a - b) / b)]
    made += [value for a, b in pairs for value in (a * b / 100, a - a * b / 100, a + a * b / 100)]
    for text in shown:
        if (found := _FIGURE.findall(text)) and numbers(text) <= operands:
            first, *rest = (float(n.replace(",", "")) * _SCALES.get(s, 1.0) for n, s in found)
            scaled = (first + sum(rest)) / max(_SCALES.get(s, 1.0) for _, s in found)
            made.append(scaled)
            made += [first + sum(rest), first - sum(rest), (first + sum(rest)) / len(found)]
            made += [100 * first / sum(rest)] if sum(rest) else []
    return {
        text
        for text in results
        if any(
            abs(abs(value) - float(text.replace(",", "")))
            <= 0.51 * 10.0 ** -len(text.partition(".")[2])
            for value in made
        )
    }


def _problem(claim: Claim, quotes: dict[int, str]) -> str:
    if not claim.citations:
        return f"claim without a citation: {claim.text!r}"
    missing = [number for number in claim.citations if number not in quotes]
    if missing:
        return f"claim cites [{missing[0]}], which is not there: {claim.text!r}"
    cited = " ".join(quotes[number] for number in claim.citations)
    if not is_supported(claim.text, cited):
        return f"not in its citations: {claim.text!r}"
    return ""


def is_supported(claim: str, cited: str) -> bool:
    """True when the cited text carries the claim's figures, polarity and most of its words."""
    said, source = fold(without_markers(claim)), fold(cited)
    if said in source:
        return True
    if numbers(said) - numbers(source):
        return False
    if _NEGATION.search(said) and not _NEGATION.search(source):
        return False
    content = [word for word in words(said) if word not in _STOP]
    known = set(words(source))
    return sum(word in known for word in content) >= SHARED_WORDS * len(content)
