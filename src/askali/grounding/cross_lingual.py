"""A claim in another language than its sentences: what of it can be checked, and is.

Its words cannot. Its figures can, by value: "380 mil millones" and "3800亿" are "380
billion". So can names written in the sentences' script. Months written as words and
names written in another script are not checked; that is why the quote stands beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from askali.text.tokens import capitals, words

_SCALES = {
    **dict.fromkeys(("thousand", "mil", "mille", "tausend", "тысяч", "千"), 10**3),
    **dict.fromkeys(("万", "萬"), 10**4),
    **dict.fromkeys(
        ("million", "millions", "millón", "millones", "millionen", "milhões", "milioni"), 10**6
    ),
    **dict.fromkeys(("миллионов", "млн", "百万"), 10**6),
    **dict.fromkeys(("亿", "億"), 10**8),
    **dict.fromkeys(
        ("billion", "billions", "mil millones", "milliarde", "milliarden", "milliard"), 10**9
    ),
    **dict.fromkeys(("milliards", "bilhões", "miliardi", "миллиардов", "млрд", "十亿"), 10**9),
    **dict.fromkeys(("trillion", "trillions", "billones", "billionen", "trilhões"), 10**12),
    **dict.fromkeys(("万亿", "兆"), 10**12),
}
_SCALE = "|".join(sorted(map(re.escape, _SCALES), key=len, reverse=True))
_FIGURE = re.compile(rf"(?P<number>\d+(?:[.,]\d+)*)[ \u00a0-]?(?P<scale>{_SCALE})?(?![a-z])", re.I)
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_MARKUP = re.compile(r"https?:|www\.|[<>\[\]|`{}]")
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
).split()
_MONTHS = (
    "january february march april may june july august september october november december"
).split()


def fault_abroad(claim: str, evidence: Sequence[str], context: str = "") -> str:
    """Why a foreign claim may not be shown, in one clause; "" if nothing speaks against it.

    `context` is titles and the question: names may come from there, figures may not.
    """
    said = " ".join(evidence)
    if _MARKUP.search(claim):
        return "it holds an address or markup"
    stated = _stated(said)
    figures = list(_figures(claim))
    for figure, readings in figures:
        if not readings & stated:
            return f"“{figure}” is not in the quote"
    known = {word.text.lower() for word in words(f"{said} {context}")}
    for name in sorted(capitals(_FIGURE.sub("0", claim))):
        if name.isascii() and name not in known:
            return f"the name “{name}” is not in the quote"
    shares_name = {word.text.lower() for word in words(claim)} & capitals(said)
    return "" if figures or shares_name else "nothing in it can be checked"


def _stated(text: str) -> set[Decimal]:
    """All values that a text states: figures, small numbers in words, months."""
    values = set().union(*(readings for _, readings in _figures(text)))
    for word in (w.text.lower() for w in words(text)):
        for names, first in ((_WORDS, 0), (_MONTHS, 1)):
            if word in names:
                values.add(Decimal(names.index(word) + first))
    return values


def _figures(text: str) -> Iterator[tuple[str, set[Decimal]]]:
    """Each figure with its possible values: "1.200" may be 1200 or 1.2."""
    for found in _FIGURE.finditer(text):
        number, scale = found["number"], (found["scale"] or "").lower()
        readings = {_plain(number)}
        if _GROUPED.fullmatch(number):
            readings.add(Decimal(re.sub("[.,]", "", number)))
        factor = _SCALES.get(scale, 1)
        yield found.group().strip(), {reading * factor for reading in readings}


def _plain(number: str) -> Decimal:
    """The number with its last mark as the decimal one."""
    whole, mark, fraction = number.replace(",", ".").rpartition(".")
    return Decimal(f"{whole.replace('.', '')}.{fraction}" if mark else fraction)
