"""Capacitances drawn by the model file itself: many copies of a capacitor cell in one netlist, read by small signal.

Every device line is an independent draw of the model's own `AGAUSS` term, at the plate size drawn and, for a line
that stands for several units, with the model's `mult`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Cap
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.copies import draws
from analoom.flows.statistics.mismatch_library import mismatch_library
from analoom.pdk.mismatch.terms import DEFAULT_MODEL

from .bench import TOP

LINES_A_NETLIST = 2000
_HZ = 1e6


def draw_capacitances(cell: Cell, pins: Sequence[str], samples: int, seed: int, model: str) -> NDArray[np.float64]:
    """Capacitance between each pin and `top` in F, (samples, pins), drawn by a family's own model file."""
    caps = [f for f in flat_devices(cell.circuit) if isinstance(f.device, Cap) and TOP in f.nets.values()]
    library = mismatch_library(sizes_of(cell.circuit), model, "drawn")
    copies = max(LINES_A_NETLIST // max(len(caps), 1), 1)
    out = []
    for count in draws(samples, copies, seed):
        lines = [line for c in range(count) for line in _copy(caps, pins, c, model)]
        with circuit(deck("capacitors", f'.include "{library}"', f"v_{TOP} {TOP} 0 0 ac 1", *lines)) as loaded:
            result = loaded.run(f"ac lin 1 {_HZ} {_HZ}")
        names = [f"v_{pin}_{c}#branch" for c in range(count) for pin in pins]
        out.append(np.array([complex(result[n][0]).imag for n in names]).reshape(-1, len(pins)) / (2 * np.pi * _HZ))
    return np.concatenate(out)


def _copy(caps: Sequence, pins: Sequence[str], copy: int, model: str) -> list[str]:
    """One copy of the cell: its capacitors between `top` and its own pins, each pin held at 0 V."""
    lines, alone = [f"v_{pin}_{copy} {pin}_{copy} 0 0" for pin in pins], "mult" if model == DEFAULT_MODEL else "mf"
    for k, flat in enumerate(caps):
        nets = [net if net == TOP else f"{net}_{copy}" for net in (flat.nets[t] for t in flat.device.device.terminals)]
        other = next(n for n in flat.nets.values() if n != TOP)
        if other in pins:
            d = flat.device
            lines.append(
                f"x{k}_{copy} {' '.join(nets)} {d.device.model} w={d.w_um:g} l={d.l_um:g} m={d.m} {alone}={d.m}"
            )
    return lines
