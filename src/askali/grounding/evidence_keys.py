"""What a chat model writes, as drafts of claims: evidence keys and the line format.

A model writes one statement a line, each with the keys of its sentences behind it:
``4.2 million crowns. [S1]``. A statement is given out once it is complete, so a
reader never sees half a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

MAX_LINE_CHARS = 2000
"""A longer line without a key is no statement; it is dropped, and its memory freed."""

_BULLET = re.compile(r"^\s*(?:[-*•–]\s+|\d{1,2}[.)]\s+)?")
_EMPHASIS = re.compile(r"\*\*|__|`")
_THINKING = re.compile(r"<think>.*?(?:</think>|\Z)\s*", re.S)
_BLANK = "[^\\S\\n]"
_FOREIGN_KEY = re.compile(r"\s*\[\d{1,3}\]")  # would read as one of our citations


@dataclass(frozen=True, slots=True)
class Draft:
    """One statement as a model wrote it and the numbers, from 1, of the sentences that
    it names. A number may be one that was never issued."""

    text: str
    numbers: tuple[int, ...]


def key_letter(texts: Iterable[str]) -> str:
    """The letters before the number of an evidence key: ``[S1]``, unless a text has such
    a key of its own; then the first of E, K, Q, S1x, S2x … that none has."""
    texts = list(texts)
    for letters in ("S", "E", "K", "Q", *(f"S{n}x" for n in range(1, 100))):
        if not any(re.search(rf"\[\s*{letters}\d", text, re.I) for text in texts):
            return letters
    return next(f"S{n}x" for n in count(100) if not any(f"S{n}x" in text for text in texts))


def read_drafts(pieces: Iterable[str], letters: str) -> Iterator[Draft]:
    """Each statement as soon as it is complete: when more follows it, or the text ends.

    A line without a key is dropped, and so is what stands between think tags.
    """
    statement = _statement(letters)
    held = ""
    for piece in pieces:
        held = _THINKING.sub("", held + piece) if "</think>" in held + piece else held + piece
        if held.lstrip().startswith("<think>"):
            continue
        held = held.lstrip()
        while found := statement.match(held):
            yield _draft(found, letters)
            held = held[found.end() :].lstrip()
        # Whole lines have been read, endless ones are none: the line that is being written stays.
        held = held.rpartition("\n")[2]
        held = "" if len(held) > MAX_LINE_CHARS else held
    yield from _rest(_THINKING.sub("", held), statement, letters)


def _rest(held: str, statement: re.Pattern[str], letters: str) -> Iterator[Draft]:
    """The end of the text completes what stands before it."""
    for line in held.split("\n"):
        while found := statement.match(f"{line.lstrip()}\n"):
            yield _draft(found, letters)
            line = line.lstrip()[found.end() :]


def _key(letters: str) -> str:
    """One bracket of keys: ``[S1]``, ``[S1, S3]``, ``(S2; 4)``."""
    more = rf"{_BLANK}*[,;、&-]{_BLANK}*(?:{letters})?\d{{1,3}}"
    return rf"[\[(【]{_BLANK}*{letters}\d{{1,3}}(?:{more})*{_BLANK}*[\])】]"


def _statement(letters: str) -> re.Pattern[str]:
    """Text, its keys, perhaps a full stop, then what shows that no other key follows."""
    key = _key(letters)
    keys = rf"(?:{key})(?:{_BLANK}*(?:,|and|&)?{_BLANK}*{key})*"
    next_word = rf"{_BLANK}*(?!(?:and)\b)[^\s\[(【,;&.!?。！？]\S*\s"
    return re.compile(
        rf"(?P<text>[^\n]*?\S){_BLANK}*(?P<keys>{keys}){_BLANK}*(?P<stop>[.!?。！？]?)"
        rf"(?={_BLANK}*\n|{next_word})"
    )


def _draft(found: re.Match[str], letters: str) -> Draft:
    """The statement without its keys, also without those in its midst."""
    keys = re.findall(_key(letters), found.group())
    text = re.sub(rf"{_BLANK}*{_key(letters)}", "", found["text"])
    text = _FOREIGN_KEY.sub("", _EMPHASIS.sub("", _BULLET.sub("", text)))
    text = " ".join("".join(ch if ch.isprintable() else " " for ch in text).split())
    if found["stop"] and text[-1:] not in ".!?。！？":
        text += found["stop"]
    plain = " ".join(keys).replace(letters, " ")
    return Draft(text, tuple(dict.fromkeys(int(n) for n in re.findall(r"\d+", plain))))
