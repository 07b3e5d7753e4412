"""Two or more sides held against each other, in a table: cited cells, or "not stated"."""

from __future__ import annotations

import re
from dataclasses import replace

from askali.answering.shapes.asking import Asking, Notebook, Shaped, marks, plain, quoted
from askali.answering.shapes.blocks import Placed, tables
from askali.answering.shapes.lists import led_into
from askali.answering.shapes.tabular import columns_asked, columns_named, rows_asked
from askali.domain import Cell, Claim, Reason, Sentence, Shape, Table
from askali.messages import ABSTENTION
from askali.text.tokens import analyze

NOT_STATED = "not stated"
# Sides that are times, not things: "then and now", "before the fire".
_WHEN = re.compile(
    r"(?<!\S)(?:(?:then|now|today|last year|this year|earlier|later|previously|at present"
    r"|originally)$|(?:before|after)(?!\S))",
    re.I,
)
# What stands between two sides.
_BETWEEN = re.compile(
    r"(?<!\s)\s+(?:vs\.?|versus|compared? (?:to|with)|against|than|or|and|with|to)\s+"
    r"|,\s*(?:and\s+)?",
    re.I,
)
# What leads into the sides: "what is the difference between the …".
_LEADS = re.compile(
    r"^\W*(?:please\s+)?(?:can you\s+)?(?:compare|contrast|what(?:'s| is| are) the differences?"
    r"|differences?|how (?:do|does|did))(?:\s+(?:between|of|in))?\s+(?:the\s+)?",
    re.I,
)
_OF_YEAR = re.compile(r"\D*(?:19|20)\d\d\D*")
_MOST_ROWS = 12
_COMPARING = frozenset(analyze("compare comparison versus vs difference differ both two model"))


def compare(asking: Asking) -> Shaped | None:
    """A table of what is compared; sentences of each side where no table has them."""
    return _from_table(asking) or _from_sides(asking)


def _from_table(asking: Asking) -> Shaped | None:
    best: tuple[float, Placed, list[int], list[int]] | None = None
    for placed in tables(asking):
        rows, columns = rows_asked(asking, placed), [i for i in columns_asked(asking, placed) if i]
        names = columns_named(asking, placed)
        grid = placed.grid
        near = asking.relevance(placed.about)
        if len(rows) > 1:
            every = list(range(1, len(grid.columns)))
            chosen = (rows, columns if columns and _names_all(asking, placed, columns) else every)
        elif (
            len(names) > 1
            or len(grid.columns) == 3
            and re.search(r"\b(?:both|two|models?|versions?)\b", asking.question.text, re.I)
        ):
            beyond = asking.terms - {s for name in grid.columns[1:] for s in analyze(name)}
            wanted = [i for i, name in enumerate(grid.names) if beyond & set(analyze(name))]
            chosen = (wanted or list(range(len(grid.rows))), names or [1, 2])
            if not wanted and len(grid.rows) > _MOST_ROWS:
                continue
            if not wanted and not _is_on(asking, placed, names):
                continue  # "delivery time at home and abroad" is in no table of prices
            if not wanted and all(_OF_YEAR.fullmatch(grid.columns[i]) for i in names):
                continue  # two years are in many tables; some row of this one must be asked for
        else:
            continue
        if best is None or near > best[0]:
            best = (near, placed, *chosen)
    if best is None:
        return None
    _, placed, rows, columns = best
    return cells_of(Shape.COMPARE, asking, placed, rows[:_MOST_ROWS], columns)


def _names_all(asking: Asking, placed: Placed, columns: list[int]) -> bool:
    """True where rows and columns together have all words of the question."""
    grid = placed.grid
    said = set(analyze(" ".join([*grid.names, *(grid.columns[i] for i in columns), "compare vs"])))
    return asking.terms <= said


def _is_on(asking: Asking, placed: Placed, names: list[int]) -> bool:
    """True where the table speaks of what is compared, beside the sides."""
    grid = placed.grid
    sides = {s for i in names for s in analyze(grid.columns[i])}
    shared = [set(analyze(grid.columns[i])) for i in names]
    common = set.intersection(*shared) if shared else set()
    rest = asking.terms - sides - _COMPARING
    return not rest or bool(asking.terms & common) or bool(rest & set(analyze(placed.about)))


