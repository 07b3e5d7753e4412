"""Sums, differences, shares and averages of stated figures, computed by code with their units."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from askali.answering.shapes.asking import Asking, Notebook, Shaped, marks, plain
from askali.answering.shapes.blocks import Placed, tables
from askali.answering.shapes.tabular import columns_asked, columns_named, number, picked, rows_asked
from askali.domain import Claim, Item, Reason, Sentence, Shape
from askali.messages import ABSTENTION, COMPUTED, NOT_COMPARABLE
from askali.query.question_type import has_currency
from askali.text.dates import DATE
from askali.text.quantities import FIGURE, UNITS, Figure, read_figure, show_figure
from askali.text.tables import is_row
from askali.text.tokens import analyze, stem


class Operation(StrEnum):
    """What is computed."""

    SUM = "sum"
    DIFFERENCE = "difference"
    CHANGE = "change in percent"
    SHARE = "share"
    PORTION = "portion"
    AVERAGE = "average"
    PRODUCT = "product"
    QUOTIENT = "quotient"


_PERCENT = re.compile(r"\bpercent\w*\b|\bper cent\b|%|\bshare\b|\bproportion\b", re.I)
_PORTION = re.compile(r"\d+(?:\.\d+)?\s?(?:%|percent|per cent) of\b", re.I)
_GREW = re.compile(
    r"\b(?:fall|fell|drop\w*|rise|rose|grow\w*|grew|growth|increas\w+|decreas\w+|decline\w*|change\w*"
    r"|went up|go up|went down|go down|up|down)\b",
    re.I,
)
_SUM = re.compile(
    r"\b(?:total\w*|sum\b|add\w*|altogether|together|combined|plus|in all|overall|both)\b", re.I
)
_AVERAGE = re.compile(r"\b(?:average|mean|on average)\b", re.I)
_DIFFERENCE = re.compile(
    r"\b(?:difference|how (?:much|many) (?:\w+ )?(?:more|less|fewer|higher|lower|cheaper|\w+er)\b"
    r"|by how (?:much|many)|minus|subtract\w*|left|remain\w*|not yet|after|more than|less than|gap"
    r"|(?:older|younger|longer|heavier|louder|dearer|cheaper|later|bigger|larger"
    r"|smaller) (?:is|than|was)"
    r"|how long (?:between|after|before)|without|net of|still|increase|rise|grow|go up|went up)\b",
    re.I,
)
_EACH = re.compile(r"\b(?:per|each|single|one|apiece|every)\b", re.I)
_EXPLICIT = re.compile(
    r"\b(?:add|sum of|difference between|subtract|minus|plus)\b.*?\b(?:and|to"
    r"|from|with|minus|plus)\b",
    re.I,
)
_SIDES = re.compile(
    r"\b(?:add(?: up)?|sum of|difference (?:between|of)"
    r"|subtract)\s+(?:the )?(?P<a>.+?)\s+(?:and|to|from|with)\s+(?:the )?(?P<b>.+?)"
    r"(?:\s+of\b.*)?[?.! ]*$",
    re.I,
)
_FOR_NAME = re.compile(r"\b(?:who|whose|which|where|when|why|what (?:time|period))\b", re.I)
_LISTS = re.compile(r"\W*(?:which|what|list|name|all)\b(?! is| was| are the diff)", re.I)
MEANS = {
    "heavier": "weight", "lighter": "weight", "louder": "noise", "quieter": "noise",
    "cheaper": "price", "dearer": "price", "expensive": "price", "longer": "time length",
    "quietest": "noise", "cheapest": "price", "wider": "width",
    "taller": "height", "higher": "height", "older": "age", "faster": "speed",
}  # fmt: skip
_GENERIC = frozenset(
    analyze(
        """total sum add difference average together combined much many more less percent share
        number amount figure cost price year people per each single go up rise fall grow increase
        decrease how between left remain altogether minus plus all"""
    )
)
_BARE_SCALE = re.compile(r"(?:hundred|thousand|million|billion|trillion|dozen)s?\W*", re.I)
_LEANS = re.compile(r"^\W*(?:it|this|that|they|these|he|she|now)\b", re.I)
_MOST = 5
_NEAR = 5.0


@dataclass(frozen=True, slots=True)
class Operand:
    """A figure with the sentence that states it."""

    figure: Figure
    sentence: Sentence
    shown: str


def operation(question: str) -> Operation | None:
    """What the question wants computed; None where it names no operation."""
    if _PORTION.search(question):
        return Operation.PORTION
    if _AVERAGE.search(question):
        return Operation.AVERAGE
    if _PERCENT.search(question):
        return Operation.CHANGE if _GREW.search(question) else Operation.SHARE
    if _DIFFERENCE.search(question):
        return Operation.DIFFERENCE
    if _SUM.search(question):
        return Operation.SUM
    if _EACH.search(question):
        return Operation.QUOTIENT
    return None


def arithmetic(asking: Asking, *, tables_only: bool = False) -> Shaped | None:
    """The result with its operands, each cited; refused where they do not fit each other.

    `tables_only` leaves sentences to the quoting of facts."""
    wanted = operation(asking.question.text)
    if wanted is None:
        return None
    asked = _reworded(asking)
    found_rows = picked(asking)
    if found_rows and found_rows.is_by_value and _LISTS.match(asking.question.text):
        return None  # "which products sold less in 2023 than in 2022" wants names
    if _EXPLICIT.search(asking.question.text) and (sides := _explicit(asked)) is not None:
        if not sides:
            return refused()
        return _computed(asking, wanted, sides)
    found = _from_table(asked, wanted)
    if not found and not (tables_only or _FOR_NAME.search(asking.question.text)):
        found = _from_text(asked, wanted)
        if found and not _is_sound(found):
            return None  # a figure of sentences is computed only where nothing is guessed
    if found is None:
        return None
    if not found:  # a figure that is stated after all is quoted as a fact
        return refused() if asking.confidence < asking.fitted.answer_above else None
    return _computed(asking, wanted, found)


def _explicit(asking: Asking) -> list[Operand] | None:
    """The figures of two things that the question itself sets against each other, "the
    difference between A and B": an empty list where they do not fit, None where one of
    them is not to be found."""
    match = _SIDES.search(asking.question.text)
    if not match:
        return None
    found: list[Operand] = []
    for side in match.group("a", "b"):
        topic = set(analyze(side)) - _GENERIC
        one = asking.asked_as(side)
        cells = [
            cell
            for placed in tables(asking)
            for row in rows_asked(one, placed) or _rows_begun(one, placed)
            for column in (columns_named(asking, placed) or range(1, len(placed.grid.columns)))[:1]
            if (cell := _cell(placed, row, column)) is not None
        ]
        near = [
            o for s in one.ranked[:2] if topic & set(analyze(s.text)) and not is_row(s.text)
            for o in _figures(s)
        ]  # fmt: skip
        given = [o for o in near if o.shown.lower() in side.lower()]
        best = (given or cells or near)[:1]
        if not best:
            return None
        found += best
    units = [operand.figure.unit for operand in found]
    if _kind(units[0]) != _kind(units[1]):
        return []
    return found if units[0] == units[1] else None


def _is_sound(operands: Sequence[Operand]) -> bool:
    """True for figures in digits and of one measured unit: "sevenfold" less "one" is no sum, and
    a count of people in one sentence need not be of the people in another."""
    units = {operand.figure.unit for operand in operands}
    is_measured = all(unit in UNITS or has_currency(unit) for unit in units)
    return len(units) == 1 and is_measured and all(re.search(r"\d", o.shown) for o in operands)


def _rows_begun(asking: Asking, placed: Placed) -> list[int]:
    """Rows whose first word is asked for: "Price (recommended, 2022)" for the price."""
    firsts = [analyze(name)[:1] for name in placed.grid.names]
    return [i for i, first in enumerate(firsts) if first and first[0] in asking.terms]


def _kind(unit: str) -> str:
    """Units that may be scaled into each other are of one kind."""
    return re.sub(r"\b(?:thousand|million|billion)s?\b", "", unit.lower()).strip().rstrip("s")


def refused() -> Shaped:
    """Why nothing is computed."""
    return Shaped(
        Shape.ARITHMETIC,
        f"{ABSTENTION} {NOT_COMPARABLE}",
        abstained=True,
        reason=Reason.RELATED_BUT_NOT_STATED,
    )


def _reworded(asking: Asking) -> Asking:
    """The question with the noun that an adjective stands for: "heavier" asks for a weight."""
    said = [MEANS[w] for w in re.findall(r"\w+", asking.question.text.lower()) if w in MEANS]
    return asking.asked_as(f"{asking.question.text} {' '.join(said)}") if said else asking


def _cell(placed: Placed, row: int, column: int) -> Operand | None:
    """A cell as an operand; its unit may stand in its column's name or the first cell."""
    grid = placed.grid
    text = grid.rows[row][2][column]
    value = number(text)
    if value is None or len(re.findall(r"\d[\d,.]*", text)) > 1:
        return None
    match = FIGURE.search(text)
    unit = read_figure(match).unit if match else ""
    if not unit:
        unit = _unit_of(grid.columns[column]) or _unit_of(grid.columns[0])
        unit = unit or (_unit_of(placed.caption.text.rstrip(":")) if placed.caption else "")
    named = re.sub(r"^[-−]?[\d,.]+\s?", "", text).strip() if not unit else ""
    return Operand(Figure(value, unit or named), placed.rows[row], text)


