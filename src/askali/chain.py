"""Question to answer as a LangChain Runnable: resolve → retrieve → judge → answer.

Each step takes what is known and adds to it; the values flow one way.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from langchain_core.runnables import Runnable, RunnableLambda

from askali.calibration import Calibration
from askali.citations import answer_claims, cite, quote_claims, render
from askali.compose import Composition, Writer, evidence
from askali.conflict import conflicting
from askali.domain import Answer, Citation, Claim, ClaimVerified, Hit, Reason, Sentence, Turn
from askali.errors import ModelError
from askali.expects import asks_for_phrase, asks_for_value, states
from askali.followup import standalone
from askali.polar import yes_or_no
from askali.prompts import ABSTENTION, BROKE_OFF, CONFLICT, FELL_BACK, PART_NOT_STATED
from askali.question import clean, correct_spelling
from askali.quote import LIST_SENTENCES, Verdict, choose, judge, reread, support, windows
from askali.reader import Reader
from askali.search import Searcher
from askali.settings import Settings
from askali.settle import Checks
from askali.verify import verify

_PART = re.compile(
    r",?\s+(?:and|&)\s+(?=(?:also\s+)?(?:who|what|when|where|which|why|how|by how"
    r"|is|are|was|were|did|does|do|has|have|in which|in what|at what)\b)",
    re.I,
)

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\w)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it came: verbatim, with the conversation before it."""

    question: str
    history: tuple[Turn, ...] = ()
    document_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """The standalone question and its parts, each to be answered for itself.

    `wording` is the question to answer in the asker's language, `text` the one that is
    searched. `is_writable` is false after a chat model failed to resolve it.
    """

    asked: Asked
    text: str
    parts: tuple[str, ...]
    notes: tuple[str, ...]
    timings_ms: dict[str, float] = field(default_factory=dict)
    wording: str = ""
    is_writable: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of each part, and all of them without repetition, best first."""

    resolved: Resolved
    by_part: tuple[tuple[Hit, ...], ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """The ranked evidence of each part; None where nothing was found at all.

    `is_read` is true if a local model has read it, not only the rankers.
    """

    found: Found
    verdicts: tuple[Verdict | None, ...]
    is_read: bool = False


class Chain:
    """The steps over one index; `runnable` is their composition."""

    def __init__(
        self,
        searcher: Searcher,
        fitted: Calibration,
        settings: Settings,
        *,
        reader: Reader | None = None,
        writer: Writer | None = None,
    ) -> None:
        self._searcher = searcher
        self._fitted = fitted
        self._settings = settings
        self._reader = reader
        self._writer = writer
        self._vocabulary = searcher.index.vocabulary()
        self.until_found: Runnable[Asked, Found] = RunnableLambda(self.resolve) | RunnableLambda(
            self.retrieve
        )
        self.until_read: Runnable[Found, Judged] = RunnableLambda(self.judge) | RunnableLambda(
            self.read
        )
        self.after_found: Runnable[Found, Answer] = self.until_read | RunnableLambda(self.answer)
        self.runnable: Runnable[Asked, Answer] = self.until_found | self.after_found

    def resolve(self, asked: Asked) -> Resolved:
        """Check the question, resolve what it owes to the conversation, spell it."""
        started = time.perf_counter()
        question = clean(asked.question, self._settings.max_question_chars)
        whole, searched, failure = self._stand_alone(question, asked.history)
        spelled = correct_spelling(searched, self._vocabulary, self._searcher.encoder.knows)
        wording = spelled if searched == whole else whole
        searched_for = (f"Searched for: {spelled}",) if spelled != question else ()
        notes = (*searched_for, *([FELL_BACK.format(why=failure)] if failure else []))
        timings_ms = {"resolve": _ms(started)}
        return Resolved(
            asked, spelled, _parts(spelled), notes, timings_ms, wording, is_writable=not failure
        )

    def _stand_alone(self, question: str, history: Sequence[Turn]) -> tuple[str, str, str]:
        """The question without its conversation: to answer, to search, and why a chat
        model could not help with it ("" if it could, or there is none)."""
        whole = standalone(question, history)
        if self._writer is None:
            return whole, whole, ""
        try:
            whole = self._writer.standalone(question, history)
            documents = self._searcher.index.documents
            return whole, self._writer.in_language_of(documents, whole), ""
        except ModelError as exc:
            return whole, whole, str(exc)

    def retrieve(self, resolved: Resolved) -> Found:
        """The best passages for each part."""
        started = time.perf_counter()
        search = self._searcher.search
        by_part = tuple(
            tuple(search(part, self._settings.k, resolved.asked.document_ids))
            for part in resolved.parts
        )
        hits = {hit.passage.id: hit for part in reversed(by_part) for hit in reversed(part)}
        ordered = sorted(hits.values(), key=lambda hit: -hit.score)
        return Found(_timed(resolved, "retrieve", started), by_part, tuple(ordered))

    def judge(self, found: Found) -> Judged:
        """Rank the sentences of each part's passages."""
        started = time.perf_counter()
        verdicts = tuple(
            self._judge(part, hits)
            for part, hits in zip(found.resolved.parts, found.by_part, strict=True)
        )
        resolved = _timed(found.resolved, "judge", started)
        return Judged(replace(found, resolved=resolved), verdicts)

    def read(self, judged: Judged) -> Judged:
        """The same after a local model has read the best of it, where there is one.

        A model that fails leaves the rankers' verdict and a note."""
        if self._reader is None or not any(judged.verdicts):
            return judged
        started = time.perf_counter()
        try:
            verdicts = tuple(
                v and self._read(self._reader, part, v)
                for part, v in zip(judged.found.resolved.parts, judged.verdicts, strict=True)
            )
        except ModelError as exc:
            resolved = judged.found.resolved
            noted = replace(resolved, notes=(*resolved.notes, FELL_BACK.format(why=exc)))
            return replace(judged, found=replace(judged.found, resolved=noted))
        resolved = _timed(judged.found.resolved, "read", started)
        return Judged(replace(judged.found, resolved=resolved), verdicts, is_read=True)

    def _read(self, reader: Reader, part: str, verdict: Verdict) -> Verdict:
        texts = windows(verdict)
        likely = reader.judge(part, list(texts.values()))
        return reread(verdict, dict(zip(texts, likely, strict=True)), self._fitted)

    def answer(self, judged: Judged) -> Answer:
        """What a chat model writes, where there is one and it serves; else quotes."""
        *_, answer = self.compose(judged)
        assert isinstance(answer, Answer)
        return answer

    def compose(self, judged: Judged) -> Iterator[ClaimVerified | Answer]:
        """Each claim as soon as it may be shown, then the answer made of them."""
        if self._writer is not None and self._is_worth_writing(judged):
            yield from self._write(self._writer, judged)
            return
        answer = self.quote(judged)
        yield from _verified(answer)
        yield answer

    def _is_worth_writing(self, judged: Judged) -> bool:
        """True where the source speaks of what is asked and does not contradict itself;
        whether it states the answer is then for the model to say."""
        verdicts = [v for v in judged.verdicts if v]
        if not verdicts or not judged.found.resolved.is_writable:
            return False
        best = max(verdicts, key=lambda v: v.confidence)
        related = best.coverage >= self._fitted.related_above or not self._settings.abstain
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
            yield self._abstain(judged, max(verdicts, key=lambda v: v.confidence))
        else:
            answer = self.quote(judged)
            yield from _verified(answer)
            yield answer

    def _written(self, judged: Judged, engine: str, settled: Sequence[ClaimVerified]) -> Answer:
        claims = tuple(one.claim for one in settled)
        citations = {c.number: c for one in settled for c in one.citations}
        confidence = max(v.confidence for v in judged.verdicts if v)
        return replace(
            self._base(judged, confidence),
            text=render(claims),
            claims=claims,
            citations=tuple(citations.values()),
            engine=engine,
        )

    def quote(self, judged: Judged) -> Answer:
        """Quote what answers; abstain with a reason where nothing does."""
        verdicts = [v for v in judged.verdicts if v]
        if not verdicts:
            return self._abstain(judged, None)
        best = max(verdicts, key=lambda v: v.confidence)
        answered = [v for v in verdicts if self._is_answered(v, judged.is_read)]
        if not answered:
            return self._abstain(judged, best)
        disagreeing = conflicting(best) if len(answered) == 1 else None
        if disagreeing:
            return self._conflict(judged, best, disagreeing)
        return self._quote(judged, answered)

    def _judge(self, part: str, hits: Sequence[Hit]) -> Verdict | None:
        candidates = self._searcher.candidates(hits)
        if not candidates:
            return None
        return judge(self._searcher.prepare(part, hits), candidates, self._fitted)

    def _is_answered(self, verdict: Verdict, is_read: bool) -> bool:
        """True if the best evidence is likely enough, and has what is asked for: a
        sum for "how much", a date for "when", a name for "who"."""
        if not self._settings.abstain:
            return True
        if is_read:
            return verdict.confidence >= self._fitted.read_above
        asked = verdict.query
        return verdict.confidence >= self._fitted.answer_above and (
            not asks_for_value(asked.expects)
            or any(
                states(asked.expects, sentence.text, asked.text)
                for sentence in choose(verdict, self._fitted)
            )
        )

    def _quote(self, judged: Judged, answered: list[Verdict]) -> Answer:
        claims, citations = self._claims(judged, answered)
        unanswered = tuple(
            PART_NOT_STATED.format(part=part)
            for part, verdict in zip(judged.found.resolved.parts, judged.verdicts, strict=True)
            if not any(verdict is one for one in answered)
        )
        base = self._base(judged, min(v.confidence for v in answered))
        return replace(
            base,
            text=render(claims),
            claims=claims,
            citations=citations,
            notes=base.notes + unanswered,
            engine="local" if judged.is_read else "none",
        )

    def _claims(
        self, judged: Judged, answered: Sequence[Verdict]
    ) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
        """Quotes; or, where a local model marks the words that answer, those words."""
        quoted: dict[Sentence, str | None] = {}
        leads: dict[Sentence, tuple[Sentence, ...]] = {}
        for verdict in answered:
            words = self._mark(verdict) if judged.is_read else None
            words = words or self._decide(verdict)
            if words:
                *before, best = support(verdict)
                quoted[best], leads[best] = words, tuple(before)
            else:
                for sentence in self._complete(choose(verdict, self._fitted)):
                    quoted.setdefault(sentence, None)
        return answer_claims(quoted, leads, self._searcher.index.documents)

    def _decide(self, verdict: Verdict) -> str | None:
        """The best sentence behind "Yes" or "No", where it decides a yes/no question."""
        best = verdict.best
        document = self._searcher.index.documents[best.document_id]
        context = f"{document.title} {best.heading}"
        said = yes_or_no(verdict.query.text, [s.text for s in support(verdict)], context=context)
        return f"{said}: {best.text}" if said else None

    def _mark(self, verdict: Verdict) -> str | None:
        """The words of the best sentence that answer; None where a sentence does it better."""
        asked = verdict.query
        if self._reader is None or not asks_for_phrase(asked.expects, asked.text):
            return None
        try:
            words = self._reader.mark(asked.text, windows(verdict)[verdict.order[0]])
        except ModelError:
            return None
        return words if words and words in verdict.best.text else None

    def _complete(self, chosen: list[Sentence]) -> list[Sentence]:
        """A quoted "… as follows:" brings what follows: the first sentence of each of
        the next paragraphs under its heading, up to a list's length."""
        lead = chosen[-1]
        if not lead.text.endswith(":"):
            return chosen
        follows: dict[int, Sentence] = {}
        for sentence in self._searcher.sentences_after(lead):
            if sentence.heading == lead.heading and len(follows) < LIST_SENTENCES - 1:
                follows.setdefault(sentence.paragraph, sentence)
        return [*chosen, *(s for s in follows.values() if s not in chosen)][:LIST_SENTENCES]

    def _conflict(self, judged: Judged, best: Verdict, sides: Sequence[Sentence]) -> Answer:
        claims, citations = quote_claims(sides, self._searcher.index.documents)
        return replace(
            self._base(judged, best.confidence),
            text=f"{CONFLICT} {render(claims)}",
            claims=claims,
            citations=citations,
            abstained=True,
            reason=Reason.CONFLICTING,
        )

    def _abstain(self, judged: Judged, best: Verdict | None) -> Answer:
        related = best is not None and best.coverage >= self._fitted.related_above
        nearest = None
        if best is not None:
            nearest = cite(1, best.best, self._searcher.index.documents[best.best.document_id])
        return replace(
            self._base(judged, best.confidence if best else 0.0),
            text=ABSTENTION,
            abstained=True,
            reason=Reason.RELATED_BUT_NOT_STATED if related else Reason.NOTHING_RELATED,
            nearest=nearest,
        )

    def _base(self, judged: Judged, confidence: float) -> Answer:
        resolved = judged.found.resolved
        return Answer(
            question=resolved.asked.question,
            standalone_question=resolved.text,
            text="",
            evidence=judged.found.hits,
            confidence=round(confidence, 4),
            notes=resolved.notes,
            timings_ms=resolved.timings_ms,
            index_stamp=self._searcher.index.stamp,
        )


