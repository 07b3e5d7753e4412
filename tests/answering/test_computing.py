"""What is computed, in which order, and what is rather refused: over a firm of our own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from askali import Assistant, Document, Reason
from askali.domain import Shape

WORKS = """# Orrin tile works

The Orrin kilns fired 4,200 tiles in 2021. In 2022 they fired 5,250 tiles.

The works spent 30 thousand crowns on clay and 12 thousand crowns on coal.

Of the 80 workers, 20 live in Orrin.

| Kiln | Tiles in 2021 | Tiles in 2022 |
|---|---:|---:|
| North | 1,500 | 1,800 |
| South | 2,700 | 3,450 |
"""


@pytest.fixture(scope="module")
def works() -> Iterator[Assistant]:
    with Assistant.from_documents([Document("w", "Orrin tile works", WORKS)], llm="none") as bot:
        yield bot


@pytest.mark.parametrize(
    ("question", "result", "words"),
    [
        ("by how many percent did the tiles of the north kiln rise from 2021 to 2022",
         "20%", "1,800 against 1,500"),
        ("difference between the tiles of the south kiln in 2022 and in 2021",
         "750", "3,450 − 2,700"),
        ("average number of tiles in 2021", "2,100", "(1,500 + 2,700) / 2"),
        ("difference between the highest and the lowest number of tiles in 2022",
         "1,650", "3,450 − 1,800"),
        ("average of the tiles in 2021 of the north and of the south kiln", "2,100", "/ 2"),
        ("sum of the clay and the coal", "42 thousand crowns", "30 thousand"),
        ("percentage of the tiles in 2021 from the north kiln", "35.71%", "1,500 of 1,500"),
    ],
)  # fmt: skip
def test_a_result_has_its_unit_and_its_calculation(
    works: Assistant, question: str, result: str, words: str
) -> None:
    answer = works.ask(question, shape=Shape.ARITHMETIC)
    assert answer.text.startswith(f"**{result}")
    assert words in answer.text
    assert all(WORKS[c.start : c.end] == c.quote for c in answer.citations)
    assert [claim.verdict for claim in answer.claims] == ["computed"]


def test_each_operand_is_an_item_with_its_sentence(works: Assistant) -> None:
    answer = works.ask("sum of the clay and the coal", shape=Shape.ARITHMETIC)
    assert [item.label for item in answer.items] == ["30 thousand", "12 thousand"]
    assert all(item.citations == (1,) for item in answer.items)


def test_what_does_not_fit_is_refused_with_the_reason(works: Assistant) -> None:
    answer = works.ask("sum of the tiles of 2021 and the workers", shape=Shape.ARITHMETIC)
    assert answer.abstained
    assert answer.reason is Reason.RELATED_BUT_NOT_STATED
    assert answer.confidence == 0
    assert not answer.items
