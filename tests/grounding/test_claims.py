from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askali.documents.chunking import split_sentences
from askali.domain import Document
from askali.grounding.citations import fold
from askali.grounding.claims import Checks, settle_each
from askali.grounding.cross_lingual import fault_abroad
from askali.grounding.evidence_keys import Draft
from askali.text.language import is_foreign, keeps_facts

TOWN = Document(
    "elm",
    "Elmford",
    "Elmford has 1,200 people. Its mayor is Ann Lee.\n\nIt plans a bridge of 2.5 million crowns.",
)
SENTENCES = split_sentences(TOWN)
DOCUMENTS = {"elm": TOWN}


@dataclass(frozen=True)
class Said:
    verdict: str
    reason: str = ""


def copied(claim: str, evidence: Sequence[str], *, context: str = "") -> Said:
    """Passes what stands in the evidence word for word."""
    is_there = any(claim.strip(".") in sentence for sentence in evidence)
    return Said("verbatim") if is_there else Said("failed", "it says more than the quote")


def always_yes(question: str, sentences: Sequence[str], *, context: str = "") -> str:
    return "Yes"


def settled(*drafts: Draft, question: str = ""):
    found = list(settle_each(drafts, SENTENCES, DOCUMENTS, Checks(copied, question, always_yes)))
    citations = {c.number: c for one in found for c in one.citations}
    return (tuple(one.claim for one in found), tuple(citations.values())) if found else None


def test_a_claim_that_passes_is_kept_with_its_sentence_as_citation() -> None:
    [claim], [citation] = settled(Draft("1,200 people.", (1,)))
    assert (claim.text, claim.citations, claim.verdict) == ("1,200 people.", (1,), "verbatim")
    assert citation.quote == "Elmford has 1,200 people."


def test_a_number_we_never_issued_is_dropped() -> None:
    [claim], [citation] = settled(Draft("1,200 people.", (7, 1, 0)))
    assert claim.citations == (1,)
    assert settled(Draft("1,200 people.", (7,))) is None


def test_a_claim_that_fails_is_replaced_by_its_quote_with_the_reason() -> None:
    [claim], [citation] = settled(Draft("9,999 people.", (1,)))
    assert claim.text == citation.quote
    assert claim.verdict == "replaced: it says more than the quote"


def test_a_failed_claim_whose_quote_is_there_already_is_dropped() -> None:
    claims, _ = settled(Draft("1,200 people.", (1,)), Draft("9,999 people.", (1,)))
    assert [claim.text for claim in claims] == ["1,200 people."]


def test_what_was_said_is_not_said_again() -> None:
    claims, _ = settled(*[Draft("1,200 people.", (1,))] * 3)
    assert len(claims) == 1


def test_citations_are_numbered_by_first_use() -> None:
    claims, citations = settled(Draft("Ann Lee", (2,)), Draft("1,200 people", (1, 2)))
    assert [c.citations for c in claims] == [(1,), (2, 1)]
    assert [c.number for c in citations] == [1, 2]
    assert citations[0].quote == "Its mayor is Ann Lee."


def test_claims_come_while_the_drafts_do() -> None:
    def drafts():
        yield Draft("Ann Lee", (2,))
        raise ConnectionError

    stream = settle_each(drafts(), SENTENCES, DOCUMENTS, Checks(copied, "", always_yes))
    assert next(stream).claim.text == "Ann Lee"
    with pytest.raises(ConnectionError):
        next(stream)


def test_a_claim_in_the_askers_language_shows_its_quote_and_keeps_its_figures() -> None:
    question = "¿Cuánto cuesta el puente?"
    [claim], _ = settled(
        Draft("El puente cuesta 2,5 millones de coronas.", (3,)), question=question
    )
    assert claim.verdict == "translated"
    assert "“It plans a bridge of 2.5 million crowns.”" in claim.text
    [claim], _ = settled(Draft("El puente cuesta 2,5 mil coronas.", (3,)), question=question)
    assert claim.verdict == "replaced: “2,5 mil” is not in the quote"


