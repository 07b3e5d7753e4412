"""Sentences to numbered citations and claims, each an exact piece of its document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from askali.domain import Citation, Claim, Document, Sentence
from askali.text.tables import is_row


def cite(number: int, sentence: Sentence, document: Document) -> Citation:
    """A citation of one sentence; its quote is sliced from the document itself."""
    return Citation(
        number=number,
        document_id=document.id,
        start=sentence.start,
        end=sentence.end,
        quote=document.text[sentence.start : sentence.end],
        title=document.title,
        heading=sentence.heading,
        page=document.page_at(sentence.start),
        date=document.date,
        also_in=document.copies,
    )


def quote_claims(
    sentences: Sequence[Sentence], documents: Mapping[str, Document]
) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """Each sentence as a claim in its own words, cited by its number from 1."""
    citations = tuple(
        cite(number, sentence, documents[sentence.document_id])
        for number, sentence in enumerate(sentences, start=1)
    )
    claims = tuple(Claim(fold(c.quote), (c.number,)) for c in citations)
    return claims, citations


def answer_claims(
    quoted: Mapping[Sentence, str | None],
    leads: Mapping[Sentence, Sequence[Sentence]],
    documents: Mapping[str, Document],
) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """Each sentence as a claim: the words that answer, or all of it where None.

    Words that are not the sentence's own ("Yes: …") make the claim "supported" instead
    of "verbatim". `leads` are the sentences that one leans on; they are cited after it.
    """
    numbers: dict[Sentence, int] = {}
    for sentence in quoted:
        for cited in (sentence, *leads.get(sentence, ())):
            numbers.setdefault(cited, len(numbers) + 1)
    citations = tuple(cite(n, s, documents[s.document_id]) for s, n in numbers.items())
    claims = tuple(
        Claim(
            fold(words or sentence.text),
            tuple(numbers[s] for s in (sentence, *leads.get(sentence, ()))),
            verdict="verbatim" if not words or words in sentence.text else "supported",
        )
        for sentence, words in quoted.items()
    )
    return claims, citations


def say_once(
    claims: Sequence[Claim], citations: Sequence[Citation], *, by_document: bool = False
) -> tuple[Claim, ...]:
    """What stands in several places as one claim that cites them all; `by_document`, as
    one for each document, for where documents are compared."""
    stands_in = {citation.number: citation.document_id for citation in citations}
    once: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        key = claim.text, stands_in[claim.citations[0]] if by_document else ""
        cited = (*once[key].citations, *claim.citations) if key in once else claim.citations
        once[key] = replace(claim, citations=tuple(dict.fromkeys(cited)))
    return tuple(once.values())


def render(claims: Sequence[Claim]) -> str:
    """The claims as one text with ``[n]`` after each; a row of a table on a line of its own."""
    return _joined([marked(claim) for claim in claims])


def render_by_document(claims: Sequence[Claim], citations: Sequence[Citation]) -> str:
    """The same with each document's title and date before what it says, where there are
    several documents."""
    cited = {citation.number: citation for citation in citations}
    if len({citation.document_id for citation in citations}) < 2:
        return render(claims)
    parts: list[str] = []
    said = ""
    for claim in claims:
        citation = cited[claim.citations[0]]
        if citation.document_id != said:
            said = citation.document_id
            parts.append(f"{citation.title}{f' ({citation.date})' if citation.date else ''}:")
        parts.append(marked(claim))
    return _joined(parts)


def _joined(parts: Sequence[str]) -> str:
    lines = [f"\n{part}\n" if is_row(part) else part for part in parts]
    return re.sub(r" ?\n[ \n]*", "\n", " ".join(lines)).strip()


def marked(claim: Claim) -> str:
    """A claim with its ``[n]`` after it."""
    return f"{claim.text} {''.join(f'[{number}]' for number in claim.citations)}"


def fold(text: str) -> str:
    """The text on one line, as a reader sees it; the quote keeps its line breaks."""
    return " ".join(text.split())
