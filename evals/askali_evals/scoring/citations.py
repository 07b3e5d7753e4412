"""Scores of an answer's citations: are they exact, do they hold the evidence, is it all needed?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from askali import Answer, Citation, Document
from askali_evals.cases.case import Case
from askali_evals.scoring.spans import Span, find, is_whole, sentences_of
from askali_evals.scoring.text import fold, without_markers


@dataclass(frozen=True, slots=True)
class CitationScores:
    """What the citations of one answer are worth.

    Invariants, checked for every answer: `inexact` spans, quotes `not_verbatim`
    in what they cite, citations that are `not_whole` sentences; `broken` tells
    each. Quality, against the evidence: which evidence lines are cited, how many
    sentences are cited, and how many of them hold no evidence.
    """

    inexact: int = 0
    not_verbatim: int = 0
    not_whole: int = 0
    broken: tuple[str, ...] = ()
    lines_cited: tuple[bool, ...] = ()
    sentences: int = 0
    superfluous: int = 0

    @property
    def precision(self) -> float | None:
        """Share of the cited sentences that hold evidence; None when nothing is cited."""
        return 1 - self.superfluous / self.sentences if self.sentences else None

    @property
    def recall(self) -> float | None:
        """Share of the evidence lines that are cited; None when there is no evidence."""
        return sum(self.lines_cited) / len(self.lines_cited) if self.lines_cited else None


def score_citations(
    case: Case, answer: Answer, documents: Mapping[str, Document]
) -> CitationScores:
    """Check the answer's citations, and `nearest` of an abstention, against the documents."""
    shown = [*answer.citations, *([answer.nearest] if answer.nearest else [])]
    inexact = [p for c in shown if (p := _inexact(c, documents))]
    not_whole = [p for c in shown if (p := _not_whole(c, documents))]
    not_verbatim = _not_verbatim(answer)
    spans = [Span(c.document_id, c.start, c.end) for c in answer.citations]
    evidence = [[s for quote in line for s in find(quote, documents)] for line in case.evidence]
    cited = {
        s
        for span in spans
        if span.document_id in documents
        for s in sentences_of(span, documents[span.document_id])
    }
    wanted = [span for line in evidence for span in line]
    return CitationScores(
        inexact=len(inexact),
        not_verbatim=len(not_verbatim),
        not_whole=len(not_whole),
        broken=(*inexact, *not_verbatim, *not_whole),
        lines_cited=tuple(any(s.meets(e) for s in spans for e in line) for line in evidence),
        sentences=len(cited),
        superfluous=sum(not any(s.meets(e) for e in wanted) for s in cited) if wanted else 0,
    )


def _inexact(citation: Citation, documents: Mapping[str, Document]) -> str:
    document = documents.get(citation.document_id)
    if document is None:
        return f"[{citation.number}] cites {citation.document_id!r}, which is not a document"
    place = f"{citation.document_id}[{citation.start}:{citation.end}]"
    if not 0 <= citation.start < citation.end <= len(document.text):
        return f"[{citation.number}] {place} lies outside of the document"
    if document.text[citation.start : citation.end] != citation.quote:
        return f"[{citation.number}] {place} is not {citation.quote!r}"
    return ""


def _not_whole(citation: Citation, documents: Mapping[str, Document]) -> str:
    document = documents.get(citation.document_id)
    if document is None or is_whole(document.text, citation.start, citation.end):
        return ""
    return f"[{citation.number}] cuts a sentence: {citation.quote!r}"


def _not_verbatim(answer: Answer) -> list[str]:
    quotes = {citation.number: citation.quote for citation in answer.citations}
    problems = []
    for claim in answer.claims:
        if claim.verdict != "verbatim":
            continue
        cited = " ".join(quotes.get(number, "") for number in claim.citations)
        if fold(without_markers(claim.text)) not in fold(without_markers(cited)):
            problems.append(f"a quoted claim is not in its citations: {claim.text!r}")
    return problems
