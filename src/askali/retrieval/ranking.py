"""Draft an answer from the source's own sentences: which to quote, in which order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from askali.domain import Sentence
from askali.query.decompose import asks_to_compare
from askali.retrieval.calibration import Calibration
from askali.retrieval.features import (
    Candidate,
    Query,
    answering_features,
    match,
    names_missing,
    ranking_features,
    years,
    years_of,
)
from askali.text.dates import is_of_other_time
from askali.text.designators import designated, is_of_other

Array = npt.NDArray[np.float32]

FACT_SENTENCES = 2
LIST_SENTENCES = 4

CLOSE = 4.0
"""A statement this much below the best score still speaks of what was asked."""

_OF_OTHER = np.float32(20)
"""What is of another thing of the asked kind ranks below everything else."""

# A sentence's opening that means something named before it.
_LEANS_BACK = re.compile(
    r"^[\"'“‘(]*(?:(?:and|but|however|so|in addition|then|since then|subsequently|therefore|also"
    r"|meanwhile|currently|recently),? +)?(?:it|its|they|their|them|he|she|his|her|this|that|these"
    r"|those|such|both|the (?:former|latter|company|news)"
    r"|the two(?! \w+ (?:who|that|which|of)\b))\b",
    re.I,
)

_OF_PERSON = re.compile(r"^\W*(?:\w+,? ){0,2}(?:he|she|his|her)\b", re.I)
# A person by title and name.
_TITLE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mx|Miss|Dr|Prof|Professor|Sir|Dame|Lord|Lady|President|Minister|Judge|Mayor"
    r"|Captain|General|Bishop|King|Queen|Prince|Princess)\b\.? (?:[A-Z]\w*\.? )*[A-Z]\w"
)


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """Words that answer, exactly as they stand in their sentence."""

    words: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class RankedEvidence:
    """The ranked evidence for one question.

    `order` lists candidate numbers from best to worst, `scores` their ranking
    scores, `names_missing` the share of the question's names that neither each candidate
    nor its surroundings hold, `confidence` the probability that the best one answers,
    `coverage` how far its surroundings cover the question, 0 to 1. `marked` are the words
    of the best candidate or the sentence before it that a local model says answer, `stated`
    the probability by which it says so of each candidate that it read. `others` are the
    candidates that speak of another thing than the question names: of hut C, asked for hut B.
    """

    query: Query
    candidates: tuple[Candidate, ...]
    order: tuple[int, ...]
    scores: Array
    names_missing: Array
    confidence: float
    coverage: float
    marked: AnswerSpan | None = None
    stated: Mapping[int, float] = field(default_factory=dict)
    others: frozenset[int] = frozenset()

    @property
    def best(self) -> Sentence:
        """The sentence that most likely answers."""
        return self.candidates[self.order[0]].sentence


def judge(asked: Query, candidates: Sequence[Candidate], fitted: Calibration) -> RankedEvidence:
    """Rank `candidates` (at least one) and judge whether the best one answers."""
    met = match(asked, candidates)
    features = ranking_features(asked, candidates, met)
    others = _of_other_things(asked, candidates)
    scores = fitted.scores(features) - _OF_OTHER * others.astype(np.float32)
    order = np.lexsort((np.arange(len(scores)), -scores))
    best = int(order[0])
    answering = answering_features(asked, met, features, scores, best)
    return RankedEvidence(
        query=asked,
        candidates=tuple(candidates),
        order=tuple(int(i) for i in order),
        scores=scores,
        names_missing=np.array([names_missing(asked, m) for m in met.exact_context], np.float32),
        confidence=0.0 if others[best] else fitted.confidence(answering),
        coverage=float(met.soft_context[best] @ asked.weights),
        others=frozenset(map(int, np.flatnonzero(others))),
    )


def _of_other_things(asked: Query, candidates: Sequence[Candidate]) -> npt.NDArray[np.bool_]:
    """Where the question names a thing by its number or letter ("hut D"): which candidates are
    of others of its kind, by their own words or those before them in their paragraph."""
    found = np.zeros(len(candidates), bool)
    things = designated(asked.text, is_asked=True)
    if not things:
        return found
    spoken_of: dict[tuple[str, int], dict[str, frozenset[str]]] = {}
    in_order = sorted(
        range(len(candidates)),
        key=lambda i: (candidates[i].sentence.document_id, candidates[i].sentence.start),
    )
    for i in in_order:
        sentence = candidates[i].sentence
        heading, said = designated(sentence.heading), designated(sentence.text)
        place = (sentence.document_id, sentence.paragraph)
        spoken_of[place] = heading | spoken_of.get(place, {}) | said
        found[i] = is_of_other(things, spoken_of[place])
    return found


def window(verdict: RankedEvidence, sentence: Sentence) -> list[Sentence]:
    """A sentence after the one before it in its paragraph, which often says who is meant."""
    before = _before(verdict, sentence)
    return [before, sentence] if before else [sentence]


def choose(verdict: RankedEvidence, fitted: Calibration) -> list[Sentence]:
    """The sentences to quote, in document order: one for a fact, two where the
    runner-up is close or the first leans on the sentence before it, up to four
    for a list or a comparison, where each document has its say."""
    others = _counterparts(verdict) if verdict.query.compares else []
    if others:
        return [verdict.best, *others[: LIST_SENTENCES - 1]]
    several = verdict.query.shape.takes_several
    within = fitted.list_within if several else fitted.second_within
    limit = LIST_SENTENCES if several else FACT_SENTENCES
    close = [i for i in verdict.order[:limit] if _is_close(verdict, i, within)]
    if not several:
        close = [i for i in close if _names_the_same(verdict, i)]
    chosen = [verdict.candidates[i].sentence for i in close]
    antecedent = _antecedent(verdict)
    if antecedent and antecedent not in chosen:
        chosen = [chosen[0], antecedent, *chosen[1:]][: max(limit, 2)]
    return sorted(chosen, key=lambda s: (_first_rank(verdict, s.document_id), s.start))


def _counterparts(verdict: RankedEvidence) -> list[Sentence]:
    """Of each other document that speaks of as much as the best sentence, or of what was
    missed so far, the sentence that is most like it."""
    best = verdict.candidates[verdict.order[0]]
    asked = {t.stem for t in verdict.query.terms if not asks_to_compare(t.text)}

    def met(candidate: Candidate) -> set[str]:
        return asked & (candidate.stems | candidate.context)

    chosen: list[Candidate] = []
    covered = met(best)
    said_by = _close_by_document(verdict).values()
    likest = [max(said, key=lambda candidate: _likeness(candidate, best)) for said in said_by]
    for like in sorted(likest, key=lambda candidate: -len(met(candidate))):
        is_missing = not chosen and covered != asked
        if is_missing or met(like) - covered or len(met(like)) >= len(met(best)):
            chosen.append(like)
            covered |= met(like)
    return [candidate.sentence for candidate in chosen]


def _close_by_document(verdict: RankedEvidence) -> dict[str, list[Candidate]]:
    """What other documents than the best sentence's say nearly as well, in rank order."""
    first = verdict.order[0]
    found: dict[str, list[Candidate]] = {}
    for i in verdict.order[1:]:
        candidate = verdict.candidates[i]
        is_close = verdict.scores[first] - verdict.scores[i] <= CLOSE
        if is_close and candidate.sentence.document_id != verdict.best.document_id:
            found.setdefault(candidate.sentence.document_id, []).append(candidate)
    return found


