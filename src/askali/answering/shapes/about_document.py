"""Answers about the documents as such, from their record and from their first and last lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from askali.answering.shapes.asking import (
    Asking,
    Notebook,
    Shaped,
    listed,
    marks,
    not_stated,
    plain,
    quoted_piece,
    section,
)
from askali.answering.shapes.edges import BYLINE, headlines, is_signed
from askali.answering.shapes.lists import labelled
from askali.domain import Document, Item, Sentence, Shape
from askali.messages import NOT_KNOWN, NOT_KNOWN_OF
from askali.query.front_desk import Field, asked_fields
from askali.query.restriction import KINDS
from askali.text.dates import DATE
from askali.text.language import NAMES, language
from askali.text.tables import is_row
from askali.text.tokens import analyze, capitals, content_words, stem

_HEAD_SENTENCES = 6
_PIECE_CHARS = 160
_TAG_CHARS = 40
_OF_DOCUMENTS = frozenset(
    analyze(
        """document article report text paper page piece story book file leaflet manual minutes
        this first who which what when where date author write written wrote writer name made make
        took publish publisher appear person whom by number"""
    )
).union(KINDS)
"""What is asked of any document; the rest of the words say which of its details is meant."""

_OF_RECORD = (Field.TITLE, Field.AUTHOR, Field.PUBLISHER, Field.DATE, Field.LENGTH, Field.FILE)
_TAIL_SENTENCES = 6
_MOST_NAMED = 5
# Words beside the date of a document itself.
PUBLISHED = re.compile(
    r"\b(?:published|issued|adopted|printed|edition"
    r"|updated|last (?:change|modified|reviewed)|as of|version"
    r"|status|dated?)\b",
    re.I,
)
_ISSUED_BY = re.compile(r"\b(?:published|issued|provided|run|operated)\b[^.]{0,60}?\bby\b", re.I)
# What no document's record has: not to be answered with another of its details.
_UNKNOWN = re.compile(
    r"\b(?:isbn|issn|doi|price|cost\w*|copyright|licen[cs]e|circulation|printed? (?:run|copies)"
    r"|(?:phone|fax) number)\b",
    re.I,
)


def headings(asking: Asking, document: Document) -> list[str]:
    """The headings of a document in order, without its own title."""
    found = dict.fromkeys(section(s) for s in asking.sentences(document.id) if s.heading)
    return [heading for heading in found if heading != document.title]


def about_document(asking: Asking) -> Shaped | None:
    """Details of the documents: from their record and from the lines at their head and foot."""
    text = asking.question.text
    notebook = Notebook(asking.searcher)
    if _UNKNOWN.search(text):
        return not_stated(Shape.ABOUT_DOCUMENT, NOT_KNOWN)
    fields = asked_fields(text)
    if (found := _of_the_edges(asking, fields, notebook)) is not None:
        return found
    if Field.LIBRARY in fields and len(asking.documents) > 1:
        items = [
            Item(f"{d.title}{f' ({d.shown_date})' if d.shown_date else ''}", ())
            for d in asking.documents
        ]
        lead = f"{len(items)} documents are loaded:"
        return listed(Shape.ABOUT_DOCUMENT, notebook, items, lead=lead)
    several = len(asking.documents) > 1
    details = _OF_RECORD if {Field.RECORD, Field.LIBRARY} & {*fields} else fields
    items = []
    for document in asking.documents[:_MOST_NAMED]:
        for field in details:
            said, cited = _detail(asking, document, field, notebook)
            if not said and field is Field.AUTHOR in fields and document.publisher:
                field = Field.PUBLISHER  # not who wrote it, and said as what it is
                said, cited = _detail(asking, document, field, notebook)
            label = f"{document.title}, {field.value}" if several else field.value.capitalize()
            said = re.sub(rf"^{field.value}:\s*", "", said, flags=re.I)
            if said or field in fields:
                items.append(Item(said, cited, label=label))
    known = [item for item in items if item.text]
    if not known:
        return _behind_label(asking, notebook) or not_stated(Shape.ABOUT_DOCUMENT, NOT_KNOWN)
    if Field.SECTIONS in fields and len(known) == 1 and not several:
        return _sections(asking, notebook)
    lacking = ", ".join(item.label.lower() for item in items if not item.text)
    bullet = "- " if len(known) > 1 else ""
    lines = [f"{bullet}**{i.label}**: {i.text} {marks(i.citations)}".rstrip() for i in known]
    return Shaped(
        Shape.ABOUT_DOCUMENT,
        "\n".join(lines),
        claims=tuple(notebook.claim(i.text, i.citations) for i in known if i.citations),
        citations=tuple(notebook.citations),
        items=tuple(known),
        notes=(NOT_KNOWN_OF.format(fields=lacking),) if lacking else (),
    )


def _of_the_edges(asking: Asking, fields: Sequence[Field], notebook: Notebook) -> Shaped | None:
    """The piece of the head or foot that says what is asked in its words ("Printed on 14
    March", "photographs by Tom Achebe", "issue 58"); an abstention where somebody is asked
    for whose work nobody is named for; None where the record answers."""
    if len(asking.documents) > 1 or not set(fields) & {Field.AUTHOR, Field.DATE, Field.RECORD}:
        return None
    sentences = asking.sentences(asking.documents[0].id)
    outer = [*sentences[:_HEAD_SENTENCES], *sentences[-_TAIL_SENTENCES:]]
    document = asking.documents[0]
    called = set(analyze(f"{document.title} {document.source}"))  # "the memo" is the document
    asked = set(analyze(asking.question.text)) - _OF_DOCUMENTS - called
    if not asked:
        return None
    best: tuple[int, float, str, Sentence] | None = None
    for sentence in outer:
        if is_row(sentence.text):
            continue
        for piece in re.split(r"\s[·|]\s|;\s|\n(?=[A-Z][\w ]{0,20}:)", sentence.text):
            said = {*analyze(piece), *(w.text.lower() for w in content_words(piece))}
            met = {
                a for a in asked if a in said or any(asking.is_alike(a, other) for other in said)
            }
            is_tag = len(piece) < _TAG_CHARS and re.search(r"\d", piece)  # "version 3"
            if not met or len(met) * 2 <= len(asked) and not is_tag or len(piece) > _PIECE_CHARS:
                continue
            if Field.DATE in fields and not DATE.search(piece):
                continue
            if Field.AUTHOR in fields and not capitals(f"x {piece}"):
                continue
            found = (len(met), -float(sentence.start), plain(piece), sentence)
            best = max(best, found, key=lambda one: one[:2]) if best else found
    if best is None and "sign" in asked and (dated := [s for s in outer if DATE.search(s.text)]):
        best = (1, 0.0, plain(dated[-1].text), dated[-1])  # the last line, as of a letter
    if best is not None:
        label = fields[0].value.capitalize()
        lead = "" if fields[0] is Field.RECORD else f"**{label}**: "
        shaped = quoted_piece(Shape.ABOUT_DOCUMENT, notebook, best[2], best[3], lead=lead)
        [claim] = shaped.claims
        return replace(shaped, items=(Item(claim.text, claim.citations, label=label),))
    if Field.AUTHOR in fields and asked:
        return _behind_label(asking, notebook) or not_stated(Shape.ABOUT_DOCUMENT, NOT_KNOWN)
    return None


def _behind_label(asking: Asking, notebook: Notebook) -> Shaped | None:
    """What stands anywhere behind a label that is asked for: "Illustrator: …"."""
    line = labelled(asking)
    if line is None:
        return None
    return quoted_piece(Shape.ABOUT_DOCUMENT, notebook, line[1], line[0])


def _sections(asking: Asking, notebook: Notebook) -> Shaped:
    items = []
    for document in asking.documents[:1]:
        firsts: dict[str, Sentence] = {}
        for sentence in asking.sentences(document.id):
            firsts.setdefault(section(sentence), sentence)
        for heading in headings(asking, document):
            items.append(Item(heading, notebook.cite(firsts[heading])))
    lead = f"{len(items)} sections:"
    return listed(Shape.ABOUT_DOCUMENT, notebook, items, lead=lead, numbered=False)


def _detail(
    asking: Asking, document: Document, field: Field, notebook: Notebook
) -> tuple[str, tuple[int, ...]]:
    """A detail in words and what it is cited from; "" where it is not known."""
    sentences = asking.sentences(document.id)
    outer = [*sentences[:_HEAD_SENTENCES], *sentences[-_TAIL_SENTENCES:]]
    match field:
        case Field.TITLE:
            return _title(document, sentences, notebook)
        case Field.AUTHOR:
            said = [s for s in outer if BYLINE.search(plain(s.text))]
            said += [s for s in sentences if stem(s.heading.lower()) == stem(field.value)][:1]
            if document.author:
                return _with(document.author, said, notebook)
            said = said or [s for s in sentences[-1:] if is_signed(document, s)]
            issued = [s for s in outer if _ISSUED_BY.search(s.text)]
            return _shown(said or [*headlines(document), *issued], notebook)
        case Field.PUBLISHER:
            issued = [s for s in outer if _ISSUED_BY.search(s.text)]
            said = [*headlines(document), *issued]
            if document.publisher:
                return _with(document.publisher, said, notebook)
            return _shown(said, notebook)
        case Field.DATE:
            dated = [s for s in outer if DATE.search(s.text)]
            # "Published on …" anywhere at the edges, else a short line of the head.
            best = [s for s in dated if PUBLISHED.search(s.text) or DATE.fullmatch(s.text.strip())]
            if document.date:
                return _with(document.date, best, notebook)
            best = best or [s for s in dated if s in sentences[:_HEAD_SENTENCES]]
            return _shown(best[:1], notebook) if best else (document.shown_date, ())
        case Field.LANGUAGE:
            code = language(document.text[:5000])
            return NAMES.get(code, code), ()
        case Field.LENGTH:
            pages = f", {len(document.page_starts)} pages" if document.page_starts else ""
            count = len(re.findall(r"\S*\w\S*", document.text))
            parts = len(headings(asking, document))
            return (
                f"{count:,} words, {len(document.text):,} characters, {parts} sections{pages}",
                (),
            )
        case Field.SECTIONS:
            found = headings(asking, document)
            return (f"{len(found)}: {', '.join(found)}" if found else ""), ()
        case Field.FILE:
            return document.source, ()
        case _:
            return document.title, ()


def _title(
    document: Document, sentences: Sequence[Sentence], notebook: Notebook
) -> tuple[str, tuple[int, ...]]:
    """The title; a plain file's is its first line, where its name is only the file's."""
    first = sentences[0]
    is_named_by_file = stem(document.title) in stem(re.sub(r"[-_]+", " ", document.source))
    line = plain(first.text)
    if (
        is_named_by_file
        and not first.heading
        and first.start < 200
        and not re.search(r"[.!?:]$", line)
    ):
        return line, notebook.cite(first)
    if is_named_by_file and first.heading:
        return first.heading, ()
    extra = [s for s in sentences[:2] if re.search(r"\bedition\b", s.text, re.I)]
    if extra:
        return f"{document.title}. {plain(extra[0].text)}", notebook.cite(extra[0])
    return document.title, ()


def _shown(sentences: Sequence[Sentence], notebook: Notebook) -> tuple[str, tuple[int, ...]]:
    chosen = list(dict.fromkeys(sentences))[:3]
    return " ".join(plain(s.text) for s in chosen), notebook.cite(*chosen)


def _with(
    known: str, sentences: Sequence[Sentence], notebook: Notebook
) -> tuple[str, tuple[int, ...]]:
    """What the record says, and the lines of the text that show it."""
    said, cited = _shown(sentences, notebook)
    return (f"{known} (“{said}”)" if said and known not in said else said or known), cited
