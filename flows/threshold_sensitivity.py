"""How a transistor's current answers to a shift of its threshold, at the bench's operating point.

gm/ID is not quite it: in the models a shift of the threshold (`delvto`) moves more than the gate voltage, by 20 % in
pfet_01v8_lvt. So the shift itself is made, in the simulator, and the current read before and after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .ngspice import Loaded, circuit
from .unit_copies import copies_netlist, element, polarity_sign, units_library

if TYPE_CHECKING:
    from .mismatch_transistor import TransistorStatistics

SHIFT_V = 0.5e-3


def threshold_sensitivity(statistics: TransistorStatistics) -> float:
    """d ln(I) / d(threshold) of side 1 in 1/V, positive: all its units shifted together, up and down by 0.5 mV."""
    text = copies_netlist(statistics, units_library(statistics, mismatch=False), 1)
    with circuit(text) as loaded:
        loaded.set("vgx", polarity_sign(statistics) * statistics.bench.metrics["v_gs"].value)
        names = [element(flat, 0) for flat in statistics.units(statistics.sides[0])]
        base = {name: _delvto(loaded, name) for name in names}
        log_i = [np.log(_shifted_current(loaded, statistics, base, shift)) for shift in (-SHIFT_V, SHIFT_V)]
    return float(abs(log_i[1] - log_i[0]) / (2 * SHIFT_V))


def _delvto(loaded: Loaded, name: str) -> float:
    """The shift a transistor has already (V): some models have one by size."""
    said = loaded.command(f"print @{name}[delvto]")
    return float(said.split("=")[-1].split()[0])


def _shifted_current(loaded: Loaded, statistics: TransistorStatistics, base: dict[str, float], shift: float) -> float:
    for name, already in base.items():
        loaded.command(f"alter @{name}[delvto] = {already + shift!r}")
    return abs(loaded.op()[f"v_{statistics.sides[0].drain}_0#branch"])
