"""Reasons, ways and definitions: the sentences that give them, in the source's order."""

from __future__ import annotations

import re
from itertools import takewhile

from askali.answering.shapes.asking import Asking, Notebook, Shaped, not_stated, plain, quoted
from askali.domain import Sentence, Shape
from askali.text.tables import is_row
from askali.text.tokens import analyze, words

# What joins a reason to what it explains.
_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|thanks to|as a result|therefore|that is why|so that|in order to"
    r"|reasons?|consequence|caused?|blam\w+|otherwise|for (?:health|safety|lack|fear|want)"
    r"|(?<=, )(?:as|for) (?:\w+ ){1,4}?(?:is|are|was|were|had|has|have|would|could|did|do)\b"
    r"|it had to|by mistake|led to|in case|hence|after (?:which|a))\b",
    re.I,
)
_ORDINAL = re.compile(r"^(?:First|Second|Third|Fourth|Finally|Also|Moreover|Besides)\b,?")
_OPENS = re.compile(r"^(?:Because|Due|Therefore|So|Otherwise|Hence|Reasons?|The reasons?)\b")
_ANNOUNCES = re.compile(r"\b(?:two|three|four|several|following) (?:\w+ )?reasons\b", re.I)
_LEANS = re.compile(
    r"^\W*(?:it|this|that|they|these|he|she|his|her|its|their|then|also|but)\b", re.I
)
_NEAR = 4.0
"""A sentence so far below the best one still speaks of what is asked about."""

_ASKING = frozenset(
    "why reason reasons caus how come explain mean definit defin meant what whats someth".split()
)


def why(asking: Asking) -> Shaped | None:
    """One to four sentences that give the reason; None where no sentence near gives one. An
    abstention where the nearest only repeats the question, as after a quote and "why?"."""
    if not asking.ranked or not asking.is_related:
        return None
    text = asking.text
    i = _reason(asking)
    if i is None:
        says_nothing_new = asking.terms.issuperset(analyze(asking.ranked[0].text))
        return not_stated(Shape.WHY) if says_nothing_new else None
    reason = text[i]
    chosen = [reason]
    if _ANNOUNCES.search(reason.text) or _ORDINAL.match(reason.text):
        start = i
        while start and _ORDINAL.match(text[start].text):
            start -= 1
        following = takewhile(lambda s: _ORDINAL.match(s.text), text[start + 1 : start + 5])
        chosen = [text[start], *following]
    elif _LEANS.match(reason.text) and i and text[i - 1].paragraph == reason.paragraph:
        chosen = [text[i - 1], reason]
    return quoted(Shape.WHY, Notebook(asking.searcher), chosen)


def _reason(asking: Asking) -> int | None:
    """The place in the text of the sentence that best gives a reason: one of the best by rank,
    or one close to it that goes on from it."""
    text = asking.text
    place = {sentence: i for i, sentence in enumerate(text)}
    best: tuple[float, int] | None = None
    for rank, sentence in enumerate(asking.ranked[:12]):
        score = asking.scores[sentence]
        if score < -_NEAR:
            break
        i = place.get(sentence)
        if i is None:
            continue
        for step, cost in ((0, 0.0), (1, 0.8), (2, 1.6), (-1, 1.6)):
            near = text[i + step] if 0 <= i + step < len(text) else None
            if near is None or near.document_id != sentence.document_id:
                continue
            gives_reason = _CAUSE.search(near.text) or _ORDINAL.match(near.text)
            if near.paragraph != sentence.paragraph or not gives_reason or is_row(near.text):
                continue
            said = near.text if step > 0 else sentence.text
            is_on = _LEANS.match(said) or _ORDINAL.match(said) or _OPENS.match(said)
            shares = (asking.terms - _ASKING) & frozenset(analyze(near.text))
            if step and not (is_on or shares):
                continue  # a neighbour with a reason for something else
            # "gives two reasons" is what a reader wants, however it is worded.
            value = score - cost - 0.1 * rank + 2.0 * bool(_ANNOUNCES.search(near.text))
            if best is None or value > best[0]:
                best = (value, i + step)
    return best[1] if best else None


def how(asking: Asking) -> Shaped | None:
    """The sentences that tell the way something is done."""
    if not asking.ranked or not asking.is_related:
        return None
    if asking.confidence < asking.fitted.answer_above:
        return None
    best = asking.ranked[0]
    if is_row(best.text):
        return None
    place = (best.document_id, best.paragraph)
    same = [s for s in asking.text if (s.document_id, s.paragraph) == place]
    at = same.index(best) if best in same else 0
    # The whole paragraph where it is short; else what is near, from the best sentence on.
    chosen = [s for s in same if asking.scores.get(s, -9.0) > -_NEAR * 2 or s is best]
    is_headed = bool((asking.terms - _ASKING) & frozenset(analyze(best.heading)))
    if len(same) <= 5 and is_headed:
        chosen = same
    if len(chosen) > 4:
        chosen = same[at : at + 4]
    return quoted(Shape.HOW, Notebook(asking.searcher), chosen)


def definition(asking: Asking) -> Shaped | None:
    """The sentence that says what something is; None where the thing is not named."""
    asked = [t for t in analyze(asking.question.text) if t not in _ASKING]
    if not asked:
        return None
    term = " ".join(asked)
    found: list[tuple[float, int, Sentence]] = []
    for place, sentence in enumerate(asking.text):
        said = plain(sentence.text)
        stems = list(analyze(said))
        if not all(stem in stems for stem in asked):
            continue
        value = _defines(term, said)
        if value:
            found.append((value, -place, sentence))
    if not found:
        return None
    best = max(found, key=lambda one: one[:2])[2]
    return quoted(Shape.DEFINITION, Notebook(asking.searcher), [best])


_APPOSITION = re.compile(r",\s+(?:an?|the|which|whose|who)\b")


def _defines(term: str, said: str) -> float:
    """How much a sentence looks like the definition of the stems in `term`."""
    found = list(words(said))
    size = len(term.split())
    for i in range(len(found)):
        span = [w for w in found[i : i + size + 1] if not w.is_stopword][:size]
        if " ".join(analyze(" ".join(w.text for w in span))) != term or span[0] is not found[i]:
            continue
        before, after = said[: span[0].start], said[span[-1].end :]
        after = re.sub(r"^(?: [A-Z]\w+)+", "", after)  # "Lind Works, a mill" says what Lind is
        if not before.strip(" *_\"“'A") and re.match(r"[*_\"”]*\s*:", after):
            return 4.0
        if re.match(
            r"[*_\"”']*\s*(?:\([^)]*\)\s*)?(?:in this \w+ )?(?:is|are|means|was"
            r"|were) (?:an?|the|all|any)\b",
            after,
        ):
            return 3.0 + (0.5 if not before.strip(" *_\"“'A") else 0)
        if _APPOSITION.match(after):
            return 2.0
        if re.search(r"(?:\b(?:the|an?|its|our)\s(?:[\w-]+\s){1,4})[\"“*_]*$", before):
            return 1.5
        return 0.5 if len(said) < 200 else 0.3
    return 0.0
