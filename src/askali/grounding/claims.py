"""Drafts to claims: known numbers only, each claim checked, a failed one gives way to its quote.

Pure: the same drafts, sentences and verifier give the same claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from askali.domain import Claim, Document, Sentence
from askali.grounding.citations import cite, fold, marked
from askali.grounding.cross_lingual import fault_abroad
from askali.grounding.evidence_keys import Draft
from askali.streaming import ClaimVerified
from askali.text.language import is_foreign
from askali.text.tokens import analyze

QUOTED_SENTENCES = 2
"""A failed claim is replaced by at most this many of the sentences it cites."""

FAILED = "failed"
SUPPORTED = "supported"
REPLACED = "replaced: {reason}"
TRANSLATED = "translated"

_POLAR = re.compile(r"(?P<said>yes|no)(?:[,;:.!–—-]+\s*|\s*$)", re.I)


class Checked(Protocol):
    """What a verifier makes of a claim: "verbatim", "supported", or "failed" and why."""

    @property
    def verdict(self) -> str: ...

    @property
    def reason(self) -> str: ...


class Verifier(Protocol):
    """Checks a claim against the sentences it cites; `context` is titles and headings."""

    def __call__(self, claim: str, evidence: Sequence[str], *, context: str = "") -> Checked: ...


class Decider(Protocol):
    """Says "Yes" or "No" where the sentences decide a question, else ""."""

    def __call__(self, question: str, sentences: Sequence[str], *, context: str = "") -> str: ...


@dataclass(frozen=True, slots=True)
class Checks:
    """What claims are held against: the verifier, and for an answer's "yes" or "no" the
    question and who decides it. `question` also tells the asker's language."""

    verify: Verifier
    question: str
    decide: Decider


def settle_each(
    drafts: Iterable[Draft],
    sentences: Sequence[Sentence],
    documents: Mapping[str, Document],
    checks: Checks,
) -> Iterator[ClaimVerified]:
    """Each claim that may be shown with its citations, as the drafts come; the sentences are
    numbered from 1 in the order of their first use, and every claim that is given out stays.

    A draft without a known number, and one that says again what was said, is dropped. A
    claim that fails is replaced by the sentences it cites, unless they are cited already.
    "Yes" and "No" are kept only where the cited sentences decide the question. If the
    question is in another language than a source, and a claim too, the claim is checked
    for figures and names only (`fault_abroad`), carries its quote in its text, and its
    verdict is "translated".
    """
    numbers: dict[Sentence, int] = {}
    said: set[str] = set()
    for draft in drafts:
        cited = resolve(draft.numbers, sentences)
        for text, shown, verdict in _shown(draft.text, cited, documents, checks):
            is_quote = verdict.startswith("replaced")
            known = text.casefold() in said or (is_quote and shown[0] in numbers)
            if not known:
                said.add(text.casefold())
                for sentence in shown:
                    numbers.setdefault(sentence, len(numbers) + 1)
                found = tuple(cite(numbers[s], s, documents[s.document_id]) for s in shown)
                claim = Claim(text, tuple(c.number for c in found), verdict)
                yield ClaimVerified(claim, found, marked(claim))


def resolve(numbers: Iterable[int], sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences with these numbers, counted from 1; a number never issued gives none."""
    return [sentences[n - 1] for n in dict.fromkeys(numbers) if 1 <= n <= len(sentences)]


_Shown = tuple[str, list[Sentence], str]


def _shown(
    text: str, cited: list[Sentence], documents: Mapping[str, Document], checks: Checks
) -> Iterator[_Shown]:
    """What a reader may see of one draft: text, its sentences and the verdict."""
    if not cited or not any(ch.isalnum() for ch in text):
        return
    evidence = [fold(sentence.text) for sentence in cited]
    about = [part for s in cited for part in (documents[s.document_id].title, s.heading)]
    context = "\n".join(dict.fromkeys(about))
    source = documents[cited[0].document_id].text
    # a claim in the source's own language has no excuse
    if is_foreign(checks.question, source) and is_foreign(text, source):
        reason = fault_abroad(text, evidence, f"{context}\n{checks.question}")
        text, verdict = f"{text} (“{' '.join(evidence)}”)", TRANSLATED
    else:
        text, verdict, reason = _checked(text, evidence, context, checks)
    if not reason:
        yield text, cited, verdict
    else:
        for sentence in _nearest(text, cited):
            yield fold(sentence.text), [sentence], REPLACED.format(reason=reason)


def _checked(
    text: str, evidence: Sequence[str], context: str, checks: Checks
) -> tuple[str, str, str]:
    """The text that may be shown, its verdict, and the reason if it may not."""
    opening = _POLAR.match(text)
    said = opening["said"].capitalize() if opening else ""
    rest = text[opening.end() :] if opening else text
    is_decided = bool(said) and checks.decide(checks.question, evidence, context=context) == said
    if said and not rest:
        reason = "" if is_decided else f"the quote does not say {said.lower()} in so many words"
        return f"{said}: {evidence[0]}", SUPPORTED, reason
    check = checks.verify(rest, evidence, context=context)
    if check.verdict == FAILED:
        return text, FAILED, check.reason or "the quote does not show it"
    if is_decided:
        return f"{said}, {rest}", SUPPORTED, ""
    return rest[:1].upper() + rest[1:] if said else rest, check.verdict, ""


def _nearest(text: str, cited: list[Sentence]) -> list[Sentence]:
    """The cited sentences that share most with the claim, in the order they were cited."""
    stems = set(analyze(text))
    ranked = sorted(cited, key=lambda s: -len(stems & set(analyze(s.text))))
    return [sentence for sentence in cited if sentence in ranked[:QUOTED_SENTENCES]]
