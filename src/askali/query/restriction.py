"""Which documents are asked: those that the asker chose, or the one that a question names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from askali.domain import Document, Shape
from askali.errors import DocumentError
from askali.text.tokens import analyze, stem

KINDS = frozenset(
    stem(word)
    for word in """article letter memo memorandum minutes report manual handbook guide policy
    contract agreement lease invoice receipt statement biography story essay paper study survey
    thesis newsletter press brochure leaflet catalogue review protocol transcript notice plan
    proposal offer email mail order contract will recipe diary interview speech page website
    spreadsheet table presentation slides readme faq""".split()
)
"""What documents are called by their kind, stemmed."""

_DEFINITE = re.compile(r"\b(?:the|our|my|your) ", re.I)
_OF_NAME = re.compile(r"\s*(?:of|on|about|by|from|for) (?:the )?((?:[A-Z][\w'’&-]*\s*)+)")
_NAME_ENDS = re.compile(r"[:–—|(]| - ")
_OF_ALL_OF_IT = frozenset(
    {Shape.SUMMARY, Shape.LIST, Shape.TIMELINE, Shape.EXTRACT, Shape.ABOUT_DOCUMENT}
)
"""Shapes that read a document as a whole. A single fact on somebody may stand in any document,
not only in the one that is called by the name."""

_CAPITAL = re.compile(r"(?<!^)\b[A-Z][\w'’-]*")
_MOST_WORDS = 5
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")


def ids_named(
    documents: Mapping[str, Document], named: Sequence[str] | None
) -> tuple[str, ...] | None:
    """The ids of documents that are named by id, source, copy or title; None for None.

    Raises `DocumentError` for an unknown name.
    """
    if named is None:
        return None
    found: list[str] = []
    for name in [named] if isinstance(named, str) else named:
        wanted = name.strip().lower()
        alike = (
            []
            if name in documents
            else [
                id
                for id, document in documents.items()
                if wanted in map(str.lower, (document.source, document.title, *document.copies))
            ]
        )
        found += alike or [document_named(documents, name)]
    return tuple(dict.fromkeys(found))


def document_named(documents: Mapping[str, Document], id: str) -> str:
    """The id itself; raises `DocumentError` where no document has it."""
    if id in documents:
        return id
    known = list(documents)
    more = f" and {len(known) - 10} more" if len(known) > 10 else ""
    raise DocumentError(f"no document {id!r}; known: {', '.join(known[:10])}{more}")


def restricted_to(
    question: str,
    documents: Sequence[Document],
    chosen: tuple[str, ...] | None = None,
    shape: Shape | None = None,
) -> tuple[str, ...] | None:
    """The id of the one document that a question names by its kind, with whatever else of
    its title it says, or, for a `shape` that reads all of it, by the name that its title begins
    with; `chosen` where it names none, several, or there is only one."""
    among = [d for d in documents if chosen is None or d.id in chosen]
    if len(among) < 2:
        return chosen
    called = {d.id: {*analyze(d.title), *analyze(_file_name(d.source))} for d in among}
    kinds, names = _phrases(question)
    for phrase in [*kinds, *names]:
        fitting = [id for id, name in called.items() if phrase <= name]
        if len(fitting) > 1:  # "the invoice number of 2025", of the invoices of two years
            years = set(_YEAR.findall(question))
            fitting = [id for id in fitting if years and years <= called[id]]
        if len(fitting) == 1:
            return (fitting[0],)
    if shape is Shape.ABOUT_DOCUMENT:  # "the note", of "Orchard note"
        for match in _DEFINITE.finditer(question):
            word = set(analyze(question[match.end() :].split(" ", 1)[0]))
            fitting = [id for id, name in called.items() if word and word <= name]
            if len(fitting) == 1:
                return (fitting[0],)
    if shape in _OF_ALL_OF_IT:
        asked, proper = set(analyze(question)), set(analyze(" ".join(_CAPITAL.findall(question))))
        begins = {d.id: set(analyze(_NAME_ENDS.split(d.title)[0])) - KINDS for d in among}
        fitting = [id for id, name in begins.items() if name & proper and name <= asked]
        if len(fitting) == 1:
            return (fitting[0],)
    return chosen


def _phrases(question: str) -> tuple[list[set[str]], list[set[str]]]:
    """The stems of each phrase that may name a document, the longest first: with its kind, and
    of what else is said of it, as "Varna Buses" of "the report of Varna Buses"."""
    found, names = [], []
    for match in _DEFINITE.finditer(question):
        words = re.findall(r"[\w'’-]+", question[match.end() :])[:_MOST_WORDS]
        for end in range(len(words), 0, -1):
            is_year = end > 1 and words[end - 1].isdigit()  # "the report (of) 2022"
            kind = words[end - 2 - (words[end - 2] in ("of", "for"))] if is_year else words[end - 1]
            if stem(kind.lower()) in KINDS:
                found.append(set(analyze(" ".join(words[:end]))))
                behind = question[match.end() :].partition(words[end - 1])[2]
                of = _OF_NAME.match(behind)
                name = " ".join([*words[: end - 1], of[1] if of else ""])
                if any(word[:1].isupper() for word in name.split()):
                    names.append(set(analyze(name)))
    kinds, names = (
        sorted((phrase for phrase in each if phrase), key=len, reverse=True)
        for each in (found, names)
    )
    return kinds, names


def _file_name(source: str) -> str:
    """A path's or address's last part without its ending, its words apart."""
    name = re.split(r"[/\\]", source.rstrip("/"))[-1]
    return re.sub(r"[._-]+", " ", name.rpartition(".")[0] or name)
