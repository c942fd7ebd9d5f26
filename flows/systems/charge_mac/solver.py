"""The charge solver: a charge-domain multiplier of any size as its capacitors say, its switches as ngspice says.

Each row's capacitors, wires included, are solved by conservation of charge and seen from the sum's node as a source
behind one capacitor (`charge_network`); the row's two switches are cycled on that in ngspice (`mac_unit`). Plates that
a naive array lets go float with what their wires and their open switch have. A row's sum is taken to see the sums of
other rows as at rest, and the switches of the bits as having settled; `settling` says how long that takes at most.

Against ngspice on arrays of 2 x 3 and 4 x 4 bits (`tests/flows/systems/charge_mac/test_bench.py`): sums within 0.1 % of
full scale, energy within 10 % from the circuit and within 20 % as drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.cells.capacitor.unit_cap import unit_cap
from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import View, make_dut
from analoom.flows.numerics.charge_network import Source, source_at
from analoom.flows.systems.capacitor import bench as testbench_capacitor
from analoom.pdk.corners import Corner

from .cycle import Settings, input_vectors
from .settling import tile_settling, timing
from .transient import Cycles, Node
from .unit import BitLoad, RowLoad, Switched, bit_load, switch_node, switched, switches_of
from .weights import bits_of, spec_of
from .wires import RowWires, extracted_wires, no_wires

Values = NDArray[np.float64]

_TOP, _REST, _VCM = "top", "rest", "vcm"
_ROUND_F = 1e-20
"""Rows whose capacitances are alike to this are cycled once."""
_LEAST_S = 1e-12
"""Conductance of a row whose plates are all let go."""


@dataclass(frozen=True)
class Parts:
    """What an array is made of: F of a unit, its wires by row, its bits' switches, whether unused plates float."""

    unit_f: float
    wires: tuple[RowWires, ...]
    bit: BitLoad
    floats: bool


def parts_of(cell: Cell, view: View, corner: Corner, temp_degc: float, settings: Settings) -> Parts:
    """The parts of `cell`, from the circuit or, in the view "post", with the wires of its drawing."""
    spec = spec_of(cell)
    dut = make_dut(unit_cap(spec.unit), "schematic", corner, temp_degc)
    unit_f = testbench_capacitor.measure(dut, testbench_capacitor.Settings()).metrics["c_bottom"].value
    wires = extracted_wires(spec, corner.wires) if view == "post" else no_wires(spec)
    return Parts(unit_f, wires, bit_load(cell, corner, temp_degc, settings), spec.variant == "naive")


def solve_cycles(
    cell: Cell, view: View, corner: Corner, temp_degc: float, settings: Settings, weights: Values
) -> tuple[Cycles, Node]:
    """The cycles over `input_vectors`, and output 0's node; `weights` (outputs, inputs)."""
    parts = parts_of(cell, view, corner, temp_degc, settings)
    bits, vectors = bits_of(weights, spec_of(cell)), input_vectors(weights, settings.levels)
    sources = [row_source(parts, parts.wires[j], bits[j]) for j in range(len(bits))]
    switches = switches_of(cell, corner, temp_degc)
    node = switch_node(switches, settings, load_of(parts, sources[0], parts.wires[0], bits[0]))
    settling = tile_settling(cell, corner, temp_degc, settings)
    timed = timing(settings, switches, node, settling)
    found, taken, known = [], 0.0, dict[tuple[RowLoad, float], Switched]()
    for seen, wires, stored in zip(sources, parts.wires, bits, strict=True):
        alike = load_of(parts, seen, wires, stored), span_of(settings, seen)
        row = known.get(alike) or known.setdefault(alike, switched(switches, timed, *alike))
        moves = settings.swing * vectors
        found.append(row.at(moves @ seen.per_volt))
        taken += row.charge + wires.switching * settings.vdd + _line_charge(parts, wires, stored, moves, found[-1][1])
    let_go, settled, held = (np.stack(levels, axis=1) for levels in zip(*found, strict=True))
    charge = {"all lines": taken * len(vectors)}
    return Cycles(vectors, let_go, settled, held, settling.half_lsb_s, charge, None, timed), node


