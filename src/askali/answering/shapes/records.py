"""What rows and records name: values of a column, cells beside a label, things by their labels."""

from __future__ import annotations

import re

from askali.answering.shapes.asking import Asking, Notebook, plain
from askali.answering.shapes.blocks import Placed
from askali.domain import Item, Sentence
from askali.text.designators import designated
from askali.text.tokens import analyze, stem


def values_of(placed: Placed, column: int, notebook: Notebook) -> list[Item]:
    """Each value of a column once, with the row that has it first."""
    first: dict[str, Sentence] = {}
    for (_, _, cells), row in zip(placed.grid.rows, placed.rows, strict=True):
        if cells[column]:
            first.setdefault(cells[column], row)
    return [
        Item(value, notebook.cite(row, *notebook.searcher.columns_of(row)))
        for value, row in first.items()
    ]


def beside_label(asking: Asking, row: Sentence) -> str:
    """The cell beside the one that is all that is asked for, as in a form set as a table:
    "Claim # | SF-1008 | Make | Jeep"; "" where none is, and for the names of columns."""
    cells = [cell.strip() for cell in row.text.strip("| ").split("|")]
    for i, cell in enumerate(cells[:-1]):
        value = next(filter(None, cells[i + 1 :]), "")
        if value and asking.terms == frozenset(analyze(cell)):
            is_head = row in asking.searcher.columns_of(row)
            return "" if is_head and not any(map(str.isdigit, value)) else value
    return ""


def by_label(asking: Asking, noun: str, rest: frozenset[str]) -> list[tuple[str, Sentence]]:
    """The things that the documents tell apart by a number or letter, each with the sentence
    that first names it, where nothing but their kind is asked for: "how many huts are there";
    `noun` is its stem, `rest` the words that only ask."""
    if asking.terms - rest != {noun}:
        return []
    found: dict[str, Sentence] = {}
    for sentence in asking.text:
        for label in sorted(designated(sentence.text).get(noun, ()), key=lambda x: (len(x), x)):
            found.setdefault(label, sentence)
    kind = next((w for s in found.values() for w in re.findall(r"\w+", s.text)
                 if stem(w.lower()) == noun), noun)  # fmt: skip
    labelled = re.compile(rf"\b{re.escape(kind)}\s+(?:\w+\s+)?(?:\d|[A-Z]\b|[IVX]+\b)")
    named = [
        (f"{kind} {label}" if labelled.search(s.text) else plain(s.text), s)
        for label, s in found.items()
    ]
    return named if len(named) > 1 else []


def sentence_before(asking: Asking, sentence: Sentence) -> Sentence | None:
    """The sentence before one in its paragraph, which says what "it" is."""
    same = [s for s in asking.sentences(sentence.document_id) if s.paragraph == sentence.paragraph]
    return max((s for s in same if s.end <= sentence.start), key=lambda s: s.start, default=None)
