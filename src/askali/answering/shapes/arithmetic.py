"""Sums, differences, shares and averages of stated figures, computed by code with their units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from askali.answering.shapes.asking import Asking, Notebook, Shaped, marks, not_stated, plain
from askali.answering.shapes.operand_choice import (
    MORE,
    STATES_BOTH,
    Operation,
    of_column,
    of_row,
    of_sentences,
    of_sides,
)
from askali.answering.shapes.operands import Operand, columns
from askali.answering.shapes.rates import TAKES_OFF, at_a_rate
from askali.answering.shapes.tabular import picked
from askali.domain import Claim, Item, Shape
from askali.messages import COMPUTED, NOT_COMPARABLE
from askali.text.quantities import FIGURE, Figure, read_figure, show_figure
from askali.text.tokens import stem, words

# Words that name an operation; the first that a question has is meant, so a change in percent
# stands before a share, and a share before a difference.
_OPERATIONS = [
    (operation, re.compile(pattern, re.I))
    for operation, pattern in (
        (Operation.PORTION, r"\d\s?(?:%|percent|per cent) of\b"),
        (Operation.CHANGE, r"(?=.*(?:percent|per cent|%)).*\b(?:f[ae]ll|dr[oa]p|r[io]se|gr[eo]w|"
                           r"growth|(?:in|de)creas|declin|chang|shr[aiu]nk|went|go (?:up|down))"),
        (Operation.SHARE, r"\bpercent|\bper cent\b|%|\bshare of\b|\bproportion\b"),
        (Operation.DIFFERENCE, rf"\bdifferen\w+|\bhow (?:much|many|far) (?:\w+ )?{MORE}\b|\bgap\b"
                               r"|\bby how (?:much|many)\b|\bminus\b|\bsubtract|\bleft\b|\bremain"
                               r"|\bnot yet\b|\bunsold\b|\bwithout\b|\bafter\b|\bnet of\b|\brest\b"
                               rf"|\bover budget\b|\b{MORE} .*\bthan\b|\bincrease\b"),
        (Operation.QUOTIENT, r"\bper [a-z]|\baverage .* (?:per|each)\b|\bsingle\b"),
        (Operation.AVERAGE, r"\b(?:average|mean)\b"),
        (Operation.SUM, r"\btotal|\bsum\b|\badd\b|\badded\b|\b(?:al)?together\b|\bcombined\b"
                        r"|(?<!the )\bplus\b|\bin all\b|\boverall\b|\bboth\b"),
    )
]  # fmt: skip
_NAMES = re.compile(
    r"\W*+(?:\w+ )?(?:how many times|which|who|whose|where|when|why|list|name"
    r"|what (?:time|period))\b",
    re.I,
)
"""Asks for a thing, a time or a ratio, not for a sum: "over which years", "how many times"."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
MEANS = {
    "heavier": "weight", "lighter": "weight", "louder": "noise", "quieter": "noise",
    "cheaper": "price", "dearer": "price", "expensive": "price", "longer": "time length",
    "quietest": "noise", "cheapest": "price", "wider": "width",
    "taller": "height", "higher": "height", "older": "age", "faster": "speed",
}  # fmt: skip


def operation(question: str) -> Operation | None:
    """What the question wants computed; None where it names no operation."""
    return next((kind for kind, pattern in _OPERATIONS if pattern.search(question)), None)


def arithmetic(asking: Asking, *, tables_only: bool = False) -> Shaped | None:
    """The result with its operands, each cited; refused where they do not fit each other.

    `tables_only` leaves sentences to the quoting of facts."""
    text = asking.question.text
    wanted = operation(text)
    rows = picked(asking)
    if rows and rows.is_by_value and _NAMES.match(text):
        return None  # "which products sold less in 2023 than in 2022" wants names
    said = [MEANS[w] for w in re.findall(r"\w+", text.lower()) if w in MEANS]
    asked = asking.asked_as(f"{text} {' '.join(said)}") if said else asking
    known = columns(asking)
    found: list[Operand] | None = None
    if wanted is None or TAKES_OFF.search(text):
        if tables_only:
            return None
        wanted, found = at_a_rate(asked, known)
    else:
        for way in (of_sides, of_row, of_column):
            if (found := way(asked, wanted, known)) is not None:
                break
        if found is None and not tables_only and not _NAMES.match(text):
            found = of_sentences(asked, wanted, known)
    if found is None:
        return None
    if not found:
        is_outright = STATES_BOTH.search(text)
        is_refused = is_outright or asking.confidence < asking.fitted.answer_above
        return not_stated(Shape.ARITHMETIC, NOT_COMPARABLE) if is_refused else None
    return _computed(asking, wanted, found)


