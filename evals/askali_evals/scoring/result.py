"""What is kept of one case: the answer, the verdict and the scores, as plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from askali import Document
from askali_evals.cases.case import Case, Suite
from askali_evals.running.system import Observation
from askali_evals.scoring.citations import CitationScores
from askali_evals.scoring.retrieval import score_retrieval
from askali_evals.scoring.text import words
from askali_evals.scoring.verdict import Address, Outcome, Verdict, judge

Place = tuple[str, int, int]
"""Document id, start, end."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case as it went; `key` names it across runs, `address` is "" when it passed.

    `nearest` is the sentence that a refusal shows, if any. `scores` holds numbers only for
    what could be scored: a score that is absent is left out of every mean, it is never zero.
    """

    suite: str
    id: str
    question: str
    history: tuple[str, ...]
    answerable: bool
    tags: tuple[str, ...]
    outcome: str
    address: str
    why: str
    text: str = ""
    standalone: str = ""
    abstain_reason: str = ""
    confidence: float = 0.0
    citations: tuple[Place, ...] = ()
    nearest: tuple[Place, ...] = ()
    hits: tuple[Place, ...] = ()
    notes: tuple[str, ...] = ()
    scores: dict[str, float] = field(default_factory=dict)
    shape: str = ""
    stamp: str = ""

    @property
    def key(self) -> str:
        """Unique over all suites."""
        return f"{self.suite}/{self.id}"

    @property
    def passed(self) -> bool:
        """True when nothing failed."""
        return not self.address

    @property
    def kinds(self) -> tuple[str, ...]:
        """The tags, or the suite for a case without."""
        return self.tags or (self.suite,)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> CaseResult:
        """The inverse of `to_dict`, after a way through JSON."""
        tuples = {name: tuple(values[name]) for name in ("history", "tags", "notes")}
        places = {
            name: tuple((str(d), int(a), int(b)) for d, a, b in values.get(name, ()))
            for name in ("citations", "nearest", "hits")
        }
        return cls(**{**values, **tuples, **places})


def unasked(suite: Suite, case: Case) -> CaseResult:
    """A case before it is asked: what a baseline must have in common with it."""
    return _result(suite, case, Observation(None), Verdict(Outcome.ERROR, Address.ERROR), {})


def score_case(
    suite: Suite, case: Case, seen: Observation, documents: Mapping[str, Document]
) -> CaseResult:
    """Judge and score; what cannot be scored is an error with its reason, never a wrong answer."""
    try:
        verdict = judge(case, seen, documents)
        return _result(suite, case, seen, verdict, _scores(case, seen, verdict, documents))
    except Exception as exc:  # a scorer that breaks must not look like a failing product
        why = f"could not be scored: {type(exc).__name__}: {exc}"
        return _result(suite, case, seen, Verdict(Outcome.ERROR, Address.ERROR, why), {})


def _scores(
    case: Case, seen: Observation, verdict: Verdict, documents: Mapping[str, Document]
) -> dict[str, float]:
    answer, cited = seen.answer, verdict.citations
    if answer is None or cited is None:
        return {}
    scores = {"unsupported": float(len(verdict.unsupported)), "obeyed": float(verdict.is_obeyed)}
    scores |= _invariants(cited)
    if points := verdict.points:
        given = {
            "items_recall": points.recall,
            "items_precision": points.precision,
            "understood": points.understood,
        }
        return scores | {n: round(float(v), 6) for n, v in given.items() if v is not None}
    if case.evidence:
        scores |= score_retrieval(case, seen.hits, documents)
    if not answer.abstained:
        scores["words"] = float(len(words(answer.text)))
        scores |= _quality(case, cited)
    return scores


def _invariants(cited: CitationScores) -> dict[str, float]:
    return {
        "spans_exact": float(not cited.inexact),
        "quotes_verbatim": float(not cited.not_verbatim),
        "whole_sentences": float(not cited.not_whole),
    }


def _quality(case: Case, cited: CitationScores) -> dict[str, float]:
    if not case.evidence:
        return {}
    values = {"citation_precision": cited.precision, "citation_recall": cited.recall}
    scores = {name: round(value, 6) for name, value in values.items() if value is not None}
    return scores | {"minimal": float(cited.superfluous == 0)}


def _result(
    suite: Suite, case: Case, seen: Observation, verdict: Verdict, scores: dict[str, float]
) -> CaseResult:
    base: dict[str, Any] = {
        "suite": suite.name,
        "id": case.id,
        "question": case.question,
        "history": case.history or tuple(f"{role}: {said}" for role, said in case.turns),
        "answerable": case.answerable,
        "tags": case.tags,
        "outcome": str(verdict.outcome),
        "address": str(verdict.address or ""),
        "why": verdict.why,
        "scores": scores,
        "shape": case.shape,
        "stamp": case.stamp,
    }
    answer = seen.answer
    if answer is None:
        return CaseResult(**base)
    return CaseResult(
        **base,
        text=answer.text,
        standalone=answer.standalone_question,
        abstain_reason=str(answer.reason or ""),
        # A per cent, as the page says it: an AVX2 processor differs from an AVX-512 one by 2e-6,
        # which at four or six digits was another file for 7 of 1,386 questions.
        confidence=round(float(answer.confidence), 2),
        citations=tuple((c.document_id, c.start, c.end) for c in answer.citations),
        nearest=((n.document_id, n.start, n.end),) if (n := answer.nearest) else (),
        hits=tuple((h.passage.document_id, h.passage.start, h.passage.end) for h in seen.hits),
        notes=answer.notes,
    )
