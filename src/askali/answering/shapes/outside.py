"""What no document states: opinion, advice, prediction, the world beyond the source."""

from __future__ import annotations

from askali.answering.shapes.asking import Asking, Notebook, Shaped, marks
from askali.domain import Reason, Shape
from askali.messages import SOURCE_ONLY, SOURCE_SAYS

_SURELY = 0.9
"""Below it a question that a sentence answers is believed to be one of fact."""


def outside(asking: Asking) -> Shaped | None:
    """That the source alone is answered from, with what it says on the matter, if anything.

    An abstention: what is shown beside it answers something near, not what was asked.
    """
    is_sure = asking.question.shape_probability >= _SURELY
    if not is_sure and asking.confidence >= asking.fitted.answer_above:
        return None
    if not asking.ranked or not asking.is_related:
        return Shaped(Shape.OUTSIDE, SOURCE_ONLY, abstained=True, reason=Reason.NOTHING_RELATED)
    notebook = Notebook(asking.searcher)
    best = asking.ranked[0]
    claim = notebook.claim(best.text, notebook.cite(best))
    return Shaped(
        Shape.OUTSIDE,
        f"{SOURCE_ONLY} {SOURCE_SAYS} {claim.text} {marks(claim.citations)}",
        citations=tuple(notebook.citations),
        abstained=True,
        reason=Reason.RELATED_BUT_NOT_STATED,
    )
