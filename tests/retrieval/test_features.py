"""What tells evidence from other sentences: each feature by its name, from real vectors."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from askali import Assistant, Document
from askali.query.understanding import understand
from askali.retrieval.calibration import ANSWERING, RANKING
from askali.retrieval.features import (
    Candidate,
    Query,
    answering_features,
    match,
    names_missing,
    ranking_features,
    years_of,
)

BRIDGE = (
    "The Tamber bridge was opened in 1927. Its toll was two crowns. It was closed in 1954.\n\n"
    "The Tamber bridge is painted green every year by eleven people."
)


@pytest.fixture(scope="module")
def bot() -> Iterator[Assistant]:
    with Assistant.from_documents([Document("b", "Bridges", BRIDGE)], llm="none") as bot:
        yield bot


def asked(bot: Assistant, question: str) -> tuple[Query, list[Candidate]]:
    searcher = bot.searcher
    hits = searcher.search(question, 5)
    prepared = searcher.prepare(understand(question, searcher.vector_of), hits)
    return prepared, searcher.candidates(hits)


def ranked(bot: Assistant, question: str, name: str) -> dict[str, float]:
    """One ranking feature of each sentence, by its words."""
    query, candidates = asked(bot, question)
    column = ranking_features(query, candidates, match(query, candidates))[:, RANKING.index(name)]
    return {c.sentence.text: float(value) for c, value in zip(candidates, column, strict=True)}


def answering(bot: Assistant, question: str, best: str) -> dict[str, float]:
    """The answering features for the sentence that has `best`."""
    query, candidates = asked(bot, question)
    met = match(query, candidates)
    at = next(i for i, c in enumerate(candidates) if best in c.sentence.text)
    scores = np.zeros(len(candidates), np.float32)
    features = ranking_features(query, candidates, met)
    return dict(
        zip(ANSWERING, answering_features(query, met, features, scores, at).tolist(), strict=True)
    )


def test_a_sentence_is_typed_where_it_has_a_value_of_the_kind(bot: Assistant) -> None:
    found = ranked(bot, "When was the Tamber bridge opened?", "typed")
    assert found["The Tamber bridge was opened in 1927."] == 1
    assert found["Its toll was two crowns."] == 0


def test_a_sentence_is_timely_by_its_own_period(bot: Assistant) -> None:
    found = ranked(bot, "What happened to the Tamber bridge in 1954?", "timely")
    assert found["It was closed in 1954."] > found["The Tamber bridge was opened in 1927."]


def test_what_stands_before_lends_its_words(bot: Assistant) -> None:
    question = "What was the toll of the Tamber bridge?"
    own, around = (ranked(bot, question, name) for name in ("soft", "soft_context"))
    assert around["Its toll was two crowns."] > own["Its toll was two crowns."]
    assert all(0 <= own[text] <= around[text] <= 1.001 for text in own)


def test_a_name_that_is_not_there_is_missed_and_unknown(bot: Assistant) -> None:
    there = answering(bot, "When was the Tamber bridge opened?", "1927")
    gone = answering(bot, "When was the Skelby bridge opened?", "1927")
    assert there["names_missing"] == there["unknown_words"] == 0
    assert gone["names_missing"] == gone["names_missing_context"] == 1
    assert gone["unknown_words"] > 0


def test_a_name_above_counts_in_context_alone(bot: Assistant) -> None:
    found = answering(bot, "What was the toll of the Tamber bridge?", "toll")
    assert (found["names_missing"], found["names_missing_context"]) == (1, 0)


def test_a_number_of_the_question_that_is_nowhere_is_counted(bot: Assistant) -> None:
    found = answering(bot, "Was the bridge opened in 1927 for 90 crowns?", "1927")
    assert found["numbers_missing"] == 1


def test_a_feature_says_whether_a_value_is_asked_for(bot: Assistant) -> None:
    assert answering(bot, "When was the Tamber bridge opened?", "1927")["is_typed"] == 1
    assert answering(bot, "Tell me of the Tamber bridge", "1927")["is_typed"] == 0


def test_a_question_of_names_alone_asks_for_no_other(bot: Assistant) -> None:
    assert asked(bot, "Who is Tamber?")[0].names_all
    assert not asked(bot, "Who painted the Tamber bridge?")[0].names_all


def test_without_names_none_is_missing(bot: Assistant) -> None:
    query, candidates = asked(bot, "why is it green?")
    assert names_missing(query, match(query, candidates).exact[0]) == 0


def test_a_statement_is_of_its_own_years_else_of_those_before(bot: Assistant) -> None:
    _, candidates = asked(bot, "When was the Tamber bridge opened?")
    years = {c.sentence.text: years_of(c) for c in candidates}
    assert years["It was closed in 1954."] == {"1954"}
    assert years["Its toll was two crowns."] == {"1927"}
