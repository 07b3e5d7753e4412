"""Which figures a computation takes: of two sides, a row, a column or the best sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import product

from askali.answering.shapes.asking import Asking, plain
from askali.answering.shapes.operands import Column, Operand, cells, fit, in_text, near
from askali.text.quantities import FIGURE, read_figure
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
    REDUCED = "reduced"


MORE = r"(?:more|less|fewer|higher|lower|[a-z]{3,}er)"
# The two things whose figures are computed with, as questions put them.
_SIDES = [
    re.compile(pattern, re.I)
    for pattern in (
        r".*?\bbetween (?P<a>.+?) and (?P<b>.+)",
        r".*?\b(?:add(?: up)?|sum of|total of) (?P<a>.+?) (?:and|to|plus|with) (?P<b>.+)",
        r".*?\bsubtract (?P<a>.+?) from (?P<b>.+)",
        r"(?P<a>.+?(?<! the)) (?:minus|plus) (?P<b>.+)",
        rf".*?\bhow (?:much|many) {MORE} (?P<a>.+?) (?:than|compared (?:to|with)) (?P<b>.+)",
        r"(?:how (?:many|much) )?(?P<a>.+?) and (?P<b>.+?)\W+"
        r"(?:(?:\w+ ){0,3}(?:together|combined|altogether)|added up|in total|in all).*",
        r"(?P<a>.+?) as an? (?:share|part|percentage|proportion) of (?P<b>.+)",
    )
]
STATES_BOTH = re.compile(
    r"\b(?:add|subtract|minus|(?<!the )plus|between .+ and|sum of .+ and|total of .+ and)\b", re.I
)
"""Both operands are named outright: where one is not there, nothing else will do."""

_MOST_AND_LEAST = re.compile(
    r"\b(?:dear|cheap|high|low|big|small|larg|long|short|strong|weak)\w*est\b", re.I
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_YEAR_BEFORE = re.compile(r"\b(?:year|years?) (?:before|earlier)\b|\bprevious year\b", re.I)
_GENERIC = frozenset(
    analyze(
        """total sum add difference average together combined much many more less percent share
        number amount figure people per each go up rise fall grow increase decrease how between
        left remain altogether minus plus all year"""
    )
)
_SAME_COLUMN = 0.5
_WORSE = 0.6
"""Figures that fit each other are not taken where others of other units come so much nearer."""


def of_sides(asking: Asking, wanted: Operation, known: Sequence[Column]) -> list[Operand] | None:
    """The figures of two things that the question sets against each other ("A and B together",
    "how much more A than B"): none where they do not fit, None where it does not name two."""
    bare = asking.question.text.rstrip(" ?.!")
    if len(_MOST_AND_LEAST.findall(bare)) > 1:
        return None
    match = next((m for m in (frame.fullmatch(bare) for frame in _SIDES) if m), None)
    if match is None or wanted in (Operation.PORTION, Operation.QUOTIENT, Operation.AVERAGE):
        return None
    terms = [
        {term for term in set(analyze(side)) - _GENERIC if not term.isdigit()}
        for side in match.group("a", "b")
    ]
    shared = terms[0] & terms[1]
    if not (terms[0] - shared and terms[1] - shared):
        return None
    nothing: list[Operand] | None = [] if STATES_BOTH.search(bare) else None
    chosen: list[list[tuple[float, Operand]]] = []
    for side, mine in zip(match.group("a", "b"), terms, strict=True):
        among = [*cells(known), *in_text(asking), *in_text(asking.asked_as(side), most=2)]
        met = [
            (len(mine & said), bool((mine - shared) & said), operand)
            for operand in dict.fromkeys(among)
            if (said := set(analyze(operand.about)))
        ]
        most = max((count for count, is_own, _ in met if is_own), default=0)
        best = [o for count, is_own, o in met if is_own and count == most]
        if said_figures := [read_figure(m).value for m in FIGURE.finditer(side)]:
            of_side = [
                o for o in dict.fromkeys(among) if o.figure and o.figure.value in said_figures
            ]
            best = of_side or best  # "the 40 cars" are these 40
        if not best:
            return nothing
        chosen.append([(near(asking, operand), operand) for operand in best[:40]])
    pairs = [
        (x + y + _SAME_COLUMN * (a.column == b.column
                                 and (a.column >= 0 or a.sentence is b.sentence)), [a, b])
        for (x, a), (y, b) in product(*chosen)
        if a is not b and (a.sentence is not b.sentence or a.figure != b.figure or a.column >= 0)
    ]  # fmt: skip
    fitting = [pair for pair in pairs if fit(*pair[1])]
    if not fitting:
        return nothing
    value, best = max(fitting, key=lambda pair: pair[0])
    return best if value > max(pair[0] for pair in pairs) - _WORSE else nothing


def of_row(asking: Asking, wanted: Operation, known: Sequence[Column]) -> list[Operand] | None:
    """One row's figures in two columns: of the years that are asked for, of two models."""
    text = asking.question.text
    if wanted not in (Operation.DIFFERENCE, Operation.CHANGE) or _MOST_AND_LEAST.search(text):
        return None
    years = _YEAR.findall(text)
    if len(years) == 1 and _YEAR_BEFORE.search(text):
        years.append(str(int(years[0]) - 1))
    by_row: dict[int, list[Operand]] = {}
    for operand in cells(known):
        if operand.column >= 0:
            by_row.setdefault(operand.sentence.start, []).append(operand)
    best: tuple[float, list[Operand]] | None = None
    for row in by_row.values():
        name = row[0].about.partition(", ")[0]
        met = set(analyze(name)) & asking.terms - _GENERIC
        heads = {s for o in row for s in analyze(o.name)}
        open_terms = {s for s in asking.terms - _GENERIC - heads if not s.isdigit()}
        if not met or len(met) * 2 < len(open_terms):
            continue
        if years and not any(_YEAR.search(o.name) for o in row):
            continue
        of_years = [[o for o in row if y in o.name] for y in years] or [row, row]
        pairs = (
            [[a, b] for a, b in product(*of_years[:2]) if a is not b and fit(a, b)]
            if len(of_years) > 1
            else []
        )
        pair = max(pairs, key=lambda two: sum(near(asking, o) for o in two), default=[])
        share = len(met) / max(1, len(set(analyze(name))))
        value = asking.relevance(row[0].about) + share + 0.5 * bool(pair)
        if best is None or value > best[0]:
            best = (value, pair)
    return best[1] if best and (best[1] or years) else None


