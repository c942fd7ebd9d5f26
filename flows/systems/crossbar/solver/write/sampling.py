"""Currents and capacitances of a transistor over a grid of voltages, by ngspice: what a write table is made of."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.model_variants import size_of, with_variants
from analoom.flows.netlists.models import trimmed_library
from analoom.flows.simulator.ngspice import Loaded, circuit, deck
from analoom.flows.systems.crossbar.solver.device_sampling import unit_line
from analoom.flows.systems.crossbar.solver.device_table import FLOOR_A
from analoom.pdk.corners import Corner
from analoom.pdk.errors import ToolError

Values = NDArray[np.float64]
Points = list[tuple[float, float]]

AT_ONCE = 20
"""Transistors in one circuit: their common masters make its equations slow to solve beyond."""

_AC_HZ = 1e6
_TERMINALS = ("g", "d", "s")


def sample_device(
    device: Mos, corner: Corner, temp_degc: float, gates: Values, mid: Values, ds: Values
) -> tuple[Values, Values]:
    """Drain currents (gates, mid, ds) A of the `m` copies together, bulk at 0, and their capacitances [moved, terminal,
    gates, mid, ds] F, with drain and source at mid +- ds / 2. Raises ToolError when ngspice gives no current."""
    points = [(float(m + x / 2), float(m - x / 2)) for m in mid for x in ds]
    parts = [points[n : n + AT_ONCE] for n in range(0, len(points), AT_ONCE)]
    found = [_part(device, corner, temp_degc, gates, part) for part in parts]
    i = device.m * np.concatenate([current for current, _ in found], axis=1)
    c = device.m * np.concatenate([capacitance for _, capacitance in found], axis=3)
    if not np.isfinite(i).all() or not np.isfinite(c).all() or not i.max() > FLOOR_A:
        raise ToolError(f"ngspice gave {device.name} no current to tabulate", field="ngspice")
    shape = (len(gates), len(mid), len(ds))
    return i.reshape(shape), np.moveaxis(c, 0, 2).reshape(3, 3, *shape)


def _part(device: Mos, corner: Corner, temp_degc: float, gates: Values, points: Points) -> tuple[Values, Values]:
    """Currents (gates, points) and capacitances [gate, moved, terminal, point] of some points of the grid."""
    names = [f"@m.x{k}.m{size_of(device).model}[id]" for k in range(len(points))]
    saved = [*names, *(f"v{t}{k}#branch" for t in _TERMINALS for k in range(len(points)))]
    lines = [*_transistors(device, points), *(f".save {name}" for name in saved)]
    library = trimmed_library([size_of(device)], corner).read_text()
    current, capacitance = [], []
    with circuit(deck("write table", library, f".temp {temp_degc:g}", *lines)) as loaded:
        for v_g in gates:
            loaded.set("v_g", float(v_g))
            op = loaded.run("op")
            current.append([float(op[name][0]) for name in names])
            capacitance.append([list(_moved(loaded, terminal, len(points))) for terminal in _TERMINALS])
    return np.array(current), np.array(capacitance)


def _transistors(device: Mos, points: Points) -> Iterator[str]:
    """A transistor for each point, every terminal on a source of its own in series with the master's of all."""
    yield from (f"v_{terminal} {terminal} 0 0" for terminal in _TERMINALS)
    for k, (drain, source) in enumerate(points):
        yield with_variants(unit_line(device, str(k), {"d": f"d{k}", "g": f"g{k}", "s": f"s{k}", "b": "0"}))
        yield from (f"vg{k} g{k} g 0", f"vd{k} d{k} d {drain!r}", f"vs{k} s{k} s {source!r}")


def _moved(loaded: Loaded, moved: str, count: int) -> Iterator[list[float]]:
    """Capacitances (F) into gate, drain and source of every transistor when the terminal `moved` of all moves."""
    loaded.alter(f"v_{moved}", "acmag", 1)
    seen = loaded.run(f"ac lin 1 {_AC_HZ} {_AC_HZ}")
    loaded.alter(f"v_{moved}", "acmag", 0)
    for terminal in _TERMINALS:
        yield [-complex(seen[f"v{terminal}{k}#branch"][0]).imag / (2 * np.pi * _AC_HZ) for k in range(count)]
