"""Latency and memory: reported, never gated, and kept apart from what must repeat."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np


@dataclass(frozen=True, slots=True)
class Times:
    """When it began (ISO 8601, UTC), milliseconds per case and their percentiles, the whole
    run, and peak memory."""

    began: str = ""
    cases_ms: dict[str, float] = field(default_factory=dict)
    p50_ms: float = 0.0
    p95_ms: float = 0.0
    total_s: float = 0.0
    peak_rss_mb: float = 0.0


class Watch:
    """Collects the time of each case from the moment it is made."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._began = datetime.now(UTC).isoformat(timespec="seconds")
        self._cases_ms: dict[str, float] = {}

    def note(self, key: str, seconds: float) -> None:
        """Keep the time of one case."""
        self._cases_ms[key] = round(seconds * 1000, 2)

    def stop(self) -> Times:
        """The percentiles of what was noted and the peak of the largest process until now."""
        values = list(self._cases_ms.values())
        p50, p95 = np.percentile(values, [50, 95]) if values else (0.0, 0.0)
        return Times(
            began=self._began,
            cases_ms=self._cases_ms,
            p50_ms=round(float(p50), 2),
            p95_ms=round(float(p95), 2),
            total_s=round(time.perf_counter() - self._started, 2),
            peak_rss_mb=round(_peak_rss_bytes() / 1e6, 1),
        )


def _peak_rss_bytes() -> int:
    try:
        import resource
    except ImportError:  # Windows has no such count
        return 0
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(each).ru_maxrss for each in who)
    return peak if sys.platform == "darwin" else peak * 1024  # Linux counts in KiB
