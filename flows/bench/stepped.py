"""Sources that step from level to level, all by edges of one length."""

from __future__ import annotations

from collections.abc import Sequence

Step = tuple[float, float]
"""When a line begins to change (s), and to which level (V)."""


def stepped_source(net: str, start_v: float, steps: Sequence[Step], edge_s: float) -> str:
    """A source that drives `net` from `start_v` on through `steps`, which follow one another by more than an edge."""
    points, level = [(0.0, start_v)], start_v
    for at_s, next_v in steps:
        points += [(at_s, level), (at_s + edge_s, next_v)]
        level = next_v
    flat = " ".join(f"{t!r} {v!r}" for t, v in points)
    return f"v_{net} {net} 0 {start_v!r}" if len(points) == 1 else f"v_{net} {net} 0 pwl({flat})"
