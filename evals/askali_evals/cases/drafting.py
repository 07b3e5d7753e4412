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
from askali.documents.chunking import split_sentences
from askali.domain import Sentence
from askali.text.language import language_of
from askali_evals.scoring.spans import find
from askali_evals.scoring.text import fold, words

_YEARS = r"(?:1[5-9]|20)\d\d"
_LITTLE = (
    "and|or|to|in|of|by|at|on|for|from|with|than|as|was|were|is|are|had|has|it|the|a|an|when|who|if"
)
_FIGURE = re.compile(
    rf"[A-Z][a-z]+ \d{{1,2}}, {_YEARS}\b|"  # May 3, 2021
    r"(?:[$€£¥]\s?|(?<![\w.,/-]))\d+(?:[.,:/–-]\d+)*(?![\w.,/-]*\d)"
    r"(?:\s?(?:[%‰]|°\s?[CFK]?\b)|(?:[ -](?i:thousand|(?:m|b|tr)ill?i\w+))?"
    # a unit or a month, and the year after a month
    rf"(?:(?:\.? |-)(?!(?:{_LITTLE})\b)[^\W\d_]{{2,}}(?:/[a-z]+)?(?: {_YEARS}\b)?)?)"
)
_YEAR = re.compile(rf"{_YEARS}\b(?![-/.,:–]\d)")
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w&.'’-]*"
_NAME = re.compile(rf"(?<!\w){_CAPITAL}(?: (?:& |(?:de|van|von|of) )?{_CAPITAL})*")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»)\]*]*$")
_SHORTEST, _LONGEST = 20, 400

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
        (document, sentence, said)
        for document in documents.values()
        for sentence in _stated(document)
        if _SHORTEST <= len(sentence.text) <= _LONGEST
        and (said := _fact(sentence.text, has_names=language_of(document) != "de"))
        and len(find(sentence.text, documents)) == 1
    ]
    step = max(1.0, len(found) / limit)
    chosen = [found[int(i * step)] for i in range(min(limit, len(found)))]
    taken: set[str] = set()
    return [_draft(document, sentence, said, taken) for document, sentence, said in chosen]


def _stated(document: Document) -> list[Sentence]:
    """Its whole sentences; titles and rows of tables only where there are no others."""
    split = split_sentences(document)
    return [s for s in split if _ENDS_SENTENCE.search(s.text)] or split


def _fact(sentence: str, has_names: bool) -> str:
    """A figure with its unit, or else a year, or else a name where capitals tell one; "" where
    there is none. The first word's capital tells nothing."""
    figures = [m.group() for m in _FIGURE.finditer(sentence)]
    years = [m.group() for m in _YEAR.finditer(sentence)]
    names = [m.group() for m in _NAME.finditer(sentence) if re.search(r"\w", sentence[: m.start()])]
    measured = [figure for figure in figures if not _YEAR.match(figure)]
    found = [*measured, *years, *(names if has_names else ())]
    return found[0].strip(" .,") if found else ""


def _draft(document: Document, sentence: Sentence, said: str, taken: set[str]) -> dict[str, Any]:
    name = slug(sentence.text, taken)
    taken.add(name)
    return {
        "id": name,
        "question": _question(sentence, said, document.title),
        "expect": [said],
        "evidence": [" ".join(sentence.text.split())],
        "note": f"from {document.title}",
        "reviewed": False,
    }


def _question(sentence: Sentence, said: str, title: str) -> str:
    """The telling words nearest to the answer, without it: "bridge opened traffic"; under
    the heading where the sentence has few of its own."""
    answer = set(words(fold(said)))
    before, _, after = sentence.text.partition(said)
    sides = [
        [w for w in _TOKEN.findall(side) if w.casefold() not in answer | _FILLING]
        for side in (before, after)
    ]
    left, right = sides[0][-_TELLING:], sides[1]
    told = [*left, *right[: max(_TELLING // 2, _TELLING - len(left))]][-_TELLING:]
    if len(told) < _FEW:
        told = [*_TOKEN.findall(sentence.heading or title)[:_TELLING], *told]
    return " ".join(told) or sentence.text


_TELLING, _FEW = 7, 2
_TOKEN = re.compile(r"[$€£¥]?\w+(?:['’.,:/-]\w+)*\s?[%‰]?(?<!\s)")
_SMALL = frozenset("a an the is are was were do does did of in on at to for and or by".split())
_FILLING = _SMALL | frozenset(
    "it its he his she her they their that this which who with from as be been has have had".split()
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
