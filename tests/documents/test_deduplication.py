"""Copies and near-duplicates: put together where nothing is lost, named always."""

from hypothesis import given
from hypothesis import strategies as st

from askali.documents.deduplication import ALIKE, Twins, find_twins, signature

TEXT = "Elmford has 1,200 people. Its mayor is Ann Lee. The river is long. It rains. It is old."


def twins_of(texts: list[str]) -> Twins:
    return find_twins([signature(text) for text in texts])


def test_the_same_text_is_a_copy_whatever_its_form() -> None:
    other = "# ELMFORD HAS 1,200 people.\n\nIts  mayor is Ann Lee!\nThe river is long. It rains. "
    other += "It is old"
    assert twins_of([TEXT, "Bees fly.", other]).copies == {2: 0}


def test_what_holds_more_is_kept() -> None:
    longer = TEXT + " Printed in Elmford."
    assert twins_of([TEXT, longer]).copies == {0: 1}
    assert twins_of([TEXT, longer, TEXT]).copies == {0: 1, 2: 1}


def test_one_other_number_or_word_makes_both_count_and_both_are_named() -> None:
    for changed in (TEXT.replace("1,200", "1,300"), TEXT.replace("is long", "is short")):
        long = " ".join(f"Fact {n} holds." for n in range(20))
        twins = twins_of([f"{TEXT} {long}", f"{changed} {long}"])
        assert twins.copies == {}
        assert twins.alike == ((0, 1),)


def test_a_small_part_of_a_large_document_is_a_document() -> None:
    book = " ".join(f"Fact {n} holds." for n in range(100))
    twins = twins_of([book, "Fact 3 holds. Fact 4 holds."])
    assert (twins.copies, twins.alike) == ({}, ())


sets = st.lists(st.sets(st.integers(0, 12), min_size=1, max_size=8), min_size=1, max_size=8)


@given(sets)
def test_every_pair_that_is_alike_is_found_and_no_other(numbers: list[set[int]]) -> None:
    texts = [" ".join(f"Fact {n} holds." for n in sorted(each)) for each in numbers]
    twins = twins_of(texts)
    for copy, kept in twins.copies.items():
        assert numbers[copy] <= numbers[kept]
        assert kept not in twins.copies
    for other in range(len(numbers)):
        for one in range(other):
            a, b = numbers[one], numbers[other]
            is_alike = len(a & b) >= ALIKE * len(a | b)
            is_found = one in twins.copies or other in twins.copies or (one, other) in twins.alike
            assert is_found >= is_alike
            if (one, other) in twins.alike:
                assert is_alike
                assert not a <= b
                assert not b <= a
