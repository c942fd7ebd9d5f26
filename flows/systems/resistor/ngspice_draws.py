"""Resistances drawn by the model files themselves: many copies of a cell of resistors in one netlist, read at once.

Every unit is a line of its own, so that the model's `AGAUSS` terms are drawn for each.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.copies import draws
from analoom.flows.statistics.mismatch_library import resistor_library

from .resistors import model_of, nets_in_copy, resistors_of, unit_of, units_of

LINES_A_NETLIST = 2000
SMALL_V = 1e-3


def draw_ohms(cell: Cell, samples: int, seed: int, model: str) -> NDArray[np.float64]:
    """Values in ohm, (samples, resistors), drawn by a family's own model file."""
    found, units, unit = resistors_of(cell), units_of(cell), unit_of(cell)
    library = resistor_library(unit.device, unit.w_um, model)
    name = model_of(unit, model)
    copies = max(LINES_A_NETLIST // len(units), 1)
    out = []
    for count in draws(samples, copies, seed):
        here = range(count)
        lines = [line for c in here for line in _copy(units, name, str(c))]
        lines += [line for c in here for p, n in zip(found.p, found.n, strict=True) for line in _across(p, n, c)]
        with circuit(deck("resistors", f'.include "{library}"', *lines)) as loaded:
            op = loaded.op()
        out.append([[SMALL_V / -op[f"v_{p}_{c}#branch"] for p in found.p] for c in here])
    return np.concatenate([np.array(rows) for rows in out])


def _copy(units: list[FlatDevice], model: str, tag: str) -> list[str]:
    lines = []
    for k, flat in enumerate(units):
        nets, device = nets_in_copy(flat, tag), flat.device
        lines.append(f"x{k}_{tag} {' '.join(nets)} {model} w={device.w_um:g} l={device.l_um:g} mult=1")
    return lines


def _across(p: str, n: str, copy: int) -> tuple[str, str]:
    """A small voltage across a resistor whose other end is at 0."""
    return f"v_{p}_{copy} {p}_{copy} 0 {SMALL_V!r}", f"v_{n}_{copy} {n}_{copy} 0 0"
