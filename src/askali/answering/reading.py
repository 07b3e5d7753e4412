"""What a local model makes of ranked evidence: candidates of an answer, and the likeliest of them.

The model judges the best windows one by one, copies a phrase from the best of them, and
answers from the three best at once. The two ways fail on different questions
(docs/measurements.md), so both are grounded in the source, both are checked, and one fitted
probability (calibration.json, "reading") chooses and says how sure it is.
`ModelError` leaves every function as it came.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from askali.answering.injection import gives_orders
from askali.answering.prompts import MARK, READ
from askali.answering.reader import Reader
from askali.domain import Sentence, Shape
from askali.errors import ModelError
from askali.grounding.spans import ground, is_of_kind, repeats, whole
from askali.index import Index
from askali.query.question import asks_for_phrase
from askali.retrieval.calibration import Calibration
from askali.retrieval.ranking import AnswerSpan, RankedEvidence, window
from askali.text.dates import DATE, without_time
from askali.text.kinds import AnswerType
from askali.text.tables import asked_cell, is_row, names_above
from askali.text.tokens import stem, words

Array = npt.NDArray[np.float32]

WINDOWS = 3
"""How many windows the model judges, and then reads at once: few passages beat many. With five
it ranks the right sentence first for 35 of 41 questions, with three for 34, and reads 530 prompt
tokens for a question instead of 700 (docs/reading.md)."""

AHEAD_SENTENCES = 400
"""Up to so many sentences are read ahead: about three minutes' work on two cores."""

MAX_ASKED_CHARS = 1500

_ASKS_FOR_YEAR = re.compile(r"\b(?:year|month|century|decade)s?\b", re.I)
"""Asked so, "1993" is the whole answer where the sentence has "24 January 1993"."""

_POLAR = ("Yes", "No")
"""What may answer a yes/no question; asked whether a passage states it, the model takes a
passage that says no for one that does not say."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An answer that may be shown, and how it was found.

    `number` is the candidate whose window it stands in; without a `span` it is that whole
    sentence. `said` is the model's own mean log-probability of its words, `is_joint` true
    where it answered from several windows at once.
    """

    number: int
    span: AnswerSpan | None = None
    said: float = 0.0
    is_joint: bool = False


def read(reader: Reader, verdict: RankedEvidence, fitted: Calibration) -> RankedEvidence:
    """The verdict after the model has read: ranked again, its likeliest answer first, its
    confidence fitted to what the model said. A question of more than `MAX_ASKED_CHARS` is a
    `ModelError`: each of seven prompts would hold it."""
    if len(verdict.query.text) > MAX_ASKED_CHARS:
        raise ModelError(
            f"the local model reads questions of up to {MAX_ASKED_CHARS:,} characters, this one "
            f"has {len(verdict.query.text):,}; ask it in fewer words"
        )
    with reader.asked():
        likely = judge(reader, verdict)
        ranked = rerank(verdict, likely, fitted)
        found = proposals(reader, ranked)
        rows = [features(verdict, likely, ranked, found, p) for p in checked(reader, ranked, found)]
    confidences = [fitted.read_confidence(row) for row in rows]
    best = max(range(len(found)), key=lambda i: (confidences[i], -i))
    stated = {i: 1 / (1 + math.exp(-log_odds)) for i, log_odds in likely.items()}
    first = found[best].number
    return replace(
        ranked,
        order=(first, *(i for i in ranked.order if i != first)),
        marked=found[best].span,
        confidence=confidences[best],
        stated=stated,
    )


def judge(reader: Reader, verdict: RankedEvidence) -> dict[int, float]:
    """For the best candidates by number: the log-odds that each, after the sentence before it,
    states the answer."""
    some = verdict.order[:WINDOWS]
    read = [verdict.candidates[i].sentence for i in some]
    texts = [_text(window(verdict, sentence)) for sentence in read]
    likely = reader.judge([_asked_of(sentence, verdict) for sentence in read], texts)
    return {i: _log_odds(p) for i, p in zip(some, likely, strict=True)}


def rerank(
    verdict: RankedEvidence, likely: Mapping[int, float], fitted: Calibration
) -> RankedEvidence:
    """In the order of the ranking score and the log-odds together. What was not read
    ranks as the least likely one."""
    least = min(likely.values())
    gained = np.array([likely.get(i, least) for i in range(len(verdict.scores))], np.float32)
    scores = verdict.scores + np.float32(fitted.reading_weight) * gained
    order = np.lexsort((np.arange(len(scores)), -scores))
    return replace(verdict, order=tuple(int(i) for i in order), scores=scores)


def proposals(reader: Reader, verdict: RankedEvidence) -> list[Proposal]:
    """What the model copies from the best window, what it answers from the best few, or,
    where neither stands in the source or a statement is asked for, the best sentence."""
    asked = verdict.query
    if not asks_for_phrase(asked.shape):
        return [Proposal(verdict.order[0])]
    best = window(verdict, verdict.best)
    numbers, several = _apart(verdict)
    ways = []
    if not any(gives_orders(s.text) for s in best):
        ways.append(([verdict.order[0]], [best], MARK))
    if several:
        ways.append((numbers, several, READ))
    question = _asked_of(verdict.best, verdict)
    said = reader.say([(question, [_text(w) for w in shown], task) for _, shown, task in ways])
    found = []
    for (of, shown, task), (phrase, likely) in zip(ways, said, strict=True):
        if span := _grounded(phrase, shown, verdict):
            found.append(Proposal(of[span[0]], span[1], likely, is_joint=task == READ))
    return found or [Proposal(verdict.order[0])]


