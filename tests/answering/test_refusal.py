"""One rule of refusal for every engine, over kinds of answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from askali import Assistant, Document, Reason
from askali.answering.refusal import Engine, refusal
from askali.query.understanding import understand
from askali.retrieval.calibration import load_calibration
from askali.retrieval.ranking import AnswerSpan, RankedEvidence, judge

MILL = Document(
    "mill",
    "The mill",
    "The mill at Varn was bought by Ines Holt in 1911 for 4,200 crowns. Forty people work at the "
    "mill.\n\n"
    "The mill at Varn is said to be haunted. Its miller talks much.",
)
FITTED = load_calibration()


def evidence(question: str, confidence: float) -> RankedEvidence:
    with Assistant.from_documents([MILL], llm="none") as bot:
        searcher = bot.searcher
        hits = searcher.search(question, 5)
        asked = understand(question, searcher.vector_of)
        verdict = judge(searcher.prepare(asked, hits), searcher.candidates(hits), FITTED)
    return replace(verdict, confidence=confidence)


SHOWN_AS_IT_IS = (Engine.NONE, Engine.LOCAL)


@pytest.mark.parametrize("engine", SHOWN_AS_IT_IS)
@pytest.mark.parametrize(
    "question",
    [
        "Who bought the mill at Varn?",
        "When was the mill at Varn bought?",
        "How much did the mill at Varn cost?",
        "How many people work at the mill at Varn?",
        "What is said of the mill at Varn?",
        "Was the mill at Varn bought in 1911?",
    ],
)
def test_a_sure_value_of_the_kind_asked_for_is_an_answer(engine: Engine, question: str) -> None:
    assert refusal(evidence(question, 0.95), FITTED, engine) is None


@pytest.mark.parametrize("engine", SHOWN_AS_IT_IS)
def test_what_is_unlikely_is_refused_whatever_its_kind(engine: Engine) -> None:
    said = refusal(evidence("Who bought the mill at Varn?", 0.001), FITTED, engine)
    assert said is Reason.RELATED_BUT_NOT_STATED


@pytest.mark.parametrize("engine", SHOWN_AS_IT_IS)
def test_the_wrong_time_is_refused_however_likely(engine: Engine) -> None:
    asked = evidence("Who bought the mill at Varn in 1954?", 0.99)
    assert refusal(asked, FITTED, engine) is Reason.RELATED_BUT_NOT_STATED


@pytest.mark.parametrize("engine", SHOWN_AS_IT_IS)
def test_a_sentence_without_the_kind_of_value_is_refused_however_likely(engine: Engine) -> None:
    asked = evidence("How much money did the miller of Varn make?", 0.99)
    [haunted] = [c.sentence for c in asked.candidates if "talks much" in c.sentence.text]
    first = next(i for i, c in enumerate(asked.candidates) if c.sentence == haunted)
    only = replace(asked, order=(first,), marked=AnswerSpan("much", haunted))
    assert refusal(only, FITTED, engine) is Reason.RELATED_BUT_NOT_STATED


def test_each_engine_has_its_own_threshold() -> None:
    between = (FITTED.answer_above + FITTED.read_above) / 2
    question = "Who bought the mill at Varn?"
    refused = {e: bool(refusal(evidence(question, between), FITTED, e)) for e in SHOWN_AS_IT_IS}
    assert refused[Engine.NONE] is (FITTED.answer_above > between)
    assert refused[Engine.LOCAL] is (FITTED.read_above > between)


def test_a_chat_model_is_asked_whatever_is_related_and_nothing_else() -> None:
    assert refusal(evidence("Who haunts the mill at Varn?", 0.001), FITTED, Engine.CHAT) is None
    far = evidence("Which vitamin cures scurvy?", 0.99)
    assert refusal(far, FITTED, Engine.CHAT) is Reason.NOTHING_RELATED
