"""Questions that a table answers: its rows under a condition, a column, the biggest of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from askali.answering.shapes.asking import Asking
from askali.answering.shapes.blocks import Placed, tables, told
from askali.domain import Sentence
from askali.text.quantities import FIGURE, read_figure
from askali.text.tokens import analyze

# Conditions on a row's figure that ask for more than it …
_OVER = (
    r"over|above|more than|greater than|higher than|exceeding|at least|from|bigger than"
    r"|larger than|longer than"
)
# … and for less.
_UNDER = (
    r"under|below|less than|fewer than|lower than|at most|up to|smaller than|shorter than"
    r"|cheaper than"
)
_BOUND = re.compile(rf"\b(?P<way>{_OVER}|{_UNDER})\s+(?=[\d$€£a-z])", re.I)
# Words of a value that is below another.
_FELL = re.compile(
    r"\b(?:lower|less|fewer|fell|fall|decreas\w+|declin\w+|smaller|dropped|shr[aiu]nk\w*)\b", re.I
)
_ROSE = re.compile(r"\b(?:higher|more|rose|increas\w+|grew|grown|bigger|larger)\b", re.I)
# Superlatives for which the largest value is the answer.
_MOST = re.compile(
    r"\b(?:most|biggest|largest|highest|strongest|longest|heaviest|best|maximum|max|top|newest|youngest|latest)\b",
    re.I,
)
# Superlatives for which the smallest value is the answer.
_LEAST = re.compile(
    r"\b(?:least|smallest|lowest|fewest|weakest|shortest|lightest|cheapest|minimum|min|oldest|earliest|first)\b",
    re.I,
)
_TWO_SIDED = re.compile(r"\b(?:than|twice|thrice|only|never|without)\b", re.I)
"""A condition on rows; where it is not understood, all rows are no answer."""

_AGE = re.compile(r"\b(?:oldest|newest|youngest|earliest|latest)\b", re.I)
_ASIDE = re.compile(r"[\"“„][^\"”“]*[\"”“]|\([^()]*\)")
_SCALE = re.compile(r"\b(thousands?|millions?|billions?)\b", re.I)
_TIMES = {"thousand": 1000, "million": 10**6, "billion": 10**9}


@dataclass(frozen=True, slots=True)
class Picked:
    """Rows of a table, the column by which they were picked (0 for none), and the one that
    names them."""

    table: Placed
    rows: tuple[int, ...]
    column: int
    is_by_value: bool
    named: int = 0

    def sentence(self, row: int) -> Sentence:
        """The sentence of a row."""
        return self.table.rows[row]


def number(cell: str) -> Decimal | None:
    """The figure of a cell; None for words and for dashes."""
    match = re.search(r"[-−]?\d[\d,]*(?:\.\d+)?", cell)
    return Decimal(match.group().replace(",", "").replace("−", "-")) if match else None


def scale(column: str) -> int:
    """What the figures of a column are to be multiplied by: "(thousand marks)" says 1000."""
    found = _SCALE.search(column)
    return _TIMES[found.group(1).lower().rstrip("s")] if found else 1


def alike(one: str, other: str) -> bool:
    """True for equal stems, and where one begins the other: "tonnage" is of "tonnes"."""
    short, long = sorted((one, other), key=len)
    return one == other or len(short) > 3 and long.startswith(short)


def columns_asked(asking: Asking, placed: Placed, text: str = "") -> list[int]:
    """The columns that the question names, those that share most words with it first."""
    asked = set(analyze(text or asking.question.text))
    found = []
    for i, name in enumerate(placed.grid.columns):
        shared = sum(any(alike(a, b) for b in analyze(name)) for a in asked)
        if shared:
            found.append((-shared, i))
    best = min((n for n, _ in found), default=0)
    return [i for n, i in sorted(found) if n == best]


def columns_named(asking: Asking, placed: Placed) -> list[int]:
    """The columns that the question names in full, or by what they alone have ("the Plus");
    a name inside a longer one that is named too ("M5" in "M5 Plus") only where it is said
    for itself."""
    said = analyze(asking.question.text)
    asked = set(said)
    stems = [set(analyze(name)) for name in placed.grid.columns]
    found = []
    for i, mine in enumerate(stems):
        if not i or not mine:
            continue
        others = set().union(*(other for j, other in enumerate(stems) if j and j != i))
        if mine <= asked or (mine - others) & asked:
            found.append(i)
    return [
        i
        for i in found
        if not any(stems[i] < stems[j] and max(map(said.count, stems[i])) < 2 for j in found)
    ]


def rows_asked(asking: Asking, placed: Placed, text: str = "") -> list[int]:
    """The rows that the question names by all words of their first cell, or by those outside or
    inside its quotation marks and brackets: 'Motor boat "Snoek"' is the Snoek."""
    asked = set(analyze(text or asking.question.text))
    found = []
    for i, name in enumerate(placed.grid.names):
        ways = [name, _ASIDE.sub(" ", name), *(m.group() for m in _ASIDE.finditer(name))]
        stems = [set(analyze(way)) for way in ways]
        if named := [way for way in stems if way and way <= asked]:
            found.append((i, max(named, key=len)))
    # "M5" is in "M5 Plus": the longer name takes its words.
    return [i for i, stems in found if not any(stems < other for _, other in found)]


def column_listed(asking: Asking, rest: frozenset[str]) -> tuple[Placed, int] | None:
    """The column of words whose values are asked for by its name, or by the name of a document
    that is one table: "which sources are listed"; `rest` are the words that only ask."""
    asked = asking.terms - rest
    titles = {document.id: set(analyze(document.title)) for document in asking.documents}
    for placed in tables(asking):
        cells = list(zip(*(cells for _, _, cells in placed.grid.rows), strict=True))
        worded = [i for i, column in enumerate(cells) if all(map(_is_worded, column))]
        title = titles[placed.document_id] | set(analyze(placed.heading))
        of_nothing_else = re.sub(r"\b(\w+)s? of \w+", r"\1", asking.question.text)
        for i in worded:
            named = set(analyze(placed.grid.columns[i]))
            for words in (asked, frozenset(analyze(of_nothing_else)) - rest):
                if words and words <= named | title and words & named:
                    return placed, i
        if worded and asked and asked <= title and len(asking.documents) == 1:
            return placed, worded[0]
    return None


def _is_worded(cell: str) -> bool:
    return not cell or not cell[0].isdigit() and any(map(str.isalpha, cell))


def picked(asking: Asking) -> Picked | None:
    """The rows that meet the question's condition, or all where its kind of row is asked for."""
    text = asking.question.text
    best: tuple[float, Picked] | None = None
    for placed in (*tables(asking), *told(asking)):
        grid = placed.grid
        near = asking.relevance(placed.about)
        asked = set(analyze(text))
        # "products" are the rows of a table whose first column is "Product".
        is_named = bool(asked & set(analyze(grid.columns[0])))
        rows = _condition(asking, placed)
        second = grid.columns[1] if len(grid.columns) > 2 else ""
        is_numbered = all(re.fullmatch(r"\W*\d{0,3}\W*", name) for name in grid.names)
        named = int(is_numbered and not placed.is_told and bool(asked & set(analyze(second))))
        if rows is None and (is_named or named) and not _TWO_SIDED.search(text):
            rows = _with_cell(asking, placed) or Picked(
                placed, tuple(range(len(grid.rows))), 0, is_by_value=False, named=named
            )
        if rows is None:
            continue
        value = near + 0.3 * is_named + 0.2 * rows.is_by_value
        if best is None or value > best[0]:
            best = (value, rows)
    return best[1] if best else None


