"""Cut a document into sentences and passages, each with its exact span.

Sentence boundaries come from sentencex (Wikimedia): it gives spans, knows the
abbreviations of about 300 languages and is linear in time. Ours is only what a
plain-text file needs around it: lines, headings, credits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from sentencex import get_sentence_boundaries

from askali.domain import Document, Passage, Sentence
from askali.text.language import language_of
from askali.text.tables import about_rows, is_row, tables_of

SEGMENTATION = "sentencex-1/passages-700/tables/abbreviations/units/labels/values/languages/heads"
"""Names this segmentation in an index stamp; change it when spans, or the words that the
lexical index reads in them, may change."""

PASSAGE_CHARS = 700
"""Upper length of a passage, about 150 tokens; a longer sentence stands alone."""

_DENSE_CHARS = 250
"""The same where a character is a token: Chinese, Japanese and Korean."""

MAX_SENTENCE_CHARS = 1200
"""A longer "sentence" is a list without stops: it is cut at its semicolons, a piece that is
still too long at a comma, or else at a space."""

_LABEL_WORDS = 5
_VALUE_CHARS = 80
_LABEL_OF_ITS_OWN = re.compile(r"[^\W\d][^:\n]{0,40}[:：]\s")

_HEADING_CHARS = 90
_WRAPPED_LINE = range(45, 101)
# "Photo: …", "Image source: …": no sentence of the text.
_CREDIT = re.compile(
    r"(?:image|photo|picture|illustration|graphic|video)s?\b[^.]{0,24}?(?:source|credit|by|courtesy|:|/|©)",
    re.IGNORECASE,
)
_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*$")
_ENDS_SENTENCE = re.compile(r"[.!?。！？…;:,][\"'”’»)\]]*$")
# Abbreviations before a name, which end no sentence; sentencex does not know them.
_BEFORE_NAME = re.compile(
    r"(?<![\w.])(?:Ms|Mx|Cpt|Lieut|Amb|Ald|Cllr|Assoc|Asst|Dep|Br|Sra|Srta|Ste|Mlle|Mgr|Dipl)\.$"
)
# Abbreviations before a figure, which sentencex does not know either.
_BEFORE_FIGURE = re.compile(
    r"(?<![\w.])(?:approx|est|incl|excl|Figs?|Eqs?|Tab|Vols?|Chap|Ch|Sect|Sec|Par|Pt|Nos?)\.$", re.I
)
_AFTER_UNIT = re.compile(r"\d\s?(?:mm|m|g|hr|min|sec)\.\s+(?=[\"“‘(]?[A-Z][a-z])")
"""A measure that ends its sentence; sentencex takes these units for abbreviations."""
_STARTS_BLOCK = re.compile(r"#{1,6}\s|[-*•]\s|\d+[.)]\s")
_NUMBERING = re.compile(r"^(?:\d+(?:\.\d+)*\.?|[IVX]+\.|[A-Z]\.)\s+")


def split_sentences(document: Document) -> list[Sentence]:
    """The citable sentences of a document, in order, without overlap.

    Headings and image credits are not sentences; the nearest heading above is
    the sentence's `heading`, for a row of a table with the names of its columns
    and the label above it.
    ``document.text[s.start:s.end] == s.text``.
    """
    sentences: list[Sentence] = []
    spoken = language_of(document)
    paragraphs = list(_paragraphs(document.text))
    above = _above(document.text, paragraphs)
    heading = ""
    for number, (start, end) in enumerate(paragraphs):
        text = document.text[start:end]
        following = paragraphs[number + 1] if number + 1 < len(paragraphs) else None
        if _CREDIT.match(text) and len(text) <= _HEADING_CHARS:
            continue
        if _is_heading(text, document.text[slice(*following)] if following else ""):
            marked = _MARKDOWN_HEADING.match(text)
            heading = marked[1] if marked else text
            continue
        about = " · ".join(part for part in (heading, above.get(number, "")) if part)
        for a, b in _sentence_spans(text, spoken):
            a, b = start + a, start + b
            sentences.append(Sentence(document.id, a, b, document.text[a:b], about, number))
    return sentences


def _above(text: str, paragraphs: list[tuple[int, int]]) -> dict[int, str]:
    """By number, for each row of a table: what it is to be read under."""
    found: dict[int, str] = {}
    for numbers in tables_of(text, paragraphs):
        rows = [text[slice(*paragraphs[number])] for number in numbers]
        found |= dict(zip(numbers, about_rows(rows), strict=True))
    return found


def join_passages(document: Document, sentences: list[Sentence]) -> list[Passage]:
    """Runs of whole sentences of at most `PASSAGE_CHARS`, none across a heading.

    Every sentence lies in exactly one passage.
    """
    passages = []
    longest = _DENSE_CHARS if language_of(document) in ("zh", "ja", "ko") else PASSAGE_CHARS
    for heading, group in groupby(sentences, key=lambda s: s.heading):
        for run in _runs(list(group), longest):
            start, end = run[0].start, run[-1].end
            passages.append(Passage(document.id, start, end, document.text[start:end], heading))
    return passages


def _runs(sentences: list[Sentence], longest: int) -> Iterator[list[Sentence]]:
    run: list[Sentence] = []
    for sentence in sentences:
        if run and sentence.end - run[0].start > longest:
            yield run
            run = []
        run.append(sentence)
    if run:
        yield run


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Spans of paragraphs: a line each, a block of hard-wrapped lines, or a label and its
    value on the next line."""
    label: tuple[int, int] | None = None
    for block in re.finditer(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*", text):
        lines = [
            (block.start() + m.start(), block.start() + m.end())
            for m in re.finditer(r"\S[^\n]*", block.group())
        ]
        lines = [(a, a + len(text[a:b].rstrip())) for a, b in lines]
        if label and len(lines) == 1 and _is_labelled(text[label[0] : lines[0][1]]):
            yield label[0], lines[0][1]
            label = None
            continue
        if label:
            yield label
            label = None
        if len(lines) == 1 and text[slice(*lines[0])].endswith((":", "：")):
            label = lines[0]
        elif _is_wrapped([text[a:b] for a, b in lines]) or (
            len(lines) == 2 and _is_labelled(text[lines[0][0] : lines[1][1]])
        ):
            yield lines[0][0], lines[-1][1]
        else:
            yield from lines
    if label:
        yield label


def _is_labelled(paragraph: str) -> bool:
    """True for two lines, as of a form: "Member since" and "May 2019"; over an empty line
    where the first ends with a colon."""
    label, _, value = paragraph.partition("\n")
    label, value = label.rstrip(), value.lstrip()
    return (
        "\n" not in value
        and 0 < len(value) <= _VALUE_CHARS
        and len(label.split()) <= _LABEL_WORDS
        and label[:1].isupper()
        and not any(map(str.isdigit, label))
        and (label.endswith((":", "：")) or not _ENDS_SENTENCE.search(label))
        and not _ENDS_SENTENCE.search(value)
        and not _LABEL_OF_ITS_OWN.match(value)
        and not any(is_row(line) or _STARTS_BLOCK.match(line) for line in (label, value))
    )


def _is_wrapped(lines: list[str]) -> bool:
    """True where line ends are typesetting: alike in length, few end a sentence."""
    if len(lines) < 2 or any(map(is_row, lines)):
        return False
    full = lines[:-1]
    if not all(len(line) in _WRAPPED_LINE for line in full):
        return False
    return sum(bool(_ENDS_SENTENCE.search(line)) for line in full) * 2 <= len(full)


def _is_heading(text: str, following: str) -> bool:
    if _MARKDOWN_HEADING.match(text):
        return True
    if "\n" in text or len(text) > _HEADING_CHARS or not following:
        return False
    if not following.rstrip().endswith((*'.!?"”:…)', *"。！？：」")):
        return False
    if text.endswith("?"):
        return len(following) > len(text) and not following.endswith("?")
    bare = _NUMBERING.sub("", text)
    return (
        not _ENDS_SENTENCE.search(text)
        and not re.search(r"[\d$€£¥%:|\t]", bare)
        and not re.match(r"[-*•]\s", text)
        and bare[:1].isalpha()
        and not bare[:1].islower()
    )


def _sentence_spans(paragraph: str, language: str) -> Iterator[tuple[int, int]]:
    for start, end in _boundaries(paragraph, language):
        start += len(paragraph[start:end]) - len(paragraph[start:end].lstrip())
        end = start + len(paragraph[start:end].rstrip())
        for a, b in _pieces(paragraph, start, end):
            if any(ch.isalnum() for ch in paragraph[a:b]):
                yield a, b


def _pieces(paragraph: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span, or where it is too long, its parts between the next weaker marks."""
    if end - start <= MAX_SENTENCE_CHARS:
        yield start, end
        return
    stops = [m.end() for m in re.finditer(r"[;；]", paragraph[start:end])]
    for a, b in zip([0, *stops], [*stops, end - start], strict=True):
        a, b = start + a, start + b
        a += len(paragraph[a:b]) - len(paragraph[a:b].lstrip())
        while b - a > MAX_SENTENCE_CHARS:
            within = paragraph[a : a + MAX_SENTENCE_CHARS]
            mark = max(within.rfind(mark) for mark in (", ", "，", "、"))
            cut = mark + 1 if mark > 0 else within.rfind(" ")
            cut = a + (cut if cut > 0 else MAX_SENTENCE_CHARS)
            yield a, cut
            a = cut + (paragraph[cut] == " ")
        if b > a:
            yield a, b


def _boundaries(paragraph: str, language: str) -> Iterator[tuple[int, int]]:
    """A row of a table is one sentence, whatever stops are in its cells, and so is a label
    with its value; elsewhere one ends at each stop that is not an abbreviation's."""
    if is_row(paragraph) or _is_labelled(paragraph):
        yield 0, len(paragraph)
        return
    start = None
    for boundary in get_sentence_boundaries(language, paragraph):
        start = boundary["start_index"] if start is None else start
        end = boundary["end_index"]
        if not _is_cut(paragraph[start:end].rstrip(), paragraph[end:].lstrip()):
            for unit in _AFTER_UNIT.finditer(paragraph, start, end):
                yield start, unit.end()
                start = unit.end()
            yield start, end
            start = None
    if start is not None:
        yield start, len(paragraph)


def _is_cut(before: str, after: str) -> bool:
    """True where the stop between them is an abbreviation's: "Ms." Adair, "Eq." 4."""
    is_named = after[:1].isupper() and bool(_BEFORE_NAME.search(before))
    return is_named or (after[:1].isdigit() and bool(_BEFORE_FIGURE.search(before)))
