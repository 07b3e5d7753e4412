"""Does a claim say only what its cited sentences say? Pure, deterministic, without a model.

A claim is laid over each cited sentence. Every figure, date, name and content word
of it must stand there, in the same order and under the same "not", "plans to" and
"denied"; what the claim leaves out or moves must be a piece that can go. Whatever
cannot be shown this way is failed, and its reason said: strict, because the reader
then gets the quote instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from askali.grounding.verification.alignment import align, places_of, resolve
from askali.grounding.verification.attribution import split_speaker
from askali.grounding.verification.paraphrases import active, flip, is_statement, own, passive
from askali.grounding.verification.parsing import read
from askali.grounding.verification.tokens import NAME, Reading
from askali.grounding.verification.values import judge
from askali.grounding.verification.verdict import SUPPORTED, VERBATIM, Check, Fault, failed

__all__ = ["Check", "Fault", "verify"]


def verify(claim: str, evidence: Sequence[str], *, context: str = "") -> Check:
    """What the sentences of `evidence` make of `claim`.

    Evidence comes in the order of its document: an earlier sentence, or `context` (titles
    and headings), may say who "it" is, but lends no figure or date.
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
    """None if the claim, or another wording of claim or evidence, is all said."""
    problem = _against_best(reading, evidence, context)
    if problem is None or _lacks_words(reading, evidence):
        return problem
    for claim, sentences in _rewordings(reading.text, evidence):
        if _against_best(read(claim), sentences, context) is None:
            return None
    return problem


def _lacks_words(reading: Reading, evidence: Sequence[str]) -> bool:
    """True where no wording can help: a word or value stands in no sentence."""
    tokens = (reading.tokens[i] for i in reading.hard)
    return not all(
        token.kind == NAME or any(places_of(token, read(text), text) for text in evidence)
        for token in tokens
    )


def _rewordings(claim: str, evidence: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Claim and evidence in the active voice, with "it" named, with the subject first."""
    plain = [read(sentence).text for sentence in evidence]
    named = [resolve(sentence) for sentence in evidence]
    turned = [active(sentence) for sentence in named]
    mine, flipped = active(claim), flip(claim)
    if named != plain:
        yield claim, named
    if mine != claim or turned != named:
        yield mine, turned
    if (passed := passive(claim)) != claim:
        yield passed, named
    if (owned := own(claim)) != claim:
        yield owned, named
    if flipped != claim:
        yield flipped, named


def _against_best(reading: Reading, evidence: Sequence[str], context: str) -> Check | None:
    """None if some sentence says it all; else the fault of the closest one."""
    ranked = sorted(evidence, key=lambda s: -align(reading, s).weight)
    first = None
    for sentence in ranked[:3]:
        others = evidence[: list(evidence).index(sentence)]
        problem = judge(reading, sentence, others, context)
        if problem is None:
            return None
        first = first or problem
    return first


_JOINT = re.compile(
    r"\s*;\s*|,?\s+(?:and|while|but|whereas)\s+(?=[A-Z]|it\b|he\b|she\b|they\b|the\b)|,\s+and\s+"
)


def _parts(reading: Reading) -> list[str]:
    """The statements that a claim joins; the claim alone if any part is none."""
    parts = [part for part in _JOINT.split(reading.text) if part]
    return parts if all(is_statement(read(part)) for part in parts) else [reading.text]