def _likeness(one: Candidate, other: Candidate) -> float:
    return len(one.stems & other.stems) / max(1, len(one.stems | other.stems))


def support(verdict: RankedEvidence) -> list[Sentence]:
    """The best sentence, after the one that it leans on, if it does."""
    antecedent = _antecedent(verdict)
    return [antecedent, verdict.best] if antecedent else [verdict.best]


def _is_close(verdict: RankedEvidence, i: int, within: float) -> bool:
    """True if a candidate is nearly as good as the best one and speaks of the same
    names and years: asked about one company, a sentence on another is no second answer."""
    best = verdict.order[0]
    near = verdict.scores[best] - verdict.scores[i] <= within
    is_of_names = verdict.names_missing[i] <= verdict.names_missing[best]
    return bool(near and is_of_names and not _is_of_other_years(verdict, i))


def _names_the_same(verdict: RankedEvidence, i: int) -> bool:
    """True where a candidate itself has each name of the question that the best one has, or
    continues its paragraph: a title that names A makes no sentence on B one on A."""
    best, other = verdict.candidates[verdict.order[0]], verdict.candidates[i]
    names = {term.stem for term in verdict.query.terms if term.is_name}
    place = (best.sentence.document_id, best.sentence.paragraph)
    is_beside = (other.sentence.document_id, other.sentence.paragraph) == place
    return is_beside or names & best.stems <= other.stems


def _is_of_other_years(verdict: RankedEvidence, i: int) -> bool:
    """True where the best sentence speaks of a year or time that was asked about, and this
    one of others only."""
    asked = years(verdict.query.text)
    best, other = (years_of(verdict.candidates[n]) for n in (verdict.order[0], i))
    is_of_years = not (asked & best and other and not asked & other)
    is_of_time = _is_of_time(verdict, i) or not _is_of_time(verdict, verdict.order[0])
    return not (is_of_years and is_of_time)


def _is_of_time(verdict: RankedEvidence, i: int) -> bool:
    return not is_of_other_time(verdict.query.text, [verdict.candidates[i].sentence.text])


def _antecedent(verdict: RankedEvidence) -> Sentence | None:
    """If the best sentence starts with "It …" or the like: the last sentence before it
    in its paragraph that does not, for that one names what is meant; for "He …" rather one
    that speaks of a person by title."""
    if not _LEANS_BACK.match(verdict.best.text):
        return None

    def names(sentence: Sentence) -> bool:
        return not _LEANS_BACK.match(sentence.text)

    def names_person(sentence: Sentence) -> bool:
        return names(sentence) and bool(_TITLE.search(sentence.text))

    of_person = _OF_PERSON.match(verdict.best.text) and _before(verdict, verdict.best, names_person)
    return of_person or _before(verdict, verdict.best, names)


def _before(
    verdict: RankedEvidence, sentence: Sentence, wanted: Callable[[Sentence], bool] = lambda _: True
) -> Sentence | None:
    """The nearest wanted candidate before a sentence in its paragraph."""
    before = [
        c.sentence
        for c in verdict.candidates
        if c.sentence.document_id == sentence.document_id
        and c.sentence.paragraph == sentence.paragraph
        and c.sentence.end <= sentence.start
        and wanted(c.sentence)
    ]
    return max(before, key=lambda s: s.start, default=None)


def _first_rank(verdict: RankedEvidence, document_id: str) -> int:
    """Documents in the order of their best sentence."""
    return next(
        rank
        for rank, i in enumerate(verdict.order)
        if verdict.candidates[i].sentence.document_id == document_id
    )
