"""Virtual dies as proof that a layout is good to so many bits, or is not: counts with intervals, beside the formula.

Dies are drawn by the statistics of the cell's system, from the coefficients, every device of its own; none of it takes
errors for normal. What is fixed (gradients, IR drop, wires) is that of the worst case of the criterion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import ceil, inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.flows.statistics.criterion import Criterion, OutputErrors
from analoom.flows.statistics.extremes import draws_for, wilson
from analoom.flows.statistics.spread import estimated

from .resolution import Judged

Array = NDArray[np.float64]

MOST_WHOLE = 64 * 64
"""Values a die up to which whole dies are drawn; of more the least certain output alone."""
MOST_VALUES = 24_000_000
"""Values drawn at most to tell an output from the limit: some seconds."""
MET, NOT_MET, AT_THE_LIMIT = "met", "not met", "at the limit"
_AT_ONCE = 4_000_000
_TELLING = 10
"""Fewest dies allowed beyond of all drawn, for a share to tell."""
_MARGIN = 1.5
Z95 = 1.96
"""How much narrower an interval is made than what it has to tell apart."""


def proof(judged: Judged, bits: int, dies: int, seed: int = 1, whole: bool = True) -> dict[str, Any]:
    """What drawn dies say of the criterion at half an LSB of `bits`: `verdict` by `evidence`.

    First whole dies, at least `dies`, up to MOST_WHOLE values a die and where `whole` asks for them or the criterion is
    of all outputs. Where the interval of their share holds the limit, and for larger cells, the least certain output
    alone, as often as its share, or else its sigma, needs to be told from the limit, up to MOST_VALUES values in all.
    The verdict is "at the limit" where neither tells.
    """
    trial = _Trial(judged, judged.half_lsb(bits), seed)
    joint = judged.criterion.outputs == "all" and trial.whole
    found = [trial.dies(max(dies, trial.needed() if joint else 0))] if trial.whole and (whole or joint) else []
    if not found or (found[-1]["verdict"] == AT_THE_LIMIT and not joint):
        found.append(trial.output(dies))
    return {"allowed": judged.criterion.allowed, "verdict": found[-1]["verdict"], "evidence": found}


@dataclass(frozen=True)
class _Trial:
    """Drawn errors against +-`half`."""

    judged: Judged
    half: float
    seed: int

    @property
    def whole(self) -> bool:
        """Whether whole dies can be drawn, with all the outputs that are judged."""
        metric, statistics = self.judged.metric, self.judged.statistics
        known = len(statistics.outputs(metric).sigma) == len(self.judged.errors.sigma)
        return known and statistics.values_a_die(metric) <= MOST_WHOLE

    @cached_property
    def worst(self) -> int:
        """The least certain output, by formula."""
        return self.judged.criterion.least_certain(self.judged.errors)

    @cached_property
    def offsets(self) -> Array:
        """The fixed errors, (outputs,)."""
        return self.judged.criterion.worst_case(self.judged.errors, self.half)

    def dies(self, count: int) -> dict[str, Any]:
        """Whole dies: how often their least certain output is beyond, and how often any is."""
        beyond = np.zeros(2, dtype=int)
        for errors in self._drawn(count, None):
            outside = np.abs(errors + self.offsets) > self.half
            beyond += [outside[:, self.worst].sum(), outside.any(axis=1).sum()]
        judged = beyond[1 if self.judged.criterion.outputs == "all" else 0]
        found = _counted("whole dies", int(judged), count, self.judged.criterion.allowed)
        return {**found, "dies_with_any_beyond": int(beyond[1])}

    def output(self, least: int) -> dict[str, Any]:
        """The least certain output alone: how often it is beyond, and the room that it needs, by `half`.

        `room_needed` is the quantile of the drawn errors. `room_by_sigma`, an interval, is by their sigma: it tells
        more than the share does, and takes the tails for those of a normal error.
        """
        column = self._column
        count = max(least, self._affordable(self._wanted(column), column))
        drawn = np.concatenate([errors[:, 0] for errors in self._drawn(count, column)])
        beyond = int((np.abs(drawn + self.offsets[self.worst]) > self.half).sum())
        found = _counted("least certain output", beyond, count, self._allowed)
        room = float(np.quantile(np.abs(drawn + self.offsets[self.worst]), 1 - self._allowed)) / self.half
        low, high = (self._room(sigma) / self.half for sigma in estimated(drawn, "").ci95)
        if found["verdict"] == AT_THE_LIMIT:
            found["verdict"] = MET if high <= 1 else NOT_MET if low > 1 else AT_THE_LIMIT
        return {**found, "room_needed": room, "room_by_sigma": [low, high]}

    @property
    def _allowed(self) -> float:
        return self.judged.criterion.of_one(len(self.judged.errors.sigma))

    def _room(self, sigma: float) -> float:
        """Half width that the least certain output needs with `sigma`."""
        alone = self._allowed
        one = Criterion.of_allowed(alone) if alone else Criterion(self.judged.criterion.sigmas)
        return one.half_width(OutputErrors(np.array([sigma]), offsets=self.offsets[None, [self.worst]]))

    def needed(self) -> int:
        """Whole dies that tell their share from the limit."""
        return self._affordable(self._for_share, None)

    def _affordable(self, count: float, only: int | None) -> int:
        """As many draws as are asked for, or as can be; 0 where so few may be beyond that none of them tells."""
        most = MOST_VALUES // self.judged.statistics.values_a_die(self.judged.metric, only)
        return ceil(min(count, most)) if most * self._allowed > _TELLING else 0

    def _wanted(self, only: int) -> float:
        """Draws for the share, which takes nothing for granted, or where these are too many for the sigma."""
        most = MOST_VALUES // self.judged.statistics.values_a_die(self.judged.metric, only)
        return self._for_share if self._for_share <= most else self._for_sigma

    @property
    def _for_share(self) -> float:
        """Draws that tell what should be beyond from what may be: z sqrt(p (1 - p) / n) below their difference."""
        share = self.judged.criterion.beyond(self.judged.errors, self.half)
        off = (share - self.judged.criterion.allowed) / _MARGIN
        return Z95**2 * max(share, 1e-12) * (1 - share) / off**2 if off else inf

    @property
    def _for_sigma(self) -> float:
        """Draws whose sigma is told from the limit."""
        off = abs(self._room(self.judged.errors.sigma[self.worst]) / self.half - 1)
        return draws_for(off / _MARGIN) if off > 1e-6 else inf

    @property
    def _column(self) -> int:
        """The output that is drawn alone; the only one where the statistics draw but one."""
        known = len(self.judged.statistics.outputs(self.judged.metric).sigma)
        return self.worst if self.worst < known else 0

    def _drawn(self, count: int, only: int | None) -> Iterator[Array]:
        """Drawn errors, (dies, outputs) at a time."""
        statistics, metric = self.judged.statistics, self.judged.metric
        rng, chunk = np.random.default_rng([self.seed, 2]), max(_AT_ONCE // statistics.values_a_die(metric, only), 1)
        for at in range(0, count, chunk):
            yield statistics.drawn_outputs(metric, rng, min(chunk, count - at), only)


def _counted(drawn: str, beyond: int, of: int, allowed: float) -> dict[str, Any]:
    """How many of `of` are beyond, the share with Wilson's interval, and what that says of the share `allowed`."""
    low, high = wilson(beyond, of)
    verdict = MET if high <= allowed else NOT_MET if low > allowed else AT_THE_LIMIT
    share = {"beyond": beyond, "of": of, "share": beyond / of, "ci95": [low, high]}
    return {"drawn": drawn, **share, "allowed": allowed, "verdict": verdict}
