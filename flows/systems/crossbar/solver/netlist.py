"""A crossbar with its resistive lines as a flat netlist for ngspice: the same ladders the array solver takes.

Every device of the synapse is in it, on the terminals behind its tap resistances; stored voltages are held by sources,
lines that carry no read current are ideal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.model_variants import with_variants
from analoom.flows.netlists.models import sizes_of, trimmed_library
from analoom.flows.pex.crossbar.ladders import Ladders
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.generators.crossbar.matrix import synapse_of

from .lines import Lines
from .read import ArrayReader

TIGHT = ".option reltol=1e-4 chgtol=1e-18 abstol=1e-14 vntol=1e-7"
"""Steps and currents small enough for charges of attofarads."""

Values = NDArray[np.float64]

GEAR = ".option method=gear"
"""The trapezoidal rule rings for ever after a step that is short next to the lines' own times."""


def ngspice_columns(reader: ArrayReader, stored: Values, inputs: Values) -> Values:
    """Column currents by ngspice, (cols,) A, for `stored` (rows, cols) V and `inputs` (rows,) V."""
    with circuit(read_netlist(reader, stored, inputs)) as loaded:
        op = loaded.op()
    return np.array([op[f"v_{reader.reading.column}{j}#branch"] for j in range(reader.shape[1])])


def ngspice_settling(
    reader: ArrayReader, ladders: Ladders, stored: Values, inputs: Values, duration_s: float, edge_s: float
) -> tuple[Values, Values]:
    """The read after inputs that rise within `edge_s`, by ngspice: t (points,) s and column currents (points, cols)
    A."""
    lines = [*_wire_capacitances(reader, ladders), TIGHT, GEAR]
    with circuit(read_netlist(reader, stored, inputs, edge_s, lines)) as loaded:
        found = loaded.run(f"tran {edge_s / 20} {duration_s} 0 {edge_s / 20}")
    return found["time"], np.array([found[f"v_{reader.reading.column}{j}#branch"] for j in range(reader.shape[1])]).T


def read_netlist(
    reader: ArrayReader, stored: Values, inputs: Values, edge_s: float = 0.0, more: Sequence[str] = ()
) -> str:
    """The whole circuit as text; with `edge_s` the inputs rise from rest within that time."""
    synapse = synapse_of(reader.cell)
    library = trimmed_library(sizes_of(synapse.circuit), reader.corner)
    lines = [*_sources(reader, inputs, edge_s), *_ladders(reader), *_cells(reader, stored), *more]
    lines.append(".save " + " ".join(f"v_{reader.reading.column}{j}#branch" for j in range(reader.shape[1])))
    models = f'.include "{library}"\n.temp {reader.temp_degc:g}'
    return deck(f"{reader.cell.name} with its lines", models, *lines)


def _sources(reader: ArrayReader, inputs: Values, edge_s: float) -> Iterator[str]:
    drive, reading = reader.drive(inputs), reader.reading
    for name, volts in {**reading.supplies_v, reading.word: 0.0, reading.bit: 0.0}.items():
        yield f"v_{name} {name} 0 {volts}"
    for read, pins in zip(reader.devices, drive.rows_v, strict=True):
        for i, v in enumerate(pins):
            level = f"pwl(0 {reading.inputs[read.line].rest_v} {edge_s} {float(v)!r})" if edge_s else f"{float(v)!r}"
            yield f"v_{read.line}{i} {read.line}{i} 0 {level}"
    yield from (f"v_{reading.column}{j} {reading.column}{j} 0 {float(v)!r}" for j, v in enumerate(drive.cols_v))


def _wire_capacitances(reader: ArrayReader, ladders: Ladders) -> Iterator[str]:
    for name in (*(read.line for read in reader.devices), reader.reading.column):
        for (k, tap), c in np.ndenumerate(ladders[name].total_f):
            yield f"Cw_{name}_{k}_{tap} t_{name}_{k}_{tap} 0 {c:.9g}"


def _ladders(reader: ArrayReader) -> Iterator[str]:
    for read, line in zip(reader.devices, reader.network.rows, strict=True):
        yield from _ladder(read.line, line)
    yield from _ladder(reader.reading.column, reader.network.cols)


def _ladder(name: str, lines: Lines) -> Iterator[str]:
    """Pin `name<k>`, taps `t_<name>_<k>_<tap>`, device side of a tap `i_<name>_<k>_<tap>`."""
    for k in range(lines.shape[0]):
        yield f"Re_{name}_{k} {name}{k} t_{name}_{k}_0 {1 / lines.end_s[k]:.9g}"
        for n, g in enumerate(lines.segment_s[k]):
            yield f"Rs_{name}_{k}_{n} t_{name}_{k}_{n} t_{name}_{k}_{n + 1} {1 / g:.9g}"
        for n, ohm in enumerate(lines.tap_ohm[k]):
            if ohm:
                yield f"Rt_{name}_{k}_{n} t_{name}_{k}_{n} i_{name}_{k}_{n} {ohm:.9g}"


def _cells(reader: ArrayReader, stored: Values) -> Iterator[str]:
    synapse = synapse_of(reader.cell)
    column, node = reader.reading.column, reader.reading.stored
    across = {read.line: line for read, line in zip(reader.devices, reader.network.rows, strict=True)}
    for i, j in np.ndindex(*reader.shape):
        nets = {line: _terminal(line, lines, i, j) for line, lines in across.items()}
        nets |= {column: _terminal(column, reader.network.cols, j, i), node: f"sn_{i}_{j}"}
        yield f"vw_{i}_{j} sn_{i}_{j} 0 {float(stored[i, j])!r}"
        for device in synapse.circuit.devices:
            if isinstance(device, Mos):
                wired = {t: nets.get(n, n) for t, n in device.nets.items()}
                yield with_variants(replace(device, name=f"{device.name}_{i}_{j}", nets=wired).spice())


def _terminal(name: str, lines: Lines, k: int, tap: int) -> str:
    return f"{'i' if lines.tap_ohm[k, tap] else 't'}_{name}_{k}_{tap}"
