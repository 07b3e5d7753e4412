"""The kinds of values that answer questions, and whether a sentence has one.

`query.classifier` tells the kind; here are surface rules for English that find its values.
Every sentence satisfies `OTHER`. They are features for the fitted weights, not filters.
"""

from __future__ import annotations

import re
from enum import StrEnum

from askali.text.dates import MOMENT
from askali.text.quantities import DURATION
from askali.text.tables import is_row
from askali.text.tokens import analyze, words


class AnswerType(StrEnum):
    """The kind of answer that a question asks for."""

    MONEY = "money"
    NUMBER = "number"
    PERCENT = "percentage"
    DATE = "date"
    DURATION = "duration"
    TIME_OF_DAY = "time_of_day"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    REASON = "reason"
    MANNER = "manner"
    DEFINITION = "definition"
    OTHER = "other"


FIGURES = (
    AnswerType.MONEY,
    AnswerType.NUMBER,
    AnswerType.PERCENT,
    AnswerType.DATE,
    AnswerType.DURATION,
    AnswerType.TIME_OF_DAY,
)
"""What is written with a figure."""

_SPELLED = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion "
    "trillion half dozen dozens twice double tenfold several third quarter single both none "
    "first second fivefold sevenfold triple hundreds thousands millions billions tens"
)
_NUMBER = re.compile(rf"\d[\d.,]*|\b(?:{'|'.join(_SPELLED.split())})\b", re.I)
# Signs, codes and names of currencies.
_CURRENCY = re.compile(
    r"[$€£¥₹₩₽₺฿]|\b(?:yuan|renminbi|rmb|usd|eur|gbp|jpy|cny|inr|chf|dollars?|euros?|pounds?"
    r"|yen|cents?|pence|rupees?|francs?|marks|crowns?|pesos?|rubles?|roubles?|won|florins?"
    r"|guilders?|gulden|shillings?|liras?|lire|kron(?:a|e|or|er)|korunas?|zlot(?:y|ys)|forints?"
    r"|dinars?|dirhams?|riyals?|rials?|rand|reais|shekels?|baht|ringgit|rupiahs?|naira|talers?"
    r"|thalers?|ducats?)\b",
    re.I,
)
_MONTHS = (
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday "
    "saturday sunday"
)
# Years, months, days, centuries and what is named after today.
_DATE = re.compile(
    rf"\b(?:1\d{{3}}|20\d{{2}})s?\b|\b(?:{'|'.join(_MONTHS.split())})\b"
    r"|\b\d+ (?:BCE?|CE|AD)\b|\bAD \d+\b|^\d{3}$"
    r"|\b(?:in|since|until|by|around|from|to|before|after) \d{3}\b(?![,.]\d|\s?%| [a-z]+s\b)"
    r"|\b\d{1,2}(?:st|nd|rd|th)\b[ -]century|\b(?:yesterday|today|tomorrow|century|decade)\b"
    r"|\b(?:this|last|next) (?:year|month|week|quarter|spring|summer|autumn|winter)\b",
    re.I,
)
_PERCENT = re.compile(r"%|\bper ?cent\b|\bpercentage\b|\b(?:half|third|quarter|majority)\b", re.I)
# What leads into a reason.
_REASON = re.compile(
    r"\b(?:because|due to|since|as a result|owing to|thanks to|so that|in order to|therefore"
    r"|reason|caused?|affected by|led to|benefiting from|to \w+)\b",
    re.I,
)
_NAME = re.compile(r"\b[A-Z][\w’'&.-]*\w")
_ROLE = re.compile(
    r"\b(?:number|no\.) \d+|\b(?:the|an?|its|our|their|by|all|every|only) (?:[a-z]+ )?[a-z]*"
    r"(?:keeper|taker|holder|owner|tenant|manager|driver|teacher|officer|minister|ist|ian|ssor"
    r"|ctor|surer|member|resident|woman|man|women|men|people|staff|team|parents|nurse|clerk"
    r"|chair|head|mayor|guard|warden|pupils|students|adults|children|visitors)s?\b",
    re.I,
)
"""Who it is by role or number, where no name is given: "member number 864", "the caretaker"."""


def has_currency(text: str) -> bool:
    """True where `text` names a currency."""
    return bool(_CURRENCY.search(text))


def states(kind: AnswerType, sentence: str, question: str, under: str = "") -> bool:
    """True where `sentence` has a value of that kind that the question lacks. The currency
    of a sum may stand in the names that the sentence is `under`, as above a table's row; a row
    that has all words of the question needs none: "Grand total | 5,738"."""
    asked = {word.text.lower() for word in words(question)}

    def new(pattern: re.Pattern[str]) -> bool:
        return any(m.group().lower().strip(".,") not in asked for m in pattern.finditer(sentence))

    match kind:
        case AnswerType.MONEY:
            said = f"{under} {sentence}"
            is_named = is_row(sentence) and set(analyze(question)) <= set(analyze(said))
            return new(_NUMBER) and (has_currency(said) or is_named)
        case AnswerType.NUMBER:
            return new(_NUMBER)
        case AnswerType.PERCENT:
            return bool(_PERCENT.search(sentence))
        case AnswerType.DATE | AnswerType.TIME_OF_DAY:
            return new(_DATE) or new(MOMENT)
        case AnswerType.DURATION:
            return new(DURATION) or new(MOMENT) or new(_DATE)
        case AnswerType.PERSON:
            return _has_new_name(sentence, asked) or new(_ROLE)
        case AnswerType.PLACE | AnswerType.ORGANISATION:
            return _has_new_name(sentence, asked)
        case AnswerType.REASON:
            return bool(_REASON.search(sentence))
        case _:
            return True


def _has_new_name(sentence: str, asked: set[str]) -> bool:
    for match in _NAME.finditer(sentence):
        opens = not sentence[: match.start()].strip(" \"'“‘([")
        is_known = all(word.text.lower() in asked for word in words(match.group()))
        if not is_known and not (opens and match.group().lower() in _OPENERS):
            return True
    return False


_OPENERS = frozenset(
    "the a an in at on by for from it its he she they this that these those as after before when "
    "while since although however but and or if with there some many most according during".split()
)
