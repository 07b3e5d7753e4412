"""The figures that a question may compute with, and what each of them is of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from askali.answering.shapes.asking import Asking, plain, section
from askali.answering.shapes.blocks import Placed, listings, tables
from askali.answering.shapes.tabular import number
from askali.domain import Sentence
from askali.text.dates import DATE
from askali.text.kinds import has_currency
from askali.text.quantities import FIGURE, Figure, read_figure
from askali.text.tables import is_row
from askali.text.tokens import STOPWORDS, analyze, stem

_SCALED = re.compile(r"hundred|thousand|million|billion|trillion|dozen", re.I)
_OF_WHICH = re.compile(r"\bof (?:which|whom|these|them)\W*$", re.I)
_YEAR = re.compile(r"(?:19|20)\d\d")
TOTAL = frozenset(analyze("total sum altogether"))


@dataclass(frozen=True, slots=True)
class Operand:
    """A figure with the sentence that states it, and in words what it is of.

    `column` tells the columns of all tables apart; it is -1 for a figure of a sentence. A cell
    without a figure has none: what is asked of it cannot be computed. `is_by_row` is true in
    tables whose first column has no name: their rows are measures, their columns the things.
    """

    figure: Figure | None
    sentence: Sentence
    shown: str
    about: str
    column: int = -1
    name: str = ""
    is_by_row: bool = False

    @property
    def unit(self) -> str:
        """The unit, without its scale."""
        said = self.figure.unit.lower() if self.figure else ""
        return re.sub(r"\b(?:thousand|million|billion)s?\b", "", said).strip().rstrip("s")


@dataclass(frozen=True, slots=True)
class Column:
    """Figures of one kind: a column of a table by rows, or one figure of each bullet."""

    about: str
    name: str
    operands: tuple[Operand, ...]
    rows: tuple[str, ...]

    @property
    def is_numeric(self) -> bool:
        """True where most of its cells are figures."""
        return sum(o.figure is not None for o in self.operands) * 2 > len(self.operands)

    @property
    def is_of_one_unit(self) -> bool:
        """True where all its figures may be added."""
        return len({o.figure.unit for o in self.operands if o.figure}) == 1


def columns(asking: Asking) -> list[Column]:
    """The columns of the documents' tables, then those of their bullets."""
    found: list[Column] = []
    for placed in tables(asking):
        grid = placed.grid
        kept = [i for i, name in enumerate(grid.names) if not set(analyze(name)) & TOTAL]
        caption = placed.caption.text if placed.caption else ""
        about = f"{placed.heading} {caption} {grid.columns[0]}"
        for column in range(1, len(grid.columns)):
            cells = [_cell(placed, row, column, len(found)) for row in kept]
            name = grid.columns[column]
            names = tuple(grid.names[row] for row in kept)
            found.append(Column(f"{about} {name}", name, tuple(cells), names))
    for block in listings(asking):
        by_unit: dict[str, list[Operand]] = {}
        for entry in block.entries:
            firsts: dict[str, Operand] = {}
            for operand in stated([entry.sentence]):
                firsts.setdefault(operand.unit, operand)
            for unit, operand in firsts.items():
                by_unit.setdefault(unit, []).append(operand)
        for unit, operands in by_unit.items():
            if unit and len(operands) == len(block.entries):
                rows = tuple(entry.text for entry in block.entries)
                found.append(Column(f"{block.about} {unit}", unit, tuple(operands), rows))
    return found


def _cell(placed: Placed, row: int, column: int, number_of_column: int) -> Operand:
    """A cell; its unit may stand in its column's name, the first one's or the caption."""
    grid = placed.grid
    text, name = grid.rows[row][2][column], grid.columns[column]
    value = number(text)
    about = f"{grid.names[row]}, {name}, {placed.heading}"
    figure = None
    if value is not None and len(re.findall(r"\d[\d,.]*", text)) == 1:
        match = FIGURE.search(text)
        unit = read_figure(match).unit if match else ""
        unit = unit or _unit_of(name) or _unit_of(grid.columns[0])
        unit = unit or (_unit_of(placed.caption.text.rstrip(":")) if placed.caption else "")
        unit = unit or re.sub(r"^[-−]?[\d,.]+\s?", "", text).strip()
        figure = Figure(value, unit)
    is_by_row = not grid.columns[0]
    return Operand(figure, placed.rows[row], text, about, number_of_column, name, is_by_row)


def _unit_of(name: str) -> str:
    """The unit in the name of a column: "(thousand marks)", "in megawatt-hours"."""
    found = re.search(r"\(([^()]*)\)|\bin ([a-z-]+(?: [a-z-]+)?)$", name)
    if found and not re.search(r"\d|restated", found.group(1) or ""):
        return str(found.group(1) or found.group(2))
    return name if re.match(r"(?:thousand|million)s? \w+$", name, re.I) else ""