def of_column(asking: Asking, wanted: Operation, known: Sequence[Column]) -> list[Operand] | None:
    """All figures of the column that is asked for; with the part first for a share, and its
    greatest and least for their difference."""
    text = asking.question.text
    is_span = wanted is Operation.DIFFERENCE and len(_MOST_AND_LEAST.findall(text)) > 1
    if wanted not in (Operation.SUM, Operation.AVERAGE, Operation.SHARE) and not is_span:
        return None
    years = _YEAR.findall(text)
    best: tuple[float, Column] | None = None
    for column in known:
        said = set(analyze(column.about))
        if not asking.terms & said - _GENERIC or not (column.is_of_one_unit and column.is_numeric):
            continue
        topic = asking.terms - _GENERIC
        if len(topic & (said | set(analyze(" ".join(column.rows))))) * 2 < len(topic):
            continue  # "average price of a ticket" is not told by a column of cinemas
        headed = _YEAR.findall(column.name)
        if years and headed and not set(years) & set(headed):
            continue
        value = asking.relevance(column.about) + 0.5 * asking.relevance(column.name)
        if best is None or value > best[0]:
            best = (value, column)
    if best is None:
        return None
    filled = [o for o in best[1].operands if o.figure]
    if is_span:
        in_order = sorted(filled, key=lambda o: o.figure.value if o.figure else 0)
        return [in_order[-1], in_order[0]]
    named = [
        o for o, row in zip(best[1].operands, best[1].rows, strict=True)
        if o.figure and set(analyze(row)) & asking.terms - set(analyze(best[1].about)) - _GENERIC
    ]  # fmt: skip
    if wanted is Operation.SHARE:
        return [named[0], *filled] if len(named) == 1 else None
    if len(named) > 1:
        return named
    return None if named else filled


