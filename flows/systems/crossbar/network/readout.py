"""How far the drawn parts of a read-out deviate: the amplifier that holds a column, its comparator and its ramp.

All three are cells of their own. Amplifier and comparator are auto-zeroed and err by what their phases leave. A ramp
errs by its mirror's units; capacitors cancel, as the charge that a ramp takes off is that which was put on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.systems.amplifier.mismatch import AmplifierAnalysis
from analoom.flows.systems.amplifier.zeroed_mismatch import ZeroedStatistics as ZeroedAmplifier
from analoom.flows.systems.comparator.continuous import ContinuousPoint
from analoom.flows.systems.comparator.zeroed_mismatch import ZeroedStatistics as ZeroedComparator
from analoom.flows.systems.current_source.ramp_mismatch import RampAnalysis, RampStatistics

AMPLIFIER: Mapping[str, Any] = {"auto_zero": True}
COMPARATOR: Mapping[str, Any] = {"auto_zero": True}
RAMP: Mapping[str, Any] = {"w": 1.0, "l": 8.0}
COMPARED_V = 0.6
"""Level at which a comparator turns."""


@dataclass(frozen=True)
class Readout:
    """Sigmas: of the level that a column is `held` at and of the offset of `comparators`, V; of the current of `ramps`,
    a fraction."""

    held: float
    comparators: float
    ramps: float


def parts() -> dict[str, Cell]:
    """The cells of a column's read-out by name."""
    return {
        "opamp": build("opamp", **AMPLIFIER),
        "comparator": build("comparator", **COMPARATOR),
        "ramp": build("ramp", **RAMP),
    }


@cache
def readout(family: str, ramp_a: float) -> Readout:
    """Sigmas in a `family` of mismatch models, the ramp at `ramp_a` (A)."""
    cells = parts()
    hold = ZeroedAmplifier(cells["opamp"], family, AmplifierAnalysis())
    compared = ZeroedComparator(cells["comparator"], family, 1.0, ContinuousPoint(v_cm=COMPARED_V))
    ramp = RampStatistics(cells["ramp"], family, RampAnalysis(i_in=ramp_a))
    return Readout(
        hold.closed()["offset"].sigma, compared.closed()["offset"].sigma, ramp.closed()["slope_error_mirror"].sigma
    )
