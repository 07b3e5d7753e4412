"""Find documents that say the same: the same text, one inside the other, or nearly alike."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ALIKE = 0.8
"""Share of common sentences (Jaccard) from which two documents are near-duplicates."""

_STOP = re.compile(r"(?<=[.!?。！？])\s+|\n+")
_WORD = re.compile(r"\w+(?:[.,:/-]\w+)*|[%$€£¥+-](?=\d)|(?<=\d)%")


@dataclass(frozen=True, slots=True)
class Twins:
    """`copies` maps a document's number to that of the one that holds all it says;
    `alike` are pairs of near-duplicates of which each says something of its own."""

    copies: dict[int, int]
    alike: tuple[tuple[int, int], ...]


def find_twins(texts: Sequence[str]) -> Twins:
    """Compare all texts by their sentences, apart from case, spaces and punctuation.

    Near-duplicates share at least `ALIKE` of their sentences. One is a copy only if the
    other has every sentence of it, so a changed number or a changed word is never lost.
    Exact (no sampling): two such sets must meet in a prefix of their rarest sentences
    (Bayardo et al. 2007).
    """
    sets = [_sentences(text) for text in texts]
    common = Counter(key for keys in sets for key in keys)
    copies: dict[int, int] = {}
    alike: list[tuple[int, int]] = []
    for one, other in _candidates(sets, common):
        a, b = sets[one], sets[other]
        if len(a & b) < ALIKE * len(a | b):
            continue
        if b <= a:
            copies.setdefault(other, one)
        elif a <= b:
            copies.setdefault(one, other)
        else:
            alike.append((one, other))
    kept = {number: _last(number, copies) for number in copies}
    return Twins(kept, tuple((a, b) for a, b in alike if a not in kept and b not in kept))


def _candidates(
    sets: Sequence[frozenset[bytes]], common: Mapping[bytes, int]
) -> list[tuple[int, int]]:
    """Pairs (smaller number first) that may be alike."""
    holders: dict[bytes, list[int]] = {}
    pairs: dict[tuple[int, int], None] = {}
    for number, keys in enumerate(sets):
        rarest = sorted(keys, key=lambda key: (common[key], key))
        for key in rarest[: len(keys) - math.ceil(ALIKE * len(keys)) + 1]:
            for earlier in holders.setdefault(key, []):
                sizes = sorted((len(sets[earlier]), len(keys)))
                if sizes[0] >= ALIKE * sizes[1]:
                    pairs[earlier, number] = None
            holders[key].append(number)
    return sorted(pairs)


def _last(number: int, copies: Mapping[int, int]) -> int:
    """The document at the end of a chain of copies; equals point at each other's first."""
    seen = {number}
    while number in copies and copies[number] not in seen:
        number = copies[number]
        seen.add(number)
    return number


def _sentences(text: str) -> frozenset[bytes]:
    found = (" ".join(_WORD.findall(piece.lower())) for piece in _STOP.split(text))
    return frozenset(
        hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=8).digest()
        for words in found
        if words
    )