def _condition(asking: Asking, placed: Placed) -> Picked | None:
    text, grid = asking.question.text, placed.grid
    columns = [i for i in columns_asked(asking, placed) if i]
    bound = _BOUND.search(text)
    figure = FIGURE.search(text, bound.end()) if bound else None
    if bound and figure and figure.start() - bound.end() < 3:
        rest = f"{text[: bound.start()]} {text[figure.end() :]}"
        columns = [i for i in columns_asked(asking, placed, rest) if i] or columns
        if columns:
            limit = read_figure(figure).value
            column = columns[0]
            times = scale(grid.columns[column]) if limit >= 1000 else 1
            is_over = bool(re.fullmatch(_OVER, bound["way"], re.I))
            values = [number(cells[column]) for _, _, cells in grid.rows]
            rows = [
                i
                for i, value in enumerate(values)
                if value is not None
                and (value * times > limit if is_over else value * times < limit)
            ]
            return Picked(placed, tuple(rows), column, is_by_value=True)
    both = _two_columns(asking, placed)
    if both and (_FELL.search(text) or _ROSE.search(text)):
        later, earlier = both
        falls = bool(_FELL.search(text))
        rows = []
        for i, (_, _, cells) in enumerate(grid.rows):
            one, other = number(cells[later]), number(cells[earlier])
            if one is not None and other is not None and (one < other if falls else one > other):
                rows.append(i)
        return Picked(placed, tuple(rows), later, is_by_value=True)
    return None