def _computed(asking: Asking, wanted: Operation, operands: Sequence[Operand]) -> Shaped | None:
    asked = [read_figure(m) for m in FIGURE.finditer(asking.question.text)]
    result = _result(wanted, [o for o in operands if o.figure], asked)
    if result is None:
        return None
    value, unit, said, kept = result
    notebook = Notebook(asking.searcher)
    cited = notebook.cite(*(operand.sentence for operand in kept))
    name, shown = wanted.value.capitalize(), _shown(value, unit, kept)
    items = tuple(
        Item(plain(o.sentence.text), notebook.cite(o.sentence), label=o.shown) for o in kept
    )
    return Shaped(
        Shape.ARITHMETIC,
        f"**{shown}** ({name}: {said}) {marks(cited)}",
        claims=(Claim(f"{name}: {said})", cited, "computed"),),
        citations=tuple(notebook.citations),
        items=items,
        notes=(COMPUTED.format(sum=f"{said} = {shown}"),),
    )


def _result(
    wanted: Operation, kept: list[Operand], asked: Sequence[Figure]
) -> tuple[Decimal, str, str, list[Operand]] | None:
    """Value, unit, the calculation in words and its operands in order; None where it has none.
    `asked` are the figures of the question."""
    values = [o.figure.value for o in kept if o.figure]
    unit = kept[0].figure.unit if kept[0].figure else ""
    match wanted:
        case Operation.SUM:
            value, said = sum(values, Decimal(0)), " + ".join(o.shown for o in kept)
        case Operation.AVERAGE if len(kept) > 2 or kept[0].unit == kept[-1].unit:
            value = sum(values, Decimal(0)) / len(values)
            said = f"({' + '.join(o.shown for o in kept)}) / {len(values)}"
        case Operation.AVERAGE | Operation.QUOTIENT:
            value, said = values[0] / values[1], f"{kept[0].shown} / {kept[1].shown}"
        case Operation.DIFFERENCE:
            kept = sorted(kept, key=lambda o: -(o.figure.value if o.figure else 0))
            first, *rest = (o.figure.value for o in kept if o.figure)
            value, said = first - sum(rest, Decimal(0)), " − ".join(o.shown for o in kept)
        case Operation.CHANGE:
            later, earlier = _latest_first(kept[0], kept[1])
            now, then = (o.figure.value for o in (later, earlier) if o.figure)
            if not then:
                return None
            value, unit = (now - then) / then * 100, "%"
            said = f"{later.shown} against {earlier.shown}"
        case Operation.SHARE:
            if len(kept) == 2:
                kept = sorted(kept, key=lambda o: o.figure.value if o.figure else 0)
            part, *whole = (o.figure.value for o in kept if o.figure)
            total = sum(whole, Decimal(0))
            if unit == "%" or not total:
                return None  # a share of a share is seldom what is meant
            value, unit = part / total * 100, "%"
            said = f"{kept[0].shown} of {' + '.join(o.shown for o in kept[1:])}"
        case Operation.PORTION:
            share = next((f for f in asked if f.unit == "%"), asked[0])
            value, said = share.value * values[0] / 100, f"{share.value:f} % of {kept[0].shown}"
        case Operation.REDUCED:
            value = values[0] * (100 - values[1]) / 100
            said = f"{kept[0].shown} − {kept[1].shown} of {kept[0].shown}"
        case _:
            times = next(f.value for f in asked if not f.unit)
            value, said = times * values[0], f"{times:f} × {kept[0].shown}"
    return value, unit, said, kept


def _latest_first(one: Operand, other: Operand) -> tuple[Operand, Operand]:
    """By the years that they are of; else a sentence tells what came first first."""
    years = [_YEAR.search(o.name) or _YEAR.search(o.about) for o in (one, other)]
    if all(years):
        is_turned = years[0].group() < years[1].group()  # type: ignore[union-attr]
    else:
        is_turned = one.sentence.start <= other.sentence.start and one.column < 0
    return (other, one) if is_turned else (one, other)


def _shown(value: Decimal, unit: str, operands: Sequence[Operand]) -> str:
    """A result with its unit as the source spells it, in thousands where the operands are."""
    said_words = [word.text for o in operands for word in words(o.sentence.text)]
    unit = next((word for word in said_words if stem(word) == unit), unit)
    if value >= 1000 and all(o.shown.endswith("thousand") for o in operands):
        value, unit = value / 1000, f"thousand {unit}"
    return show_figure(Figure(_rounded(value), unit))


def _rounded(value: Decimal) -> Decimal:
    is_exact = abs(value) >= 100 and value == value.to_integral()
    return value if is_exact else value.quantize(Decimal("0.01"))
