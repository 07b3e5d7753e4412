"""Drafts of a model held against their sentences by the verifier itself."""

from __future__ import annotations

import pytest

from askali.answering.yes_no import yes_or_no
from askali.documents.chunking import split_sentences
from askali.domain import Claim, Document
from askali.grounding.claims import Checks, resolve, settle_each
from askali.grounding.evidence_keys import Draft
from askali.grounding.verification import verify

MINE = Document(
    "mine",
    "The Dorrow mine",
    "The Dorrow mine employs 310 people. Its owner, Petra Lund, may close the south shaft. "
    "It did not pay a dividend in 2023. Lund plans to sell 12 % of the mine.",
)
SENTENCES = split_sentences(MINE)


def settled(*drafts: Draft, question: str = "What is said of the mine?") -> list[Claim]:
    checks = Checks(verify, question, yes_or_no)
    return [one.claim for one in settle_each(drafts, SENTENCES, {"mine": MINE}, checks)]


def test_a_copied_sentence_is_verbatim_and_a_shortened_one_is_shown() -> None:
    whole, shorter = settled(
        Draft("The Dorrow mine employs 310 people.", (1,)),
        Draft("Petra Lund may close the south shaft.", (2,)),
    )
    assert whole.verdict == "verbatim"
    assert shorter.text == "Petra Lund may close the south shaft."
    assert not shorter.verdict.startswith("replaced")


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("The Dorrow mine employs 301 people.", 1),
        ("Petra Lund will close the south shaft.", 2),
        ("Petra Lund may close the north shaft.", 2),
        ("It did pay a dividend in 2023.", 3),
        ("It did not pay a dividend in 2022.", 3),
        ("Lund sold 12 % of the mine.", 4),
        ("Lund plans to sell 12 tonnes of the mine.", 4),
    ],
)
def test_what_the_sentence_does_not_say_gives_way_to_it(said: str, number: int) -> None:
    [claim] = settled(Draft(said, (number,)))
    assert claim.text == SENTENCES[number - 1].text
    assert claim.verdict.startswith("replaced: ")


def test_a_replaced_claim_brings_the_sentences_that_share_most_with_it() -> None:
    claims = settled(Draft("The owner may sell the south shaft for 99 crowns.", (1, 2, 3, 4)))
    assert 1 <= len(claims) <= 2
    assert SENTENCES[1].text in [claim.text for claim in claims]


@pytest.mark.parametrize(
    ("said", "shown"),
    [("Yes, the Dorrow mine employs 310 people.", True), ("No, it employs 310 people.", False)],
)
def test_yes_stands_only_where_the_sentence_decides_it(said: str, shown: bool) -> None:
    question = "Does the Dorrow mine employ 310 people?"
    [claim] = settled(Draft(said, (1,)), question=question)
    assert claim.text.startswith("Yes" if shown else ("It employs", "The Dorrow"))


def test_a_bare_no_that_nothing_decides_is_replaced_by_its_quote() -> None:
    [claim] = settled(Draft("No.", (1,)), question="Is the Dorrow mine old?")
    assert claim.text == SENTENCES[0].text
    assert "does not say no" in claim.verdict


def test_numbers_are_those_that_were_given_out_once_each() -> None:
    assert resolve((4, 0, 4, -1, 9, 1), SENTENCES) == [SENTENCES[3], SENTENCES[0]]


def test_marks_alone_are_no_claim() -> None:
    assert settled(Draft("…", (1,)), Draft("310 people", ())) == []
