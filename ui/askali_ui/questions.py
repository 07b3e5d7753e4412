"""Questions that a text looks able to answer: from its headings, tables and plain sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from askali import Document, Sentence, is_row, split_sentences

TRIED = 40
_MOST_ROWS = 2  # of one table: more of them would be all that is suggested
_OF_ANY, _MOST_OF_ANY = ("about", "section"), 2
_ASKS = re.compile(r"[^?？؟]{15,110}[?？؟]")
_NAME = r"(?P<who>[A-Z][\w&’'-]+(?: [A-Z][\w&’'-]+){0,3})"
_YEAR = r"(?:1[6-9]|20)\d\d"
_MONEY = r"(?:about |more than |up to )?(?:[$€£¥]\s?\d|\d[\d.,]* (?:million|billion|trillion)\b)"
_FORMS = {
    rf"^{_NAME} is (?:a|an|the) \w": "What is {who}?",
    rf"^{_NAME} (?P<be>was|were) (?P<done>\w+ed|built|sold|closed)\b.* in {_YEAR}": (
        "When {be} {who} {done}?"
    ),
    rf"\b{_NAME}, (?P<role>[A-Z]\w+(?: \w+)? of {_NAME.replace('who', 'firm')})\b": (
        "Who is the {role}?"
    ),
    rf"\b{_NAME},? (?:announced that it )?(?:will|plans to) (?P<verb>invest|spend|pay) {_MONEY}": (
        "How much will {who} {verb}?"
    ),
    rf"^In {_YEAR}, {_NAME} (?P<done>\w+ed) (?P<what>[^,.;]{{3,40}}?)(?:[,.;]| for | and |$)": (
        "When was {what} {done} by {who}?"
    ),
    rf"\b{_NAME},? (?:the )?founder of (?P<firm>[A-Z]\w+)": "Who is the founder of {firm}?",
    rf"\b{_NAME} (?:said|stated|explained) that ": "What did {who} say?",
    rf"^(?P<what>[A-Z][^,.;]{{6,60}}?) (?P<be>was|were) {_MONEY}": "What {be} {what}?",
    r"^(?P<what>[A-Z][\w ,–-]{3,50}?) (?P<be>was|were|is|are) (?P<done>\w+) because": (
        "Why {be} {what} {done}?"
    ),
    r"^(?P<what>(?:The|A|An) [\w –-]{3,50}?)(?<! and) costs? \D{0,20}\d": (
        "How much does {what} cost?"
    ),
    r"^(?P<what>The \w{3,20}) is (?:a |an |that )?\w+[:,.]": "What is {what}?",
    r"^(?P<what>The [\w –-]{3,50}?)(?<! and) cost \D{0,20}\d": "How much did {what} cost?",
}
_COMPILED = [(re.compile(pattern), form) for pattern, form in _FORMS.items()]
_ARTICLES = ("The", "A", "An", "Its", "Their")
_QUOTES = ('"', "“", "‘", "«")  # what is quoted is hearsay: nobody should be led to ask it
_PRONOUNS = frozenset("It He She They This That These Those There We You I".split())


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question and the span in which its answer's citation must lie; `form` is what it was
    made of or how it begins, so that not all that is shown are of one pattern."""

    question: str
    document_id: str
    start: int
    end: int
    form: str = ""


