from askali import Assistant
from askali.retrieval.hybrid import RRF_K, fuse


def test_fusion_prefers_what_both_rankings_found() -> None:
    assert [row for row, _ in fuse([1, 2, 3], [3, 4])] == [3, 1, 2, 4]
    assert fuse([7])[0] == (7, 1 / (RRF_K + 1))


def test_ties_are_broken_by_row() -> None:
    assert [row for row, _ in fuse([5], [2])] == [2, 5]


def test_other_spellings_find_the_sources_spelling(bot: Assistant) -> None:
    for spelling in ("full-stack coverage", "full stack coverage", "FULL STACK COVERAGE"):
        assert "full - stack coverage" in bot.search(spelling, 3)[0].passage.text


def test_a_search_can_be_narrowed_to_a_document(bot: Assistant, article) -> None:  # type: ignore[no-untyped-def]
    assert bot.search("chips", 2, documents=[article.id])


def test_hits_carry_their_ranks(bot: Assistant) -> None:
    first = bot.search("Kaola market share", 5)[0]
    assert first.dense_rank is not None
    assert first.lexical_rank is not None
    assert first.score > 0
