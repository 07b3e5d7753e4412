"""A question to the answerer of its shape, and what it gives to an `Answer`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from langchain_core.runnables import Runnable, RunnableBranch, RunnableLambda

from askali.answering.shapes import FRONT_DESK, SHAPES, Answerer
from askali.answering.shapes.asking import Asking, Shaped
from askali.domain import Answer, Citation, Claim, Item, Shape
from askali.messages import ABSTENTION


def router(answerers: Mapping[Shape, Answerer]) -> Runnable[Asking, Shaped | None]:
    """Chooses the answerer by the question's shape; None for shapes that have none."""

    def is_of(shape: Shape) -> Callable[[Asking], bool]:
        return lambda asking: asking.question.shape is shape

    branches = [(is_of(s), RunnableLambda(answer)) for s, answer in answerers.items()]
    return RunnableBranch(*branches, RunnableLambda(lambda _: None))


AT_FRONT_DESK = router(FRONT_DESK)
FROM_TEXT = router(SHAPES)


def dressed(base: Answer, shaped: Shaped) -> Answer:
    """The answer in its shape, with what `base` knows of the run."""
    return replace(
        base,
        text=shaped.text,
        claims=shaped.claims,
        citations=shaped.citations,
        items=shaped.items,
        table=shaped.table,
        shape=shaped.shape,
        suggestions=shaped.suggestions,
        notes=tuple(dict.fromkeys([*base.notes, *shaped.notes])),
        abstained=shaped.abstained,
        reason=shaped.reason,
        nearest=None if not shaped.abstained else base.nearest,
        confidence=max(base.confidence, shaped.confidence) if not shaped.abstained else 0.0,
    )


def numbered(base: Answer, answers: Sequence[Answer]) -> Answer:
    """Answers to several questions as one, numbered; citations counted through."""
    numbers: dict[tuple[str, int, int], int] = {}
    citations: list[Citation] = []
    claims: list[Claim] = []
    items: list[Item] = []
    texts: list[str] = []
    for place, answer in enumerate(answers, start=1):
        new: dict[int, int] = {}
        for one in answer.citations:
            key = (one.document_id, one.start, one.end)
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                citations.append(replace(one, number=numbers[key]))
            new[one.number] = numbers[key]

        def counted(cited: Sequence[int], new: dict[int, int] = new) -> tuple[int, ...]:
            return tuple(new[number] for number in cited)

        claims += [replace(c, citations=counted(c.citations)) for c in answer.claims]
        said = re.sub(
            r"\[(\d+)\]",
            lambda m, new=new: f"[{new.get(int(m[1]), m[1])}]",  # type: ignore[misc]
            answer.text,
        )
        asked = answer.standalone_question if answer.abstained else ""
        said = f"{said} ({asked})" if asked and said == ABSTENTION else said
        texts.append(f"{place}. " + said.replace("\n", "\n   "))
        label = answer.standalone_question
        items.append(Item(said, tuple(new.values()), label=label))
    return replace(
        base,
        text="\n".join(texts),
        claims=tuple(claims),
        citations=tuple(citations),
        items=tuple(items),
        notes=tuple(dict.fromkeys(note for a in (base, *answers) for note in a.notes)),
        confidence=min(a.confidence for a in answers if not a.abstained),
        engine=next((a.engine for a in answers if not a.abstained), base.engine),
    )
