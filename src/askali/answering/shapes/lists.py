"""Everything that is asked for, each once: from tables, bullets and enumerating sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from askali.answering.shapes.asking import Asking, Notebook, Shaped, listed, plain, quoted
from askali.answering.shapes.blocks import Block, announced, enumerated, listings
from askali.answering.shapes.tabular import Picked, columns_asked, picked
from askali.domain import Item, Reason, Sentence, Shape
from askali.messages import ABSTENTION, READ_PART, READ_WHOLE
from askali.text.quantities import FIGURE, read_figure
from askali.text.tables import is_row
from askali.text.tokens import analyze, stem, words

_CLOSE = 1.2
"""A sentence so little below the best one belongs to the list too."""

_MOST = 4
_STATED_AMONG = 15
_PEOPLE = frozenset(
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

_HOW_MANY = re.compile(r"\b(?:how many|number of|count(?: of)?|how often|how many times)\b", re.I)
_TIMES = re.compile(r"\b(?:how often|how many times)\b", re.I)
_LABELLED = re.compile(
    r"^\W*(?P<label>[A-Z][\w ]{2,28}):\**\s+(?P<said>\S.*(?:\n(?!\W*[A-Z][\w ]{2,28}:\s).+)*)", re.M
)
_OFTEN = re.compile(r"\b(?:once|twice|thrice|\w+ times|every \w+)\b", re.I)
_ASKING = frozenset(map(stem, """list all give names name every each which what many number count
mentioned tell show me
complete full there are altogether total items things""".split()))  # fmt: skip


def list_items(asking: Asking) -> Shaped | None:
    """All items of the list that fits best; None where nothing lists what is asked for."""
    asked = _LISTED.match(asking.question.text)
    noun = asked["noun"] if asked and asking.ranked else ""
    if noun and stem(noun) not in _PEOPLE | _ASKING and asking.is_unheard(noun):
        return unheard(Shape.LIST)
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
        if lead and (lead.document_id, lead.start) in said and not is_row(lead.text):
            notebook = Notebook(asking.searcher)
            notebook.cite(lead)
            items = [Item(e.text, notebook.cite(e.sentence)) for e in block.entries]
            return listed(
                Shape.LIST, notebook, items, lead=plain(lead.text), numbered=block.is_steps
            )
    return None


def read_note(asking: Asking) -> str:
    """How much of the source was read for a list."""
    read = len(asking.ranked)
    whole = len(asking.text)
    return (READ_WHOLE if read * 10 >= whole * 8 else READ_PART).format(count=max(read, 1))


def _picked(asking: Asking) -> tuple[list[Item], Notebook, str] | None:
    notebook = Notebook(asking.searcher)
    if (line := labelled(asking)) and len(parts := enumerated(f"x: {line[1]}")) > 1:
        return [Item(part, notebook.cite(line[0])) for part in parts], notebook, ""
    rows = picked(asking)
    if rows and rows.is_by_value:
        return (row_items(rows, notebook, asking), notebook, "") if rows.rows else None
    best = _best_block(asking)
    if best and _enumerates(asking.ranked[0] if asking.ranked else None, best[1]):
        best = None  # "into five companies: …" is nearer than the next list
    if rows and (best is None or _row_relevance(asking, rows) >= best[0]):
        return row_items(rows, notebook, asking), notebook, ""
    if best is not None and _fits(asking, best[1]):
        block = best[1]
        items = [Item(entry.text, notebook.cite(entry.sentence)) for entry in block.entries]
        lead = plain(block.lead.text) if block.lead and block.lead.text.endswith(":") else ""
        if lead and block.lead:
            notebook.cite(block.lead)
        return items, notebook, lead
    items = _from_sentences(asking, notebook)
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


def _row_relevance(asking: Asking, found: Picked) -> float:
    grid = found.table.grid
    return asking.relevance(
        f"{found.table.heading} {' '.join(grid.columns)} {' '.join(grid.names)}"
    )


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
    asked = asking.terms - _ASKING
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
    items: list[Item] = []
    for sentence in sorted(close, key=lambda s: (s.document_id, s.start)):
        cited = notebook.cite(sentence)
        parts = enumerated(sentence.text) if ": " in plain(sentence.text) else []
        if len(parts) > 1 and sentence is asking.ranked[0]:
            lead = plain(sentence.text).partition(": ")[0]
            items += [Item(part, cited, group=lead) for part in parts]
        else:
            items.append(Item(plain(sentence.text), cited))
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
    return best[1:] if best else None


def count(asking: Asking) -> Shaped | None:
    """The number that the source states with its noun, else how many are listed."""
    text = asking.question.text
    if not asking.ranked:
        return None
    head = _head(text)
    if head and stem(head) not in _PEOPLE and asking.is_unheard(head):
        return unheard(Shape.COUNT)
    stated = _stated(asking)
    if stated is not None:
        return quoted(Shape.COUNT, Notebook(asking.searcher), [stated])
    if _TIMES.search(text):
        return None
    noun = _noun(text)
    found = _counted(asking, noun)
    if found is None:
        return None
    items, notebook, lead = found
    return listed(
        Shape.COUNT, notebook, items, lead=f"{len(items)} are listed:", notes=(read_note(asking),)
    )


def says_how_many(asking: Asking, sentences: Sequence[Sentence]) -> bool:
    """True where a sentence names what is counted, or where that is not to be told."""
    head = _head(asking.question.text)
    if not head or _TIMES.search(asking.question.text) or stem(head) in _PEOPLE:
        return True
    noun = stem(head)
    behind = [_behind(s.text, m) for s in sentences for m in FIGURE.finditer(s.text)]
    if any(noun in first for _, first in behind) and not any(noun in near for near, _ in behind):
        return False
    said = {w.text.lower() for s in sentences for w in words(f"{s.heading} {s.text}")}
    return any(stem(w) == noun for w in said) or any(asking.is_alike(head, w) for w in said)


def unheard(shape: Shape) -> Shaped:
    """An abstention: the documents do not speak of such things."""
    return Shaped(shape, ABSTENTION, abstained=True, reason=Reason.RELATED_BUT_NOT_STATED)


def _names(asking: Asking, noun: str, lead: str) -> bool:
    """True where what leads into a list calls its items what is counted, or something alike."""
    if asking.terms & set(analyze(lead)):
        return True
    said = [w.text.lower() for w in words(lead) if not w.is_stopword]
    return any(asking.is_alike(noun, word) for word in said)


def _head(text: str) -> str:
    """What is counted: the last word of a plural's noun phrase, "lab assistants"."""
    found = _HOW_MANY.search(text)
    if not found:
        return ""
    phrase: list[str] = []
    for word in words(text[found.end() :]):
        if word.is_stopword:
            if phrase:
                break
            continue
        if word.text.lower() in ("types", "kinds", "sorts") and not phrase:
            continue  # "types of boat" counts boats
        phrase.append(word.text)
        if word.text.lower().endswith("s") and not word.text.lower().endswith("ss"):
            return word.text
    return phrase[0] if phrase else ""


