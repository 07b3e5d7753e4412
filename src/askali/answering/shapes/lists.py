"""Everything that is asked for, each once: from tables, bullets and enumerating sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askali.answering.shapes.asking import (
    Asking,
    Notebook,
    Shaped,
    joined,
    listed,
    not_stated,
    plain,
)
from askali.answering.shapes.blocks import Block, announced, enumerated, listings
from askali.answering.shapes.records import (
    beside_label,
    by_label,
    sentence_before,
    values_of,
)
from askali.answering.shapes.tabular import Picked, column_listed, columns_asked, picked
from askali.domain import Item, Sentence, Shape
from askali.messages import READ_PART, READ_WHOLE
from askali.text.tables import is_row
from askali.text.tokens import analyze, stem

_CLOSE = 1.2
"""A sentence so little below the best one belongs to the list too."""

_MOST = 4
GENERAL = frozenset(
    map(
        stem,
        """people persons times staff men women individuals steps stages points parts chapters
        sections ways reasons rows things items topics names kinds types""".split(),
    )
)
_LISTED = re.compile(
    r"\W*(?:please\s+)?(?:list|name|give me|which"
    r"|what)\s+(?:me\s+)?(?:all\s+)?(?:of\s+)?(?:the\s+)?"
    r"(?:available |different |other )?(?P<noun>[a-z]{3,}s|people)\b(?! are| is)",
    re.I,
)
"""The plural that a list is asked for by: "list the banks that …"."""

# "Board: A, B and C", with the lines that run on until the next label.
_LABELLED = re.compile(
    r"^[^\w\n]*+(?P<label>[A-Z][\w ]{2,28}):\**\s+"
    r"(?P<said>\S.*(?:\n(?!\W*[A-Z][\w ]{2,28}:\s).+)*)",
    re.M,
)
ASKING = frozenset(map(stem, """list all give names name every each which what many number count
mentioned tell show me
complete full there are altogether total items things""".split()))  # fmt: skip


_MEANS_BEFORE = re.compile(r"\W*(?:it|they|he|she)\b", re.I)
"""An item that begins so says nothing without the sentence before it."""


def list_items(asking: Asking) -> Shaped | None:
    """All items of the list that fits best; None where nothing lists what is asked for."""
    asked = _LISTED.match(asking.question.text)
    noun = asked["noun"] if asked and asking.ranked else ""
    if noun and stem(noun) not in GENERAL | ASKING and asking.is_unheard(noun):
        return not_stated(Shape.LIST)
    found = _picked(asking)
    if found is None:
        return None
    items, notebook, lead = found
    best = plain(asking.ranked[0].text) if asking.ranked else ""
    is_lead = best.endswith(":") and any(item.text == best for item in items)
    if is_lead and (led := led_into(asking, asking.ranked[:1])):  # a lead is no item
        return led
    return listed(Shape.LIST, notebook, items, lead=lead, notes=(read_note(asking),))


def led_into(asking: Asking, sentences: Sequence[Sentence]) -> Shaped | None:
    """What follows a quoted lead ("The box contains:"), as a list; None where none leads.

    A lead is quoted first, second or last: between others it is said by the way."""
    said = {(s.document_id, s.start) for s in (*sentences[:2], *sentences[-1:])}
    for block in (*listings(asking), *announced(asking)):
        lead = block.lead
        if lead is None or is_row(lead.text) or lead.text.rstrip(" *").endswith((".", "!", "。")):
            continue
        if (lead.document_id, lead.start) in said:
            notebook = Notebook(asking.searcher)
            notebook.cite(lead)
            items = [Item(e.text, notebook.cite(e.sentence)) for e in block.entries]
            return listed(
                Shape.LIST, notebook, items, lead=plain(lead.text), numbered=block.is_steps
            )
    return None


def read_note(asking: Asking) -> str:
    """How much of the source was read for a list."""
    read = len(asking.everything.candidates) if asking.everything else 0
    whole = len(asking.text)
    return (READ_WHOLE if read * 10 >= whole * 8 else READ_PART).format(count=max(read, 1))


def _picked(asking: Asking) -> tuple[list[Item], Notebook, str] | None:
    notebook = Notebook(asking.searcher)
    if (line := labelled(asking)) and len(parts := enumerated(f"x: {line[1]}")) > 1:
        return [Item(part, notebook.cite(line[0])) for part in parts], notebook, ""
    rows = picked(asking)
    if column := (None if rows else column_listed(asking, ASKING)):
        return values_of(*column, notebook), notebook, ""
    if rows and rows.is_by_value:
        return (row_items(rows, notebook, asking), notebook, "") if rows.rows else None
    best = _best_block(asking)
    if best and _enumerates(asking.ranked[0] if asking.ranked else None, best[1]):
        best = None  # "into five companies: …" is nearer than the next list
    if best and not _fits(asking, best[1]):
        best = None
    if rows and (best is None or asking.relevance(rows.table.about) >= best[0]):
        return row_items(rows, notebook, asking), notebook, ""
    if best is not None:
        block = best[1]
        items = [Item(entry.text, notebook.cite(entry.sentence)) for entry in block.entries]
        lead = plain(block.lead.text) if block.lead and block.lead.text.endswith(":") else ""
        if lead and block.lead:
            notebook.cite(block.lead)
        return items, notebook, lead
    items = _from_sentences(asking, notebook)
    if not items and len(named := asking.terms - ASKING) == 1:
        told = by_label(asking, next(iter(named)), ASKING)
        items = [Item(plain(s.text), notebook.cite(s)) for s in dict.fromkeys(s for _, s in told)]
    return (items, notebook, "") if items else None


def _enumerates(sentence: Sentence | None, block: Block) -> bool:
    """True for a sentence outside the block that lists things after a colon."""
    if sentence is None or sentence is block.lead or is_row(sentence.text):
        return False
    inside = any(e.sentence.start <= sentence.start < e.sentence.end for e in block.entries)
    return not inside and ": " in plain(sentence.text) and len(enumerated(sentence.text)) > 1


def row_items(found: Picked, notebook: Notebook, asking: Asking) -> list[Item]:
    """The picked rows by their names, with the cell that they were picked by, those that are
    asked for, or the first ones."""
    grid = found.table.grid
    asked = [i for i in columns_asked(asking, found.table) if i != found.named]
    shown = asked or [i for i in range(len(grid.columns)) if i != found.named][:2]
    items = []
    if found.table.is_told:
        told = map(found.sentence, found.rows)
        return [Item(plain(s.text), notebook.cite(s), label="") for s in told]
    for row in found.rows:
        cells = grid.rows[row][2]
        said = (
            cells[found.column]
            if found.column
            else ", ".join(
                f"{grid.columns[i]}: {cells[i]}" if grid.columns[i] else cells[i]
                for i in shown
                if cells[i]
            )
        )
        named = f"{grid.columns[found.column]}: {said}" if found.column else said
        items.append(Item(f"{cells[found.named]} ({named})" if named else cells[found.named],
                          notebook.cite(found.sentence(row), *notebook.searcher.columns_of(
                              found.sentence(row)))))  # fmt: skip
    return items


def _best_block(asking: Asking) -> tuple[float, Block] | None:
    blocks = listings(asking)
    scored = [
        (asking.relevance(f"{b.about} {' '.join(e.text for e in b.entries)}"), i)
        for i, b in enumerate(blocks)
    ]
    if not scored:
        return None
    value, i = max(scored)
    return value, blocks[i]


def _fits(asking: Asking, block: Block) -> bool:
    """True where the best sentence is the block's own or its lead, or the words that are asked
    for stand in its lead or heading."""
    asked = asking.terms - ASKING
    about = frozenset(analyze(block.about))
    if asked and len(asked & about) * 2 > len(asked):
        return True
    near = asking.ranked[:2]
    starts = [(e.sentence.start, e.sentence.end) for e in block.entries]
    if block.lead in near:
        return True
    inside = sum(any(a <= s.start < b for a, b in starts) for s in asking.ranked[:3])
    return inside >= 2 and bool(asked & about)


def _from_sentences(asking: Asking, notebook: Notebook) -> list[Item]:
    """The enumeration in the best sentences, or those sentences themselves."""
    if not asking.is_related or asking.confidence < asking.fitted.answer_above * 0.8:
        return []
    close = [s for s in asking.ranked[:_MOST] if asking.scores[s] >= -_CLOSE and not is_row(s.text)]
    close = [s for s in close if not set(analyze(s.text)) <= asking.terms]  # a label alone
    items: list[Item] = []
    for sentence in sorted(close, key=lambda s: (s.document_id, s.start)):
        parts = enumerated(sentence.text) if ": " in plain(sentence.text) else []
        if len(parts) > 1 and sentence is asking.ranked[0]:
            cited = notebook.cite(sentence)
            lead = plain(sentence.text).partition(": ")[0]
            items += [Item(part, cited, group=lead) for part in parts]
        elif _MEANS_BEFORE.match(sentence.text) and (before := sentence_before(asking, sentence)):
            whole = joined([before, sentence], asking.searcher)
            items.append(Item(plain(whole.text), notebook.cite(before, sentence)))
        else:
            items.append(Item(plain(sentence.text), notebook.cite(sentence)))
    return items


def labelled(asking: Asking) -> tuple[Sentence, str] | None:
    """What stands behind the label that is asked for, as "A, B and C" behind "Board:", in a
    line of its own or of a form whose lines run on; None where no label is."""
    best: tuple[int, Sentence, str] | None = None
    for sentence in asking.text:
        for line in _LABELLED.finditer(sentence.text):
            label = set(analyze(line["label"]))
            if label and label <= asking.terms and (best is None or len(label) > best[0]):
                best = (len(label), sentence, " ".join(line["said"].split()))
        if asking.terms and is_row(sentence.text) and (said := beside_label(asking, sentence)):
            best = max(best or (0, sentence, ""), (len(asking.terms), sentence, said),
                       key=lambda one: one[0])  # fmt: skip
    return best[1:] if best else None
