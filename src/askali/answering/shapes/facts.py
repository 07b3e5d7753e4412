"""Facts that a table gives: a cell, the biggest row, the rows under a condition, a sum."""

from __future__ import annotations

import re
from dataclasses import replace

from askali.answering.shapes.arithmetic import MEANS, arithmetic
from askali.answering.shapes.asking import (
    Asking,
    Notebook,
    Shaped,
    listed,
    plain,
    quoted,
    quoted_piece,
)
from askali.answering.shapes.blocks import Placed, enumerated, tables
from askali.answering.shapes.comparisons import cells_of
from askali.answering.shapes.counts import count
from askali.answering.shapes.extraction import extract
from askali.answering.shapes.lists import labelled, read_note, row_items
from askali.answering.shapes.operands import TOTAL
from askali.answering.shapes.tabular import (
    columns_asked,
    columns_named,
    extreme,
    number,
    picked,
    rows_asked,
)
from askali.domain import Sentence, Shape
from askali.text.kinds import AnswerType, states
from askali.text.tables import is_row
from askali.text.tokens import analyze, capitals, content_words, stem

# Words of a sum that a table's cells may give.
_COMPUTES = re.compile(
    r"\b(?:total|plus|sum of|in total|altogether|together|combined|average"
    r"|differences?|add up|minus"
    r"|how much (?:more|less|heavier|longer|dearer|cheaper|louder)|by how much|in all)\b",
    re.I,
)
_SETS = re.compile(r"\b(?:sum of|difference between|minus|by how much|add)\b", re.I)
# Asks for pieces of the text as they stand, whatever its kind of question.
_EXTRACTS = re.compile(
    r"\bquotes? (?:of|by|from)\b|\bword for word\b|\bverbatim\b"
    r"|\bcontact (?:details|data|information)\b",
    re.I,
)
_COVERED = 0.6
_VALUE_CHARS = 80
"""What stands behind a label and is longer is text, and quoted as such."""

_LABEL_WORDS = 2
# Comparatives and superlatives whose answer is the smaller figure.
_SMALLER = re.compile(
    r"\b(?:lighter|quieter|cheaper|smaller|shorter|lower|slower|less|fewer|lightest|quietest"
    r"|cheapest)\b",
    re.I,
)


def fact(asking: Asking) -> Shaped | None:
    """What a table states of the question, or what is computed from its cells; None where
    the question is for sentences."""
    if is_of_unknown(asking):
        return None
    found = picked(asking)
    if found and found.is_by_value and found.rows:
        notebook = Notebook(asking.searcher)
        items = row_items(found, notebook, asking)
        return listed(Shape.LIST, notebook, items, notes=(read_note(asking),))
    if _EXTRACTS.search(asking.question.text) and (shaped := extract(asking)):
        return shaped
    if _COMPUTES.search(asking.question.text) and (
        # a total that the source states: nothing is computed that stands there
        shaped := _behind_label(asking) or _named_cell(asking, of_total=True)
    ):
        return shaped
    if _COMPUTES.search(asking.question.text) and (
        shaped := arithmetic(asking, tables_only=not _SETS.search(asking.question.text))
    ):
        return shaped
    if re.match(r"\W*how many\b", asking.question.text, re.I) and (shaped := count(asking)):
        return shaped
    if shaped := _best_of_row(asking) or _named_cell(asking):
        return shaped
    if shaped := _one_of_several(asking) or _behind_label(asking):
        return shaped
    top = extreme(asking)
    if top and top.table.is_told:
        rows = [top.sentence(row) for row in top.rows]
        return quoted(Shape.FACT, Notebook(asking.searcher), rows)
    if top and len(top.rows) == 1:
        return cells_of(Shape.FACT, asking, top.table, [top.rows[0]], [top.column])
    return None


def how_many(asking: Asking) -> Shaped | None:
    """The cell that gives a number, else the number that is stated or listed."""
    return _named_cell(asking) or count(asking)


def _one_of_several(asking: Asking) -> Shaped | None:
    """The part of an enumerating sentence that is asked for: of "… is owed 3.2 million, Voltane
    1.75 million and Mossop 48,000" what is said of Voltane."""
    if not asking.ranked or asking.confidence < asking.fitted.answer_above:
        return None
    best = asking.ranked[0]
    parts = enumerated(best.text)
    if len(parts) < 3 or is_row(best.text) or not all(re.search(r"\d", part) for part in parts):
        return None
    stems = [set(analyze(part)) for part in parts]
    common = set.intersection(*stems)
    names = frozenset(analyze(" ".join(capitals(asking.question.text)))) & asking.terms
    known = [names & said - common for said in stems]
    named = [i for i, said in enumerate(stems)
             if (known[i] if any(known) else asking.terms & said - common)]  # fmt: skip
    if len(named) != 1:
        return None
    part, asked = parts[named[0]], asking.question
    if part not in plain(best.text):
        return None  # joined of pieces, so no piece of the source
    if asked.kind is AnswerType.PERSON and not states(asked.kind, part, asked.text):
        return None
    shaped = quoted_piece(Shape.FACT, Notebook(asking.searcher), part, best, lead="… ")
    return replace(shaped, confidence=asking.confidence)


