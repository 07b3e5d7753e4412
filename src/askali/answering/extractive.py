"""Ranked evidence to an answer in the source's own words, or to an abstention."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from askali.answering.refusal import Engine, refusal
from askali.answering.state import Judged
from askali.answering.yes_no import yes_or_no
from askali.domain import Answer, Citation, Claim, Reason, Sentence
from askali.grounding.citations import (
    answer_claims,
    cite,
    quote_claims,
    render,
    render_by_document,
    say_once,
)
from askali.grounding.conflicts import conflicting, say_alike, takes_back
from askali.messages import ABSTENTION, CONFLICT, OTHER_LANGUAGE, PART_NOT_STATED
from askali.query.decompose import compares
from askali.retrieval.calibration import Calibration
from askali.retrieval.hybrid import Searcher
from askali.retrieval.ranking import LIST_SENTENCES, AnswerSpan, RankedEvidence, choose, support
from askali.retrieval.trace import stood
from askali.settings import Settings
from askali.text.language import NAMES
from askali.text.tables import is_row
from askali.text.tokens import analyze


@dataclass(frozen=True, slots=True)
class ExtractiveAnswerer:
    """Quotes what answers: sentences, or the words that a local model marks in them."""

    searcher: Searcher
    fitted: Calibration
    settings: Settings

    def answer(self, judged: Judged) -> Answer:
        """Quote what answers; abstain with a reason where nothing does."""
        verdicts = [v for v in judged.verdicts if v]
        if not verdicts:
            return self.abstain(judged, None)
        best = max(verdicts, key=lambda v: v.confidence)
        engine = Engine.LOCAL if judged.is_read else Engine.NONE
        answered = [
            v for v in verdicts if not self.settings.abstain or not refusal(v, self.fitted, engine)
        ]
        if not answered:
            return self.abstain(judged, best)
        disagreeing = conflicting(best) if len(answered) == 1 else None
        if disagreeing:
            return self._conflict(judged, best, disagreeing)
        return self._quote(judged, answered)

    def _quote(self, judged: Judged, answered: list[RankedEvidence]) -> Answer:
        claims, citations = self._claims(judged, answered)
        unanswered = tuple(
            PART_NOT_STATED.format(part=part.text)
            for part, verdict in zip(judged.found.resolved.parts, judged.verdicts, strict=True)
            if not any(verdict is one for one in answered)
        )
        base = self.base(judged, min(v.confidence for v in answered))
        is_compared = compares(judged.found.resolved.text) or (
            len({claim.text for claim in claims}) > 1 and say_alike(citations)
        )
        claims = say_once(claims, citations, by_document=is_compared)
        return replace(
            base,
            text=render_by_document(claims, citations) if is_compared else render(claims),
            claims=claims,
            citations=citations,
            notes=base.notes + unanswered,
            engine="local" if judged.is_read else "none",
        )

    def _claims(
        self, judged: Judged, answered: Sequence[RankedEvidence]
    ) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
        """Quotes; or, where a local model marks the words that answer, those words."""
        quoted: dict[Sentence, str | None] = {}
        leads: dict[Sentence, tuple[Sentence, ...]] = {}
        is_single = len(judged.verdicts) == 1  # phrases of two parts would answer who knows which
        for verdict in answered:
            found = verdict.marked if is_single and verdict.marked else self._decide(verdict)
            if found:
                quoted[found.sentence] = found.words
                quoted |= dict.fromkeys(self._undone_by(found.sentence))
                leans_on = [*self.searcher.columns_of(found.sentence), *support(verdict)]
                leads[found.sentence] = tuple(s for s in leans_on if s is not found.sentence)
            else:
                for sentence in self.complete(choose(verdict, self.fitted), verdict.query.text):
                    around = (*self.searcher.columns_of(sentence), sentence)
                    for shown in (*around, *self._undone_by(sentence)):
                        quoted.setdefault(shown, None)
        return answer_claims(quoted, leads, self.searcher.index.documents)

    def _decide(self, verdict: RankedEvidence) -> AnswerSpan | None:
        """The best sentence and it behind "Yes" or "No", where it decides a yes/no question."""
        best = verdict.best
        document = self.searcher.index.documents[best.document_id]
        context = f"{document.title} {best.heading}"
        # The best sentence alone: "It opens at six. It is closed on Mondays." says no "open on
        # Monday", though the words of both together do.
        said = yes_or_no(verdict.query.text, [best.text], context=context)
        return AnswerSpan(f"{said}: {best.text}", best) if said else None

    def _undone_by(self, quoted: Sentence) -> list[Sentence]:
        """The next sentence of its paragraph, where that takes back what is quoted."""
        following = self.searcher.sentences_after(quoted)[:1]
        return [s for s in following if s.paragraph == quoted.paragraph and takes_back(s.text)]

    def complete(self, chosen: list[Sentence], question: str) -> list[Sentence]:
        """A quoted "… as follows:", or a line that only repeats the question ("RETURN POLICY"),
        brings what follows: the first sentence of each of the next paragraphs under its
        heading, up to a list's length."""
        lead = chosen[-1]
        is_line = not re.search(r"[.!?。！？][\"'”’)]*$", lead.text)
        repeats = is_line and set(analyze(lead.text)) <= set(analyze(question))
        if not lead.text.endswith(":") and not repeats:
            return chosen
        follows: dict[int, Sentence] = {}
        for sentence in self.searcher.sentences_after(lead):
            is_below = sentence.heading == lead.heading or is_row(sentence.text)
            if repeats and lead.text.isupper() and sentence.text.isupper():
                break  # the next line of its kind
            if is_below and len(follows) < LIST_SENTENCES - 1:
                follows.setdefault(sentence.paragraph, sentence)
        return [*chosen, *(s for s in follows.values() if s not in chosen)][:LIST_SENTENCES]

    def _conflict(self, judged: Judged, best: RankedEvidence, sides: Sequence[Sentence]) -> Answer:
        claims, citations = quote_claims(sides, self.searcher.index.documents)
        return replace(
            self.base(judged, best.confidence),
            text=f"{CONFLICT} {render_by_document(claims, citations)}",
            claims=claims,
            citations=citations,
            abstained=True,
            reason=Reason.CONFLICTING,
        )

    def abstain(self, judged: Judged, best: RankedEvidence | None) -> Answer:
        """The source does not say: why, and the passage that comes nearest."""
        reason = best and refusal(best, self.fitted, Engine.CHAT)  # is it related at all?
        nearest = None
        if best is not None:
            nearest = cite(1, best.best, self.searcher.index.documents[best.best.document_id])
        base = self.base(judged, best.confidence if best else 0.0)
        asked = judged.found.resolved.question.language
        spoken = self.searcher.language_of(judged.found.hits)
        if asked and judged.found.hits and asked != spoken:
            names = {"asked": NAMES.get(asked, asked), "spoken": NAMES.get(spoken, spoken)}
            base = replace(base, notes=(*base.notes, OTHER_LANGUAGE.format(**names)))
        return replace(
            base,
            text=ABSTENTION,
            abstained=True,
            reason=(reason or Reason.RELATED_BUT_NOT_STATED) if best else Reason.NOTHING_RELATED,
            nearest=nearest,
        )

    def base(self, judged: Judged, confidence: float) -> Answer:
        """An answer without its text: the question, its evidence, what is known of the run."""
        resolved = judged.found.resolved
        return Answer(
            question=resolved.asked.question,
            standalone_question=resolved.text,
            text="",
            evidence=stood(judged.found.hits, [v for v in judged.verdicts if v]),
            confidence=round(confidence, 4),
            notes=resolved.notes,
            timings_ms=resolved.timings_ms,
            index_stamp=self.searcher.index.stamp,
        )