def _unit_of(name: str) -> str:
    """The unit in the name of a column: "(thousand marks)", "in megawatt-hours"."""
    found = re.search(r"\(([^()]*)\)|\bin ([a-z-]+(?: [a-z-]+)?)$", name)
    if found and not re.search(r"\d|restated", found.group(1) or ""):
        return str(found.group(1) or found.group(2))
    return name if re.match(r"(?:thousand|million)s? \w+$", name, re.I) else ""


def _from_table(asking: Asking, wanted: Operation) -> list[Operand] | None:
    """The operands that a table gives; an empty list where they do not fit; None for none."""
    text = asking.question.text
    years = re.findall(r"\b(?:19|20)\d\d\b", text)
    best: tuple[float, list[Operand]] | None = None
    for placed in tables(asking):
        grid = placed.grid
        near = asking.relevance(f"{placed.heading} {' '.join(grid.columns)} {' '.join(grid.names)}")
        rows = rows_asked(asking, placed) or _rows_near(asking, placed)
        if wanted is Operation.SUM and len(rows) == 1:
            shared = [len(asking.terms & set(analyze(name))) for name in grid.names]
            rows = [i for i, count in enumerate(shared) if count > 1] or rows
        columns = columns_named(asking, placed) or [i for i in columns_asked(asking, placed) if i]
        chosen = _operands(asking, wanted, placed, rows, columns, years)
        if chosen is None:
            continue
        value = near + 0.2 * bool(rows) + 0.2 * bool(columns)
        if best is None or value > best[0]:
            best = (value, chosen)
    return best[1] if best else None


