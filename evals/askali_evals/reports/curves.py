"""Risk over coverage of several sets as one standalone SVG, for light and dark pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

Curve = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 640, 380
_LEFT, _TOP, _RIGHT, _BOTTOM = 64, 16, 190, 56
_STYLE = Markup("""<style>
text { font: 13px system-ui, sans-serif; fill: #1d2125; } line { stroke: #dcdad3; }
polyline { fill: none; stroke-width: 2.5; }
.c0 { stroke: #2f5fb3; } .c1 { stroke: #b3261e; } .c2 { stroke: #1a7f4b; } .c3 { stroke: #8a5a00; }
.paper { fill: #ffffff; }
@media (prefers-color-scheme: dark) { text { fill: #e8e6e1; } line { stroke: #353b41; }
.c0 { stroke: #8db4ff; } .c1 { stroke: #ff8a80; } .c2 { stroke: #5fce96; } .c3 { stroke: #f0bd62; }
.paper { fill: #15181b; } }
</style>""")


def curves_svg(curves: Mapping[str, Curve]) -> str:
    """Each named curve as a line; the names stand beside where the lines end, kept apart."""
    parts = [_STYLE, Markup('<rect class="paper" width="100%" height="100%"/>'), *_axes()]
    ends = _apart([curve[-1][1] for curve in curves.values()])
    for number, ((name, curve), end) in enumerate(zip(curves.items(), ends, strict=True)):
        points = " ".join(f"{_x(c):.1f},{_y(r):.1f}" for c, r in curve)
        parts.append(Markup('<polyline class="c{}" points="{}"/>').format(number % 4, points))
        parts.append(
            Markup(
                '<line class="c{}" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}" stroke-width="3"/>'
            ).format(number % 4, _x(1) + 8, _x(1) + 26, end, end)
        )
        parts.append(_text(_x(1) + 32, end + 4, name, "start"))
    return str(
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img">'
            "<title>Share of wrong answers over the share of questions answered</title>{}</svg>\n"
        ).format(WIDTH, HEIGHT, Markup("\n").join(parts))
    )


def _axes() -> list[Markup]:
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y, x = _y(share), _x(share)
        parts.append(
            Markup('<line x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(_x(0), _x(1), y, y)
        )
        parts.append(_text(_x(0) - 8, y + 4, f"{100 * share:.0f} %", "end"))
        parts.append(_text(x, _y(0) + 20, f"{100 * share:.0f} %", "middle"))
    parts.append(_text(_x(0.5), HEIGHT - 10, "answered, most confident first", "middle"))
    return [*parts, _text(_x(0) + 6, _y(1) + 16, "wrong among them", "start")]


def _apart(shares: Sequence[float], gap: float = 18) -> list[float]:
    """Heights for labels near the shares, `gap` pixels between neighbours."""
    order = sorted(range(len(shares)), key=lambda i: _y(shares[i]))
    heights, last = [0.0] * len(shares), -gap
    for i in order:
        heights[i] = last = max(_y(shares[i]), last + gap)
    return heights


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        x, y, anchor, text
    )


def _x(share: float) -> float:
    return _LEFT + share * (WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _TOP + (1 - share) * (HEIGHT - _TOP - _BOTTOM)
