from __future__ import annotations

import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from askali.grounding.verification import Check, Fault, verify

FERRY = "The Lindholm ferry carried 2.6 million passengers in 2019, up from 1.4 million in 2011."
MILL = (
    "In March 2016, Orrin Paper bought the Tarn mill from Sablegate for more than 38 million euros."
)
PLAN = "Orrin Paper plans to close the mill, but it has not yet told the workers."
DENIAL = "Sablegate denied that it sold the mill under pressure."
SAID = "Ines Valk, the mayor of Tarn, said that the bridge was reopened on 5 June 2019."
MAY = "The tunnel may open in autumn if the pumps arrive."
PASSIVE = "The harbour tower was built by Petra Lund in 1887."
RANGE = "Each ticket costs 5 to 10 euros, and roughly 40% of visitors pay nothing."
FOLD = "Output at the dairy increased tenfold between 1990 and 1998."
SOME = "Some of the pilots rejected the offer, and only three signed it."


def fault(claim: str, *evidence: str, context: str = "") -> Fault | None:
    return verify(claim, evidence, context=context).fault


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The Lindholm ferry carried 2.6 million passengers.", FERRY),
        ("The Lindholm ferry carried 2,600,000 passengers in 2019.", FERRY),
        ("2.6 million passengers", FERRY),
        ("Orrin Paper bought the Tarn mill from Sablegate.", MILL),
        ("Orrin Paper bought the Tarn mill in March 2016.", MILL),
        ("Orrin Paper bought the Tarn mill in 2016.", MILL),
        ("more than €38 million", MILL),
        ("Orrin Paper plans to close the mill.", PLAN),
        ("Sablegate denied that it sold the mill.", DENIAL),
        ("Ines Valk is the mayor of Tarn.", SAID),
        ("The tunnel may open in autumn if the pumps arrive.", MAY),
        ("Roughly 40 percent of visitors pay nothing.", RANGE),
        ("Output at the dairy increased ten-fold between 1990 and 1998.", FOLD),
        ("Only 3 signed it.", SOME),
    ],
)
def test_what_the_source_says_is_kept(claim: str, source: str) -> None:
    check = verify(claim, [source])
    assert check.passed, check.reason


