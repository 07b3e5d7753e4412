"""Draft candidate cases from documents, for a person to edit: none counts until reviewed.

A sentence with a figure, a date or a name becomes a case: its evidence is the sentence, its
answer the figure, and its question the other telling words, as people type them into a search;
a person confirms it, words it anew, or strikes it out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from askali import Document
from askali_evals.scoring.spans import find, sentences
from askali_evals.scoring.text import fold, words

_FIGURE = re.compile(
    r"(?:[$€£¥]\s?)?\d+(?:[.,:]\d+)*"
    r"(?:\s?%|(?:[ -](?:thousand|million|billion|trillion))?"  # a scale, then a unit or a month
    r"(?:[ -][^\W\d_]{2,}(?: (?:1[5-9]|20)\d\d)?)?)"
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d\b")
_LITTLE = re.compile(r" (?:and|or|to|in|of|by|at|on|for|from|with|was|were|is|are|had|has|it)$")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w&.-]*(?: [A-Z][\w&.-]*)*")
_SHORTEST, _LONGEST = 30, 400

HEADER = """\
# Drafted by `askali eval init`; a case with `reviewed: false` is not asked: word the question as
# your readers would, correct `expect` and `evidence`, then delete that line. Add
# questions that the documents do not answer:
# - id: …
#   question: …
#   answerable: false
#   tags: [near-miss]

"""


def draft_cases(documents: Mapping[str, Document], limit: int) -> list[dict[str, Any]]:
    """Up to `limit` candidates, spread evenly over the documents' sentences with facts."""
    found = [
        (document, document.text[a:b], said)
        for document in documents.values()
        for a, b in sentences(document.text)
        if _SHORTEST <= b - a <= _LONGEST
        and (said := _fact(document.text[a:b]))
        and len(find(document.text[a:b], documents)) == 1
    ]
    step = max(1.0, len(found) / limit)
    chosen = [found[int(i * step)] for i in range(min(limit, len(found)))]
    taken: set[str] = set()
    return [_draft(document, sentence, said, taken) for document, sentence, said in chosen]


def _fact(sentence: str) -> str:
    """A figure with its unit, or else a year, or else a name; "" where there is none."""
    figures = [m.group() for m in _FIGURE.finditer(sentence)]
    years = [m.group() for m in _YEAR.finditer(sentence)]
    names = [m.group() for m in _NAME.finditer(sentence)]
    measured = [figure for figure in figures if not _YEAR.match(figure)]
    found = [*measured, *years, *names]
    return _LITTLE.sub("", found[0]).strip(" .,") if found else ""


def _draft(document: Document, sentence: str, said: str, taken: set[str]) -> dict[str, Any]:
    name = slug(sentence, taken)
    taken.add(name)
    return {
        "id": name,
        "question": _question(sentence, said),
        "expect": [said],
        "evidence": [" ".join(sentence.split())],
        "note": f"from {document.title}",
        "reviewed": False,
    }


def _question(sentence: str, said: str) -> str:
    """The sentence's telling words without the answer's: "bridge opened traffic"."""
    answer = set(words(fold(said)))
    told = [w for w in words(sentence.replace(said, " ")) if w.lower() not in answer | _FILLING]
    return " ".join(told[:_TELLING]).lower()


_TELLING = 7
_SMALL = frozenset("a an the is are was were do does did of in on at to for and or by".split())
_FILLING = _SMALL | frozenset(
    "it its he his she her they their that this which who with from as be been has have had not "
    "but".split()
)


def slug(text: str, taken: Collection[str] = ()) -> str:
    """Up to six telling words of a text as an id that is not yet taken."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    telling = [word for word in words if word not in _SMALL] or words or ["case"]
    base = "-".join(telling[:6])
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name