def _with_cell(asking: Asking, placed: Placed) -> Picked | None:
    """The rows that have, in a column of words, a value that the question names in full: "which
    boats are in Leith". None where it names no such value."""
    asked = set(analyze(asking.question.text))
    best: tuple[int, int, tuple[int, ...]] | None = None
    for column in range(1, len(placed.grid.columns)):
        values = [set(analyze(cells[column])) for _, _, cells in placed.grid.rows]
        worded = [_is_worded(cells[column]) for _, _, cells in placed.grid.rows]
        about = set(analyze(placed.grid.columns[column]))
        rows = tuple(
            i for i, said in enumerate(values)
            if worded[i] and said and said <= asked and not said <= about
        )  # fmt: skip
        if rows and len(rows) < len(values):
            size = max(len(values[i]) for i in rows)
            best = max(best or (0, 0, ()), (size, column, rows), key=lambda one: one[0])
    return Picked(placed, best[2], best[1], is_by_value=False) if best else None


def _two_columns(asking: Asking, placed: Placed) -> tuple[int, int] | None:
    """The column of the first year or name asked about and that of the second."""
    text = asking.question.text.lower()
    years = re.findall(r"\b(?:19|20)\d\d\b", text)
    before, than, after = text.partition(" than ")
    if than and len(years) < 2:  # "where more was spent than budgeted"
        left, right = (columns_asked(asking, placed, side) for side in (before, after))
        pair = [next((i for i in side if i), 0) for side in (left, right)]
        return (pair[0], pair[1]) if all(pair) and pair[0] != pair[1] else None
    if len(years) < 2:
        return None
    asked = set(analyze(re.sub(r"\b(?:19|20)\d\d\b", "", text)))
    found = []
    for year in years[:2]:
        having = [i for i, name in enumerate(placed.grid.columns) if i and year in name]
        if not having:
            return None
        found.append(max(having, key=lambda i: len(asked & set(analyze(placed.grid.columns[i])))))
    return found[0], found[1]


def extreme(asking: Asking) -> Picked | None:
    """The row with the biggest or smallest figure of the column asked for."""
    text = asking.question.text
    most, least = _MOST.search(text), _LEAST.search(text)
    if not (most or least):
        return None
    best: tuple[float, Picked] | None = None
    for placed in (*tables(asking), *told(asking)):
        columns = [i for i in columns_asked(asking, placed) if i]
        if _AGE.search(text) and set(analyze(text)) & set(analyze(placed.grid.columns[0])):
            columns = [
                i
                for i in range(1, len(placed.grid.columns))
                if all(re.fullmatch(r"(?:1\d|20)\d\d", c[i]) for _, _, c in placed.grid.rows)
            ]  # the oldest has the smallest year
        numeric = [
            i for i in columns if sum(number(c[i]) is not None for _, _, c in placed.grid.rows) > 1
        ]
        if not numeric or rows_asked(asking, placed):
            continue
        column = numeric[0]
        values = [
            (value, i)
            for i, (_, _, c) in enumerate(placed.grid.rows)
            if (value := number(c[column])) is not None
        ]
        top = max(values)[0] if most and not least else min(values)[0]
        rows = tuple(i for value, i in values if value == top)
        near = asking.relevance(placed.about)
        if best is None or near > best[0]:
            best = (near, Picked(placed, rows, column, is_by_value=True))
    return best[1] if best else None
