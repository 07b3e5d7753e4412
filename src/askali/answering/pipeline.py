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
from askali.answering.generation import Generator, Writer
from askali.answering.reader import Reader
from askali.answering.reading import read
from askali.answering.shapes import FRONT_DESK
from askali.answering.shapes.asking import READ_PASSAGES, Asking
from askali.answering.shapes.routing import AT_FRONT_DESK, dressed
from askali.answering.shaping import Shaper
from askali.answering.state import (
    Found,
    Judged,
    Request,
    Resolved,
    noted,
    since,
    timed,
    verified,
)
from askali.domain import Answer, Shape, Turn
from askali.errors import ModelError
from askali.messages import (
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
from askali.streaming import ClaimVerified, Event, EvidenceFound, Finished, FirstLook, PassagesRead
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
        quoter = ExtractiveAnswerer(searcher, fitted, settings)
        self._shaper = Shaper(searcher, fitted, settings, quoter)
        self._generator = Generator(writer, searcher, fitted, settings, quoter) if writer else None
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
        # The documents' words are no spelling of those of a language that none of them is in.
        is_spoken = (spoken := language(searched)) in ("", "en") or spoken in self._languages
        spelled = self._speller.correct(searched) if is_spoken else searched
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
        """The best passages for each part; of several documents where they are compared."""
        started, k = time.perf_counter(), self._settings.k
        search, by_part = self._searcher.search, []
        for part in resolved.parts:
            if part.shape is Shape.COMPARE:
                found = spread(search(part.text, _SPREAD_OVER * k, part.document_ids), k)
            else:
                found = search(part.text, k, part.document_ids)
            by_part.append(tuple(found))
        hits = {hit.passage.id: hit for part in reversed(by_part) for hit in reversed(part)}
        ordered = sorted(hits.values(), key=lambda hit: -hit.score)
        return Found(timed(resolved, "retrieve", started), tuple(by_part), tuple(ordered))

    def judge(self, found: Found) -> Judged:
        """Rank the sentences of each part's passages."""
        started = time.perf_counter()
        verdicts: list[RankedEvidence | None] = []
        for part, hits in zip(found.resolved.parts, found.by_part, strict=True):
            candidates = self._searcher.candidates(hits)
            query = self._searcher.prepare(part, hits) if candidates else None
            verdicts.append(judge(query, candidates, self._fitted) if query else None)
        resolved = timed(found.resolved, "judge", started)
        return self._shaper.by_code(Judged(replace(found, resolved=resolved), tuple(verdicts)))

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
        if self._generator and shape not in _BY_CODE and self._generator.is_worth_writing(judged):
            yield from self._generator.write(judged)
            return
        answer = self._shaper.answer(judged)
        yield from verified(answer)
        yield answer


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
