"""Question to answer as a LangChain Runnable: resolve → retrieve → judge → answer.

Each step takes what is known and adds to it; the values flow one way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from langchain_core.runnables import Runnable, RunnableBranch, RunnableLambda

from askali.answering.extractive import ExtractiveAnswerer
from askali.answering.generation import Composition, Writer, evidence
from askali.answering.reader import Reader
from askali.answering.reading import read
from askali.answering.refusal import Engine, refusal
from askali.answering.shapes import FRONT_DESK
from askali.answering.shapes.asking import READ_PASSAGES, Asking
from askali.answering.shapes.routing import AT_FRONT_DESK, dressed
from askali.answering.shaping import Shaper
from askali.answering.state import Found, Judged, Request, Resolved, noted, since, timed
from askali.answering.yes_no import yes_or_no
from askali.domain import (
    Answer,
    ClaimVerified,
    Event,
    EvidenceFound,
    Finished,
    FirstLook,
    Hit,
    PassagesRead,
    Shape,
    Turn,
)
from askali.errors import ModelError
from askali.grounding.citations import marked, render
from askali.grounding.claims import Checks
from askali.grounding.conflicts import conflicting
from askali.grounding.verification import verify
from askali.messages import (
    BROKE_OFF,
    FELL_BACK,
    SEARCHED_FOR,
    SOURCE_CHANGED,
    TOO_MANY_PARTS,
)
from askali.query.condense import condense_question
from askali.query.front_desk import social
from askali.query.question import Question
from askali.query.spelling import Speller
from askali.query.understanding import MOST_PARTS, understand
from askali.query.validation import clean
from askali.retrieval.calibration import Calibration
from askali.retrieval.hybrid import Searcher, spread
from askali.retrieval.ranking import RankedEvidence, judge
from askali.settings import Settings
from askali.text.language import language, language_of

_SPREAD_OVER = 4
"""So many times as many passages are looked at where evidence is spread over documents."""


class Pipeline:
    """The steps over one index; `runnable` is their composition."""

    def __init__(
        self,
        searcher: Searcher,
        fitted: Calibration,
        settings: Settings,
        *,
        reader: Reader | None = None,
        writer: Writer | None = None,
        is_outdated: Callable[[], bool] = lambda: False,
    ) -> None:
        self._is_outdated = is_outdated
        self._searcher = searcher
        self._fitted = fitted
        self._settings = settings
        self._reader = reader
        self._writer = writer
        self._quoter = ExtractiveAnswerer(searcher, fitted, settings)
        self._shaper = Shaper(searcher, fitted, settings, self._quoter)
        self._speller = Speller(searcher.index.vocabulary(), searcher.encoder.knows)
        self.until_found: Runnable[Resolved, Found] = RunnableLambda(self.retrieve)
        self.until_read: Runnable[Found, Judged] = RunnableLambda(self.judge) | RunnableLambda(
            self.read
        )
        self.after_found: Runnable[Found, Answer] = self.until_read | RunnableLambda(self.answer)
        self.runnable: Runnable[Request, Answer] = RunnableLambda(self.resolve) | RunnableBranch(
            (is_for_front_desk, RunnableLambda(self.at_front_desk)),
            self.until_found | self.after_found,
        )

    def resolve(self, asked: Request) -> Resolved:
        """Check the question, resolve what it owes to the conversation, spell it."""
        started = time.perf_counter()
        question = clean(asked.question, self._settings.max_question_chars)
        whole, searched, failure = self._stand_alone(question, asked.history)
        spelled = self._speller.correct(searched) if self._speaks(searched) else searched
        wording = spelled if searched == whole else whole
        searched_for = (SEARCHED_FOR.format(question=spelled),) if spelled != question else ()
        understood, left_out = _first(
            understand(
                spelled,
                self._searcher.vector_of,
                typed=asked.question,
                documents=tuple(self._searcher.index.documents.values()),
                document_ids=asked.document_ids,
                at_most=MOST_PARTS + 1,
            )
        )
        if asked.shape is not None:
            understood = replace(understood, shape=asked.shape, subquestions=())
        elif social(question):
            understood = replace(understood, shape=Shape.SMALL_TALK, subquestions=())
        fell_back = (FELL_BACK.format(why=failure),) if failure else ()
        outdated = (SOURCE_CHANGED,) if self._is_outdated() else ()
        notes = (*outdated, *searched_for, *left_out, *fell_back)
        timings_ms = {"resolve": since(started)}
        return Resolved(asked, understood, notes, timings_ms, wording, is_writable=not failure)

    def _speaks(self, question: str) -> bool:
        """True unless the question is in a language that no document is in: the documents'
        words are no spelling of its words."""
        spoken = language(question)
        return spoken in ("", "en") or spoken in self._languages

    @cached_property
    def _languages(self) -> frozenset[str]:
        return frozenset(map(language_of, self._searcher.index.documents.values()))

    def at_front_desk(self, resolved: Resolved) -> Answer:
        """Small talk, and details of the documents as such: nothing is searched."""
        base = Answer(
            question=resolved.asked.question,
            standalone_question=resolved.text,
            text="",
            notes=resolved.notes,
            timings_ms=resolved.timings_ms,
            index_stamp=self._searcher.index.stamp,
        )
        asking = Asking(resolved.question, self._searcher, self._fitted)
        shaped = AT_FRONT_DESK.invoke(asking)
        assert shaped is not None
        return dressed(base, shaped)

    def _stand_alone(self, question: str, history: Sequence[Turn]) -> tuple[str, str, str]:
        """The question without its conversation: to answer, to search, and why a model
        could not help with it ("" if it could, or there is none)."""
        whole = condense_question(question, history)
        model = self._writer or self._reader
        if model is None:
            return whole, whole, ""
        try:
            if self._writer:
                whole = self._writer.standalone(question, history)
            return whole, model.in_language_of(self._searcher.index.documents, whole), ""
        except ModelError as exc:
            return whole, whole, str(exc)

    def retrieve(self, resolved: Resolved) -> Found:
        """The best passages for each part."""
        started = time.perf_counter()
        by_part = tuple(tuple(self._search(part)) for part in resolved.parts)
        hits = {hit.passage.id: hit for part in reversed(by_part) for hit in reversed(part)}
        ordered = sorted(hits.values(), key=lambda hit: -hit.score)
        return Found(timed(resolved, "retrieve", started), by_part, tuple(ordered))

    def _search(self, part: Question) -> list[Hit]:
        """The best passages; of several documents where they are to be compared."""
        k = self._settings.k
        if part.shape is not Shape.COMPARE:
            return self._searcher.search(part.text, k, part.document_ids)
        return spread(self._searcher.search(part.text, _SPREAD_OVER * k, part.document_ids), k)

    def judge(self, found: Found) -> Judged:
        """Rank the sentences of each part's passages."""
        started = time.perf_counter()
        verdicts = tuple(
            self._judge(part, hits)
            for part, hits in zip(found.resolved.parts, found.by_part, strict=True)
        )
        resolved = timed(found.resolved, "judge", started)
        return self._shaper.by_code(Judged(replace(found, resolved=resolved), verdicts))

    def read(self, judged: Judged) -> Judged:
        """The same after a local model has read the best of it, where there is one and code
        alone has not answered.

        A model that fails leaves the rankers' verdict and a note."""
        is_answered = judged.shaped is not None and not judged.shaped.abstained
        if self._reader is None or is_answered or not any(judged.verdicts):
            return judged
        started = time.perf_counter()
        try:
            verdicts = tuple(v and read(self._reader, v, self._fitted) for v in judged.verdicts)
        except ModelError as exc:
            return replace(judged, found=noted(judged.found, FELL_BACK.format(why=exc)))
        resolved = timed(judged.found.resolved, "read", started)
        found = replace(judged.found, resolved=resolved)
        return replace(judged, found=found, verdicts=verdicts, is_read=True)

    def stream(self, asked: Request) -> Iterator[Event]:
        """The hits as soon as they are known, then each verified claim, then the answer."""
        resolved = self.resolve(asked)
        if is_for_front_desk(resolved):
            yield Finished(self.at_front_desk(resolved))
            return
        found = self.until_found.invoke(resolved)
        yield EvidenceFound(found.resolved.text, found.hits)
        judged = self.judge(found)
        total = self._searcher.index.passage_count
        if resolved.question.shape in _OF_ALL:
            yield PassagesRead(0, min(total, READ_PASSAGES))
        if self._reader is not None or self._writer is not None:
            yield FirstLook(self._shaper.answer(judged))
        for event in self.compose(self.read(judged)):
            yield Finished(event) if isinstance(event, Answer) else event

    def answer(self, judged: Judged) -> Answer:
        """What a chat model writes, where there is one and it serves; else quotes."""
        *_, answer = self.compose(judged)
        assert isinstance(answer, Answer)
        return answer

    def compose(self, judged: Judged) -> Iterator[ClaimVerified | Answer]:
        """Each claim as soon as it may be shown, then the answer made of them."""
        shape = judged.found.resolved.question.shape
        if self._writer and shape not in _BY_CODE and self._is_worth_writing(judged):
            yield from self._write(self._writer, judged)
            return
        answer = self._shaper.answer(judged)
        yield from _verified(answer)
        yield answer

    def _is_worth_writing(self, judged: Judged) -> bool:
        """True where the source speaks of what is asked and does not contradict itself;
        whether it states the answer is then for the model to say."""
        verdicts = [v for v in judged.verdicts if v]
        if not verdicts or not judged.found.resolved.is_writable:
            return False
        best = max(verdicts, key=lambda v: v.confidence)
        related = not self._settings.abstain or not refusal(best, self._fitted, Engine.CHAT)
        return related and not (len(verdicts) == 1 and conflicting(best))

    def _write(self, writer: Writer, judged: Judged) -> Iterator[ClaimVerified | Answer]:
        started = time.perf_counter()
        verdicts = [v for v in judged.verdicts if v]
        work = Composition(writer, self._searcher.index.documents)
        checks = Checks(verify, judged.found.resolved.wording, yes_or_no)
        settled: list[ClaimVerified] = []
        for one in work.claims(checks, evidence(verdicts)):
            settled.append(one)
            yield one
        judged = replace(judged, found=_written(judged.found, work.failure, settled, started))
        if settled:
            yield self._written(judged, writer.name, settled)
        elif work.refused and self._settings.abstain:
            yield self._quoter.abstain(judged, max(verdicts, key=lambda v: v.confidence))
        else:
            answer = self._quoter.answer(judged)
            yield from _verified(answer)
            yield answer

    def _written(self, judged: Judged, engine: str, settled: Sequence[ClaimVerified]) -> Answer:
        claims = tuple(one.claim for one in settled)
        citations = {c.number: c for one in settled for c in one.citations}
        confidence = max(v.confidence for v in judged.verdicts if v)
        return replace(
            self._quoter.base(judged, confidence),
            text=render(claims),
            claims=claims,
            citations=tuple(citations.values()),
            engine=engine,
        )

    def _judge(self, part: Question, hits: Sequence[Hit]) -> RankedEvidence | None:
        candidates = self._searcher.candidates(hits)
        if not candidates:
            return None
        return judge(self._searcher.prepare(part, hits), candidates, self._fitted)


