"""Figures in running English text: value, scale and unit, in digits or words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: n for n, word in enumerate(_ONES)} | {w: 10 * n for n, w in enumerate(_TENS, 2)}
_SCALES = {
    "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "mn": 10**6, "bn": 10**9, "tn": 10**12, "lakh": 10**5, "crore": 10**7, "dozen": 12,
}  # fmt: skip
_ORDINALS = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth""".split()

_UNITS = {
    "$": "us$ usd dollar dollars", "yuan": "rmb renminbi cny", "€": "eur euro euros",
    "£": "gbp pound pounds", "yen": "jpy", "₹": "inr rupee rupees rs", "franc": "francs chf",
    "won": "krw", "ruble": "rubles rouble roubles", "peso": "pesos", "krona": "kronor",
    "cent": "cents", "hk$": "", "c$": "", "a$": "",
    "%": "percent per_cent pct", "point": "percentage_point percentage_points points pp",
    "fold": "times x", "km": "kilometre kilometres kilometer kilometers",
    "metre": "metres meter meters m", "mile": "miles mi", "foot": "feet ft", "inch": "inches",
    "yard": "yards", "cm": "centimetre centimetres centimeter centimeters",
    "mm": "millimetre millimetres millimeter millimeters", "kg": "kilogram kilograms kilo kilos",
    "gram": "grams g", "tonne": "tonnes", "ton": "tons", "lb": "lbs", "ounce": "ounces oz",
    "litre": "litres liter liters", "gallon": "gallons", "acre": "acres",
    "hectare": "hectares ha", "km2": "square_kilometres square_kilometers square_km",
    "square mile": "square_miles", "square metre": "square_metres square_meters m2",
    "degree": "degrees", "°c": "degrees_celsius celsius c", "°f": "degrees_fahrenheit fahrenheit f",
    "kw": "kilowatt kilowatts", "mw": "megawatt megawatts", "gw": "gigawatt gigawatts",
    "hz": "hertz", "mhz": "megahertz", "ghz": "gigahertz", "kb": "kilobytes", "mb": "megabytes",
    "gb": "gigabytes gigabyte", "tb": "terabytes", "second": "seconds", "minute": "minutes",
    "hour": "hours", "day": "days", "week": "weeks", "month": "months", "year": "years",
    "decade": "decades", "mph": "miles_per_hour", "kmh": "km/h kph", "am": "a.m.", "pm": "p.m.",
    "bc": "bce", "ad": "ce",
}  # fmt: skip
_UNIT_OF = {
    form.replace("_", " "): unit
    for unit, forms in _UNITS.items()
    for form in (unit, *forms.split())
}
UNIT_FORMS = sorted((re.escape(form) for form in _UNIT_OF), key=len, reverse=True)
"""Every spelling of a unit, escaped for a pattern, longest first."""
_SIGNS = {"¥": "yuan", "us$": "$", "rs": "₹"}
_WORD = "|".join(sorted((*_SMALL, *list(_SCALES)[:5], "dozen"), key=len, reverse=True))
_SCALE = "hundred|thousand|million|billion|trillion|bn|mn|tn|lakh|crore|dozen"
_GAP = r"(?:\s?-\s?|\s)?"

# A number in digits or words with its sign, scale and unit. Measured against text2num,
# quantulum3 and Babel (docs/measurements.md): 38 of 40 values right, they 33, 29 and 16.
FIGURE = re.compile(
    rf"""(?P<sign>(?<![\w)\]])[-−](?=[\d.$€£¥]))?
    (?P<currency>(?:(?:us|hk|c|a)?\$|[€£¥₹]|\b(?:rmb|usd|eur|gbp|cny|rs\.?)\s?)\s?)?
    (?:(?P<digits>\d{{1,3}}(?:,\d{{2,3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|(?<!\d)\.\d+)
       (?:(?P<ordinal>st|nd|rd|th)\b|(?P<tail>[kmb]\b(?=\W|$))|(?P<half>½))?
      |\b(?P<words>(?:{_WORD})(?:(?:\s|-|\s-\s|(?<=hundred)\sand\s|(?<=thousand)\sand\s)(?:{_WORD}))*)
       (?=fold|\b)
      |\b(?P<ordinals>(?:(?:{"|".join(_TENS)})[\s-])?(?:{"|".join(_ORDINALS)}))\b)
    (?:{_GAP}(?P<scale>{_SCALE})\b)?
    (?:{_GAP}(?:(?:consecutive|successive|straight|full|whole|calendar)\s)?(?P<unit>{"|".join(UNIT_FORMS)})(?![\w]|[’']s))?""",
    re.VERBOSE | re.IGNORECASE,
)


