"""Dates in running English text, as full or as partial as they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from askali.text.quantities import UNIT_FORMS

_NAMES = "January February March April May June July August September October November December"
_FULL = _NAMES.split()
_FORMS = {
    form: number
    for number, name in enumerate(_FULL, start=1)
    for form in (name, name.upper(), name[:3], name[:3].upper())
} | {"Sept": 9}
_MONTH = "(" + "|".join(sorted(_FORMS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?(?![\d.,]\d|\w)"
_TO = r"\s?(?:-|–|—|to|and|or|until|through)\s?"
_SHORT = ("m", "ft", "km", "mi", "kg")
_YEAR = (
    r"((?:1\d|20)\d\d)(?![\w%]|[.,:]\d"
    rf"|[\s-](?:{'|'.join(unit for unit in UNIT_FORMS if len(unit) > 2 or unit in _SHORT)})\b)"
)
_ALONE = "|".join(name for name in _FULL if name not in ("March", "May", "August"))

# A date as written in English, whole or in part; not a price, a clock, or half of a number.
DATE = re.compile(
    rf"""(?<![\w.,$€£¥:/])(?:
      (?P<iso>(\d{{4}})-(\d\d)-(\d\d)(?![\w-]))
    | (?P<day_month>{_DAY}(?:{_TO}{_DAY})?\s(?:of\s)?{_MONTH}(?:,?\s{_YEAR})?)
    | (?P<month_day>{_MONTH}\s{_DAY}(?:{_TO}{_DAY})?(?:,?\s{_YEAR})?)
    | (?P<month_year>{_MONTH},?\s(?:of\s)?{_YEAR})
    | (?P<month>(?:{_ALONE})\b|(?:(?<=[Ii]n\s)|(?<=since\s)|(?<=mid-)|(?<=of\s)|(?<=late\s)
        |(?<=early\s)|(?<=until\s)|(?<=by\s))(?:March|May|August)\b)
    | (?P<years>((?:1\d|20)\d\d)[-–/](\d\d)(?![\w-]))
    | (?P<decade>((?:1\d|20)\d0)s\b)
    | (?P<year>{_YEAR})
    )""",
    re.VERBOSE,
)


# Times of day, in figures and in words.
_CLOCK = r"""
    \b(?:[01]?\d|2[0-4])(?::[0-5]\d|\s?h\s?[0-5]\d)\b
  | \b\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\b\.?|o['’]clock)
  | \b(?:at|from|until|till|by|to|before|after)\s\d{1,2}\.[0-5]\d\b(?!\s?[\w%€£$])
  | \b(?:at|from|until|till)\s\d{1,2}\b(?=\s(?:to|until|till|and)\s\d{1,2}\b|\W*$)
  | \b(?:half|quarter|five|ten|twenty|\d+)\s(?:past|to)\s(?:one|two|three|four|five|six
    |seven|eight|nine|ten|eleven|twelve)\b
  | \b(?:noon|midday|midnight|dawn|dusk|sunrise|sunset|daybreak|nightfall|lunchtime)\b"""
# Days, feasts, seasons and spans that stand in a calendar but have no date.
_CALENDAR = r"""
    \b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b | \b(?:weekdays?|weekends?)\b
  | \b(?:christmas|easter|whitsun|pentecost|thanksgiving|halloween|ramadan|eid|diwali|hanukkah
    |passover|midsummer|advent|new\syear|boxing\sday|bank\sholidays?)\b
  | \b(?:in|during|every|each|this|next|last|late|early|the)\s
    (?:(?:late|early)\s)?(?:spring|summer|autumn|winter|fall)\b
  | \bweek\s\d+\b | (?<!same\s)\b(?:mornings?|afternoons?|evenings?)\b | \b(?:overnight|at\snight)\b
  | \b(?:first|second|third|fourth|fifth|last|\d+(?:st|nd|rd|th))\s
    (?:(?:working|business|school)\s)?(?:day|week|month|quarter)\b
  | \b(?:daily|weekly|monthly|yearly|annually|hourly)\b
  | \b(?:every|each|the\s(?:next|following|previous))\s(?:\w+\s)?
    (?:hour|day|week|month|quarter|year)s?\b
  | \b(?:hours?|days?|weeks?|months?|years?|minutes?)\s(?:before|after|later|earlier|ago)\b"""
MOMENT = re.compile(rf"{_CLOCK}|{_CALENDAR}", re.VERBOSE | re.IGNORECASE)
"""What answers "when" beside a calendar date: a time of day, weekday, feast, season, or a
time counted from another."""


class Date(NamedTuple):
    """A date with zero for what is not given; `span` is the years that it covers."""

    year: int = 0
    month: int = 0
    day: int = 0
    span: int = 1

    def says(self, other: Date) -> bool:
        """True where this date, at least as full, lies in the other."""
        if other.span > 1:
            return 0 <= self.year - other.year <= other.span - self.span
        return self.span == 1 and all(
            mine == theirs or not theirs for mine, theirs in zip(self[:3], other[:3], strict=True)
        )


def read_date(match: re.Match[str]) -> list[Date]:
    """The date of a match of `DATE`, or the two ends of a range of days or years."""
    kind = str(match.lastgroup)
    group = match.group(kind)
    found = [part for part in re.findall(r"\d+|[A-Za-z]+", group) if part not in _FILLERS]
    numbers = [int(part) or _NONE for part in found if part.isdigit()]
    months = [_FORMS[part] for part in found if part in _FORMS]
    month = months[0] if months else 0
    year = numbers.pop() if numbers and numbers[-1] > 99 and kind != "iso" else 0
    match kind:
        case "iso":
            return [Date(*numbers)]
        case "decade":
            return [Date(year, span=10)]
        case "years":
            return [Date(numbers[0]), Date(numbers[0] // 100 * 100 + numbers[1])]
        case "day_month" | "month_day":
            return [Date(year, month, day) for day in numbers]
        case _:
            return [Date(year, month)]


_NONE = 99
"""A day or month written as 00: not the same as none given."""

_FILLERS = frozenset("st nd rd th of to and or until through s".split())


def show_date(date: Date) -> str:
    """The date in words."""
    if date.span > 1:
        return f"the {date.year}s"
    parts = (
        str(date.day or ""),
        _FULL[date.month - 1] if date.month else "",
        str(date.year or ""),
    )
    return " ".join(part for part in parts if part)


_IS_RANGE = re.compile(
    r"[\s,]*(?:-|–|—|to|and|until|till|through|up to)\s*(?:the |late |early |mid-)?"
)
# Before a date: what is asked about has no end.
_BEYOND = re.compile(
    r"\b(?:after|before|since|by|until|till|than|following|prior to)\s"
    r"(?:the |early |late |mid-?)?$",
    re.I,
)
# Before a date: what a question loses with its period.
_IN_TIME = re.compile(
    r"\s*\b(?:from|in|during|between|throughout|over|for|of|on|at)\s(?:the )?"
    r"(?:(?:years?|period|time)\s)?(?:from |between |of )?$",
    re.I,
)
_INSTANT = 1e-6


class Period(NamedTuple):
    """From `start` to before `end`, in years: March 1998 is 1998 + 2/12 to 1998 + 3/12."""

    start: float
    end: float


def periods(text: str) -> tuple[Period, ...]:
    """The periods that a text gives with a year: "in 1998", "June 2001 to February 2008"."""
    return tuple(period for period, _, _ in _found(text))


def without_time(question: str, text: str) -> str:
    """The question without its period, where the text gives one that covers it: what is true
    from 1984 to 1997 is true in 1990, and arithmetic knows that better than a small model.

    The question itself where it has no period, or several ("in" before it makes it one),
    and where the text has others beside, such as the columns of a table.
    """
    found, told = _found(question), periods(text)
    if len(found) != 1 or not told:
        return question
    asked, start, end = found[0]
    before = _IN_TIME.sub("", question[:start])
    is_covered = all(one.start <= asked.start and asked.end <= one.end for one in told)
    if not is_covered or before == question[:start]:
        return question
    return re.sub(r"\s+([?.!,])", r"\1", f"{before} {question[end:]}").strip(" ,")


def _found(text: str) -> list[tuple[Period, int, int]]:
    """Each period of a text with its span."""
    found: list[tuple[Period, int, int]] = []
    for match in DATE.finditer(text):
        dated = [_extent(date) for date in read_date(match) if date.year]
        if not dated:
            continue
        period = Period(dated[0].start, dated[-1].end)
        if found and _IS_RANGE.fullmatch(text, found[-1][2], match.start()):
            (first, _), start, _ = found[-1]
            if period.end > first:
                found[-1] = Period(first, period.end), start, match.end()
                continue
        found.append((period, match.start(), match.end()))
    return found


def timeliness(asked: Sequence[Period], text: str) -> float:
    """How well the text's best period fits the first that is asked about, 0 to 1.

    A third each for sharing any time, for beginning in the same year, and for the
    share of both that is common; 0 where either has no period.
    """
    return max((_fit(asked[0], period) for period in periods(text)), default=0.0) if asked else 0.0


def is_of_other_time(question: str, texts: Sequence[str]) -> bool:
    """True where a question asks about periods and the texts give only others.

    "After 1998" and the like asks about no period: what it asks about has no end.
    """
    asked = periods(question)
    if not asked or any(_BEYOND.search(question, 0, m.start()) for m in DATE.finditer(question)):
        return False
    told = [period for text in texts for period in periods(text)]
    return bool(told) and not any(_common(a, t) > _INSTANT for a in asked for t in told)


def _fit(asked: Period, told: Period) -> float:
    common = _common(asked, told)
    whole = max(asked.end, told.end) - min(asked.start, told.start)
    begins_alike = int(asked.start) == int(told.start)
    return ((common > _INSTANT) + begins_alike + max(common, 0.0) / whole) / 3


def _common(one: Period, other: Period) -> float:
    return min(one.end, other.end) - max(one.start, other.start)


def _extent(date: Date) -> Period:
    if date.month in range(1, 13):
        start = date.year + (date.month - 1) / 12
        return Period(start, start + 1 / 12)
    return Period(float(date.year), float(date.year + date.span))
