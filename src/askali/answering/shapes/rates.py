"""What several things cost, or one at a discount: a price, times or less what is said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askali.answering.shapes.asking import Asking
from askali.answering.shapes.operand_choice import Operation
from askali.answering.shapes.operands import Column, Operand, cells, in_text, near, stated
from askali.text.kinds import has_currency
from askali.text.quantities import FIGURE, read_figure
from askali.text.tokens import analyze

TAKES_OFF = re.compile(r"\b(?:discount|reduc\w+|members?)\b", re.I)
_CLOSE = 0.55


def at_a_rate(asking: Asking, known: Sequence[Column]) -> tuple[Operation, list[Operand] | None]:
    """The price of one thing where that of several is asked for ("price for two S parcels"),
    or a price and the percentage that is taken off it ("an XL with the app discount")."""
    text = asking.question.text
    if not re.search(r"\b(?:prices?|costs?|pays?|how much)\b", text, re.I):
        return Operation.PRODUCT, None
    stated_ones = in_text(asking, most=8, below=9.0)
    prices = [
        o for o in (*cells(known), *stated_ones)
        if o.figure and has_currency(f"{o.figure.unit} {o.name}")
        and set(analyze(o.about.partition(", ")[0])) & asking.terms
    ]  # fmt: skip
    best = max(prices, key=lambda o: near(asking, o), default=None)
    if best is None or near(asking, best) < _CLOSE:
        return Operation.PRODUCT, None
    if TAKES_OFF.search(text):
        rates = [
            o for o in stated(asking.text)
            if o.unit == "%" and set(analyze(o.about)) & asking.terms - set(analyze(best.about))
        ]  # fmt: skip
        if rates:
            return Operation.REDUCED, [best, max(rates, key=lambda o: near(asking, o))]
        return Operation.PRODUCT, None
    counts = [read_figure(m) for m in FIGURE.finditer(text)]
    told = [read_figure(m) for m in FIGURE.finditer(best.sentence.text)]
    counts = [f for f in counts if not f.unit and f.value < 100 and f not in told]
    is_of_one_kind = len(counts) == 1 and counts[0].value > 1  # not "two adults and one child"
    return Operation.PRODUCT, [best] if is_of_one_kind else None
