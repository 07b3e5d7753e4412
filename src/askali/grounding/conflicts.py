"""Notice statements that disagree: the same words around different values, or one taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import PurePosixPath as Path

from askali.domain import Citation, Sentence
from askali.retrieval.features import Candidate, Query, years, years_of, years_told
from askali.retrieval.ranking import CLOSE, RankedEvidence
from askali.text.dates import DATE, Date, read_date
from askali.text.kinds import AnswerType, has_currency
from askali.text.quantities import FIGURE, Figure, read_figure
from askali.text.tokens import STOPWORDS, analyze

_HOW_MUCH = re.compile(r"\bhow much\b", re.I)
_VALUED = (
    AnswerType.MONEY,
    AnswerType.NUMBER,
    AnswerType.PERCENT,
    AnswerType.DATE,
    AnswerType.OTHER,
)

# The opening of a sentence that undoes the one before it.
_TAKES_BACK = re.compile(
    r"(?:(?:subsequently|afterwards|however|but|yet|later|soon|shortly|in (?:fact|reality)"
    r"|\w+ (?:days|weeks|months|years) later)\b[^.]{0,30}?)?"
    r"\b(?:it|both|(?:the|this|that|these|those)(?: (?:news|reports?|rumou?rs?|claims?|statements?"
    r"|figures?|numbers?|plans?|deals?|offers?|announcements?|stor(?:y|ies)|allegations?))?)\s"
    r"(?:was|were|is|are|has been|have been|had been|proved|turned out)\b[^.]{0,30}?"
    r"\b(?:denied|refuted|retracted|withdrawn|cancell?ed|called off|disproved|debunked|untrue|false"
    r"|not true|unfounded|wrong|dismissed|corrected|revised|reversed|abandoned|scrapped)\b",
    re.I,
)

SAME_WORDS = 0.6
"""Share of words (Jaccard) from which two sentences make the same statement."""


def takes_back(text: str) -> bool:
    """True for a sentence that undoes the one before it: "Later, the report was denied." """
    return bool(_TAKES_BACK.match(text))


def conflicting(verdict: RankedEvidence) -> Sequence[Sentence] | None:
    """The best sentence and one that states another value of the same thing.

    Only for questions that ask for one value. Both must share most of their other words,
    speak of as many of the question's names, of the same years, in their own words or
    in their title's, and of the same thing: the reports of two years do not disagree, nor do
    two huts. None if there is no such pair.
    """
    asked = verdict.query
    if asked.expects not in _VALUED or asked.compares or len(years(asked.text)) > 1:
        return None
    first = verdict.order[0]
    best = verdict.candidates[first]
    for i in verdict.order[1:]:
        other = verdict.candidates[i]
        if verdict.scores[first] - verdict.scores[i] > CLOSE:
            return None
        is_of_names = verdict.names_missing[i] <= verdict.names_missing[first]
        if is_of_names and _disagree(best, other, asked):
            return (best.sentence, other.sentence)
    return None


def say_alike(citations: Sequence[Citation]) -> bool:
    """True where different documents say the same but for its figures and dates: a reader has to
    be told which says what."""
    said = {
        (frozenset(analyze(_without(FIGURE, _without(DATE, c.quote)))), c.document_id)
        for c in citations
    }
    return len({document for _, document in said}) > len({words for words, _ in said})


def _disagree(one: Candidate, other: Candidate, asked: Query) -> bool:
    is_untold = asked.expects is AnswerType.OTHER
    alike = 1.0 if is_untold else SAME_WORDS  # of an untold kind: other figures, no other word
    if _overlap(one, other) < alike or _is_of_other_thing(one.sentence, other.sentence):
        return False
    if asked.expects is AnswerType.DATE:
        dates, others = _dates(one.sentence.text), _dates(other.sentence.text)
        is_said = any(a.says(b) or b.says(a) for a in dates for b in others)
        return bool(dates and others) and not is_said and years_told(one) == years_told(other)
    values, other_values = _figures(one, asked), _figures(other, asked)
    if is_untold:
        values, other_values = values - other_values, other_values - values
    if not values or not other_values or values & other_values:
        return False
    return years_of(one) == years_of(other)


def _is_of_other_thing(one: Sentence, other: Sentence) -> bool:
    """True where two sentences tell things apart by a letter, number, name or noun, or stand
    under other headings of a document, or in documents of one name in other folders."""
    if one.document_id == other.document_id:
        if one.heading != other.heading:
            return True
    elif Path(one.document_id).name == Path(other.document_id).name:
        return True
    ours, theirs = _told(one.text), _told(other.text)
    said = [[token.text for token in side] for side in (ours, theirs)]
    changes = SequenceMatcher(None, said[0], said[1], autojunk=False).get_opcodes()
    replaced = [(ours[a], theirs[c]) for kind, a, _, c, _ in changes if kind == "replace"]
    # "Locker 36 belongs to member 864": one number tells the thing, another is its value.
    has_value = sum(mine.is_value for mine, _ in replaced) > 1
    return any(
        mine.is_name and its.is_name and (has_value or not mine.is_value) for mine, its in replaced
    )


@dataclass(frozen=True, slots=True)
class _Token:
    """A word or figure; `is_name` where it may tell one thing from another of its kind."""

    text: str
    is_value: bool
    is_name: bool


def _told(text: str) -> list[_Token]:
    dated = [match.span() for match in DATE.finditer(text)]
    valued = [match.span() for match in FIGURE.finditer(text)]
    found: list[_Token] = []
    before = ["", ""]
    for match in _TOKEN.finditer(text):
        word, at = match.group(), match.start()
        is_date = any(start <= at < end for start, end in dated)
        is_value = is_date or any(start <= at < end for start, end in valued)
        if is_value:  # right after a noun: "Room 12", "member number 864"
            is_noun = before[1].isalpha() and before[1] not in STOPWORDS
            is_name = not is_date and is_noun and before[0] in ("", *_BEFORE_NOUN)
        else:
            is_content = word.lower() not in STOPWORDS
            is_letter = len(word) == 1 and word.isupper()
            is_noun = before[1] in ("", *_BEFORE_NOUN) or word[0].isupper()
            is_name = is_letter or (is_content and is_noun)
        found.append(_Token(word.lower(), is_value, is_name))
        before = [before[1], word.lower()]
    return found


_TOKEN = re.compile(r"\d[\d.,:/-]*\d|\w+")
_BEFORE_NOUN = frozenset(
    "the a an its their our his her this that each every of in on at from for by with".split()
)


def _dates(text: str) -> list[Date]:
    return [date for match in DATE.finditer(text) for date in read_date(match)]


def _figures(candidate: Candidate, asked: Query) -> set[Figure]:
    """The figures of the kind that is asked for; only those of what is counted, where any
    is: "12 people" if the question has "people"."""
    text = _without(DATE, candidate.sentence.text)
    stems = {term.stem for term in asked.terms}
    found: dict[str, set[Figure]] = {"money": set(), "share": set(), "count": set(), "asked": set()}
    for match in FIGURE.finditer(text):
        figure = read_figure(match)
        if figure.unit == "th":
            continue
        is_share, is_money = figure.unit == "%", has_currency(match.group())
        found["share" if is_share else "money" if is_money else "count"].add(figure)
        if not is_money and stems & set(analyze(text[match.end() : match.end() + 30])[:2]):
            found["asked"].add(figure)
    match asked.expects:
        case AnswerType.MONEY:
            return found["money"]
        case AnswerType.PERCENT:
            return found["share"]
        case AnswerType.OTHER:
            return found["money"] | found["share"] | found["count"]
    if _HOW_MUCH.search(asked.text) and found["money"]:
        return found["money"]
    return found["asked"] or found["count"]


def _overlap(one: Candidate, other: Candidate) -> float:
    """Jaccard of the words beside dates and figures."""
    a, b = (
        set(analyze(_without(FIGURE, _without(DATE, each.sentence.text)))) for each in (one, other)
    )
    return len(a & b) / max(1, len(a | b))


def _without(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: " " * len(match.group()), text)