def of_sentences(
    asking: Asking, wanted: Operation, known: Sequence[Column]
) -> list[Operand] | None:
    """The operands that sentences near the best one give: none where the years or things that
    are asked for are not theirs."""
    if not asking.ranked:
        return None
    text = asking.question.text
    given = {m.group().strip().lower() for m in FIGURE.finditer(text)}
    found = in_text(asking)
    if wanted is Operation.PORTION:
        others = [o for o in (*cells(known), *found) if o.figure and o.unit != "%"]
        return [max(others, key=lambda o: near(asking, o))] if others else None
    topic = asking.terms - _GENERIC
    said = set(analyze(" ".join(o.sentence.text for o in found)))
    if len(topic & said) * 2 < len(topic):
        return None
    years = set(_YEAR.findall(text))
    if years and not all(any(y in o.sentence.text for o in found) for y in years):
        return []
    if wanted in (Operation.QUOTIENT, Operation.AVERAGE):
        return _per(asking, found)
    if wanted is Operation.SUM:
        for sentence in sorted(
            {o.sentence for o in found}, key=lambda s: -asking.scores.get(s, -9)
        ):
            own = [o for o in found if o.sentence is sentence and o.unit not in ("", "%")]
            units = [o.unit for o in own if o.shown.lower() not in given]
            same = [o for o in own if units and o.unit == max(units, key=units.count)]
            if len(same) > 1 and len(topic & set(analyze(sentence.text))) * 2 >= len(topic):
                return same
        return None
    named = [o for o in found if o.shown.lower() in given]
    return _two(asking, named or found, found)


def _two(
    asking: Asking, first: Sequence[Operand], others: Sequence[Operand]
) -> list[Operand] | None:
    """Two figures that fit each other in one paragraph, those whose sentences are best."""
    first_of = {o.sentence: o for o in reversed(others)}
    pairs = [
        (asking.scores.get(a.sentence, -9.0) + asking.scores.get(b.sentence, -9.0)
         + 2.0 * (a.sentence is b.sentence) + near(asking, a) + near(asking, b)
         - sum(o is not first_of[o.sentence] for o in (a, b))
         + 2.0 * (f"{a.shown} of {b.shown}" in plain(a.sentence.text)), [a, b])
        for a in first for b in others
        if a is not b and fit(a, b) and a.figure != b.figure
        and (a.sentence.document_id, a.sentence.paragraph)
        == (b.sentence.document_id, b.sentence.paragraph)
    ]  # fmt: skip
    return max(pairs, key=lambda pair: pair[0])[1] if pairs else None


def _per(asking: Asking, found: Sequence[Operand]) -> list[Operand] | None:
    """What is shared out and among how many: "6,310 euros" and "five households" for a debt
    per household, of one sentence."""
    match = re.search(
        r"\b(?:per|each|every|single|one) (?:single )?([a-z]{3,})", asking.question.text, re.I
    )
    if match is None:
        return None
    among = stem(match[1])
    for one in found:
        if one.unit.rstrip("s") != among.rstrip("s") or not one.figure or not one.figure.value:
            continue
        whole = [o for o in found if o.sentence is one.sentence and o.unit != one.unit]
        whole = [o for o in whole if o.unit not in ("", "%", "year")]
        if whole:
            return [max(whole, key=lambda o: near(asking, o)), one]
    return None