def test_a_claim_in_another_language_than_the_question_has_no_excuse() -> None:
    [claim], _ = settled(
        Draft("El puente cuesta 2,5 millones.", (3,)), question="What is the cost?"
    )
    assert claim.verdict.startswith("replaced")


@pytest.mark.parametrize(
    ("written", "shown", "verdict"),
    [
        ("Yes.", "Yes: Its mayor is Ann Lee.", "supported"),
        ("yes, Ann Lee.", "Yes, Ann Lee.", "supported"),
        ("No.", "Its mayor is Ann Lee.", "replaced: the quote does not say no in so many words"),
        ("No, Ann Lee.", "Ann Lee.", "verbatim"),
        ("No, mayor is Ann Lee.", "Mayor is Ann Lee.", "verbatim"),
        ("No mayor", "Its mayor is Ann Lee.", "replaced: it says more than the quote"),
    ],
)
def test_yes_and_no_stand_only_where_the_sentence_decides(
    written: str, shown: str, verdict: str
) -> None:
    [claim], _ = settled(Draft(written, (2,)), question="Is Ann Lee the mayor?")
    assert (claim.text, claim.verdict) == (shown, verdict)


NUMBERS = st.lists(st.integers(-1, 5), max_size=3).map(tuple)
DRAFTS = st.builds(Draft, st.sampled_from(["Ann Lee", "1,200 people", "lies", "", "Its"]), NUMBERS)


@given(st.lists(DRAFTS, max_size=5))
def test_no_claim_is_without_citation_and_every_quote_is_exact(drafts: list[Draft]) -> None:
    found = settled(*drafts)
    if found is None:
        return
    claims, citations = found
    known = {c.number: c for c in citations}
    assert claims
    assert list(known) == list(range(1, len(known) + 1))
    assert all(claim.citations and set(claim.citations) <= set(known) for claim in claims)
    assert all(TOWN.text[c.start : c.end] == c.quote for c in citations)
    for claim in claims:
        quotes = [fold(known[n].quote) for n in claim.citations]
        assert any(claim.text in quote for quote in quotes)


@pytest.mark.parametrize(
    ("claim", "fault"),
    [
        ("Invierte 380 mil millones en 3 años.", ""),
        ("投资3800亿元，2025年5月公布", ""),
        ("380 Milliarden Yuan", ""),
        ("Invierte 380 millones.", "380 millones"),
        ("Invierte 38 mil millones.", "38 mil millones"),
        ("Lo dice Tencent con Tencent.", "tencent"),
        ("No es cierto.", "nothing in it can be checked"),
        ("Visite https://evil.example 380 mil millones", "address"),
    ],
)
def test_figures_are_compared_by_value_across_languages(claim: str, fault: str) -> None:
    evidence = ["It invests 380 billion yuan over three years, it said in May 2025."]
    found = fault_abroad(claim, evidence)
    assert fault in found if fault else not found


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("¿Cuánto invierte Alibaba en tres años?", True),
        ("阿里巴巴三年投资多少?", True),
        ("Wie viel investiert Alibaba?", True),
        ("Combien Alibaba investit-il ?", True),
        ("Quanto investe a Alibaba?", True),
        ("how mcuh is alibbaa investng", False),
        ("zebra listing", False),
        ("collapsed miserably", False),
        ("2016?", False),
    ],
)
def test_another_language_is_told_from_an_odd_question(text: str, foreign: bool) -> None:
    reference = "It invests 380 billion yuan over three years, and that is what it said in May."
    assert is_foreign(text, reference) is foreign


def test_names_and_numbers_are_kept_or_not() -> None:
    assert keeps_facts("When did Honor leave in 2019?", "Honor left. 2019")
    assert not keeps_facts("When did Honor leave?", "It left.")
    assert not keeps_facts("When in 2020?", "in 2019")