def _rows_near(asking: Asking, placed: Placed) -> list[int]:
    """Rows with a word of the question that no other row has."""
    found = []
    columns = {s for name in placed.grid.columns for s in analyze(name)}
    for i, name in enumerate(placed.grid.names):
        if set(analyze(name)) & asking.terms - columns:
            found.append(i)
    return found if len(found) <= 2 else []


def _operands(
    asking: Asking,
    wanted: Operation,
    placed: Placed,
    rows: Sequence[int],
    columns: Sequence[int],
    years: Sequence[str],
) -> list[Operand] | None:
    grid = placed.grid
    by_year = [i for y in years for i in columns_of_year(placed, y, asking)]
    if years and any(y in " ".join(grid.columns) for y in years) and len(by_year) < len(years):
        return []  # one of the years is not in the table
    numeric = [
        i for i in range(1, len(grid.columns))
        if sum(number(cells[i]) is not None for _, _, cells in grid.rows) * 2 > len(grid.rows)
    ]  # fmt: skip
    if wanted in (Operation.SUM, Operation.AVERAGE, Operation.SHARE) and len(rows) < 2:
        about = set(analyze(f"{placed.heading} {placed.caption.text if placed.caption else ''}"))
        column = next((i for i in [*by_year, *columns] if i in numeric), None)
        is_on = bool(
            asking.terms
            & (about | set(analyze(grid.columns[0])) | set(analyze(" ".join(grid.columns))))
        )
        if column is None or not is_on:
            return None
        cells = [_cell(placed, i, column) for i in range(len(grid.rows))]
        whole = [c for c in cells if c is not None]
        if wanted is Operation.SHARE:
            part = _cell(placed, rows[0], column) if rows else None
            return [part, *whole] if part else None
        if rows:
            return None
        units = {c.figure.unit for c in whole}
        return whole if len(units) == 1 else None
    if len(rows) == 1 and wanted in (Operation.DIFFERENCE, Operation.CHANGE):
        pair = by_year if len(by_year) > 1 else _pair(placed, rows[0], columns, numeric, by_year)
        found = [c for i in pair[:2] if (c := _cell(placed, rows[0], i))]
        return found if len(found) == 2 else None
    if len(rows) >= 2:
        column = next((i for i in [*by_year, *columns]), numeric[0] if len(numeric) == 1 else None)
        if column is None:
            return None
        found = [c for i in rows if (c := _cell(placed, i, column))]
        if len({c.figure.unit for c in found}) > 1:
            return []
        return found if len(found) > 1 else None
    if len(rows) == 1 and wanted is Operation.PORTION and (by_year or columns or numeric):
        one = _cell(placed, rows[0], [*by_year, *columns, *numeric][0])
        return [one] if one else None
    return None


