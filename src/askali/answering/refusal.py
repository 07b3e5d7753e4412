"""One rule for every engine: does the evidence answer the question, and why not?"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from askali.domain import Reason, Sentence
from askali.query.question import asks_for_value
from askali.retrieval.calibration import Calibration
from askali.retrieval.ranking import RankedEvidence, choose
from askali.text.dates import is_of_other_time
from askali.text.kinds import AnswerType, states
from askali.text.tables import names_above


class Engine(StrEnum):
    """Who makes an answer of the evidence: the rankers, a local reader, or a chat model."""

    NONE = "none"
    LOCAL = "local"
    CHAT = "chat"


def refusal(verdict: RankedEvidence, fitted: Calibration, engine: Engine) -> Reason | None:
    """Why the evidence does not answer, None where it does.

    It has to speak of what is asked. What is shown as it is has also to be likely enough, of
    the time that is asked about, and to have a value of the kind asked for: a sum for "how
    much", a date for "when", another name for "who" unless the question is names alone. A chat
    model reads more than what is quoted and may refuse, and its claims are verified one by
    one, so for it the first is enough.
    """
    is_related = verdict.coverage >= fitted.related_above
    reason = Reason.RELATED_BUT_NOT_STATED if is_related else Reason.NOTHING_RELATED
    if engine is Engine.CHAT:
        return None if is_related else reason
    enough = fitted.read_above if engine is Engine.LOCAL else fitted.answer_above
    if verdict.confidence < enough:
        return reason
    asked = verdict.query
    shown = [verdict.marked.sentence] if verdict.marked else choose(verdict, fitted)
    if is_of_other_time(asked.text, [f"{s.heading} {s.text}" for s in shown]):
        return reason
    return None if _is_of_kind(verdict, shown) else reason


def _is_of_kind(verdict: RankedEvidence, shown: Sequence[Sentence]) -> bool:
    asked = verdict.query
    if not asks_for_value(asked.expects):
        return True
    if asked.expects is AnswerType.PERSON and asked.names_all:
        return True
    return any(
        states(asked.expects, s.text, asked.text, names_above(s.text, s.heading)) for s in shown
    )