def _apart(verdict: RankedEvidence) -> tuple[list[int], list[list[Sentence]]]:
    """The best windows that tell the model nothing to do and share no sentence, and the
    candidates that they belong to."""
    numbers: list[int] = []
    windows: list[list[Sentence]] = []
    for number in verdict.order:
        sentences = window(verdict, verdict.candidates[number].sentence)
        shown = [s for group in windows for s in group]
        fresh = [s for s in sentences if s not in shown]
        if fresh and not any(gives_orders(s.text) for s in sentences):
            numbers.append(number)
            windows.append(fresh)
        if len(windows) == WINDOWS:
            break
    return numbers, windows


def _grounded(
    said: str, windows: Sequence[Sequence[Sentence]], verdict: RankedEvidence
) -> tuple[int, AnswerSpan] | None:
    """Where the words stand: the number of the window, and the whole phrase there."""
    asked = verdict.query
    is_choice = " or " in asked.text  # "Which is older, the mill or the mine?"
    places = [(n, s) for n, group in enumerate(windows) for s in reversed(group)]
    for is_exact in (True, False):
        for n, sentence in places:
            words = ground(said, sentence.text, asked.text, is_exact=is_exact)
            if not words:
                continue
            names = names_above(sentence.text, sentence.heading)
            words = asked_cell(sentence.text, names, words, asked.text)
            if not is_choice and repeats(words, asked.text):
                continue
            words = whole(words, sentence.text, asked.expects)
            if asked.expects is AnswerType.DATE and not _ASKS_FOR_YEAR.search(asked.text):
                dates = (match.group() for match in DATE.finditer(sentence.text))
                words = next((date for date in dates if words in date), words)
            return n, AnswerSpan(words, sentence)
    return None


def checked(
    reader: Reader, verdict: RankedEvidence, found: Sequence[Proposal]
) -> list[tuple[Proposal, float | None]]:
    """Each proposal with the log-odds that the model, asked again, says it is the answer;
    for a yes/no question the likelier of yes and no; None where there is nothing to check."""
    is_polar = verdict.query.shape is Shape.YES_NO
    asked: dict[tuple[str, str, str], list[int]] = {}  # both ways often find the same
    for n, proposal in enumerate(found):
        sentence = verdict.candidates[proposal.number].sentence
        for said in _POLAR if is_polar else (proposal.span.words,) if proposal.span else ():
            shown = _text(window(verdict, sentence))
            asked.setdefault((_asked_of(sentence, verdict), shown, said), []).append(n)
    likely = [_log_odds(p) for p in reader.check(list(asked))]
    by = [(p, n) for p, of in zip(likely, asked.values(), strict=True) for n in of]
    return [
        (proposal, max((p for p, m in by if m == n), default=None))
        for n, proposal in enumerate(found)
    ]


def features(
    surface: RankedEvidence,
    likely: Mapping[int, float],
    ranked: RankedEvidence,
    found: Sequence[Proposal],
    of: tuple[Proposal, float | None],
) -> Array:
    """A row in the order of `calibration.READING`."""
    proposal, check = of
    asked = ranked.query
    judged = likely.get(proposal.number, min(likely.values()))
    span = proposal.span
    agree = [_agree(span, p.span) for p in found if span and p is not proposal and p.span]
    sentence = ranked.candidates[proposal.number].sentence
    under = names_above(sentence.text, sentence.heading)
    is_phrase = asks_for_phrase(asked.shape)
    return np.array(
        [
            _log_odds(surface.confidence),
            max(likely.values()),
            judged,
            judged if check is None else check,
            proposal.said,
            float(proposal.is_joint),
            float(is_phrase and span is None),
            float(any(agree)),
            float(bool(agree) and not any(agree)),
            float(not span or is_of_kind(span.words, asked.text, asked.expects, under)),
            float(ranked.order.index(proposal.number)),
            float(ranked.names_missing[proposal.number]),
        ],
        np.float32,
    )


def _agree(one: AnswerSpan, other: AnswerSpan) -> bool:
    """True where the words of one are among those of the other."""
    said, meant = ({stem(w.text) for w in words(span.words)} for span in (one, other))
    return bool(said and meant) and (said <= meant or meant <= said)


def _asked_of(sentence: Sentence, verdict: RankedEvidence) -> str:
    """The question as the model is asked it of a sentence: of time, arithmetic judges."""
    return without_time(verdict.query.text, f"{sentence.heading} {sentence.text}")


def read_ahead(reader: Reader, index: Index) -> None:
    """Have a model read all sentences in the background, where there are up to
    `AHEAD_SENTENCES`."""
    if index.sentence_count <= AHEAD_SENTENCES:
        texts = texts_of(index)
        threading.Thread(target=lambda: reader.read_ahead(texts), daemon=True).start()


def texts_of(index: Index) -> list[str]:
    """What the model reads of documents, for every sentence in order: with the one before it."""
    texts = []
    for document in index.documents.values():
        sentences = [s for _, s in index.sentences_in(document.id, 0, len(document.text))]
        for before, sentence in zip([None, *sentences], sentences, strict=False):
            together = before is not None and before.paragraph == sentence.paragraph
            texts.append(_text([before, sentence] if before and together else [sentence]))
    return texts


def _text(sentences: Sequence[Sentence]) -> str:
    """What the model reads of sentences; a table's row below the names of its columns."""
    return " ".join(f"{s.heading}\n{s.text}" if is_row(s.text) else s.text for s in sentences)


def _log_odds(p: float) -> float:
    bounded = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))
