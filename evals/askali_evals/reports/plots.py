"""Inline SVG plots; colours come from the page's CSS, every text is escaped."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from markupsafe import Markup

from askali_evals.reports.labels import label, show
from askali_evals.scoring.metrics import Measure

WIDTH, LEFT, RIGHT = 560, 130, 96
_LINE = 26
_CROP = (LEFT - 56, RIGHT - 30)
"""What plots without long labels at their sides leave out."""
_SHORT = {
    "passed.share": "passed",
    "answer.right": "right",
    "retrieval.recall@12": "evidence found",
    "ranking.success@1": "found first",
    "citation.recall": "evidence cited",
    "citation.precision": "cited is evidence",
    "abstention.near_miss": "near miss refused",
    "abstention.far_off": "far-off refused",
    "abstention.false_refusals": "wrongly refused",
}


def bars(measures: Mapping[str, Measure]) -> Markup:
    """Shares as bars with their intervals as whiskers, one line each."""
    height = _LINE * len(measures) + 8
    lines = [_bar(i, name, m) for i, (name, m) in enumerate(measures.items())]
    return _svg(height, "Share of passed cases by kind of question", lines)


def _bar(index: int, name: str, measure: Measure) -> Markup:
    y = index * _LINE + 4
    low, high = (measure.interval.low, measure.interval.high) if measure.interval else (0.0, 0.0)
    return Markup(
        '<text x="{}" y="{}" text-anchor="end">{}</text>'
        '<rect class="track" x="{}" y="{}" width="{}" height="14" rx="3"/>'
        '<rect class="bar" x="{}" y="{}" width="{:.1f}" height="14" rx="3"/>'
        '<line class="whisker" x1="{:.1f}" x2="{:.1f}" y1="{}" y2="{}"/>'
        '<text class="value" x="{}" y="{}">{:.0f} % <tspan class="soft">of {}</tspan></text>'
    ).format(
        LEFT - 8,
        y + 12,
        name,
        LEFT,
        y + 1,
        _plot_width(),
        LEFT,
        y + 1,
        measure.value * _plot_width(),
        _x(low),
        _x(high),
        y + 8,
        y + 8,
        WIDTH - RIGHT + 6,
        y + 12,
        100 * measure.value,
        measure.n,
    )


def risk_plot(curve: Sequence[tuple[float, float]]) -> Markup:
    """Risk over coverage as a line: the lower, the better confidence sorts the answers."""
    top, height = 12, 190
    line = [(0.0, curve[0][1]), *curve] if curve else []
    points = " ".join(f"{_x(c):.1f},{top + (1 - r) * (height - 50):.1f}" for c, r in line)
    parts = [_grid(top, height - 50, ("100 %", "50 %", "0 %"))]
    parts += [
        Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{:.0f} %</text>').format(
            _x(share), height - 20, 100 * share
        )
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    parts.append(Markup('<polyline class="curve" points="{}"/>').format(points))
    parts.append(
        Markup(
            '<text class="soft" x="{}" y="{}" text-anchor="middle">share of questions '
            "answered, most confident first</text>"
        ).format(_x(0.5), height - 3)
    )
    title = "Share of wrong answers over the share of questions answered"
    return _svg(height, title, parts, crop=_CROP)


def latency_plot(times_ms: Sequence[float]) -> Markup:
    """How many answers took how long, in 24 equal bins; the last holds all slower ones too.

    The axis ends at 1.5 times the 95th percentile: the first answer loads the model.
    """
    top, height, bins = 12, 150, 24
    limit = _round_up(1.5 * float(np.percentile(times_ms, 95)) if len(times_ms) else 1.0)
    counts = [0] * bins
    for value in times_ms:
        counts[min(bins - 1, int(value / limit * bins))] += 1
    most, step = max(counts) or 1, _plot_width() / bins
    parts = [_grid(top, height - 50, (str(most), "", "0"))]
    for i, count in enumerate(counts):
        tall = count / most * (height - 50)
        parts.append(
            Markup(
                '<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
            ).format(LEFT + i * step + 1, top + height - 50 - tall, step - 2, tall)
        )
    parts += [
        Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{:g} ms</text>').format(
            _x(share), height - 18, limit * share
        )
        for share in (0.0, 0.5, 1.0)
    ]
    return _svg(height, "Answers by the time they took", parts, crop=_CROP)


def against(now: Mapping[str, Measure], before: Mapping[str, Measure]) -> Markup:
    """Each measure of the run (filled) beside the baseline's (ring)."""
    parts = [_pair(i, name, now[name], before[name]) for i, name in enumerate(now)]
    return _svg(_LINE * len(now) + 8, "Measures of this run and of the baseline", parts)


def _pair(index: int, name: str, now: Measure, before: Measure) -> Markup:
    y = index * _LINE + 12
    return Markup(
        '<text x="{}" y="{}" text-anchor="end">{}</text>'
        '<line class="rule" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<circle class="ring" cx="{:.1f}" cy="{}" r="5.5"/>'
        '<circle class="dot" cx="{:.1f}" cy="{}" r="4"/>'
        '<text class="value" x="{}" y="{}">{}<title>{}: {} before</title></text>'
    ).format(
        LEFT - 8,
        y + 4,
        _SHORT.get(name, name),
        LEFT,
        WIDTH - RIGHT,
        y,
        y,
        _x(before.value),
        y,
        _x(now.value),
        y,
        WIDTH - RIGHT + 12,
        y + 4,
        show(name, now.value),
        label(name),
        show(name, before.value),
    )


def _grid(top: int, height: int, labels: Sequence[str]) -> Markup:
    lines = Markup("")
    for i, text in enumerate(labels):
        y = top + height * i / (len(labels) - 1)
        lines += Markup(
            '<line class="rule" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
            '<text x="{}" y="{:.1f}" text-anchor="end">{}</text>'
        ).format(LEFT, WIDTH - RIGHT, y, y, LEFT - 8, y + 4, text)
    return lines


def _svg(
    height: int, title: str, parts: Sequence[Markup], crop: tuple[int, int] = (0, 0)
) -> Markup:
    """`crop` pixels are left out at the left and at the right."""
    left, right = crop
    return Markup(
        '<svg class="{}" viewBox="{} 0 {} {}" role="img" aria-label="{}"><title>{}</title>{}</svg>'
    ).format(
        "tight" if left else "",
        left,
        WIDTH - left - right,
        height,
        title,
        title,
        Markup("").join(parts),
    )


def _plot_width() -> int:
    return WIDTH - LEFT - RIGHT


def _x(share: float) -> float:
    return LEFT + share * _plot_width()


def _round_up(value: float) -> float:
    unit = 10.0 ** math.floor(math.log10(max(value, 1e-6)))
    return math.ceil(value / unit) * unit