def columns_of_year(placed: Placed, year: str, asking: Asking) -> list[int]:
    """The column of a year; of several the one that shares most with the question."""
    having = [i for i, name in enumerate(placed.grid.columns) if i and year in name]
    if not having:
        return []
    return [max(having, key=lambda i: len(asking.terms & set(analyze(placed.grid.columns[i]))))]


def _pair(
    placed: Placed, row: int, columns: Sequence[int], numeric: Sequence[int], by_year: Sequence[int]
) -> list[int]:
    """The two columns to be held against each other in one row."""
    cells = [
        i
        for i in range(1, len(placed.grid.columns))
        if number(placed.grid.rows[row][2][i]) is not None
    ]
    if by_year:
        for i in cells:
            for j in cells:
                one, other = placed.grid.columns[i], placed.grid.columns[j]
                years = [re.search(r"(?:19|20)\d\d", name) for name in (one, other)]
                if not all(years) or i == j:
                    continue
                later, earlier = (int(y.group()) for y in years if y)
                if later - earlier == 1 and one.replace(str(later), "") == other.replace(
                    str(earlier), ""
                ):
                    return [i, j]
        year = re.search(r"(?:19|20)\d\d", placed.grid.columns[by_year[0]])
        before = str(int(year.group()) - 1) if year else ""
        same = [i for i in cells if before and before in placed.grid.columns[i]]
        return [by_year[0], *same[:1]]
    return cells if len(cells) == 2 else list(columns[:2])


def _from_text(asking: Asking, wanted: Operation) -> list[Operand] | None:
    """The operands that sentences near the best one give."""
    if not asking.ranked or not asking.is_related:
        return None
    given = {m.group().strip().lower() for m in FIGURE.finditer(asking.question.text)}
    topic = asking.terms - _GENERIC
    close = [
        s for s in asking.ranked[:_MOST]
        if asking.scores[s] >= -_NEAR and not is_row(s.text)
        and topic & set(analyze(f"{s.heading} {s.text}"))
    ]  # fmt: skip
    years = set(re.findall(r"\b(?:19|20)\d\d\b", asking.question.text))
    if (
        years
        and not all(any(y in s.text for s in close) for y in years)
        and wanted is not Operation.PORTION
    ):
        return []
    if close:
        text = asking.text
        at = text.index(close[0]) if close[0] in text else len(text)
        after = [s for s in text[at + 1 : at + 3] if s.paragraph == close[0].paragraph]
        close = [close[0], *(s for s in after if _LEANS.match(s.text)), *close[1:]]
        close = list(dict.fromkeys(close))
    found = [operand for s in close for operand in _figures(s)]
    if wanted is Operation.PORTION:
        rest = [o for o in found if o.shown.lower() not in given and o.figure.unit != "%"]
        return rest[:1] or None
    named = [o for o in found if o.shown.lower() in given]
    if len(named) == 2 and named[0].figure.unit != named[1].figure.unit:
        return []
    best = close[0] if close else None
    if wanted is Operation.SUM and best is not None:
        own = [o for o in _figures(best) if o.shown.lower() not in given]
        units = Counter(o.figure.unit for o in own)
        unit, count = units.most_common(1)[0] if units else ("", 0)
        if count > 1 and unit != "%":
            return [o for o in own if o.figure.unit == unit]
        return None
    if wanted is Operation.QUOTIENT:
        return None
    return _two(found, named)


