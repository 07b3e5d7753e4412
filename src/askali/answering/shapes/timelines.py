"""Dated entries in order, of all documents or of the time that is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date as day_of
from datetime import timedelta
from typing import NamedTuple

from askali.answering.shapes.asking import Asking, Notebook, Shaped, listed, plain
from askali.answering.shapes.blocks import listings
from askali.domain import Document, Item, Sentence, Shape
from askali.messages import RELATIVE_DATES
from askali.text.dates import DATE, Date, periods, read_date, show_date
from askali.text.tables import is_row
from askali.text.tokens import analyze

_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
# A weekday, "next Tuesday" told apart.
_WEEKDAY = re.compile(
    r"\b(?P<next>next )?(?P<day>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)s?\b"
)
_EACH_WEEK = re.compile(r" (?:morning|afternoon|evening|night)s\b")  # "on Sunday afternoons"
_OF_DAY = re.compile(r"\b(?:day|night|morning|afternoon|evening|minute|hours?)\b", re.I)
_CLOCK = re.compile(r"(?<![\d–-])\b([01]?\d|2[0-3])[:.]([0-5]\d)\b(?!\s?(?:%|[–-]\d))")
_LEAST_TIMES = 4
_GENERIC = frozenset(
    analyze(
        """timeline chronology chronological order events happened happen history list dates
        when what year years month months week by put sorted in date happening key event life
        milestones article report document minutes manual story text biography course steps all
        important main page this week day tuesday wednesday monday thursday friday saturday
        sunday last next timetable deadline project past development schedule sequence
        went on occurred"""
    )
)


class _Entry(NamedTuple):
    """A statement under its date: as in order, as shown, and whether it is counted from the
    date of its document."""

    key: tuple[int, int, int]
    place: int
    shown: str
    sentence: Sentence
    is_relative: bool


def timeline(asking: Asking) -> Shaped | None:
    """The dated statements in the order of time; None where there are fewer than one."""
    if _OF_DAY.search(asking.question.text) and (shaped := _by_the_clock(asking)):
        return shaped
    title = {s for d in asking.documents for s in analyze(d.title)}
    narrow = {t for t in asking.terms - _GENERIC - title if not t.isdigit()}
    weekdays = [m["day"].lower() for m in _WEEKDAY.finditer(asking.question.text.title())]
    documents = _named(asking)
    found = [entry for document in documents for entry in _entries(asking, document, weekdays)]
    is_relative = any(entry.is_relative for entry in found)
    if narrow:
        found = _narrowed(asking, found, narrow)
    if not found:
        return None
    notebook = Notebook(asking.searcher)
    items: list[Item] = []
    led = {(b.lead.document_id, b.lead.start): b.entries for b in listings(asking) if b.lead}
    seen: set[tuple[int, tuple[int, int, int]]] = set()
    for entry in sorted(found, key=lambda one: (one.key, one.place)):
        sentence = entry.sentence
        if (sentence.start, entry.key) in seen:
            continue
        seen.add((sentence.start, entry.key))
        if listed_there := led.get((sentence.document_id, sentence.start)):  # "planned for 2026:"
            items += [
                Item(e.text, notebook.cite(e.sentence), label=entry.shown) for e in listed_there
            ]
            continue
        text = plain(sentence.text)
        text = text.strip("| ").replace(" | ", ", ") if is_row(text) else text
        items.append(Item(text, notebook.cite(sentence), label=entry.shown))
    told = _dated(documents[-1])
    notes = (RELATIVE_DATES.format(date=show_date(told)),) if is_relative and told else ()
    return listed(Shape.TIMELINE, notebook, items, notes=notes)


def _entries(asking: Asking, document: Document, weekdays: Sequence[str]) -> Iterator[_Entry]:
    """The dates of a document that are of the time, or the weekdays, that are asked about."""
    asked = periods(asking.question.text)
    told = _dated(document)
    titled = re.search(r"\b(?:19|20)\d\d\b", document.title)
    year = int(titled.group()) if titled else 0
    for place, sentence in enumerate(asking.sentences(document.id)):
        if is_row(sentence.text) and sentence in asking.searcher.columns_of(sentence):
            continue  # it names columns
        for date, shown, relative in _dates(sentence, told, year):
            if not (titled or relative or is_row(sentence.text)):
                year = date.year
            when = date.year + max(0, date.month - 1) / 12
            if asked and not any(p.start <= when < p.end for p in asked):
                continue
            if weekdays and not (relative and any(d in shown.lower() for d in weekdays)):
                continue
            yield _Entry((date.year, date.month, date.day), place, shown, sentence, relative)


def _named(asking: Asking) -> list[Document]:
    """The documents that the question calls by a word of their title alone; all where none is."""
    titles = [set(analyze(document.title)) for document in asking.documents]
    own = [
        asking.terms & title - set().union(*titles[:n], *titles[n + 1 :])
        for n, title in enumerate(titles)
    ]
    if not any(own) or all(own):
        return list(asking.documents)
    return [document for document, called in zip(asking.documents, own, strict=True) if called]


def _by_the_clock(asking: Asking) -> Shaped | None:
    """What happened at which time of day; None where hardly a time is told."""
    notebook = Notebook(asking.searcher)
    found: list[tuple[tuple[int, int], int, str, Sentence]] = []
    for place, sentence in enumerate(asking.text):
        if is_row(sentence.text):
            continue
        for match in _CLOCK.finditer(sentence.text):
            found.append(((int(match[1]), int(match[2])), place, match.group(), sentence))
    if len(found) < _LEAST_TIMES:
        return None
    items = [
        Item(plain(sentence.text), notebook.cite(sentence), label=shown)
        for _, _, shown, sentence in sorted(found, key=lambda entry: entry[:2])
    ]
    return listed(Shape.TIMELINE, notebook, items)


def _dates(sentence: Sentence, told: Date | None, year: int) -> list[tuple[Date, str, bool]]:
    """The dates of a sentence, in full, as shown, and whether they were counted from the
    document's date."""
    found: list[tuple[Date, str, bool]] = []
    for match in DATE.finditer(sentence.text):
        for date in read_date(match)[:1]:
            if date.year:
                found.append((date, show_date(date), False))
            elif at := year or (told.year if told else 0):
                # In the order of time by the year before it, but shown as said: no year is made up.
                found.append((date._replace(year=at), match.group(), False))
    if told and told.day and not found:
        for match in _WEEKDAY.finditer(sentence.text):
            if match.group().endswith("s") or _EACH_WEEK.match(sentence.text, match.end()):
                continue
            base = day_of(told.year, told.month, told.day)
            back = (base.weekday() - _DAYS.index(match["day"].lower())) % 7
            when = base + timedelta(days=7 - back if match["next"] else -back)
            resolved = Date(when.year, when.month, when.day)
            found.append((resolved, f"{match['day']}, {show_date(resolved)}", True))
            break
    return found


def _dated(document: Document) -> Date | None:
    """The date of a document, by its record or the first full date of its head."""
    for text in (document.date, document.text[:600], document.text[-300:]):
        for match in DATE.finditer(text):
            for date in read_date(match):
                if date.year and date.month and date.day:
                    return date
    return None


def _narrowed(asking: Asking, found: list[_Entry], narrow: set[str]) -> list[_Entry]:
    """The entries on what is asked about: by word, or near the best by rank."""

    def met(sentence: Sentence) -> int:
        return len(narrow & set(analyze(f"{sentence.heading} {sentence.text}")))

    most = max((met(entry.sentence) for entry in found), default=0)
    close = [
        e for e in found
        if asking.scores.get(e.sentence, -9.0) >= -5.0 or most and met(e.sentence) == most
    ]  # fmt: skip
    if not most and not asking.is_related:
        return []
    if most or all(asking.is_unheard(term) for term in narrow):
        return close if most else []
    return found  # what is asked about is there, but no date is said with it