@pytest.mark.parametrize(
    ("claim", "source", "expected"),
    [
        ("The Lindholm ferry carried 2.6 billion passengers.", FERRY, Fault.NUMBER),
        ("The Lindholm ferry carried 2.7 million passengers.", FERRY, Fault.NUMBER),
        ("The Lindholm ferry carried 1.4 million passengers in 2019.", FERRY, None),
        ("The Lindholm ferry carried 2.6 million passengers in 2011.", FERRY, None),
        ("The Lindholm ferry carried 2.6 million passengers in 2018.", FERRY, Fault.DATE),
        ("Orrin Paper paid more than 38 million dollars.", MILL, Fault.UNIT),
        ("more than $38 million", MILL, Fault.UNIT),
        ("less than 38 million euros", MILL, Fault.COVERAGE),
        ("Orrin Paper bought the Tarn mill for 38 million euros.", MILL, None),
        ("Sablegate bought the Tarn mill from Orrin Paper.", MILL, None),
        ("Kestrel Foods bought the Tarn mill from Sablegate.", MILL, Fault.NAME),
        ("Orrin Paper bought the Tarn mill in April 2016.", MILL, Fault.DATE),
        ("Orrin Paper bought the Tarn mill on 4 March 2016.", MILL, Fault.DATE),
        ("Orrin Paper did not buy the Tarn mill.", MILL, Fault.NEGATION),
        ("Orrin Paper has told the workers.", PLAN, None),
        ("It sold the mill under pressure.", DENIAL, Fault.ATTRIBUTION),
        ("Sablegate confirmed that it sold the mill.", DENIAL, Fault.COVERAGE),
        ("According to Petra Lund, the bridge was reopened in 2019.", SAID, Fault.ATTRIBUTION),
        ("The bridge was reopened on 6 June 2019.", SAID, Fault.DATE),
        ("The tunnel opens in autumn.", MAY, Fault.MODALITY),
        ("The tunnel may open in autumn.", MAY, Fault.MODALITY),
        ("The tunnel may open in spring if the pumps arrive.", MAY, Fault.COVERAGE),
        ("The harbour tower built Petra Lund in 1887.", PASSIVE, None),
        ("Petra Lund was built by the harbour tower.", PASSIVE, None),
        ("Roughly 40 percentage points of visitors pay nothing.", RANGE, Fault.UNIT),
        ("Output at the dairy increased 10 % between 1990 and 1998.", FOLD, Fault.UNIT),
        ("Output at the dairy decreased tenfold between 1990 and 1998.", FOLD, Fault.COVERAGE),
        ("All of the pilots rejected the offer.", SOME, None),
        ("The pilots rejected the offer.", SOME, None),
    ],
)
def test_what_the_source_does_not_say_fails(
    claim: str, source: str, expected: Fault | None
) -> None:
    check = verify(claim, [source])
    assert check.verdict == "failed"
    assert check.reason
    if expected is not None:
        assert check.fault is expected, check.reason


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The firm sold the mill to the bank.", "The bank sold the mill to the firm."),
        ("Sales rose in Spain.", "Sales rose in France and fell in Spain."),
        ("Sales fell in France.", "Sales rose in France and fell in Spain."),
        ("Revenue rose from 5 million to 3 million.", "Revenue rose to 5 million from 3 million."),
        ("Revenue rose to 3 million.", "Revenue rose to 5 million from 3 million."),
        ("Petra Lund won the prize.", "Petra Lund taught Ola Brandt, who won the prize."),
        ("The bank must pay.", "The court ruled that the firm, not the bank, must pay."),
        ("She was born in Oslo.", "She was born in Tarn and died in Oslo."),
        ("She died in Tarn.", "She was born in Tarn and died in Oslo."),
        ("Orrin beat Kestrel 3-1.", "Kestrel beat Orrin 3-1."),
        ("Kestrel beat Orrin 1-3.", "Kestrel beat Orrin 3-1."),
        ("Orrin pays a dividend.", "Unlike Orrin, Kestrel pays a dividend."),
        ("Kestrel is larger than Orrin.", "Orrin is larger than Kestrel."),
        ("Orrin signed the treaty.", "Neither Orrin nor Kestrel signed the treaty."),
        ("Orrin closed the mill.", "Orrin almost closed the mill."),
        ("Orrin closed the mill.", "Orrin considered whether it closed the mill."),
        ("Orrin sold the mill.", "It is false that Orrin sold the mill."),
        ("Orrin sold the mill.", "There is no evidence that Orrin sold the mill."),
        ("Orrin sold the mill.", "Orrin is said to have sold the mill."),
        ("Orrin sold the mill.", "Orrin failed to sell the mill."),
        ("Orrin sells paper.", "Orrin stopped selling paper."),
        ("12 members voted for it.", "Ten of the 12 members voted for it."),
        ("Mara Dell won the regatta.", "Mara Dell's brother won the regatta."),
        ("The bank stole the money.", "The bank manager stole the money."),
        ("Kestrel sold the cars.", "Kestrel dealers sold the cars."),
        ("Kestrel is deeply in debt.", "Orrin, a mill owned by Kestrel, is deeply in debt."),
        (
            "The pilots signed it.",
            "The pilots who signed it were dismissed, and none of them signed.",
        ),
        ("Ola Brandt founded the school in 1901.", "Ola Brandt, born in 1901, founded the school."),
        ("The fee is 3 % a year.", "The fee is 3 percentage points a year."),
        ("Prices doubled.", "Prices rose by 20 %."),
        ("Why did Orrin leave Tarn? Orrin left Tarn.", "Orrin works with Tarn."),
    ],
)
def test_a_statement_patched_together_from_true_words_fails(claim: str, source: str) -> None:
    assert verify(claim, [source]).verdict == "failed"


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Orrin Paper acquired the Tarn mill from Sablegate.", MILL),
        ("The bridge was reopened on 5 June 2019.", SAID),
        ("Petra Lund built the harbour tower in 1887.", PASSIVE),
        ("Petra Lund's tower is 40 metres high.", "The tower of Petra Lund is 40 metres high."),
        ("The founder of Orrin is Rhys Mole.", "Rhys Mole, the founder of Orrin, retired."),
        ("Orrin's founder is Rhys Mole.", "Rhys Mole, the founder of Orrin, retired."),
        ("Orrin lost a case in 2014.", "In 2014, Orrin paid a fine, and it lost a case."),
        ("Kestrel's loss from 2012 to 2014 exceeded 3 million euros.",
         "From 2012 to 2014, Kestrel's loss exceeded 3 million euros."),
        ("Kestrel completed a sale of 500 million euros.",
         "Kestrel completed a 500-million-euro sale last week."),
        ("Ola Brandt jointly founded Orrin in 1999.",
         "Orrin, a paper mill jointly founded by Ola Brandt in 1999, is for sale."),
        ("Orrin had been profitable for five years.",
         "Orrin had been profitable for five consecutive years since 2010."),
        ("Output is expected to rise by 8 percent.",
         "According to Kestrel data, output is expected to rise by 8% this year."),
    ],
)  # fmt: skip
def test_the_same_in_other_words_gives_way_to_its_quote(claim: str, source: str) -> None:
    assert not verify(claim, [source]).passed


def test_a_reason_names_both_figures() -> None:
    check = verify("The Lindholm ferry carried 2.6 billion passengers.", [FERRY])
    assert check.reason == "the source says 2.6 million, not 2.6 billion"


def test_a_whole_sentence_is_verbatim_whatever_it_says() -> None:
    for sentence in (FERRY, MILL, PLAN, DENIAL, SAID, MAY, PASSIVE, RANGE, FOLD, SOME):
        assert verify(sentence, [FERRY, sentence]) == Check("verbatim")