DURATION = re.compile(
    rf"(?:\d|\b(?:{_WORD}|an?|half|several|few|the\swhole)\b)[\d.,½]*[\s-](?:and\sa\shalf\s"
    r"|to\s\S+\s|working\s|full\s|calendar\s|school\s)?(?:second|minute|hour|day|night|week|month"
    r"|quarter|year|season|decade|centur)(?:s|y|ies)?\b",
    re.IGNORECASE,
)
"""How long something takes, in digits or words: "two working days", "a year and a half"."""


class Figure(NamedTuple):
    """A value in a unit; the unit of a bare number is empty."""

    value: Decimal
    unit: str = ""


def read_figure(match: re.Match[str]) -> Figure:
    """The figure of a match of `FIGURE`."""
    part = match.groupdict()
    unit = (part["unit"] or "").lower()
    unit = _UNIT_OF.get(unit, unit)
    if part["ordinals"]:
        return Figure(Decimal(_ordinal(part["ordinals"].lower())), "th")
    if part["digits"]:
        value = Decimal(part["digits"].replace(",", ""))
    else:
        value = Decimal(_count(part["words"].lower()))
    if part["half"]:
        value += Decimal("0.5")
    currency = (part["currency"] or "").strip().lower().rstrip(".")
    currency = _SIGNS.get(currency, _UNIT_OF.get(currency, currency))
    if (tail := (part["tail"] or "").lower()) == "m" and not currency:
        unit = "metre"
    elif tail:
        value *= {"k": 10**3, "m": 10**6, "b": 10**9}[tail]
    value *= _SCALES.get((part["scale"] or "").lower(), 1)
    if part["sign"]:
        value = -value
    return Figure(value.normalize(), "th" if part["ordinal"] else currency or unit)


def _ordinal(text: str) -> int:
    parts = re.split(r"[\s-]+", text)
    tens = _SMALL[parts[0]] if len(parts) > 1 else 0
    return tens + _ORDINALS.index(parts[-1]) + 1


def _count(text: str) -> int:
    total = current = 0
    for word in re.findall(r"[a-z]+", text):
        if word in _SMALL:
            current += _SMALL[word]
        elif word == "hundred":
            current = max(1, current) * 100
        elif word == "dozen":
            current = max(1, current) * 12
        elif word != "and":
            total += max(1, current) * _SCALES[word]
            current = 0
    return total + current


def show_figure(figure: Figure) -> str:
    """The figure in words, as "2.6 billion yuan"."""
    value, scale = figure.value, ""
    for name in ("trillion", "billion", "million"):
        if abs(value) >= _SCALES[name]:
            value, scale = value / _SCALES[name], f" {name}"
            break
    number = f"{value:,f}" if value == value.to_integral() else f"{value:f}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    if figure.unit in ("$", "€", "£", "₹", "hk$", "c$", "a$"):
        return f"{figure.unit}{number}{scale}"
    glue = "" if figure.unit in ("%", "th") else "-" if figure.unit == "fold" else " "
    plural = "s" if figure.unit in _PLURAL and abs(value) != 1 else ""
    return f"{number}{scale}{glue}{figure.unit}{plural}".rstrip()


_PLURAL = frozenset(
    """second minute hour day week month year decade mile metre yard degree tonne ton acre
    point""".split()
)
