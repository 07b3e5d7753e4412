"""Make a true claim wrong: one mutation a kind, none that may leave it true."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from askali_evals.verification_bench.true_claims import Claim

Mutation = Callable[[Claim, random.Random, Sequence[str]], str]
"""(claim, randomness, names of other documents) → wrong claim, or "" where none can be made."""

_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:,\d{3})*(?:\.\d+)?(?![\d\w-]|[.,]\d)")
_BRACKETS = re.compile(r"\([^()]*\)")
_YEAR = re.compile(r"(?<![\w.,$-])(?:1[5-9]|20)\d\d(?![\w,.-]\d|\w)")
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][a-z]+(?: [A-Z][a-z]+)*\b")
_MONTHS = "January February March April May June July August September October November December"
_WORDS = "two three four five six seven eight nine ten eleven twelve".split()
_AUX = r"\b(is|are|was|were|has|have|had|can|could|will|would|did|does|do)\b(?! not)"


def _one(pattern: str | re.Pattern[str], text: str, rng: random.Random) -> re.Match[str] | None:
    found = list(re.finditer(pattern, text))
    return rng.choice(found) if found else None


def _put(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def number(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """A number gets another digit."""
    found = [m for m in _NUMBER.finditer(claim.text) if not _YEAR.fullmatch(m.group())]
    if not found:
        return ""
    match = rng.choice(found)
    digits = [i for i, ch in enumerate(match.group()) if ch.isdigit()]
    at = rng.choice(digits)
    new = rng.choice([d for d in "123456789" if d != match.group()[at]])
    changed = match.group()[:at] + new + match.group()[at + 1 :]
    return _put(claim.text, match, changed)


def number_of_the_sentence(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """A number is replaced by another number of the same sentence."""
    found = [m for m in _NUMBER.finditer(claim.text) if not _YEAR.fullmatch(m.group())]
    others = [m for m in _NUMBER.findall(claim.sentence) if not _YEAR.fullmatch(m)]
    if not found:
        return ""
    match = rng.choice(found)
    others = [o for o in others if o.replace(",", "") != match.group().replace(",", "")]
    return _put(claim.text, match, rng.choice(others)) if others else ""


def number_word(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """A spelled number becomes another."""
    match = _one(rf"\b(?:{'|'.join(_WORDS)})\b", claim.text, rng)
    return (
        _put(claim.text, match, rng.choice([w for w in _WORDS if w != match[0]])) if match else ""
    )


def scale(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """A million becomes a billion, and so on."""
    match = _one(r"(?<=\d )(?:thousand|million|billion|trillion)\b", claim.text, rng)
    others = {
        "thousand": "million",
        "million": "billion",
        "billion": "million",
        "trillion": "billion",
    }
    return _put(claim.text, match, others[match[0]]) if match else ""


_UNITS = {
    "years": "months", "months": "weeks", "weeks": "days", "days": "hours", "hours": "minutes",
    "minutes": "seconds", "year": "month", "month": "week", "km": "miles", "miles": "kilometres",
    "kilometres": "miles", "metres": "feet", "feet": "metres", "meters": "yards", "m": "km",
    "kg": "pounds", "acres": "hectares", "inches": "feet", "tons": "kilograms", "ft": "m",
    "mm": "cm", "yards": "feet", "cm": "mm", "tonnes": "pounds", "dollars": "euros", "mi": "km",
}  # fmt: skip


def unit(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """A unit or a currency becomes another."""
    match = _one(rf"(?<=\d[ -])(?:{'|'.join(_UNITS)})\b|[$€£](?=\d)", claim.text, rng)
    if match is None:
        return ""
    signs = {"$": "€", "€": "£", "£": "$"}
    return _put(claim.text, match, signs.get(match[0]) or _UNITS[match[0]])


def percent(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """A percentage becomes percentage points, a multiple, or a bare number."""
    match = _one(r"(?<=\d)(?: ?%| percent\b)", claim.text, rng)
    return _put(claim.text, match, rng.choice([" percentage points", "-fold", ""])) if match else ""


def year(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """A year becomes another, near or of the same sentence."""
    match = _one(_YEAR, claim.text, rng)
    if match is None:
        return ""
    others = [str(int(match[0]) + step) for step in (-10, -2, -1, 1, 3, 10)]
    others += [y for y in _YEAR.findall(claim.sentence) if y != match[0]]
    return _put(claim.text, match, rng.choice(others))


def month_or_day(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """A month or a day of a date becomes another."""
    names = _MONTHS.split()
    match = _one(rf"\b(?:{'|'.join(names)})\b(?= \d)", claim.text, rng)
    day = _one(r"(?<=(?:ary|rch|ril|May|une|uly|ust|ber) )\d{1,2}\b", claim.text, rng)
    if day and rng.random() < 0.5:
        return _put(claim.text, day, str((int(day[0]) + rng.randint(1, 20)) % 28 + 1))
    if match is None:
        return ""
    return _put(claim.text, match, rng.choice([n for n in names if n != match[0]]))


def _names(text: str) -> list[re.Match[str]]:
    return [m for m in _NAME.finditer(text) if m[0] not in _NO_NAMES]


_NO_NAMES = frozenset(_MONTHS.split()) | frozenset(
    "The A An In On At It He She They This I As From Of For By To With".split()
)


def name_of_another_document(claim: Claim, rng: random.Random, names: Sequence[str]) -> str:
    """A name becomes a name that the document does not have."""
    found = _names(claim.text)
    return _put(claim.text, rng.choice(found), rng.choice(names)) if found and names else ""


def name_of_the_sentence(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """A name becomes another name of the same sentence."""
    found = _names(claim.text)
    if not found:
        return ""
    match = rng.choice(found)
    outside = _BRACKETS.sub("", claim.sentence)  # a name in brackets is often an alias
    others = [m[0] for m in _names(outside) if m[0] not in match[0] and match[0] not in m[0]]
    return _put(claim.text, match, rng.choice(others)) if others else ""


def roles(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """Two names change places, unless they stand in one list."""
    found = _names(claim.text)
    pairs = [
        (a, b)
        for i, a in enumerate(found)
        for b in found[i + 1 :]
        if a[0] not in b[0]
        and b[0] not in a[0]
        and len(claim.text[a.end() : b.start()].split()) >= 2
        and not re.search(r"\b(?:and|or|between|with|as)\b|,", claim.text[a.end() : b.start()])
    ]
    if not pairs:
        return ""
    a, b = rng.choice(pairs)
    text = claim.text
    return text[: a.start()] + b[0] + text[a.end() : b.start()] + a[0] + text[b.end() :]


def negation_added(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """A verb gets a "not"."""
    match = _one(_AUX, claim.text, rng)
    return _put(claim.text, match, f"{match[0]} not") if match else ""


def negation_removed(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """A "not", "never" or "no" goes."""
    match = _one(
        r" (?:not(?! only| just| merely)|never)\b|n['’]t\b"
        r"| no(?= (?!longer|\d|later|more|less)[a-z])",
        claim.text,
        rng,
    )
    return _put(claim.text, match, "") if match else ""


def modality_dropped(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """What may, will or is planned to be is said to be so."""
    match = _one(
        r"\b(?:may|might|could|can|will|would|should|must|plan(?:s|ned)? to|intend(?:s|ed)? to"
        r"|(?:is|are|was|were) expected to|tried to|attempted to|failed to|wanted to|hoped to)"
        r" (?=[a-z])",
        claim.text,
        rng,
    )
    return _put(claim.text, match, "") if match else ""


def modality_added(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """What is so is said to be possible or planned."""
    match = _one(r"(?<!not )(?<!to )\b(?:is|are|was|were|has|have)\b(?! not)", claim.text, rng)
    if match is None:
        return ""
    may = rng.choice(["may", "might", "is expected to", "allegedly"])
    form = {"is": "be", "are": "be", "was": "have been", "were": "have been"}.get(match[0], "have")
    return _put(claim.text, match, f"{match[0]} {may}" if may == "allegedly" else f"{may} {form}")


_SAID = r"(?:said|says|stated|announced|argued|claimed|wrote|reported|suggested|believed|noted)"


def attribution_swapped(claim: Claim, rng: random.Random, names: Sequence[str]) -> str:
    """Somebody else says it."""
    pattern = rf"(?<=According to )[A-Z]\w+(?: [A-Z]\w+)*|\b[A-Z]\w+(?: [A-Z]\w+)*(?= {_SAID}\b)"
    match = _one(pattern, claim.text, rng)
    return _put(claim.text, match, rng.choice(names)) if match and names else ""


def attribution_invented(claim: Claim, rng: random.Random, names: Sequence[str]) -> str:
    """Somebody says what nobody is said to have said."""
    if not names or re.search(rf"\b{_SAID}\b|[Aa]ccording", claim.text):
        return ""
    own = [m[0] for m in _names(claim.sentence)]
    who = rng.choice([rng.choice(names), *own[:1]])
    return f"According to {who}, {claim.text}"


_PAIRS = """more/less higher/lower larger/smaller greater/smaller before/after increased/decreased
increase/decrease rose/fell older/younger earlier/later above/below first/last north/south east/west
northern/southern eastern/western best/worst largest/smallest highest/lowest longer/shorter
better/worse major/minor most/least won/lost up/down stronger/weaker faster/slower
upper/lower maximum/minimum majority/minority"""
_OPPOSITE = {a: b for p in _PAIRS.split() for a, b in [p.split("/"), p.split("/")[::-1]]}


def comparison(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """A comparison or direction is turned round."""
    match = _one(rf"\b(?:{'|'.join(_OPPOSITE)})\b", claim.text, rng)
    return _put(claim.text, match, _OPPOSITE[match[0]]) if match else ""


def bound(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """At least becomes at most, more than becomes less than, or goes."""
    swaps = {"at least": "at most", "more than": "less than", "up to": "at least",
             "less than": "more than", "over": "under", "fewer than": "more than"}  # fmt: skip
    match = _one(rf"\b(?:{'|'.join(swaps)}) (?=[$€£]?\d)", claim.text, rng)
    return _put(claim.text, match, rng.choice([swaps[match[0][:-1]] + " ", ""])) if match else ""


_QUANTIFIERS = {
    "all": "some", "some": "all", "most": "all", "many": "all", "several": "all", "few": "many",
    "every": "no", "always": "sometimes", "often": "always", "usually": "always", "both": "neither",
    "generally": "always", "sometimes": "always", "never": "sometimes", "only": "not only",
}  # fmt: skip


def quantifier(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """All becomes some, some becomes all, and so on."""
    match = _one(rf"\b(?:{'|'.join(_QUANTIFIERS)})\b(?! of the most)", claim.text, rng)
    return _put(claim.text, match, _QUANTIFIERS[match[0]]) if match else ""


def fragment(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """A statement cut loose, word for word, from what governs it."""
    match = re.search(
        r"\b(?:denied|claimed|believed|argued|suggested|alleged|doubted|whether|if|unless|believe|argue)"
        r"(?: that)? ((?:the|[A-Z]|it|he|she|they)[^,;.]{15,120})",
        claim.sentence,
    )
    whole = match and re.search(r"\b(?:is|are|was|were|has|have|had|did)\b", match[1])
    return f"{match[1][0].upper()}{match[1][1:]}." if match and whole else ""


_WORD = re.compile(r"(?<= )[a-z]{5,}\b")


def another_word(claim: Claim, rng: random.Random, _: Sequence[str]) -> str:
    """A content word becomes one that the sentence does not have."""
    words = "orange violin penguin harvest gallery quarrel whisper blanket".split()
    match = _one(_WORD, claim.text, rng)
    return _put(claim.text, match, rng.choice(words)) if match else ""


MUTATIONS: dict[str, tuple[Mutation, ...]] = {
    "number": (number, number_of_the_sentence, number_word, scale),
    "unit": (unit, percent),
    "date": (year, month_or_day),
    "name": (name_of_another_document, name_of_the_sentence),
    "roles": (roles,),
    "negation": (negation_added, negation_removed),
    "modality": (modality_dropped, modality_added),
    "attribution": (attribution_swapped, attribution_invented),
    "comparison": (comparison, bound, quantifier),
    "governor cut off": (fragment,),
    "coverage": (another_word,),
}