def _from_sides(asking: Asking) -> Shaped | None:
    """For each side its best sentence."""
    sides = list(asking.question.operands) or _split(asking.question.text)
    if len(sides) < 2 or not asking.is_related:
        return None
    if any(_WHEN.search(side) for side in sides):
        return _quoted_together(asking)
    shared = _shared_topic(asking.question.text, sides)
    notebook = Notebook(asking.searcher)
    found: list[tuple[str, list[Sentence]]] = []
    for side in sides[:4]:
        one = asking.asked_as(f"{shared} {side}".strip())
        best = [s for s in one.ranked[:1] if one.is_related and _speaks_of(one, s, side)]
        found.append((side, best))
    stated = [s for _, best in found for s in best]
    if not stated:
        return None
    if len(set(stated)) == 1 and len(stated) * 2 >= len(found):
        # One sentence speaks of all sides: it and what the whole question finds beside it.
        near = [s for s in asking.ranked[:3] if asking.scores[s] > -3.0]
        chosen = sorted({*near, *stated}, key=lambda s: (s.document_id, s.start))
        return quoted(Shape.COMPARE, notebook, chosen)
    documents = asking.searcher.index.documents
    is_of_several = len({s.document_id for s in stated}) > 1
    rows = tuple(
        (
            Cell(f"{side} ({documents[best[0].document_id].title})" if is_of_several else side),
            Cell(" ".join(plain(s.text) for s in best), notebook.cite(*best), is_asked=True),
        )
        if best
        else (Cell(side), Cell(NOT_STATED))
        for side, best in found
    )
    shaped = tabulated(Shape.COMPARE, notebook, Table(("", "What the source says"), rows))
    if len(stated) == len(found):
        return shaped
    if led := led_into(asking, stated):
        return replace(led, shape=Shape.COMPARE)  # "three offers by price and weeks"
    # Of one side the source says nothing, so it does not compare them.
    return replace(
        shaped,
        text=f"{ABSTENTION}\n\n{shaped.text}",
        claims=(),
        abstained=True,
        reason=Reason.RELATED_BUT_NOT_STATED,
    )


def _quoted_together(asking: Asking) -> Shaped:
    """What the source says of the whole question, where its sides are only times."""
    text = asking.text
    near: list[Sentence] = []
    for sentence in [s for s in asking.ranked[:3] if asking.scores[s] > -4.5]:
        near.append(sentence)
        at = text.index(sentence) + 1 if sentence in text else len(text)
        near += [s for s in text[at : at + 1] if s.paragraph == sentence.paragraph]
    chosen = sorted(dict.fromkeys(near[:5]), key=lambda s: (s.document_id, s.start))
    return quoted(Shape.COMPARE, Notebook(asking.searcher), chosen)


def _split(question: str) -> list[str]:
    bare = _LEADS.sub("", question).strip(" ?.!")
    _, colon, after = bare.partition(": ")
    head = bare.partition(": ")[0] if colon else bare
    return [part.strip() for part in _BETWEEN.split(head) if part and part.strip()]


def _shared_topic(question: str, sides: list[str]) -> str:
    """What is said of all sides: "charging time" in "charging time A vs B"."""
    _, colon, after = question.partition(": ")
    if colon:
        return after
    first, last = sides[0].split(), sides[-1].split()
    return " ".join(first[:-1]) if len(first) > len(last) else ""


def _speaks_of(asking: Asking, sentence: Sentence, side: str) -> bool:
    terms = set(analyze(side))
    said = set(analyze(f"{sentence.heading} {sentence.text}"))
    return not terms or len(terms & said) * 2 > len(terms)


def cells_of(
    shape: Shape, asking: Asking, placed: Placed, rows: list[int], columns: list[int]
) -> Shaped:
    """The rows with the asked columns alone, each cell cited with the row of its names."""
    grid = placed.grid
    notebook = Notebook(asking.searcher)
    filled = []
    for row in rows:
        head = asking.searcher.columns_of(placed.rows[row])
        cited = notebook.cite(placed.rows[row], *head)
        cells = grid.rows[row][2]
        filled.append(
            (Cell(cells[0], cited), *(Cell(cells[i] or "–", cited, is_asked=True) for i in columns))
        )
    names = (grid.columns[0], *(grid.columns[i] for i in columns))
    return tabulated(shape, notebook, Table(names, tuple(filled)))


def tabulated(shape: Shape, notebook: Notebook, table: Table, *, lead: str = "") -> Shaped:
    """A table as Markdown, each row a claim whose markers stand in its last cell."""
    lines = [f"| {' | '.join(table.columns)} |", f"|{'---|' * len(table.columns)}"]
    claims: list[Claim] = []
    for row in table.rows:
        cited = tuple(dict.fromkeys(number for cell in row for number in cell.citations))
        said = "| " + " | ".join(cell.text.replace("|", "/") for cell in row)
        lines.append(f"{said} {marks(cited)} |".replace("  |", " |"))
        if cited:
            claims.append(Claim(said, cited, "supported"))
    text = "\n".join(lines)
    return Shaped(
        shape,
        f"{lead}\n\n{text}" if lead else text,
        claims=tuple(claims),
        citations=tuple(notebook.citations),
        table=table,
    )
