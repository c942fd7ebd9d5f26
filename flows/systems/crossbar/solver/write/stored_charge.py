"""The charge on a stored node over its voltage: storage capacitor, gates it drives, junctions and wires at rest.

Measured by ngspice on the schematic synapse without its write transistor, whose charges stand in a table of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.cells.model.reading import Reading
from analoom.flows.netlists.model_variants import with_variants
from analoom.flows.netlists.models import sizes_of, trimmed_library
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.pdk.corners import Corner
from analoom.pdk.errors import InputError

Values = NDArray[np.float64]

STEP_V = 0.02
_AC_HZ = 1e6


@dataclass(frozen=True)
class StoredCharge:
    """Capacitance `c_f` (points,) F of the node at `v` (points,) V, and `wire_f` (n,) F of each node's wires."""

    v: Values
    c_f: Values
    wire_f: Values

    @cached_property
    def _splines(self) -> tuple[CubicSpline, CubicSpline]:
        c = CubicSpline(self.v, self.c_f)
        return c.antiderivative(), c

    def at(self, v: Values) -> tuple[Values, Values]:
        """Charge (C) and capacitance (F) of nodes at `v` (n,) V."""
        charge, c = self._splines
        return charge(v) + self.wire_f * v, c(v) + self.wire_f

    def devices_f(self, v: Values) -> Values:
        """Capacitance of the devices alone at `v` V, F, of any shape."""
        return np.asarray(self._splines[1](v), dtype=np.float64)


def write_device(synapse: Cell) -> Mos:
    """The transistor between bit line and stored node, its gate on the word line. Raises InputError when none is."""
    word = synapse.require_reading().word
    for device in synapse.circuit.devices:
        if isinstance(device, Mos) and device.nets["g"] == word:
            return device
    raise InputError(f"{synapse.name} has no transistor with its gate on {word}", field="synapse")


def stored_charge(
    synapse: Cell, reading: Reading, corner: Corner, temp_degc: float, range_v: tuple[float, float], wire_f: Values
) -> StoredCharge:
    """The charge over `range_v`, inputs and column at rest."""
    kept = [d for d in synapse.circuit.devices if d is not write_device(synapse)]
    nets = sorted({net for d in kept for net in d.nets.values()} - {reading.stored, "0"})
    rest = reading.rest_v
    lines = [f"v_{net} {net} 0 {rest[net]}" for net in nets if net in rest]
    lines += [with_variants(d.spice()) for d in kept]
    models = f'.include "{trimmed_library(sizes_of(synapse.circuit), corner)}"\n.temp {temp_degc:g}'
    low, high = range_v
    v = np.linspace(low, high, max(round((high - low) / STEP_V), 4) + 1)
    found = []
    with circuit(deck("stored node", models, *lines, f"vw {reading.stored} 0 0 ac 1")) as loaded:
        for level in v:
            loaded.set("vw", float(level))
            seen = complex(loaded.run(f"ac lin 1 {_AC_HZ} {_AC_HZ}")["vw#branch"][0])
            found.append(-seen.imag / (2 * np.pi * _AC_HZ))
    return StoredCharge(v, np.array(found), wire_f)