def _two(found: Sequence[Operand], named: Sequence[Operand]) -> list[Operand] | None:
    """Two figures of one unit, of one sentence before neighbours before others."""
    first = list(named) or list(found)
    for one in first:
        for other in found:
            if other is one or other.figure.value == one.figure.value:
                continue
            units = {one.figure.unit, other.figure.unit}
            is_same = len(units) == 1 or "" in units and _is_near(one, other)
            if not is_same:
                continue
            if (
                one.sentence is other.sentence
                or abs(one.sentence.paragraph - other.sentence.paragraph) <= 0
            ):
                return [one, other]
    return None


def _is_near(one: Operand, other: Operand) -> bool:
    """True in one sentence, or where both are counted in millions side by side: "310 million
    crowns. It now stands at 468 million"."""
    scaled = all(re.search(r"million|billion|thousand", o.shown) for o in (one, other))
    return one.sentence is other.sentence or scaled


def _figures(sentence: Sentence) -> list[Operand]:
    """The figures of a sentence that are no dates; a currency said once holds for all sums."""
    text = plain(sentence.text)
    dated = [m.span() for m in DATE.finditer(text)]
    found = []
    unit = ""
    for match in FIGURE.finditer(text):
        figure = read_figure(match)
        if re.search(r"[\w-]$", text[: match.start()]) or _BARE_SCALE.fullmatch(match.group()):
            continue  # "M5", "LF-7725", "trillion-level"
        if figure.unit == "th" or any(a <= match.start() < b for a, b in dated):
            continue
        if not figure.unit and (word := re.match(r"\s([a-z]{3,})s?\b", text[match.end() :])):
            is_sum = re.search(r"million|billion|thousand", match.group(), re.I)
            noun = stem(word.group(1))
            if has_currency(word.group(1)) or not is_sum:
                figure = Figure(figure.value, noun)
        if not figure.unit and re.search(r"million|billion|thousand", match.group(), re.I):
            figure = Figure(figure.value, unit)
        unit = figure.unit if re.search(r"million|billion|thousand", match.group(), re.I) else unit
        found.append(Operand(figure, sentence, match.group().strip()))
    return found


def _computed(asking: Asking, wanted: Operation, operands: Sequence[Operand]) -> Shaped | None:
    values = [operand.figure.value for operand in operands]
    unit = operands[0].figure.unit
    notebook = Notebook(asking.searcher)
    match wanted:
        case Operation.SUM:
            value, sign = sum(values, Decimal(0)), " + "
        case Operation.AVERAGE:
            value, sign = sum(values, Decimal(0)) / len(values), " + "
        case Operation.DIFFERENCE:
            value, sign = abs(values[0] - values[1]), " − "
            operands = sorted(operands[:2], key=lambda o: -o.figure.value)
        case Operation.CHANGE:
            later, earlier = values[:2] if is_row(operands[0].sentence.text) else values[1::-1]
            if not earlier:
                return None
            value, unit, sign = (later - earlier) / earlier * 100, "%", " against "
        case Operation.SHARE:
            if unit == "%":
                return None  # a share of a share is seldom what is meant
            part, *whole = values
            total = sum(whole, Decimal(0)) if len(whole) > 1 else max(values)
            part = part if len(whole) > 1 else min(values)
            if not total:
                return None
            value, unit, sign = part / total * 100, "%", " of "
        case Operation.PORTION:
            share = FIGURE.search(asking.question.text)
            if share is None:
                return None
            value, sign = read_figure(share).value * values[0] / 100, " of "
        case _:
            return None
    shown = _shown(value, unit)
    said = sign.join(operand.shown for operand in operands)
    if wanted is Operation.AVERAGE:
        said = f"({said}) / {len(values)}"
    if wanted is Operation.SHARE and len(operands) > 2:
        said = f"{operands[0].shown} of {' + '.join(o.shown for o in operands[1:])}"
    cited = notebook.cite(*(operand.sentence for operand in operands))
    name = wanted.value.capitalize()
    items = tuple(
        Item(plain(o.sentence.text), notebook.cite(o.sentence), label=o.shown) for o in operands
    )
    text = f"**{shown}** ({name}: {said}) {marks(cited)}"
    claim = Claim(f"{name}: {said})", cited, "computed")
    return Shaped(
        Shape.ARITHMETIC,
        text,
        claims=(claim,),
        citations=tuple(notebook.citations),
        items=items,
        notes=(COMPUTED.format(sum=f"{said} = {shown}"),),
    )


def _shown(value: Decimal, unit: str) -> str:
    if abs(value) < 100 or value != value.to_integral():
        value = value.quantize(Decimal("0.01"))
    figure = Figure(value, unit)
    return show_figure(figure)
