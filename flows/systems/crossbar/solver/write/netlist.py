"""The writing of a row as a flat netlist for ngspice: the same ladders and capacitances the array solver takes.

Every device of every synapse is in it; word lines of the other rows, inputs, columns and supplies are held.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.model_variants import with_variants
from analoom.flows.netlists.models import sizes_of, trimmed_library
from analoom.flows.pex.crossbar.ladders import Ladders
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.systems.crossbar.solver.lines import Lines, drawn_lines
from analoom.flows.systems.crossbar.solver.netlist import TIGHT
from analoom.flows.systems.crossbar.solver.read import ArrayReader
from analoom.generators.crossbar.matrix import synapse_of

from .drive import EDGE_S, WriteDrive
from .row_writer import WireCapacitance, wire_capacitance

Values = NDArray[np.float64]


@dataclass(frozen=True)
class SpiceWrite:
    """The stored nodes over time: `t` (points,) s, `stored_v` (points, rows, cols) V."""

    t: Values
    stored_v: Values


def ngspice_write(
    reader: ArrayReader, ladders: Ladders, row: int, stored_v: Values, drive: WriteDrive, step_s: float = 5e-10
) -> SpiceWrite:
    """The same write by ngspice, with steps of at most `step_s`."""
    lines = [*_lines(reader, ladders, row, drive), *_cells(reader, ladders, row, stored_v)]
    models = f'.include "{trimmed_library(sizes_of(synapse_of(reader.cell).circuit), reader.corner)}"'
    text = deck(f"{reader.cell.name}: row {row} written", models, f".temp {reader.temp_degc:g}", *lines, TIGHT)
    with circuit(text) as loaded:
        found = loaded.run(f"tran {step_s} {drive.duration_s} 0 {step_s}")
    rows, cols = reader.shape
    held = [[found[f"sn_{i}_{j}"] for j in range(cols)] for i in range(rows)]
    return SpiceWrite(found["time"], np.moveaxis(np.array(held), 2, 0))


def _lines(reader: ArrayReader, ladders: Ladders, row: int, drive: WriteDrive) -> Iterator[str]:
    reading = reader.reading
    held = {name: v for name, v in reading.rest_v.items() if name not in (reading.word, reading.bit)}
    for name, volts in {**held, "quiet": 0.0}.items():
        yield f"v_{name} {name} 0 {volts}"
    yield f"v_word word 0 {_pulse(drive.v_on, *drive.word_s)}"
    wires = wire_capacitance(ladders, row, reading)
    word, bits = drawn_lines(ladders[reading.word]), drawn_lines(ladders[reading.bit])
    yield from _ladder("word", "w", word, row, wires.word_f)
    for j, level in enumerate(drive.levels_v):
        yield f"v_bit{j} bit{j} 0 {_pulse(float(level), *drive.bit_s)}"
        yield from _ladder(f"bit{j}", f"b{j}", bits, j, wires.bits_f[j])


def _pulse(level_v: float, start_s: float, width_s: float) -> str:
    return f"pulse(0 {level_v!r} {start_s!r} {EDGE_S} {EDGE_S} {width_s!r})"


def _ladder(pin: str, name: str, lines: Lines, k: int, to_rest_f: Values) -> Iterator[str]:
    """Pin, taps `t_<name>_<tap>` with their capacitance, device side of each tap `i_<name>_<tap>`."""
    nodes = [pin, *(f"t_{name}_{n}" for n in range(len(to_rest_f)))]
    for n, g in enumerate([lines.end_s[k], *lines.segment_s[k]]):
        yield f"R_{name}_{n} {nodes[n]} {nodes[n + 1]} {1 / g:.9g}"
    for n, (c, ohm) in enumerate(zip(to_rest_f, lines.tap_ohm[k], strict=True)):
        yield f"C_{name}_{n} t_{name}_{n} 0 {c:.9g}"
        yield f"Rt_{name}_{n} t_{name}_{n} i_{name}_{n} {max(float(ohm), 1e-3):.9g}"


def _cells(reader: ArrayReader, ladders: Ladders, row: int, stored_v: Values) -> Iterator[str]:
    synapse, reading = synapse_of(reader.cell), reader.reading
    node, wires = reading.stored, wire_capacitance(ladders, row, reading)
    for i, j in np.ndindex(*reader.shape):
        nets = {node: f"sn_{i}_{j}", reading.bit: f"i_b{j}_{i}", reading.word: f"i_w_{j}" if i == row else "quiet"}
        for device in synapse.circuit.devices:
            wired = {t: nets.get(n, n) for t, n in device.nets.items()}
            line = replace(device, name=f"{device.name}_{i}_{j}", nets=wired).spice()
            yield with_variants(line) if isinstance(device, Mos) else line
        yield from _couplings(wires, i, j, row)
        yield f".ic v(sn_{i}_{j})={float(stored_v[i, j])!r}"
        yield f".save sn_{i}_{j}"


def _couplings(wires: WireCapacitance, i: int, j: int, row: int) -> Iterator[str]:
    node = f"sn_{i}_{j}"
    yield f"Cs_{i}_{j} {node} 0 {wires.stored_f[i, j]:.9g}"
    yield f"Cb_{i}_{j} {node} t_b{j}_{i} {wires.bit_stored_f[j, i]:.9g}"
    if i == row:
        yield f"Cw_{i}_{j} {node} t_w_{j} {wires.word_stored_f[j]:.9g}"
        yield f"Cx_{i}_{j} t_b{j}_{i} t_w_{j} {wires.word_bit_f[j]:.9g}"
