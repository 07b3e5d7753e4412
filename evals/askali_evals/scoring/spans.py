"""Where things stand in a document: evidence, citations and the sentences they cover.

The sentences here are the evaluation's own, cut by sentencex from plain lines,
never askali's: a broken splitter must not agree with itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from sentencex import get_sentence_boundaries

from askali import Document

_BEFORE_SENTENCE = re.compile(r"(?:^|\n|[.!?…。！？:;][\"'”’»)\]*]*\s+|[•*-]\s+|\|\s*)$")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？:;]+[\"'”’»)\]*]*$")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """``document.text[start:end]``, in characters."""

    document_id: str
    start: int
    end: int

    def meets(self, other: Span) -> bool:
        """True when they share at least half of the shorter one."""
        if self.document_id != other.document_id:
            return False
        shared = min(self.end, other.end) - max(self.start, other.start)
        return shared > 0 and 2 * shared >= min(self.end - self.start, other.end - other.start)


def find(quote: str, documents: Mapping[str, Document]) -> list[Span]:
    """Every place where the quote stands verbatim; only runs of whitespace may differ."""
    parts = [re.escape(part) for part in quote.split()]
    pattern = re.compile(r"\s+".join(parts))
    return [
        Span(document_id, match.start(), match.end())
        for document_id, document in documents.items()
        for match in pattern.finditer(document.text)
        if parts
    ]


@lru_cache(maxsize=512)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Reference sentences of a text, each a (start, end); a line break always ends one."""
    return tuple(chain.from_iterable(_line_sentences(m) for m in re.finditer(r"[^\n]+", text)))


def _line_sentences(line: re.Match[str]) -> list[tuple[int, int]]:
    spans = []
    for boundary in get_sentence_boundaries("en", line.group()):
        raw = line.group()[boundary["start_index"] : boundary["end_index"]]
        start = line.start() + boundary["start_index"] + len(raw) - len(raw.lstrip())
        if any(ch.isalnum() for ch in raw):
            spans.append((start, start + len(raw.strip())))
    return spans


def sentences_of(span: Span, document: Document) -> list[Span]:
    """The reference sentences that a span covers at least half of, or lies within."""
    inside = [Span(document.id, a, b) for a, b in sentences(document.text)]
    return [sentence for sentence in inside if sentence.meets(span)]


def is_whole(text: str, start: int, end: int) -> bool:
    """True when ``text[start:end]`` neither begins nor ends inside a sentence."""
    if start > 0 and not _BEFORE_SENTENCE.search(text[max(0, start - 12) : start]):
        return False
    rest = text[end : end + 1]
    if rest in ("", "\n", "\r"):
        return True
    return rest.isspace() and bool(_ENDS_SENTENCE.search(text[start:end]))
