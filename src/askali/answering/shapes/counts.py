"""How many there are: the number that is stated with its noun, else what is listed, counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from askali.answering.shapes.asking import (
    Asking,
    Notebook,
    Shaped,
    listed,
    not_stated,
    plain,
    quoted,
)
from askali.answering.shapes.blocks import enumerated, listings
from askali.answering.shapes.lists import (
    ASKING,
    GENERAL,
    labelled,
    read_note,
    row_items,
)
from askali.answering.shapes.records import by_label
from askali.answering.shapes.tabular import picked
from askali.domain import Item, Sentence, Shape
from askali.text.quantities import FIGURE, read_figure
from askali.text.tables import is_row
from askali.text.tokens import analyze, stem, words

_STATED_AMONG = 15
_HOW_MANY = re.compile(r"\b(?:how many|number of|count(?: of)?|how often|how many times)\b", re.I)
_TIMES = re.compile(r"\b(?:how often|how many times)\b", re.I)
_OFTEN = re.compile(r"\b(?:once|twice|thrice|\w+ times|every \w+)\b", re.I)


def count(asking: Asking) -> Shaped | None:
    """The number that the source states with its noun, else how many are listed."""
    text = asking.question.text
    if not asking.ranked:
        return None
    head = _head(text)
    if head and stem(head) not in GENERAL and asking.is_unheard(head):
        return not_stated(Shape.COUNT)
    stated = _stated(asking)
    if stated is not None:
        return quoted(Shape.COUNT, Notebook(asking.searcher), [stated])
    if _TIMES.search(text):
        return None
    noun = stem(_head(text))
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
    if not head or _TIMES.search(asking.question.text) or stem(head) in GENERAL:
        return True
    noun = stem(head)
    behind = [_behind(s.text, m) for s in sentences for m in FIGURE.finditer(s.text)]
    if any(noun in first for _, first in behind) and not any(noun in near for near, _ in behind):
        return False
    said = {w.text.lower() for s in sentences for w in words(f"{s.heading} {s.text}")}
    return any(stem(w) == noun for w in said) or any(asking.is_alike(head, w) for w in said)


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


def _stated(asking: Asking) -> Sentence | None:
    """The best sentence that has a number with the noun that is counted."""
    text = asking.question.text
    noun = stem(_head(text))
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
            rest = (asking.terms - ASKING) - {noun}
            said = set(analyze(f"{sentence.heading} {sentence.text}"))
            # Else it is left to reading and its rule of refusal, even where it ranks first.
            is_on = not rest or bool(rest & said)
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
            and len((asking.terms - ASKING) & set(about)) * 2 > len(asking.terms - ASKING)
        ) or (is_steps):
            return [Item(e.text, notebook.cite(e.sentence)) for e in block.entries], notebook, ""
    if (line := labelled(asking)) and len(parts := enumerated(f"x: {line[1]}")) > 2:
        cited = notebook.cite(line[0])
        return [Item(part, cited) for part in parts], notebook, ""
    if things := by_label(asking, noun, ASKING):
        return [Item(name, notebook.cite(s)) for name, s in things], notebook, ""
    for sentence in asking.ranked[:4]:
        lead, colon, _ = plain(sentence.text).partition(": ")
        parts = enumerated(sentence.text) if colon and not is_row(sentence.text) else []
        if len(parts) > 2 and _names(asking, _head(asking.question.text), lead):
            cited = notebook.cite(sentence)
            return [Item(part, cited) for part in parts], notebook, ""
    return None