def _first(asked: Question) -> tuple[Question, tuple[str, ...]]:
    """The question with as many parts as are searched, and the note that there are more."""
    if len(asked.parts) <= MOST_PARTS:
        return asked, ()
    searched = asked.parts[:MOST_PARTS]
    note = TOO_MANY_PARTS.format(count=MOST_PARTS, last=searched[-1].text)
    return replace(asked, subquestions=searched), (note,)


_BY_CODE = (Shape.EXTRACT, Shape.ARITHMETIC, Shape.TIMELINE, Shape.OUTSIDE)
"""Shapes that code answers better than a chat model that sees the best handful of passages."""

_OF_ALL = (Shape.LIST, Shape.EXTRACT, Shape.TIMELINE, Shape.SUMMARY)
"""Shapes for which everything is read."""


def is_for_front_desk(resolved: Resolved) -> bool:
    """True where nothing has to be searched, for no part of the question."""
    asked = resolved.question
    is_desk = asked.shape in FRONT_DESK
    return is_desk and (len(asked.parts) == 1 or all(p.shape in FRONT_DESK for p in asked.parts))


def _verified(answer: Answer) -> Iterator[ClaimVerified]:
    """The claims of a finished answer as events."""
    cited = {citation.number: citation for citation in answer.citations}
    at = 0
    for claim in answer.claims:
        start = answer.text.find(marked(claim), at)
        if start < 0:
            continue
        end = start + len(marked(claim))
        end += 2 if answer.text.startswith(" |", end) else 0
        if claim is answer.claims[-1]:
            end = len(answer.text)
        citations = tuple(cited[number] for number in claim.citations)
        yield ClaimVerified(claim, citations, answer.text[at:end].strip(" "))
        at = end


def _written(found: Found, failure: str, settled: Sequence[ClaimVerified], started: float) -> Found:
    """The same with the time that writing took and a note if the model failed."""
    found = replace(found, resolved=timed(found.resolved, "write", started))
    if not failure:
        return found
    return noted(found, (BROKE_OFF if settled else FELL_BACK).format(why=failure))
