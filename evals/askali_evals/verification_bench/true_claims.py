"""Claims that are true of their sentence, made from it by edits that lose no truth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LEADING = re.compile(
    r"^((?:In|On|During|At|Since|Throughout|Between|From|Today|Additionally|However|Furthermore"
    r"|Moreover|Initially|Later|Subsequently|Consequently|Recently)\b[^,;:()]{0,50})"
    r", (?=[A-Za-z])(.+)$"
)
_PAREN = re.compile(r"\s*\([^()]{1,120}\)")
_RELATIVE = re.compile(r", (?:which|who|whose|where) [^,;:()]{3,80},(?= [a-z])")
_TRAILING = re.compile(r", (?:\w+ing|which|who|including|such as|making|with) [^.;]{5,160}\.$")
_AUX = re.compile(r"\b(?:is|are|was|were|has|have|had|will|can|did|does)\b")
_BY = re.compile(
    r"^((?:The |An? )?[\w' -]{3,60}?) (?:was|were) (\w+ed) by ((?:the )?[A-Z][\w' -]{2,40}?)"
    r"((?: in \d{4}| on [A-Z]\w+ \d+, \d{4})?)\.$"
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_US_DATE = re.compile(rf"\b({_MONTHS}) (\d{{1,2}}), (\d{{4}})\b")
_FULL_DATE = re.compile(
    rf"\b[Oo]n (?:(?:{_MONTHS}) \d{{1,2}}, (\d{{4}})|\d{{1,2}} (?:{_MONTHS}) (\d{{4}}))\b"
)
_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim, how it was made, and the sentence and title that it rests on."""

    kind: str
    text: str
    sentence: str
    title: str = ""


def true_claims(sentence: str, before: str = "", title: str = "") -> Iterator[Claim]:
    """The sentence itself and what can be made of it by rule."""
    yield Claim("the sentence", sentence, sentence)
    for kind, text in _edits(sentence):
        if text and text != sentence and len(text.split()) >= 3:
            yield Claim(kind, _tidy(text), sentence)
    named = _named(sentence, before, title)
    if named:
        yield Claim("pronoun replaced by the title", named, sentence, title)


def _edits(sentence: str) -> Iterator[tuple[str, str]]:
    yield "brackets left out", _PAREN.sub("", sentence)
    if match := _LEADING.match(sentence):
        yield "opening left out", match[2]
        if "," not in match[2] and re.match(r"(?:In|On) [^ ]*\d{4}$", match[1]):
            moved = f"{match[2].rstrip('.')} {match[1][0].lower()}{match[1][1:]}."
            yield "date moved to the end", moved
    yield "relative clause left out", _RELATIVE.sub("", sentence)
    yield "ending left out", _TRAILING.sub(".", sentence)
    yield "first clause alone", _first_clause(sentence)
    if match := _BY.match(sentence):
        agent = match[3]
        subject = (
            match[1]
            if match[1].split()[0] not in ("The", "A", "An")
            else match[1][0].lower() + match[1][1:]
        )
        yield (
            "passive made active",
            f"{agent[0].upper()}{agent[1:]} {match[2]} {subject}{match[4]}.",
        )
    yield "numbers respelled", _respelled(sentence)
    yield "dates respelled", _US_DATE.sub(r"\2 \1 \3", sentence)
    yield "date shortened to its year", _FULL_DATE.sub(lambda m: f"in {m[1] or m[2]}", sentence)


def _first_clause(sentence: str) -> str:
    head, found, rest = re.sub(_PAREN, "", sentence).partition(", and ")
    if not found:
        head, found, rest = sentence.partition(", but ")
    whole = (
        _AUX.search(head)
        and _AUX.search(rest)
        and re.match(r"(?:the|it|he|she|they|[A-Z])\b", rest)
    )
    opens = re.match(
        r"(?:If|When|While|Although|As|Because|Unless|Not|Neither|Either|Both)\b", head
    )
    return f"{head}." if whole and not opens and head.count(",") == 0 else ""


def _respelled(sentence: str) -> str:
    text = re.sub(r"(\d) ?%", r"\1 percent", sentence)
    if text == sentence:
        text = re.sub(r"(\d) percent\b", r"\1%", sentence)
    text = re.sub(r"(?<![\d.,])(\d{1,3}),(\d{3})(?![\d,])", r"\1\2", text)
    return re.sub(
        rf"(?<=[a-z] )({'|'.join(_WORDS[2:])})(?= [a-z])", lambda m: str(_WORDS.index(m[1])), text
    )


def _named(sentence: str, before: str, title: str) -> str:
    name = re.sub(r"\s*\([^()]*\)$", "", title)
    if not before.startswith(name) or len(name) < 3:
        return ""
    return (
        re.sub(r"^(?:It|He|She) (?=(?:was|is|has|had|also)\b)", f"{name} ", sentence)
        if re.match(r"(?:It|He|She) (?:was|is|has|had|also)\b", sentence)
        else ""
    )


def _tidy(text: str) -> str:
    text = " ".join(text.split())
    return text[0].upper() + text[1:]