def _parts(question: str) -> tuple[str, ...]:
    """The questions inside one: "who … and when …?"; "it" in a later one is resolved.

    Beside a question, sentences that ask nothing are context for "it", no more:
    whatever they tell askali to do, there is nothing here that would do it.
    """
    sentences = _SENTENCE.split(question)
    asking = [sentence for sentence in sentences if sentence.endswith("?")] or [question]
    said = [Turn("user", sentence) for sentence in sentences if sentence not in asking]
    pieces = [piece.strip(" ,") for sentence in asking for piece in _PART.split(sentence)]
    pieces = [piece for piece in pieces if len(piece.split()) > 1] or asking
    parts: list[str] = []
    for piece in pieces:
        parts.append(standalone(piece, [*said, *(Turn("user", part) for part in parts)]))
    return tuple(parts)


def _verified(answer: Answer) -> Iterator[ClaimVerified]:
    """The claims of a finished answer as events."""
    cited = {citation.number: citation for citation in answer.citations}
    for claim in answer.claims:
        yield ClaimVerified(claim, tuple(cited[number] for number in claim.citations))


def _written(found: Found, failure: str, settled: Sequence[ClaimVerified], started: float) -> Found:
    """The same with the time that writing took and a note if the model failed."""
    resolved = _timed(found.resolved, "write", started)
    if failure:
        note = (BROKE_OFF if settled else FELL_BACK).format(why=failure)
        resolved = replace(resolved, notes=(*resolved.notes, note))
    return replace(found, resolved=resolved)


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)


def _timed(resolved: Resolved, step: str, started: float) -> Resolved:
    return replace(resolved, timings_ms={**resolved.timings_ms, step: _ms(started)})