def row_source(parts: Parts, wires: RowWires, bits: NDArray[np.int64]) -> Source:
    """A row's capacitors seen from its sum: `per_volt` (inputs,) by a volt at x, xb moving the other way."""
    inputs, count = bits.shape[0], bits.shape[1] - 1
    nets = {_TOP: 0.0, **{f"x{i}": 1.0 for i in range(inputs)}, **{f"xb{i}": -1.0 for i in range(inputs)}}
    floating = [_TOP]
    if parts.floats:
        floating += [f"b{i}_{k}" for i in range(inputs) for k in range(count) if not bits[i, k]]
    driven = list(nets)[1:]
    seen = source_at(_TOP, floating, driven, _capacitors(parts, wires, bits))
    return Source(seen.per_volt[:inputs] - seen.per_volt[inputs:], seen.c_f)


def _capacitors(parts: Parts, wires: RowWires, bits: NDArray[np.int64]) -> Iterator[tuple[str, str, float]]:
    yield _TOP, _REST, wires.rest
    for i, stored in enumerate(bits):
        chosen = f"xb{i}" if stored[-1] else f"x{i}"
        yield _TOP, f"x{i}", float(wires.x[i])
        yield _TOP, f"xb{i}", float(wires.xb[i])
        yield _TOP, chosen, float(wires.xs[i])
        for k, bit in enumerate(stored[:-1]):
            plate = chosen if bit else (f"b{i}_{k}" if parts.floats else _VCM)
            yield _TOP, plate, 2**k * parts.unit_f + float(wires.plates[i, k])
            if plate.startswith("b"):
                yield plate, _REST, parts.bit.y_f + float(wires.plate_rest[i, k])


def load_of(parts: Parts, seen: Source, wires: RowWires, bits: NDArray[np.int64]) -> RowLoad:
    """What a row's switches work on. Plates whose bit is on hang on two switches, others on one; let go, on none.

    The lines are in series with all of them.
    """
    ones = int(bits[:, :-1].sum())
    zeros = 0 if parts.floats else bits[:, :-1].size - ones
    siemens = ones * parts.bit.far_s / 2 + zeros * parts.bit.mid_s
    c_f, ohm = round(seen.c_f / _ROUND_F) * _ROUND_F, 1 / max(siemens, _LEAST_S) + wires.ohm
    return RowLoad(c_f, round(ohm, 3), (ones + zeros) * parts.bit.on_f, wires.clocks, wires.out)


def span_of(settings: Settings, seen: Source) -> float:
    """The largest move of the source by full-scale inputs, V; not 0, so that there are levels."""
    return settings.swing * round(max(float(np.abs(seen.per_volt).sum()), 1e-3), 6)


def _line_charge(parts: Parts, wires: RowWires, bits: NDArray[np.int64], moves: Values, sums: Values) -> float:
    """Charge (C) that x, xb and vcm take up in a cycle for one row, mean over `moves` (cycles, inputs) V.

    `sums` (cycles,) V. A line takes it up once a cycle: as it steps, or as it goes back. What a falling input pulls out
    of the supply counts.
    """
    on, count = bits[:, :-1], bits.shape[1] - 1
    units = parts.unit_f * 2.0 ** np.arange(count) + wires.plates
    sign = np.where(bits[:, -1] == 1, -1.0, 1.0)
    plates = (on * units).sum(axis=1) * (moves * sign - sums[:, None])
    ones, bit = on.sum(axis=1), parts.bit
    seen = wires.signs + (on * wires.plate_rest).sum(axis=1)
    switches = seen + bit.on_f + ones * bit.on_f + (count - ones) * bit.off_f
    supply = bit.on_vdd_f + bit.off_vdd_f + ones * bit.on_vdd_f + (count - ones) * bit.off_vdd_f
    chosen = np.abs(plates + switches * moves * sign) + wires.lines[:, 0] * np.abs(moves)
    other = (bit.off_f + supply + wires.lines[:, 1]) * np.abs(moves)
    common = 0.0 if parts.floats else float(((1 - on) * units).sum()) * np.abs(sums)
    return float(np.mean((chosen + other).sum(axis=1) + common))
