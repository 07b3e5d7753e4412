"""Variants of a question as people type it: no capitals, typos, politeness, a source named."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator

ALONE = {"small_talk", "outside"}
"""Shapes that are not asked "according to the text"."""

BEFORE = (
    "can you tell me",
    "could you tell me",
    "please tell me",
    "i would like to know",
    "according to the report,",
    "hi,",
    "please",
    "i want to know",
    "hello,",
    "quick question:",
    "do you know",
    "in the text,",
    "ok, and",
    "so",
    "based on the document,",
    "just wondering,",
)
AFTER = (
    "according to the text",
    "please",
    "in the document",
    "pls",
    "as stated in the report",
    "thanks",
    "exactly",
    "according to the author",
    "in this article",
    "then",
    "again",
)


def typo(question: str, chance: random.Random) -> str:
    """One or two words misspelt: letters swapped, left out, doubled or hit beside."""
    words = question.split()
    long = [at for at, word in enumerate(words) if len(word) > 3]
    for at in chance.sample(long, min(len(long), 1 + (len(words) > 6))):
        word, spot = words[at], chance.randrange(1, len(words[at]) - 1)
        words[at] = chance.choice(
            (
                word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :],
                word[:spot] + word[spot + 1 :],
                word[:spot] + word[spot] + word[spot:],
                word[:spot] + chance.choice("aeiourtsn") + word[spot + 1 :],
            )
        )
    return " ".join(words)


def variants(question: str, shape: str) -> Iterator[str]:
    """Up to four other ways of typing it, the same ones every time."""
    chance = random.Random(zlib.crc32(question.encode()))
    bare = " ".join(re.sub(r"[^\w\s'%$€£/-]", " ", question).split()).lower()
    if bare != question:
        yield bare
    else:
        yield question[0].upper() + question[1:] + chance.choice("?.")
    yield typo(bare, chance)
    if shape not in ALONE and len(bare.split()) > 1:
        yield f"{chance.choice(BEFORE)} {bare}"
        yield f"{question.rstrip('?. ')} {chance.choice(AFTER)}" + chance.choice(("?", ""))
