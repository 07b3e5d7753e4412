"""Find documents that say the same: the same text, one inside the other, or nearly alike."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Signature = NDArray[np.uint64]
"""Hashes of a document's sentences, each once, in order."""

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


def signature(text: str) -> Signature:
    """The sentences of a text, apart from case, spaces and punctuation: 8 bytes each."""
    found = (" ".join(_WORD.findall(piece.lower())) for piece in _STOP.split(text))
    digests = (
        hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=8).digest()
        for words in found
        if words
    )
    return np.unique(np.frombuffer(b"".join(digests), dtype=np.uint64))


def find_twins(signatures: Sequence[Signature]) -> Twins:
    """Compare all documents by their sentences.

    Near-duplicates share at least `ALIKE` of their sentences. One is a copy only if the
    other has every sentence of it, so a changed number or a changed word is never lost.
    Exact (no sampling): two such sets must meet in a prefix of their rarest sentences
    (Bayardo et al. 2007).
    """
    copies: dict[int, int] = {}
    alike: list[tuple[int, int]] = []
    for one, other in _candidates(signatures):
        a, b = signatures[one], signatures[other]
        common = len(np.intersect1d(a, b, assume_unique=True))
        if common < ALIKE * (len(a) + len(b) - common):
            continue
        if common == len(b):
            copies.setdefault(other, one)
        elif common == len(a):
            copies.setdefault(one, other)
        else:
            alike.append((one, other))
    kept = {number: _last(number, copies) for number in copies}
    return Twins(kept, tuple((a, b) for a, b in alike if a not in kept and b not in kept))


def _candidates(signatures: Sequence[Signature]) -> list[tuple[int, int]]:
    """Pairs (smaller number first) that may be alike."""
    holders: dict[int, list[int]] = {}
    pairs: dict[tuple[int, int], None] = {}
    for number, shared in enumerate(_shared_prefixes(signatures)):
        for key in shared.tolist():
            for earlier in holders.setdefault(key, []):
                sizes = sorted((len(signatures[earlier]), len(signatures[number])))
                if sizes[0] >= ALIKE * sizes[1]:
                    pairs[earlier, number] = None
            holders[key].append(number)
    return sorted(pairs)


def _shared_prefixes(signatures: Sequence[Signature]) -> Iterator[Signature]:
    """The rarest sentences of each document, those left out that no other has."""
    every = np.concatenate([np.empty(0, np.uint64), *signatures])
    keys, counts = np.unique(every, return_counts=True)
    for own in signatures:
        common = counts[np.searchsorted(keys, own)]
        rarest = np.lexsort((own, common))[: len(own) - math.ceil(ALIKE * len(own)) + 1]
        yield own[rarest[common[rarest] > 1]]


def _last(number: int, copies: Mapping[int, int]) -> int:
    """The document at the end of a chain of copies; equals point at each other's first."""
    seen = {number}
    while number in copies and copies[number] not in seen:
        number = copies[number]
        seen.add(number)
    return number
