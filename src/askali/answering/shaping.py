"""The answer in the shape that is asked for: by code, else quoted as a fact, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from askali.answering.extractive import ExtractiveAnswerer
from askali.answering.shapes import FRONT_DESK
from askali.answering.shapes.asking import Asking, Notebook, quoted
from askali.answering.shapes.counts import says_how_many
from askali.answering.shapes.facts import fact, is_of_other_row, is_of_unknown
from askali.answering.shapes.lists import led_into
from askali.answering.shapes.routing import AT_FRONT_DESK, FROM_TEXT, dressed, numbered
from askali.answering.state import Found, Judged
from askali.domain import Answer, Citation, Sentence, Shape
from askali.grounding.conflicts import conflicting
from askali.messages import PART_NOT_STATED
from askali.query.decompose import compares
from askali.query.question import asks_for_value
from askali.retrieval.calibration import Calibration
from askali.retrieval.hybrid import Searcher
from askali.settings import Settings
from askali.text.kinds import states

_WHOLE = (Shape.COMPARE, Shape.SUMMARY, Shape.OUTSIDE)
"""Shapes of one question, though it may look like several."""

_SURELY = 0.8
"""The probability of a kind of value from which nothing without such a value is an answer."""

_TOLD = (Shape.HOW, Shape.WHY, Shape.DEFINITION)
"""Shapes told in sentences, of which one may only lead into what is asked for."""

_KEPT = (Shape.YES_NO, Shape.DEFINITION)
"""Shapes of which a quoted answer still is one."""


@dataclass(frozen=True, slots=True)
class Shaper:
    """Answers by the question's shape over one index; `quoter` answers the rest."""

    searcher: Searcher
    fitted: Calibration
    settings: Settings
    quoter: ExtractiveAnswerer

    def by_code(self, judged: Judged) -> Judged:
        """The same with what code alone answers; unchanged for several questions in one."""
        question = judged.found.resolved.question
        if _is_several(judged):
            return judged
        asking = self._asking(judged)
        best = judged.verdicts[0]
        if question.shape in (Shape.FACT, Shape.COUNT) and best and conflicting(best):
            return judged
        at_desk = question.shape in FRONT_DESK  # one part of a question that asks more
        shaped = (AT_FRONT_DESK if at_desk else FROM_TEXT).invoke(asking)
        if shaped is None and question.shape not in (Shape.FACT, Shape.COMPARE):
            shaped = fact(asking)  # a wrong shape must not keep a table's figure from the asker
        if shaped and shaped.shape in _TOLD and not (shaped.abstained or shaped.items):
            quotes = _quoted(shaped.citations)
            whole = self.quoter.complete(quotes, question.text)
            led = led_into(asking, quotes)
            if led is None and len(whole) > len(quotes):
                led = quoted(shaped.shape, Notebook(self.searcher), whole)
            shaped = replace(led, shape=shaped.shape) if led else shaped
        return replace(judged, shaped=shaped)

    def answer(self, judged: Judged) -> Answer:
        """What code answers, else what is quoted, unless that is of something else."""
        if _is_several(judged):
            return self._numbered(judged)
        question, shaped = judged.found.resolved.question, judged.shaped
        best = judged.verdicts[0]
        if shaped:
            confidence = max((v.confidence for v in judged.verdicts if v), default=0.0)
            answer = dressed(self.quoter.base(judged, confidence), shaped)
            if answer.abstained and not answer.nearest and not answer.citations:
                near = self.quoter.abstain(judged, best)
                answer = replace(answer, nearest=near.nearest, reason=answer.reason or near.reason)
            if not shaped.abstained or self.settings.abstain:
                return answer
        answer = self.quoter.answer(judged)
        quotes = _quoted(answer.citations)
        if not answer.abstained and self.settings.abstain and self._is_of_other(judged, quotes):
            answer = self.quoter.abstain(judged, best)
        is_led = not answer.abstained and question.shape is not Shape.YES_NO
        if is_led and (led := led_into(self._asking(judged), quotes)):
            return dressed(self.quoter.base(judged, answer.confidence), led)
        return replace(answer, shape=question.shape if question.shape in _KEPT else Shape.FACT)

    def _asking(self, judged: Judged) -> Asking:
        question = judged.found.resolved.question
        return Asking(question, self.searcher, self.fitted, judged.verdicts[0])

    def _is_of_other(self, judged: Judged, quotes: list[Sentence]) -> bool:
        """True where what is quoted is of another row, of another thing than is named, or says
        nothing of what is counted."""
        asking = self._asking(judged)
        if asking.question.shape is Shape.COUNT and not says_how_many(asking, quotes):
            return True
        asked = asking.question
        if asked.kind_probability >= _SURELY and asks_for_value(asked.kind):
            text = " ".join(f"{s.heading.partition(' · ')[2]} {s.text}" for s in quotes)
            if not states(asked.kind, text, asked.text):
                return True
        return is_of_other_row(asking, quotes) or is_of_unknown(asking)

    def _numbered(self, judged: Judged) -> Answer:
        """Each of several questions answered for itself."""
        found = judged.found
        answers = []
        for part, hits, verdict in zip(
            found.resolved.parts, found.by_part, judged.verdicts, strict=True
        ):
            resolved = replace(found.resolved, question=part, notes=())
            one = Judged(Found(resolved, (hits,), hits), (verdict,), judged.is_read)
            answers.append(self.answer(self.by_code(one)))
        if all(answer.abstained for answer in answers):
            known = [verdict for verdict in judged.verdicts if verdict]
            best = max(known, key=lambda v: v.confidence, default=None)
            return self.quoter.abstain(judged, best)
        base = self.quoter.base(judged, 0.0)
        if len({tuple(c.text for c in a.claims) for a in answers}) == 1:  # one says it all
            return replace(
                answers[0],
                standalone_question=base.standalone_question,
                evidence=base.evidence,
                notes=base.notes,
                timings_ms=base.timings_ms,
            )
        unanswered = tuple(
            PART_NOT_STATED.format(part=a.standalone_question) for a in answers if a.abstained
        )
        return numbered(replace(base, notes=(*base.notes, *unanswered)), answers)


def _quoted(citations: Sequence[Citation]) -> list[Sentence]:
    return [Sentence(c.document_id, c.start, c.end, c.quote, c.heading) for c in citations]


def _is_several(judged: Judged) -> bool:
    question = judged.found.resolved.question
    is_one = question.shape in _WHOLE or compares(question.text)
    return len(question.parts) > 1 and not is_one