def test_a_fragment_that_drops_its_governor_fails_though_it_is_verbatim() -> None:
    source = "No court ruled that the firm sold the patents."
    assert fault("the firm sold the patents.", "The clerk denied that the firm sold the patents.")
    assert fault("The firm sold the patents.", source)
    assert verify("the patents", [source]).verdict == "verbatim"


def test_a_statement_cut_off_from_its_subject_fails() -> None:
    source = "The brother of Mara Dell won the regatta."
    assert fault("Mara Dell won the regatta.", source) is Fault.ORDER


def test_a_name_from_the_title_may_stand_for_a_pronoun() -> None:
    source = "It was directed by Aino Salmi and shot in Tampere."
    claim = "The Glass Orchard was directed by Aino Salmi."
    assert verify(claim, [source], context="The Glass Orchard").passed
    assert fault(claim, source) is Fault.NAME


def test_a_figure_from_the_title_is_no_evidence() -> None:
    claim = "The fair drew 900 visitors."
    assert fault(claim, "The fair drew many visitors.", context="900 visitors") is Fault.NUMBER


def test_a_name_may_not_displace_another_name() -> None:
    first = "Kestrel Foods was founded by Ola Brandt."
    second = "Orrin Paper was founded by Rhys Mole."
    assert fault("Orrin Paper was founded by Ola Brandt.", first, second) is Fault.NAME


def test_a_piece_set_off_by_marks_may_go_and_a_date_may_move() -> None:
    source = "In 2010, after a long dispute (which cost a lot), Orrin was sold."
    assert verify("Orrin was sold in 2010.", [source]).passed
    assert verify("In 2010, Orrin was sold.", [source]).passed
    assert verify("After a long dispute, Orrin was sold.", [source]).passed


@pytest.mark.parametrize(
    ("source", "is_denied"),
    [
        ("Orrin did not close the mill.", True),
        ("Orrin has not yet closed the mill.", True),
        ("Orrin, which is not small, never closed the mill.", True),
        ("Orrin did not sell the farm and closed the mill.", False),
        ("Orrin did not sell the farm; it closed the mill.", False),
        ("No, Orrin closed the mill.", False),
        ("Orrin closed the mill not far from Tarn.", False),
    ],
)
def test_a_negation_is_told_only_of_what_it_denies(source: str, is_denied: bool) -> None:
    assert (fault("Orrin closed the mill.", source) is Fault.NEGATION) == is_denied


def test_a_relative_clause_does_not_become_a_statement() -> None:
    assert not verify("The pilots signed it.", ["The pilots who signed it were dismissed."]).passed


def test_nothing_cited_or_nothing_said_fails() -> None:
    assert fault("The tower is old.") is Fault.COVERAGE
    assert fault("…", PLAN) is Fault.COVERAGE


WORDS = st.sampled_from(
    """the a of in said not plans to sold bought Orrin Kestrel mill tower yuan million % , ; ( ) - “
    ” because if no 5 17 2019 June March 3.5 1,200 $ € more than less before after was by
    and""".split()
)
PHRASES = st.lists(WORDS, min_size=1, max_size=25).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(sentence=PHRASES | st.text(max_size=80), others=st.lists(PHRASES, max_size=2))
def test_a_sentence_of_the_source_never_fails(sentence: str, others: list[str]) -> None:
    assume(any(ch.isalnum() for ch in sentence))
    assert verify(sentence, [*others, sentence]).verdict == "verbatim"


@settings(max_examples=150, deadline=None)
@given(claim=st.text(max_size=120), source=st.text(max_size=120))
def test_any_text_gets_a_verdict(claim: str, source: str) -> None:
    check = verify(claim, [source])
    assert check.passed == (check.fault is None)
    assert check.passed == (check.reason == "")


NUMBERS = st.sampled_from(
    ["7", "43", "2.6", "1,250", "2019", "60,000", "0.05", "118", "1987", "5", "4.25", "12", "99"]
)
UNITS = st.sampled_from(
    ["million yuan", "%", "", "years", "boats", "million", "of them", "th", "km"]
)


@settings(max_examples=300, deadline=None)
@given(number=NUMBERS, unit=UNITS, before=PHRASES, after=PHRASES, data=st.data())
def test_any_other_digit_in_a_number_fails(
    number: str, unit: str, before: str, after: str, data: st.DataObject
) -> None:
    digits = [i for i, ch in enumerate(number) if ch.isdigit()]
    at = data.draw(st.sampled_from(digits))
    digit = data.draw(st.sampled_from([d for d in string.digits if d != number[at]]))
    changed = number[:at] + digit + number[at + 1 :]
    sentence = f"The {before} counted {number} {unit} near the {after}."
    assume(not {number, changed} & set(sentence.replace(number, "", 1).split()))
    claim = f"The {before} counted {changed} {unit} near the {after}."
    assert verify(claim, [sentence]).verdict == "failed"