def stated(sentences: Sequence[Sentence]) -> list[Operand]:
    """The figures of sentences that are no dates; a currency said once holds for the sums of
    its paragraph, and what is counted for "132 of them"."""
    found: list[Operand] = []
    paragraph, unit, noun = ("", -1), "", ""
    for sentence in sentences:
        if (sentence.document_id, sentence.paragraph) != paragraph:
            paragraph, unit, noun = (sentence.document_id, sentence.paragraph), "", ""
        text = plain(sentence.text)
        dated = [m.span() for m in DATE.finditer(text)]
        for match in FIGURE.finditer(text):
            figure, said = read_figure(match), match.group().strip()
            scaled = _SCALED.search(said)
            is_inside = re.search(r"[\w-]$", text[: match.start()])  # "M5", "LF-7725"
            is_bare = scaled and not re.search(
                r"\d|one|two|three|four|five|six|seven|eight|nine|ten", said
            )
            is_date = any(a <= match.start() < b for a, b in dated)
            is_article = said.lower() == "one"  # "one of them" counts nothing
            if is_inside or is_bare or is_date or is_article or figure.unit == "th":
                continue
            after = re.match(r"\s(?:[a-z]+\s)?([a-z]{3,})\b", text[match.end() :])
            next_one = re.match(r"\s([a-z]{2,})\b", text[match.end() :])
            if not figure.unit and next_one and has_currency(next_one[1]):
                figure = Figure(figure.value, stem(next_one[1]))
            elif not figure.unit and scaled:
                figure = Figure(figure.value, unit)
            elif not figure.unit and _OF_WHICH.search(text[: match.start()]):
                figure = Figure(figure.value, noun)
            elif not figure.unit and next_one and next_one[1] == "of":
                figure = Figure(figure.value, unit or noun)
            elif not figure.unit and next_one and next_one[1] not in STOPWORDS:
                figure = Figure(figure.value, stem(next_one[1]))
                noun = figure.unit
            elif not figure.unit and not after:
                figure = Figure(
                    figure.value, unit or noun
                )  # "gave 6,500 of it, the province 9,000"
            if figure.unit and (has_currency(figure.unit) or scaled):
                unit = figure.unit
            about = f"{section(sentence)} {_clause(text, match.start())}"
            found.append(Operand(figure, sentence, said, about))
    return found


def _clause(text: str, at: int) -> str:
    """The part of a sentence around a place, from mark to mark."""
    start = max((m.end() for m in re.finditer(r"[;:]\s|,\s(?!\d)|\s(?:and|against)\s", text[:at])),
                default=0)  # fmt: skip
    end = re.search(r"[;:]\s|,\s|\sand\s", text[at:])
    return text[start : at + end.start() if end else len(text)]


def cells(found: Sequence[Column]) -> Iterator[Operand]:
    """All figures of columns."""
    for column in found:
        yield from column.operands


def fit(one: Operand, other: Operand) -> bool:
    """True where two figures may be calculated with: of one unit, or of columns that say the
    same of other years."""
    if not (one.figure and other.figure):
        return False
    stems = [set(analyze(operand.name)) for operand in (one, other)]
    if all(_YEAR.search(o.name) for o in (one, other)) and stems[0] & stems[1]:
        return True
    if one.unit != other.unit or one.figure.unit != other.figure.unit:
        return False
    if not one.unit and one.is_by_row and other.is_by_row:
        return one.sentence is other.sentence
    if one.unit or one.column == other.column:
        return bool(one.unit) or one.column >= 0 or one.sentence is other.sentence
    return bool(stems[0] & stems[1])


def near(asking: Asking, operand: Operand, said: str = "") -> float:
    """How near what a figure is of comes to the question; a column named by more than is asked
    ("Half day" for "a day") comes less near."""
    asked = set(analyze(f"{asking.question.text} {said}"))
    stems = set(analyze(operand.name))
    lacking = len(stems - asked) / len(stems) if stems else 0.0
    return asking.relevance(operand.about) - 0.4 * lacking


def in_text(asking: Asking, most: int = 4, below: float = 5.0) -> list[Operand]:
    """The figures of the best sentences and of those that lean on them."""
    text = asking.text
    place = {sentence: i for i, sentence in enumerate(text)}
    chosen: dict[Sentence, None] = {}
    for sentence in asking.ranked[:most]:
        if asking.scores[sentence] < -below or is_row(sentence.text):
            continue
        at = place.get(sentence)
        following = text[at + 1 : at + 2] if at is not None else ()
        chosen[sentence] = None
        chosen.update(dict.fromkeys(
            s for s in following if s.paragraph == sentence.paragraph and not is_row(s.text)
        ))  # fmt: skip
    in_order = sorted(chosen, key=lambda s: place.get(s, 0))
    return stated(in_order)