def _behind_label(asking: Asking) -> Shaped | None:
    """The line of a form whose label is nearly all that is asked for: "Place: …"."""
    line = labelled(asking)
    if line is None or not line[1] or len(line[1]) > _VALUE_CHARS:
        return None
    label = line[0].text.partition(line[1].split()[0])[0].rpartition("\n")[2]
    if len(asking.terms) > _LABEL_WORDS and not asking.terms <= set(analyze(label)):
        return None
    return quoted_piece(Shape.FACT, Notebook(asking.searcher), line[1], line[0])


def is_of_unknown(asking: Asking) -> bool:
    """True where the question names something by a code that no document has: "the M7"."""
    text = asking.question.text
    codes = re.findall(r"\b(?=\w*\d)(?=\w*[A-Za-z])\w{2,}\b", text)
    said = {w.casefold() for s in asking.text for w in re.findall(r"\w+", f"{s.heading} {s.text}")}
    glued = re.compile(r"\d+(?:st|nd|rd|th|s|k|m|km|kg|cm|mm|h|am|pm|g|l|w|v|%)", re.I)
    return any(c.casefold() not in said and not glued.fullmatch(c) for c in codes)


def _best_of_row(asking: Asking) -> Shaped | None:
    """Which of the columns has more or less of what an adjective asks for: "quieter"."""
    said = asking.question.text.lower()
    noun = next((MEANS[w] for w in re.findall(r"\w+", said) if w in MEANS), "")
    if not noun or not re.search(r"\b(?:which|what|who)\b", said):
        return None
    for placed in tables(asking):
        grid = placed.grid
        if len(grid.columns) != 3:
            continue
        for i, name in enumerate(grid.names):
            one, other = (number(cell) for cell in grid.rows[i][2][1:3])
            if set(analyze(noun)) & set(analyze(name)) and one is not None and other is not None:
                takes_first = (one < other) == bool(_SMALLER.search(said))
                return cells_of(Shape.FACT, asking, placed, [i], [1 if takes_first else 2])
    return None


def _named_cell(asking: Asking, *, of_total: bool = False) -> Shaped | None:
    """The cell of the row and column that the question names; `of_total` of a row of totals."""
    best: tuple[float, Placed, list[int], list[int]] | None = None
    for placed in tables(asking):
        rows = rows_asked(asking, placed)
        if of_total:
            rows = [i for i in rows if set(analyze(placed.grid.names[i])) & TOTAL]
        if not rows or len(rows) > 3:
            continue
        columns = columns_named(asking, placed) or [i for i in columns_asked(asking, placed) if i]
        if not columns and len(placed.grid.columns) == 2:
            columns = [1]
        if not columns or not _is_covered(asking, placed, rows, columns):
            continue
        near = asking.relevance(placed.about)
        if best is None or near > best[0]:
            best = (near, placed, rows, columns)
    return cells_of(Shape.FACT, asking, *best[1:]) if best else None


def _is_covered(asking: Asking, placed: Placed, rows: list[int], columns: list[int]) -> bool:
    """True where the table speaks of nearly all that is asked, of every name and number."""
    grid = placed.grid
    about = [placed.heading, *(grid.names[i] for i in rows), *(grid.columns[i] for i in columns)]
    about += [grid.columns[0], placed.caption.text if placed.caption else ""]
    about += [document.title for document in asking.documents if document.id == placed.document_id]
    said = set(analyze(" ".join(about)))
    names = set(analyze(" ".join(capitals(asking.question.text))))
    figures = {t for t in asking.terms if t.isdigit()}
    if (names | figures) - said:
        return False
    names_of = [w.text for i in columns for w in content_words(grid.columns[i])]
    met = asking.terms & said
    for word in content_words(asking.question.text):
        if stem(word.text) not in met and any(asking.is_alike(word.text, n) for n in names_of):
            met |= {stem(word.text)}  # "people" work where there are "Employees"
    return len(met) >= _COVERED * len(asking.terms)


def is_of_other_row(asking: Asking, sentences: list[Sentence]) -> bool:
    """True where only rows of tables are quoted of which none says a word of the question:
    asked for ice cream, the row of hard cheese is no answer."""
    rows = [s for s in sentences if is_row(s.text)]
    if not rows or len(rows) < len(sentences):
        return False
    heads = {s.start for row in rows for s in asking.searcher.columns_of(row)}
    body = [s for s in rows if s.start not in heads]
    return bool(body) and not any(asking.terms & set(analyze(s.text)) for s in body)