def candidates(
    documents: Mapping[str, Document], tried: int = TRIED, *, names: bool | None = None
) -> list[Suggestion]:
    """At most `tried`, no question twice, evenly from all of the text; never a title. What a
    text is about, and its sections, come last: they make a question of any text. With `names`
    they name their document, as they must where it is one of several."""
    found: dict[str, Suggestion] = {}
    for document in documents.values():
        sentences = split_sentences(document)
        for suggestion in chain(asked_by_the_author(sentences), _made(sentences)):
            if suggestion.question != document.title:
                found.setdefault(suggestion.question, suggestion)
    every = sorted(found.values(), key=lambda s: (s.document_id, s.start))
    step = max(1, len(every) // tried)
    names = len(documents) > 1 if names is None else names
    plain = [s for document in documents.values() for s in _of_any(document, names)]
    by_form: dict[str, list[Suggestion]] = {}
    for each in spread(every[::step][:tried]):
        by_form.setdefault(each.form, []).append(each)
    made = [each for turn in zip_longest(*by_form.values()) for each in turn if each]
    return [*made, *plain[:tried]]


def varied(groups: Iterable[Iterable[Suggestion]], count: int) -> list[Suggestion]:
    """At most `count` of all groups in turn, each time the first one of the form that is there
    least often so far; of those that fit any text only two of a form."""
    left = [list(group) for group in groups]
    found: list[Suggestion] = []
    while len(found) < count and any(left):
        for group in filter(None, left):
            of = Counter(each.form for each in found)
            best = min(group, key=lambda each: of[each.form])
            group.remove(best)
            if best.form not in _OF_ANY or of[best.form] < _MOST_OF_ANY:
                found.append(best)
    return found[:count]


def spread(every: Sequence[Suggestion], parts: int = 4) -> list[Suggestion]:
    """The same, neighbours far apart: one of each quarter, then the next of each."""
    step = max(1, len(every) // parts)
    return [each for begin in range(step) for each in every[begin::step]]


def _of_any(document: Document, is_one_of_several: bool) -> Iterator[Suggestion]:
    """What it is about, and what it says in two of its sections."""
    sentences = split_sentences(document)
    if not sentences:
        return
    name = f"“{document.title}”" if is_one_of_several else "it"
    about = name if is_one_of_several else "this"
    end = sentences[-1].end
    yield Suggestion(f"What is {about} about?", document.id, 0, end, "about")
    sections: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        heading = sentence.heading.partition(" · ")[0]
        if 3 < len(heading) < 60 and heading != document.title and not heading.endswith("?"):
            sections.setdefault(heading, []).append(sentence)
    for heading, within in list(sections.items())[:2]:
        question = f"What does {name} say about “{heading}”?"
        yield Suggestion(question, document.id, within[0].start, within[-1].end, "section")


def asked_by_the_author(sentences: Sequence[Sentence]) -> Iterator[Suggestion]:
    """Questions that the text itself asks, in any language; their answer should follow."""
    headings = {s.heading: s.start for s in reversed(sentences) if s.heading}
    for question, after in [*((s.text, s.end) for s in sentences), *headings.items()]:
        if _ASKS.fullmatch(question):
            yield Suggestion(question, sentences[0].document_id, after, after + 600, "asked")


def _made(sentences: Sequence[Sentence]) -> Iterator[Suggestion]:
    """From tables and from plain statements."""
    head: list[str] = []
    rows = 0
    for sentence in sentences:
        span = (sentence.start, sentence.end)
        if not is_row(sentence.text):
            head, rows = [], 0
        else:
            cells = [cell.strip(" *") for cell in sentence.text.strip().strip("|").split("|")]
            if not head:
                head = cells
            elif len(cells) == len(head) > 1 and cells[0] and head[-1] and rows < _MOST_ROWS:
                rows += 1
                column = head[-1] if head[-1][1:2].isupper() else head[-1].lower()
                is_plain = column.isalpha() and not column.endswith("s")  # "price"; not "2025"
                if any(map(str.isdigit, cells[-1])):
                    column += " for" if is_plain else " figure for"
                else:
                    column += " of"
                row = (
                    cells[0] if any(map(str.isalpha, cells[0])) else f"{head[0].lower()} {cells[0]}"
                )
                question = f"What is the {column} {row}?"
                yield Suggestion(question, sentence.document_id, *span, "row")
            continue
        for question in questions_of(sentence):
            form = " ".join(question.split()[:2])
            yield Suggestion(question, sentence.document_id, *span, form)


def questions_of(sentence: Sentence) -> Iterator[str]:
    """Questions that a sentence looks able to answer."""
    for pattern, form in _COMPILED:
        match = pattern.search(sentence.text)
        parts: dict[str, Any] = match.groupdict() if match else {}
        if (
            match is None
            or sentence.text[: match.start()].endswith(_QUOTES)
            or parts.get("who", "x").split()[0] in _PRONOUNS
        ):
            continue
        if parts.get("who", "").startswith("The "):
            parts["who"] = parts["who"][0].lower() + parts["who"][1:]
        if "what" in parts:
            first, *others = parts["what"].split()
            is_name = first not in _ARTICLES and (not others or others[0][0].isalpha())
            parts["what"] = " ".join([first if is_name else first.lower(), *others])
        yield form.format(**parts)
