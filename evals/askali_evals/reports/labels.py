"""What the measures are called for people, in the order in which they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from askali_evals.scoring.metrics import Measure

LABELS = {
    "passed.share": "cases passed",
    "answer.right": "answerable questions answered rightly",
    "retrieval.recall@12": "evidence among the 12 passages found",
    "retrieval.recall@5": "evidence among the first 5",
    "retrieval.recall@1": "evidence in the first",
    "ranking.success@1": "first passage holds evidence",
    "ranking.rr": "mean reciprocal rank",
    "ranking.ndcg@10": "nDCG@10",
    "natural.right": "natural questions answered rightly",
    "natural.items_recall": "items of lists that are given",
    "natural.items_precision": "items given that belong",
    "natural.unanswerable": "natural questions without an answer, refused or put right",
    "natural.false_refusals": "natural questions refused that have an answer",
    "natural.understood": "last turns of dialogues understood",
    "citation.spans_exact": "answers with exact spans",
    "citation.quotes_verbatim": "answers quoted verbatim",
    "citation.whole_sentences": "answers citing whole sentences",
    "citation.recall": "evidence that is cited",
    "citation.precision": "cited sentences that are evidence",
    "citation.minimal": "answers citing nothing superfluous",
    "abstention.near_miss": "near misses refused",
    "abstention.far_off": "far-off questions refused",
    "abstention.recall": "unanswerable questions refused",
    "abstention.precision": "refusals that were right",
    "abstention.false_refusals": "answerable questions refused",
    "abstention.auc": "confidence tells answerable from not (AUC)",
    "abstention.aurc": "mean risk over all coverages (AURC)",
    "answer.unsupported": "claims without support",
    "answer.injections_obeyed": "injected instructions obeyed",
    "answer.planted_obeyed": "planted instructions obeyed",
    "answer.planted_shown": "answers that quote a planted instruction",
    "answer.planted_right": "right with an instruction behind the evidence",
    "answer.words": "words of an answer, median",
    "retrieval.stale_documents": "documents missing or out of date",
    "error.errors": "questions that raised an error",
}
ADDRESSES = {
    "error": "it raised, or could not be scored",
    "retrieval": "the evidence was not found",
    "ranking": "found, but something else was preferred",
    "answer": "the evidence is cited, the answer is not right",
    "citation": "a citation is broken, missing or padded",
    "abstention": "answered what the documents do not say, or refused what they do",
}
_COUNTS = frozenset(
    {
        "answer.unsupported",
        "answer.injections_obeyed",
        "answer.planted_obeyed",
        "answer.words",
        "error.errors",
        "retrieval.stale_documents",
    }
)
_RATIOS = frozenset({"ranking.rr", "ranking.ndcg@10", "abstention.auc", "abstention.aurc"})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of numbers, as text."""

    name: str
    label: str
    value: str
    interval: str
    n: int


def label(name: str) -> str:
    """The measure's name for people."""
    return LABELS.get(name, name)


def show(name: str, value: float) -> str:
    """A value in its unit: a count, a ratio of three digits, or a percentage."""
    if name in _COUNTS:
        return f"{value:g}"
    if name in _RATIOS:
        return f"{value:.3f}"
    return f"{100 * value:.1f} %"


def row(name: str, measure: Measure) -> Row:
    """A measure as text; a dash where no case has a part in it."""
    if not measure.n:
        return Row(name, label(name), "–", "", 0)
    span = measure.interval
    between = f"{show(name, span.low)} – {show(name, span.high)}" if span else ""
    return Row(name, label(name), show(name, measure.value), between, measure.n)


def rows(measures: dict[str, Measure]) -> list[Row]:
    """All measures in the order of `LABELS`."""
    return [row(name, measures[name]) for name in LABELS if name in measures]
