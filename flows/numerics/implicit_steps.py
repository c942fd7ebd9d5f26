"""Integration over time by implicit steps whose size follows from their error.

A step is taken whole and as two halves (backward Euler): their difference is the error, which sets the next step, and
the two are combined to second order (Richardson's extrapolation).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.errors import ToolError

Values = NDArray[np.float64]

SAFETY, LARGEST_GROWTH, SMALLEST_CUT = 0.8, 4.0, 0.2
FIRST_STEPS = 1000
"""The first step after a start or a break is a thousandth of the whole duration."""
MOST_STEPS = 5000


class Stepped(Protocol):
    """A state that can be integrated."""

    def distance(self, other: Self) -> float:
        """Largest difference of two states, V."""
        ...

    def extrapolated(self, half: Self) -> Self:
        """From the end of one whole step to what it and the end of two half steps point at."""
        ...


S = TypeVar("S", bound=Stepped)


def adaptive(
    step: Callable[[S, float, float], S],
    start: S,
    duration_s: float,
    tolerance_v: float,
    breaks_s: Sequence[float] = (),
) -> tuple[Values, list[S], int]:
    """Times, states and refused steps of an integration whose every step errs by `tolerance_v` at most.

    `step(state, t, h)` is the state at t + h from the one at t, by backward Euler. `breaks_s` are times that no step
    crosses: corners of what drives. Raises ToolError with the time that was reached.
    """
    t, first, state, refused = 0.0, duration_s / FIRST_STEPS, start, 0
    h, corners = first, [*sorted(b for b in breaks_s if 0 < b < duration_s), duration_s]
    times, states = [0.0], [start]
    for _ in range(MOST_STEPS):
        h, ends = min(h, corners[0] - t), h >= (corners[0] - t) * (1 - 1e-9)
        whole, half = step(state, t, h), step(step(state, t, h / 2), t + h / 2, h / 2)
        error = max(whole.distance(half), 1e-30)
        change = SAFETY * (tolerance_v / error) ** 0.5
        if error <= tolerance_v:
            t, state = corners[0] if ends else t + h, whole.extrapolated(half)
            times.append(t)
            states.append(state)
            if ends:
                corners.pop(0)
                if not corners:
                    return np.array(times), states, refused
                h, change = min(h, first), 1.0
        else:
            refused += 1
        h *= min(max(change, SMALLEST_CUT), LARGEST_GROWTH)
    said = f"the transient reached {t:.4g} s of {duration_s:.4g} s in {MOST_STEPS} steps; the step is {h:.3g} s"
    raise ToolError(said, field="array solver", remedy="a larger tolerance")
