"""Draft candidate cases from documents, for a person to edit: none counts until reviewed.

A sentence with a figure, a date or a name becomes a case whose evidence is the
sentence and whose question a person has to write; the draft only asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from askali.domain import Document
from askali_evals.slugs import slug
from askali_evals.spans import find, sentences

_FIGURE = re.compile(
    r"(?:[$€£¥]\s?)?\d+(?:[.,]\d+)*(?:\s?(?:%|percent|million|billion|years?|km))?"
)
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w&.-]*(?: [A-Z][\w&.-]*)*")
_SHORTEST, _LONGEST = 30, 400

HEADER = """\
# Drafted by `askali eval init`; nothing here counts until a person has reviewed it:
# write the question in other words than the document's, correct `expect` and `evidence`,
# then delete the line `reviewed: false`. Add questions that the documents do not answer:
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
    match = _FIGURE.search(sentence) or _NAME.search(sentence)
    return match.group().strip(" .,") if match else ""


def _draft(document: Document, sentence: str, said: str, taken: set[str]) -> dict[str, Any]:
    name = slug(sentence, taken)
    taken.add(name)
    return {
        "id": name,
        "question": f"TODO: a question that is answered by {said!r}",
        "expect": [said],
        "evidence": [" ".join(sentence.split())],
        "note": f"from {document.title}",
        "reviewed": False,
    }
