"""Does a claim say only what its cited sentences say? Pure, deterministic, without a model.

A claim is laid over each cited sentence. Every figure, date, name and content word
of it must stand there, in the same order and under the same "not", "plans to" and
"denied"; what the claim leaves out or moves must be a piece that can go. Whatever
cannot be shown this way is failed, and its reason said: strict, because the reader
then gets the quote instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from askali.verify.align import align
from askali.verify.check import is_statement, judge
from askali.verify.speaker import split_speaker
from askali.verify.tokens import Reading, read
from askali.verify.verdict import SUPPORTED, VERBATIM, Check, Fault, failed
from askali.verify.voice import active

__all__ = ["Check", "Fault", "verify"]


def verify(claim: str, evidence: Sequence[str], *, context: str = "") -> Check:
    """What the sentences of `evidence` make of `claim`.

    `context` is titles and headings: it may say who "it" is, but no figure or date.
    """
    reading = read(claim)
    if not any(ch.isalnum() for ch in claim):
        return failed(Fault.COVERAGE, "nothing is said")
    if not evidence:
        return failed(Fault.COVERAGE, "nothing is cited")
    bare = _bare(reading)
    if any(bare == _bare(read(sentence)) for sentence in evidence):
        return VERBATIM
    problem = _against_all(reading, evidence, context)
    if problem is not None:
        return problem
    return VERBATIM if any(_has(read(s), bare) for s in evidence) else SUPPORTED


def _bare(reading: Reading) -> str:
    return reading.text.strip(" .!?;:,\"'")


def _has(sentence: Reading, bare: str) -> bool:
    return bool(bare) and re.search(rf"(?<!\w){re.escape(bare)}(?!\w)", sentence.text) is not None


def _against_all(reading: Reading, evidence: Sequence[str], context: str) -> Check | None:
    problem = _shown(reading, evidence, context)
    if problem is None:
        return None
    spoken = split_speaker(reading.text, evidence, context)
    if spoken is not None:
        return spoken.fault or _shown(read(spoken.rest), evidence, context)
    parts = _parts(reading) if len(evidence) > 1 else []
    if len(parts) > 1:
        faults = [_shown(read(part), evidence, context) for part in parts]
        return next((fault for fault in faults if fault is not None), None)
    return problem


def _shown(reading: Reading, evidence: Sequence[str], context: str) -> Check | None:
    problem = _against_best(reading, evidence, context)
    if (
        problem is not None
        and problem.fault in _TURNABLE
        and _is_turned(reading, evidence, context)
    ):
        return None
    return problem


_TURNABLE = (Fault.ORDER, Fault.NAME)


def _against_best(reading: Reading, evidence: Sequence[str], context: str) -> Check | None:
    """None if some sentence says it all; else the fault of the closest one."""
    ranked = sorted(evidence, key=lambda s: -align(reading, s).weight)
    first = None
    for sentence in ranked[:3]:
        others = [other for other in evidence if other is not sentence]
        problem = judge(reading, sentence, others, context)
        if problem is None:
            return None
        first = first or problem
    return first


def _is_turned(reading: Reading, evidence: Sequence[str], context: str) -> bool:
    """True where claim and evidence say the same once both are in the active voice."""
    turned = [active(read(sentence).text) for sentence in evidence]
    mine = active(reading.text)
    if mine == reading.text and turned == [read(sentence).text for sentence in evidence]:
        return False
    return _against_best(read(mine), turned, context) is None


_JOINT = re.compile(
    r"\s*;\s*|,?\s+(?:and|while|but|whereas)\s+(?=[A-Z]|it\b|he\b|she\b|they\b|the\b)|,\s+and\s+"
)


def _parts(reading: Reading) -> list[str]:
    """The statements that a claim joins; the claim alone if any part is none."""
    parts = [part for part in _JOINT.split(reading.text) if part]
    return parts if all(is_statement(read(part)) for part in parts) else [reading.text]
