"""Things of one kind that are told apart by a number or letter."""

import pytest

from askali.text.designators import designated, is_of_other, records


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("Berth C is dredged.", {"berth": {"C"}}),
        ("Cabins 4 to 7 were painted.", {"cabin": {"4", "5", "6", "7"}}),
        ("Gates A and C stay shut.", {"gate": {"A", "C"}}),
        ("See chapter IV.", {"chapter": {"4"}}),
        ("Tram number 12 runs late.", {"tram": {"12"}}),
        ("It weighs 5 grams.", {}),
        ("On 5 May 2023 it rained.", {}),
        ("The report 2023 is out.", {}),
        ("The team I lead won.", {}),
        ("Sales rose 5 million.", {}),
    ],
)
def test_a_label_behind_a_noun_names_a_thing(text: str, things: dict[str, set[str]]) -> None:
    assert designated(text) == things


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("how deep is berth c", {"berth": {"C"}}),
        ("Who lives in flat 7?", {"flat": {"7"}}),
        ("Which rooms exceed 5 seats?", {}),
        ("What happened in May 2019?", {}),
    ],
)
def test_a_question_may_write_its_label_small_and_asks_for_no_figure(
    question: str, things: dict[str, set[str]]
) -> None:
    assert designated(question, is_asked=True) == things


@pytest.mark.parametrize(
    ("asked", "said", "is_other"),
    [
        ("How deep is berth D?", "Berth C is 4 metres deep.", True),
        ("How deep is berth D?", "Berths C and D are 4 metres deep.", False),
        ("Who painted cabin 5?", "Cabins 4 to 7 were painted by Ida.", False),
        ("Who painted cabin 9?", "Cabins 4 to 7 were painted by Ida.", True),
        ("What is new in version 3?", "Version 3.11 is faster.", False),
        ("Who painted cabin 9?", "All cabins were painted by Ida.", False),
    ],
)
def test_a_text_on_other_things_of_the_kind_is_told(asked: str, said: str, is_other: bool) -> None:
    assert is_of_other(designated(asked, is_asked=True), designated(said)) is is_other


def test_sentences_of_one_form_are_a_table() -> None:
    told = ["Silo 1 holds 40 tonnes.", "Silo 2 holds 65 tonnes.", "Ida owns them.", "Silo 3 leaks."]
    assert records(told) == [
        (["", "holds tonnes"], {0: ["Silo 1", "40"], 1: ["Silo 2", "65"]}),
    ]


@pytest.mark.parametrize(
    ("asked", "said", "is_other"),
    [
        ("Who was the second keeper?", "The third keeper was Una Marr.", True),
        ("Who was the second keeper?", "The 2nd keeper was Petra Lund.", False),
        ("Who was the second keeper?", "Petra Lund came after the flood.", False),
        (
            "What came in the second year?",
            "Ice in the first year, floods in the second.",
            False,
        ),
    ],
)
def test_a_place_in_an_order_tells_things_apart(asked: str, said: str, is_other: bool) -> None:
    assert is_of_other(designated(asked, is_asked=True), designated(said)) is is_other