def _noun(text: str) -> str:
    """The stem of what is counted."""
    return stem(_head(text))


def _stated(asking: Asking) -> Sentence | None:
    """The best sentence that has a number with the noun that is counted."""
    text = asking.question.text
    noun = _noun(text)
    asked_figures = {m.group().strip().lower() for m in FIGURE.finditer(text)}
    for sentence in asking.ranked[:_STATED_AMONG]:
        if _TIMES.search(text):
            if _OFTEN.search(sentence.text):
                return sentence
            continue
        for match in FIGURE.finditer(sentence.text):
            figure = read_figure(match)
            if match.group().strip().lower() in asked_figures or figure.unit == "th":
                continue
            near = _behind(sentence.text, match)[0] | {stem(figure.unit)}
            rest = (asking.terms - _ASKING) - {noun}
            said = set(analyze(f"{sentence.heading} {sentence.text}"))
            is_on = not rest or bool(rest & said) or asking.scores[sentence] == 0.0
            if noun and noun in near and is_on and not is_row(sentence.text):
                return sentence
    return None


def _behind(text: str, figure: re.Match[str]) -> tuple[set[str], set[str]]:
    """The stems of three words behind a figure: those that it may count, and those that only
    begin the name of what it counts. "Four tram lines" are lines, and no number of trams."""
    after = [w.text.lower() for w in words(text[figure.end() : figure.end() + 60])][:4]
    first = {
        stem(word)
        for word, then in pairwise(after)
        if not word.endswith("s") and then.endswith("s") and analyze(then)
    }
    return {stem(word) for word in after[:3]} - first, first


def _counted(asking: Asking, noun: str) -> tuple[list[Item], Notebook, str] | None:
    """The list of what is counted, where a table, a heading or a lead names it."""
    notebook = Notebook(asking.searcher)
    rows = picked(asking)
    if rows and rows.rows and (rows.is_by_value or noun in analyze(rows.table.grid.columns[0])):
        return row_items(rows, notebook, asking), notebook, ""
    for block in listings(asking):
        about = analyze(block.about)
        is_steps = block.is_steps and noun in (stem("steps"), stem("stages"))
        if (
            noun in about
            and len((asking.terms - _ASKING) & set(about)) * 2 > len(asking.terms - _ASKING)
        ) or (is_steps):
            return [Item(e.text, notebook.cite(e.sentence)) for e in block.entries], notebook, ""
    if (line := labelled(asking)) and len(parts := enumerated(f"x: {line[1]}")) > 2:
        cited = notebook.cite(line[0])
        return [Item(part, cited) for part in parts], notebook, ""
    for sentence in asking.ranked[:4]:
        lead, colon, _ = plain(sentence.text).partition(": ")
        parts = enumerated(sentence.text) if colon and not is_row(sentence.text) else []
        if len(parts) > 2 and _names(asking, _head(asking.question.text), lead):
            cited = notebook.cite(sentence)
            return [Item(part, cited) for part in parts], notebook, ""
    return None
