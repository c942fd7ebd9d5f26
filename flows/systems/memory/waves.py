"""Lines over time: steps between levels, sources that follow them, and what is read off a trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.stepped import Step, stepped_source

from .settings import EDGE_S

Array = NDArray[np.float64]


def source(net: str, start_v: float, steps: Sequence[Step] = ()) -> str:
    """A source that drives `net` from `start_v` on through `steps`, which follow one another by more than an edge."""
    return stepped_source(net, start_v, steps, EDGE_S)


def given_j(found: Mapping[str, Array], from_s: float, to_s: float) -> float:
    """Energy (J) out of every source of a net between two moments, where it gives and does not take."""
    t = found["time"]
    inside, total = (t >= from_s) & (t <= to_s), 0.0
    for name, current in found.items():
        net = name.removeprefix("v_").removesuffix("#branch")
        if name == f"v_{net}#branch":
            power = np.maximum(-current * found.get(net, np.zeros_like(t)), 0.0)
            total += float(np.trapezoid(power[inside], t[inside]))
    return total


def reaches(found: Mapping[str, Array], net: str, level_v: float, after_s: float, *, rising: bool) -> float:
    """When `net` is above (or below) a level for good, in s after a moment; inf where it is not in the end."""
    t, v = found["time"], found[net]
    late = t >= after_s
    wrong = np.flatnonzero((v[late] < level_v) if rising else (v[late] > level_v))
    if wrong.size == 0:
        return 0.0
    if wrong[-1] == late.sum() - 1:
        return float("inf")
    k = int(np.flatnonzero(late)[wrong[-1]])
    ends = sorted(((v[k], t[k]), (v[k + 1], t[k + 1])))
    return float(np.interp(level_v, [ends[0][0], ends[1][0]], [ends[0][1], ends[1][1]])) - after_s
