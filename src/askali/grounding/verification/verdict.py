"""The nouns of verification: what was found, and what kind of fault it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Why a claim is not shown by what it cites."""

    NUMBER = "number"
    UNIT = "unit"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"
    MODALITY = "modality"
    ATTRIBUTION = "attribution"
    COMPARISON = "comparison"
    ORDER = "order"
    COVERAGE = "coverage"


@dataclass(frozen=True, slots=True)
class Check:
    """What the cited sentences make of a claim.

    `verdict` is ``verbatim`` (word for word in one of them), ``supported`` or
    ``failed``; only a failed one has a `reason`, one clause for a reader, and a `fault`.
    """

    verdict: str
    reason: str = ""
    fault: Fault | None = None

    @property
    def passed(self) -> bool:
        """True where the claim may be shown."""
        return self.verdict != "failed"


VERBATIM = Check("verbatim")
SUPPORTED = Check("supported")


def failed(fault: Fault, reason: str) -> Check:
    """A failed check."""
    return Check("failed", reason, fault)
