"""How a network is trained: steps, rate, restarts, and the noise that its weights are trained to bear."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Training:
    """`rate`: codes a step at first, falling to nothing by half a cosine. `batch`: points a step.

    `noise`: sigma of a unit's gain, as a fraction, that training draws anew at each step: what no measurement of
    neurons tells. `restarts`: so many starts, the first of them from the network as it was mapped.
    """

    steps: int = 400
    rate: float = 0.15
    batch: int = 128
    noise: float = 0.1
    restarts: int = 4
    jump: float = 2.0
    seed: int = 1
