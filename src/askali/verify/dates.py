"""Dates in running English text, as full or as partial as they are written."""

from __future__ import annotations

import re
from typing import NamedTuple

from askali.verify.figures import UNIT_FORMS

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
