"""The paragraphs around citations and evidence, cut into marked and plain pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from askali import Document
from askali_evals.cases.case import Case
from askali_evals.scoring.result import CaseResult
from askali_evals.scoring.spans import Span, find


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a paragraph; `cited`, `nearest` (shown with a refusal) and `expected` (it is
    evidence) say how it is shown."""

    text: str
    cited: bool = False
    nearest: bool = False
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a document with its pieces in order."""

    document_id: str
    title: str
    pieces: tuple[Piece, ...]


def paragraphs_of(
    result: CaseResult, case: Case, documents: Mapping[str, Document]
) -> list[Paragraph]:
    """Every paragraph that holds what the answer cites or shows, or evidence of the case."""
    cited = [Span(*place) for place in result.citations if place[0] in documents]
    nearest = [Span(*place) for place in result.nearest if place[0] in documents]
    expected = _expected_places(case, cited, documents)
    wanted = sorted(set(_paragraph_spans([*cited, *nearest, *expected], documents)))
    return [
        Paragraph(
            p.document_id,
            documents[p.document_id].title,
            _pieces(p, documents[p.document_id].text, cited, nearest, expected),
        )
        for p in wanted
    ]


def _expected_places(
    case: Case, cited: Sequence[Span], documents: Mapping[str, Document]
) -> list[Span]:
    """For each line of evidence the places that are cited, or else its first place."""
    chosen = []
    for line in case.evidence:
        places = [span for quote in line for span in find(quote, documents)]
        met = [p for p in places if any(c.meets(p) for c in cited)]
        chosen += met or places[:1]
    return chosen


def _paragraph_spans(spans: Iterable[Span], documents: Mapping[str, Document]) -> Iterable[Span]:
    for span in spans:
        for match in re.finditer(r"[^\n]+", documents[span.document_id].text):
            if match.start() < span.end and span.start < match.end():
                yield Span(span.document_id, match.start(), match.end())


def _pieces(paragraph: Span, text: str, *kinds: Sequence[Span]) -> tuple[Piece, ...]:
    """`kinds` are the spans that are cited, nearest and expected."""
    inside = [s for spans in kinds for s in spans if s.document_id == paragraph.document_id]
    cuts = {paragraph.start, paragraph.end, *(s.start for s in inside), *(s.end for s in inside)}
    edges = sorted(cut for cut in cuts if paragraph.start <= cut <= paragraph.end)
    pairs = zip(edges, edges[1:], strict=False)
    return tuple(
        Piece(text[a:b], *(_covers(spans, paragraph, a) for spans in kinds)) for a, b in pairs
    )


def _covers(spans: Iterable[Span], paragraph: Span, position: int) -> bool:
    return any(
        s.document_id == paragraph.document_id and s.start <= position < s.end for s in spans
    )
