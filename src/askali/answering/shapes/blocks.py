"""The parts of a text that list things: bullets, steps, tables, and enumerations in a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askali.answering.shapes.asking import Asking, joined, paragraphs, plain, section
from askali.domain import Sentence
from askali.text.designators import records
from askali.text.quantities import FIGURE, read_figure
from askali.text.tables import Grid, grids, is_row

_MARKER = re.compile(r"(?:[-*•–▪◦]|\(?\d{1,2}[.)]|\(?[a-z]\))(?:\s+|$)")
_STEP = re.compile(r"\(?\d{1,2}[.)]")
_BARE = re.compile(r"\W*\d{0,2}\W*")
_FEW = range(2, 10)
_BREAK = re.compile(r",\s+(?:and\s+|or\s+|as well as\s+)?|(?<!\s)\s+(?:and|or|as well as)\s+|;\s+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is listed, with the sentence that says it."""

    text: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Block:
    """Entries under their lead ("The box contains:"), if they have one, and their heading."""

    entries: tuple[Entry, ...]
    heading: str = ""
    lead: Sentence | None = None
    is_steps: bool = False

    @property
    def about(self) -> str:
        """What the block says of itself, without its entries."""
        return " ".join(filter(None, [self.heading, self.lead.text if self.lead else ""]))


@dataclass(frozen=True, slots=True)
class Placed:
    """A table of a document with the sentence of each row."""

    document_id: str
    grid: Grid
    heading: str
    caption: Sentence | None
    rows: tuple[Sentence, ...]
    is_told: bool = False
    """Made of sentences that say the same of several things, and quoted as these."""

    @property
    def about(self) -> str:
        """What it says of itself: its heading, the names of its columns and rows."""
        return f"{self.heading} {' '.join(self.grid.columns)} {' '.join(self.grid.names)}"


def listings(asking: Asking) -> list[Block]:
    """Runs of bullets or numbered paragraphs, with what leads into them."""
    found: list[Block] = []
    before: Sentence | None = None
    run: list[list[Sentence]] = []

    def close() -> None:
        if len(run) > 1:
            entries = tuple(_entry(paragraph, asking) for paragraph in run)
            first = run[0][0]
            near = before is not None and (
                before.document_id == first.document_id
                and first.paragraph - before.paragraph <= 2
                and (before.heading == first.heading or before.text.rstrip().endswith(":"))
            )
            is_steps = bool(_STEP.match(first.text))
            found.append(Block(entries, first.heading, before if near else None, is_steps))
        run.clear()

    for paragraph in paragraphs(asking.text):
        is_listed = bool(_MARKER.match(paragraph[0].text)) and not is_row(paragraph[0].text)
        last = run[-1][0] if run else paragraph[0]
        is_same = last.heading == paragraph[0].heading or _follows(last.text, paragraph[0].text)
        if is_listed and last.document_id == paragraph[0].document_id and is_same:
            run.append(paragraph)
            continue
        close()
        if is_listed:
            before = None
            run.append(paragraph)
        else:
            before = paragraph[-1]
    close()
    return found


def announced(asking: Asking) -> list[Block]:
    """The paragraphs behind "… in three aspects:", as many as it says, by their first sentences."""
    found = []
    every = list(paragraphs(asking.text))
    for at, paragraph in enumerate(every):
        lead = paragraph[-1]
        said = [read_figure(m).value for m in FIGURE.finditer(lead.text)]
        told = [int(value) for value in said if value in _FEW]
        if not lead.text.rstrip().endswith(":") or is_row(lead.text) or len(told) != 1:
            continue
        first = [s[0] for s in every[at + 1 : at + 1 + told[0]]]
        place = (lead.document_id, lead.heading)
        if len(first) == told[0] and all(
            (s.document_id, s.heading) == place and not _MARKER.match(s.text) and not is_row(s.text)
            for s in first
        ):
            entries = tuple(Entry(plain(s.text), s) for s in first)
            found.append(Block(entries, lead.heading, lead))
    return found


def _follows(one: str, other: str) -> bool:
    """True for "(d)" and "(e)", which is of the same list over a line between them."""
    marks = [re.match(r"\(?([a-z]|\d{1,2})[.)]", text) for text in (one, other)]
    if not all(marks):
        return False
    first, second = (m[1] for m in marks if m)
    if first.isdigit() and second.isdigit():
        return int(second) == int(first) + 1
    return not first.isdigit() and ord(second[0]) == ord(first) + 1


def _entry(paragraph: Sequence[Sentence], asking: Asking) -> Entry:
    said = [s for s in paragraph if not _BARE.fullmatch(s.text)] or list(paragraph)
    whole = joined(said, asking.searcher)
    text = plain(whole.text)
    mark = _MARKER.match(text)
    text = text[mark.end() :] if mark else text
    return Entry(text.rstrip(",;. ") if len(said) == 1 else text, whole)


def tables(asking: Asking) -> list[Placed]:
    """The tables of the documents."""
    found = []
    for document in asking.documents:
        sentences = asking.sentences(document.id)
        starting = {s.start: s for s in sentences}
        for grid in grids(document.text):
            rows = tuple(
                starting.get(start) or Sentence(document.id, start, end, document.text[start:end])
                for start, end, _ in grid.rows
            )
            above = [s for s in sentences if s.end <= grid.start][-1:]
            caption = above[0] if above and above[0].text.endswith(":") else None
            heading = section(rows[0]) if rows else ""
            found.append(Placed(document.id, grid, heading, caption, rows))
    return found


def told(asking: Asking) -> list[Placed]:
    """The tables that sentences of one form make: "Hut A sleeps 12 guests. Hut B sleeps 8 …"."""
    sentences = asking.text
    found = []
    for names, by_sentence in records([sentence.text for sentence in sentences]):
        rows = tuple(sentences[number] for number in by_sentence)
        spans = (s.start for s in rows), (s.end for s in rows), map(tuple, by_sentence.values())
        grid = Grid(rows[0].start, rows[-1].end, tuple(names), tuple(zip(*spans, strict=True)))
        found.append(Placed(rows[0].document_id, grid, "", None, rows, is_told=True))
    return found


def enumerated(sentence: str) -> list[str]:
    """The things that a sentence enumerates ("A, B and C"), from two on; none else.

    After a colon what follows it, otherwise the longest run of short parts.
    """
    text = plain(sentence).rstrip(".!")
    lead, colon, rest = text.partition(": ")
    if colon and len(parts := _whole(_parts(rest))) > 1:
        return parts
    parts = _whole(_parts(text))
    if len(parts) < 3 or not re.search(r"\b(?:and|or|as well as)\b", text):
        return []
    # The first part carries the sentence before it, the last what comes after.
    return parts


def _whole(parts: list[str]) -> list[str]:
    """The parts without cuts inside them: "Tide Together, a cooperative, 8 per cent" is one
    thing where the others are names."""
    named = [bool(re.search(r"\b[A-Z]", part)) for part in parts]
    if sum(named) * 2 < len(parts):
        return parts
    found: list[str] = []
    for part, is_name in zip(parts, named, strict=True):
        if found and not is_name:
            found[-1] += f", {part}"
        else:
            found.append(part)
    return found


def _parts(text: str) -> list[str]:
    guarded = re.sub(
        r"\([^()]*\)", lambda m: m.group().replace(",", "‚").replace(" and ", " &&& "), text
    )
    pieces = re.split(r";\s+(?:and\s+)?", guarded)
    if len(pieces) < 3:
        pieces = _BREAK.split(guarded)
    return [p.replace("‚", ",").replace(" &&& ", " and ").strip() for p in pieces if p.strip()]
