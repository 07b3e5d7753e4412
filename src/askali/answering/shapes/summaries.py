"""The main points of the documents, or of a part of them, in the source's own sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from askali.answering.shapes.about_document import PUBLISHED
from askali.answering.shapes.asking import Asking, Notebook, Shaped, listed, plain, quoted, section
from askali.domain import Item, Sentence, Shape
from askali.text.quantities import FIGURE, read_figure
from askali.text.tables import is_row
from askali.text.tokens import analyze

Array = npt.NDArray[np.float32]

_POINTS = 8
_DIVERSITY = 0.35
# How long a summary is to be: "three sentences", "a few points".
_LENGTH = re.compile(
    r"\b(?P<count>an?|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2}|a single|a couple of"
    r"|a few)\s(?:\w+\s)?(?P<of>sentences?|points?|bullets?|lines?|takeaways?"
    r"|things?|facts?|words)\b",
    re.I,
)
_GENERIC = frozenset(
    analyze(
        """summarise summarize summary sum up main key points point takeaway takeaways gist
        overview outline about brief briefly short version shortly article report document text
        minutes manual page paper story biography book file please give tell sentence sentences
        one two three four five six seven eight nine ten bullet bullets tldr tl dr core
        message essence whole thing quick essential essentials important most what says say
        content contents topic in nutshell chapter section part whats what's line lines recap
        highlights note notes meeting leaflet website site everything need know facts life
        words"""
    )
)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "a single": 1, "a couple of": 2, "a few": 3}


def summary(asking: Asking) -> Shaped | None:
    """Points over the whole, or over the part that is asked about; None where that part is
    not there."""
    length = _asked_length(asking.question.text)
    title = {s for d in asking.documents for s in analyze(d.title)}
    called = set(title)
    # What a document calls itself in its first lines: "Price sheet and hire conditions".
    heads = [s.text for d in asking.documents for s in asking.sentences(d.id)[:2]]
    title |= {s for head in heads if len(head) < 150 for s in analyze(head)}
    topic = {t for t in asking.terms - _GENERIC if not t.isdigit()}
    narrow = topic - title
    if narrow:
        return _of_part(asking, narrow, length)
    notebook = Notebook(asking.searcher)
    if len(asking.documents) > 1:
        items = []
        for document in asking.documents[:30]:
            lead = (s for s in asking.sentences(document.id) if _is_telling(s) and len(s.text) > 50)
            if best := next(lead, None):
                items.append(Item(plain(best.text), notebook.cite(best), label=document.title))
        return listed(Shape.SUMMARY, notebook, items)
    sentences = [s for s in asking.text if _is_telling(s)]
    if not sentences:
        return None
    chosen = _points(asking, sentences, length or _POINTS)
    if length in (1, 2) and not called & set(analyze(chosen[0].text)):
        named = asking.asked_as(asking.documents[0].title)
        by_title = sorted(sentences[:40], key=lambda s: -named.relevance(s.text))[:length]
        chosen = sorted(by_title, key=lambda s: s.start)
    if length in (1, 2):
        return quoted(Shape.SUMMARY, notebook, chosen)
    titles = ("", *(document.title for document in asking.documents))
    items = []
    for sentence in chosen:
        part = section(sentence)
        label = "" if part in titles else part
        items.append(Item(plain(sentence.text), notebook.cite(sentence), label=label))
    return listed(Shape.SUMMARY, notebook, items)


def _asked_length(question: str) -> int:
    """How many sentences or points are asked for; 0 where that is left open."""
    found = _LENGTH.search(question)
    if not found or found["of"].lower() == "words":
        return 0
    said = found["count"].lower()
    if said in _NUMBERS:
        return _NUMBERS[said]
    figure = FIGURE.match(said)
    return min(int(read_figure(figure).value), 12) if figure else 0


def _is_telling(sentence: Sentence) -> bool:
    """True for running text that can stand alone."""
    text = plain(sentence.text)
    if re.match(r"by [A-Z]", text, re.I) or PUBLISHED.search(text) and len(text) < 140:
        return False  # of the record, not of the matter
    is_sentence = text.endswith((".", "!", "”", '"', ")", ";")) or text[:1].islower()
    return len(text) > 25 and is_sentence and not is_row(text)


def _of_part(asking: Asking, narrow: set[str], length: int) -> Shaped | None:
    """The sentences on a topic: of the section that is named so, else the nearest ones."""
    by_heading: dict[str, list[Sentence]] = {}
    for sentence in asking.text:
        by_heading.setdefault(section(sentence), []).append(sentence)
    named = [
        (len(narrow & set(analyze(heading))), heading)
        for heading in by_heading
        if narrow & set(analyze(heading))
    ]
    sentences: list[Sentence] = []
    if named:
        most = max(count for count, _ in named)
        best_named = [h for count, h in named if count == most]
        met = {s for h in best_named for s in analyze(h)} & narrow
        if len(met) * 2 >= len(narrow):
            sentences = [s for h in best_named for s in by_heading[h]]
    if not sentences:
        known = {t for t in narrow if any(t in analyze(s.text) for s in asking.text)}
        if not asking.is_related or len(known) * 2 < len(narrow) or asking.confidence < 0.2:
            return None
        best = asking.ranked[: (length or 4) + 2]
        sentences = [
            s for s in asking.text
            if s in best or known and known <= set(analyze(f"{s.heading} {s.text}"))
        ]  # fmt: skip
    telling = [s for s in sentences if _is_telling(s) and len(s.text) > 15] or sentences
    wanted = length or 5
    chosen = telling if len(telling) <= wanted else _points(asking, telling, wanted)
    notebook = Notebook(asking.searcher)
    items = [Item(plain(s.text), notebook.cite(s)) for s in chosen]
    return listed(Shape.SUMMARY, notebook, items)


def _points(asking: Asking, sentences: Sequence[Sentence], count: int) -> list[Sentence]:
    """The most central sentences, early ones and figures first, spread over the sections."""
    vectors = np.stack([asking.searcher.encoder.read(plain(s.text)).vector for s in sentences])
    centre = vectors.mean(axis=0)
    near = vectors @ (centre / max(float(np.linalg.norm(centre)), 1e-9))
    seen: dict[str, int] = {}
    value = near.copy()
    for i, sentence in enumerate(sentences):
        place = seen.setdefault(section(sentence), 0)
        seen[section(sentence)] += 1
        value[i] += 0.12 * (place == 0) + 0.3 * (i == 0) + 0.1 * (i == 1)
        value[i] += 0.06 * bool(FIGURE.search(sentence.text))
    chosen: list[int] = []
    used: Counter[str] = Counter()
    while len(chosen) < min(count, len(sentences)):
        best, best_value = -1, -9.0
        for i, sentence in enumerate(sentences):
            if i in chosen:
                continue
            alike = max((float(vectors[i] @ vectors[j]) for j in chosen), default=0.0)
            one = float(value[i]) - _DIVERSITY * alike - 0.12 * used[section(sentence)]
            if one > best_value:
                best, best_value = i, one
        chosen.append(best)
        used[section(sentences[best])] += 1
    return [sentences[i] for i in sorted(chosen)]
