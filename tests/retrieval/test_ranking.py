"""Which sentence ranks first, and which are quoted with it: from real sentences and vectors."""

from __future__ import annotations

import pytest

from askali import Assistant, Document
from askali.domain import Hit, Passage, Sentence
from askali.models.minilm import Reading
from askali.query.question import Question
from askali.query.understanding import understand
from askali.retrieval.calibration import load_calibration
from askali.retrieval.features import names_missing, query
from askali.retrieval.hybrid import Searcher, spread
from askali.retrieval.ranking import RankedEvidence, choose, judge, support, window
from askali.retrieval.trace import stood

MILL = (
    "Tove Arnes runs the Elmford mill. It grinds rye on Mondays. "
    "The mill was built in 1912 for 40,000 crowns.\n\n"
    "The Harrow mill was built in 1931 for 75,000 crowns. The ferry stops there twice a day.\n\n"
    "Is the mill for sale? Nobody in Elmford knows."
)


@pytest.fixture(scope="module")
def bot() -> Assistant:
    documents = [
        Document("elmford", "Mills of the valley", MILL),
        Document("ferry", "The ferry", "The ferry to Elmford costs 4 crowns. It leaves at noon."),
    ]
    return Assistant.from_documents(documents, llm="none")


def ranked(bot: Assistant, question: str) -> RankedEvidence:
    searcher: Searcher = bot.searcher
    asked = understand(question, searcher.vector_of)
    hits = searcher.search(question, 6)
    prepared = searcher.prepare(asked, hits)
    return judge(prepared, searcher.candidates(hits), load_calibration())


def test_the_sentence_that_answers_ranks_first(bot: Assistant) -> None:
    assert ranked(bot, "When was the Harrow mill built?").best.text.startswith("The Harrow mill")
    assert ranked(bot, "How much is the ferry to Elmford?").best.text.endswith("4 crowns.")
    assert ranked(bot, "Who runs the Elmford mill?").best.text.startswith("Tove Arnes")


def test_an_answered_question_is_more_confident_than_one_left_open(bot: Assistant) -> None:
    answered = ranked(bot, "When was the Harrow mill built?").confidence
    open_one = ranked(bot, "Who owned the Skelby brewery in Denmark?").confidence
    assert 0 <= open_one < answered <= 1


def test_a_question_is_no_candidate(bot: Assistant) -> None:
    candidates = ranked(bot, "Is the mill for sale?").candidates
    assert not any(c.sentence.text.endswith("?") for c in candidates)


def test_what_says_it_is_quoted_behind_what_it_means(bot: Assistant) -> None:
    verdict = ranked(bot, "On which day is rye ground?")
    assert verdict.best.text == "It grinds rye on Mondays."
    antecedent, best = support(verdict)
    assert antecedent.text.startswith("Tove Arnes")
    assert [antecedent, best] == choose(verdict, load_calibration())[:2]
    assert window(verdict, best) == [antecedent, best]


def test_a_second_quote_is_of_the_same_name_and_time(bot: Assistant) -> None:
    verdict = ranked(bot, "When was the Harrow mill built?")
    quoted = " ".join(s.text for s in choose(verdict, load_calibration()))
    assert "1931" in quoted
    assert "1912" not in quoted


def test_a_comparison_hears_other_documents(bot: Assistant) -> None:
    verdict = ranked(bot, "Compare the ferry's price with the ferry's stops")
    assert len({s.document_id for s in choose(verdict, load_calibration())}) > 1


def test_a_name_is_met_where_any_of_its_words_is(bot: Assistant) -> None:
    verdict = ranked(bot, "When was the Harrow mill built?")
    best, other = (
        next(i for i in verdict.order if word in verdict.candidates[i].sentence.text)
        for word in ("1931", "1912")
    )
    assert verdict.names_missing[best] == 0
    assert verdict.names_missing[other] == 1


def test_weights_of_a_question_sum_to_one(bot: Assistant) -> None:
    asked = ranked(bot, "When was the Harrow mill built?").query
    assert asked.weights.sum() == pytest.approx(1)
    assert [t.text for t in asked.terms if t.is_name] == ["Harrow"]
    wordless = Reading(asked.vector, asked.vector[:0].reshape(0, 384), ())
    nameless = query(Question("x", "why"), wordless, frequencies={}, sentence_count=1)
    assert names_missing(nameless, asked.weights[:1]) == 0


def test_passages_are_listed_by_their_best_sentence(bot: Assistant) -> None:
    verdict = ranked(bot, "When was the Harrow mill built?")
    told = stood(bot.search("When was the Harrow mill built?", 4), [verdict])
    ranks = [hit.standing.rank for hit in told if hit.standing]
    assert ranks[0] == 1
    assert ranks == sorted(ranks)


def test_no_document_gives_more_than_half_while_others_have_any() -> None:
    def hit(document: str, at: int, score: float) -> Hit:
        return Hit(Passage(document, at, at + 5, "words"), score)

    hits = [hit("a", n, 1 - n / 10) for n in range(5)] + [hit("b", 0, 0.1)]
    assert [h.passage.document_id for h in spread(hits, 4)] == ["a", "a", "a", "b"]
    assert [h.passage.document_id for h in spread(hits[:5], 4)] == ["a"] * 4


def test_a_sentence_alone_in_its_paragraph_has_no_window(bot: Assistant) -> None:
    verdict = ranked(bot, "When was the Harrow mill built?")
    alone = Sentence("elsewhere", 0, 5, "Alone.")
    assert window(verdict, alone) == [alone]
