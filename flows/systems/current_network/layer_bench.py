"""The bench of a layer: what columns give when every row carries a full current and every synapse the same code.

Word lines are high and codes on the bit lines, as they are written. A column's level is its current by the rows' sum.
It settles after all rows step from nothing to the full current, through drawn wires in the post view. Layers too large
for a netlist of all their wires have each net's capacitance to ground, and no resistances.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from analoom.cells.current_mode.circuits import MOST_CODE
from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import Dut, View, make_dut
from analoom.flows.bench.measured import Measured, Metric
from analoom.flows.bench.wiring import MOST_DEVICES, lumped
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.simulator.ngspice import Loaded, circuit
from analoom.generators.current_network.spec import CurrentLayerSpec
from analoom.pdk.corners import VDD_V, Corner
from analoom.pdk.errors import InputError

from .settings import TimedSettings, soma_current_a
from .soma_bench import SPAN_S_A
from .step import pulse, settled
from .synapse_bench import bit_levels, level_name
from .unit_lines import SUPPLIES

Array = NDArray[np.float64]
CODES = (1, MOST_CODE, -1, -MOST_CODE)


class Settings(TimedSettings):
    """Where a layer is measured."""


def measure(dut: Dut, settings: Settings, weights: Array | None = None, wires: Sequence[str] = ()) -> Measured:
    """All metrics; `wires`: lines beside the cell. `column_error` is the spread of columns with the same weights."""
    full, rows, cols = soma_current_a(dut.cell, settings), *_size(dut)
    with circuit(dut.deck(*lines(dut, settings, f"dc {full!r}", 0), bulk=False)) as loaded:
        found = {code: _at(loaded, code, cols) for code in (0, *CODES)}
    levels = {code: currents / (rows * full) for code, (currents, _) in found.items()}
    metrics = {level_name(code): Metric(float(levels[code].mean()), "frac") for code in CODES}
    metrics["neg_over_pos"] = Metric(float(-levels[-MOST_CODE].mean() / levels[MOST_CODE].mean()), "frac")
    metrics["column_error"] = Metric(_spread(levels[MOST_CODE]), "frac")
    metrics["leakage"] = Metric(float(np.abs(found[0][0]).max()) / rows, "A")
    metrics["power"] = Metric(found[MOST_CODE][1], "W")
    moving, outputs = dut.transient or dut, [f"v_iout{j}" for j in range(cols)]
    deck = moving.deck(*wires, *lines(dut, settings, pulse(0.0, full), MOST_CODE))
    time, course = settled(deck, outputs, SPAN_S_A * (1 + cols) / full, settings.settled)
    return Measured(metrics | ({} if time is None else {"settling_up": Metric(time, "s")}), {"settling_up": course})


def large(cell: Cell) -> bool:
    """Whether a layer's wires are capacitances alone."""
    return cell.circuit.device_count() > MOST_DEVICES


def solve(
    cell: Cell, view: View, corner: Corner, temp_degc: float, settings: Settings, weights: Array | None
) -> Measured:
    """The same of a large layer."""
    dut = make_dut(cell, "schematic", corner, temp_degc)
    if view == "schematic":
        return measure(dut, settings, weights)
    with TemporaryDirectory() as folder:
        nets = lumped(cell, corner.wires, Path(folder)).nets
    known = {net for flat in flat_devices(cell.circuit) for net in flat.nets.values()} & set(nets)
    ends = {net: net if net in cell.circuit.ports else dut.inner(net) for net in known}
    wires = [f"c_wire{k} {ends[net]} 0 {nets[net].total_f!r}" for k, net in enumerate(sorted(known - {"vdd", "vss"}))]
    found = measure(dut, settings, weights, wires)
    return replace(found, notes=("wires are each net's capacitance to ground, without resistances",))


def lines(dut: Dut, settings: Settings, source: str, code: int) -> Iterator[str]:
    """The bench's lines: the same current into every row, outputs held, and a code on all bit lines."""
    rows, cols = _size(dut)
    yield from SUPPLIES
    for i in range(rows):
        yield f"v_wl{i} wl{i} 0 {VDD_V!r}\ni_in{i} 0 iin{i} {source}"
    for j in range(cols):
        yield f"v_iout{j} iout{j} 0 {settings.v_pin!r}"
        yield from (f"v_{line}{j} {line}{j} 0 {level!r}" for line, level in bit_levels(code))


def _size(dut: Dut) -> tuple[int, int]:
    """Rows and columns. Raises InputError for a cell that is no layer."""
    spec = dut.cell.spec
    if not isinstance(spec, CurrentLayerSpec):
        raise InputError(f"{dut.cell.name} is no layer", field="name")
    return spec.rows, spec.cols


def _at(loaded: Loaded, code: int, cols: int) -> tuple[Array, float]:
    """Output currents (columns,) A and the supply's power (W) at a code of all synapses."""
    for j in range(cols):
        for line, level in bit_levels(code):
            loaded.set(f"v_{line}{j}", level)
    op = loaded.op()
    return np.array([op[f"v_iout{j}#branch"] for j in range(cols)]), float(-op["v_vdd#branch"]) * VDD_V


def _spread(levels: Array) -> float:
    """The largest deviation from the mean, by the mean."""
    return float((np.abs(levels - levels.mean()) / levels.mean()).max())
