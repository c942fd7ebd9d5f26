"""Writing one row of a crossbar in a transient, and watching the rows that are not written."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Metric
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.crossbar.solver.netlist import TIGHT
from analoom.flows.systems.synapse.read_map import quiet_line_sources
from analoom.generators.crossbar.matrix import CrossbarMap

_EDGE_S = 1e-9
_WRITTEN_ROW = 0


def write_row(
    dut: Dut,
    array: CrossbarMap,
    stored: NDArray[np.float64],
    levels_v: tuple[float, float],
    v_on: float,
    t_write_s: float,
) -> dict[str, Metric]:
    """Row 0 is written with the two `levels_v` in turn from column to column, all else starting from `stored`.

    `row_write_error` (V): the largest miss in that row when its word line falls; `row_pedestal` (V): its mean step
    after that. `write_disturb` (V): the furthest any node of another row has moved by the end.
    The start is an operating point with the stored nodes held: every node of a stored net that is drawn as several
    starts at the weight, which starting from given values (`uic`) would do for the named one alone.
    """
    rows, cols = array.shape
    targets = np.where(np.arange(cols) % 2 == 0, levels_v[1], levels_v[0])
    nodes = [[dut.inner(n) for n in row] for row in array.nodes]
    with circuit(dut.deck(*_bench(dut, array, stored, targets, nodes, v_on, t_write_s))) as loaded:
        result = loaded.run(f"tran {t_write_s / 50} {3 * t_write_s} 0 {t_write_s / 10}")
    t = result["time"]
    at = {name: _at(t, result, nodes, when) for name, when in _moments(t_write_s).items()}
    error = np.abs(at["written"][_WRITTEN_ROW] - targets).max()
    pedestal = (at["fallen"] - at["written"])[_WRITTEN_ROW].mean()
    metrics = {"row_write_error": Metric(float(error), "V"), "row_pedestal": Metric(float(pedestal), "V")}
    if rows > 1:
        moved = np.abs(np.delete(at["end"] - at["start"], _WRITTEN_ROW, axis=0)).max()
        metrics["write_disturb"] = Metric(float(moved), "V")
    return metrics


def _bench(
    dut: Dut,
    array: CrossbarMap,
    stored: NDArray[np.float64],
    targets: NDArray[np.float64],
    nodes: list[list[str]],
    v_on: float,
    t_write_s: float,
) -> list[str]:
    """Bit lines rise to their targets, the word line of row 0 pulses, bit lines fall again; inputs rest."""
    reading, cols = array.reading, array.shape[1]
    word = f"{reading.word}{_WRITTEN_ROW}"
    bits = [f"{reading.bit}{j}" for j in range(cols)]
    t = t_write_s
    lines = quiet_line_sources(dut, reading, driven=(word, *bits))
    at_rest = {p: reading.inputs.get(reading.line_of(p)) for p in dut.ports}
    lines += [f"v_{p} {p} 0 {line.rest_v}" for p, line in at_rest.items() if line]
    lines.append(f"v_{word} {word} 0 pulse(0 {v_on} {t / 2} {_EDGE_S} {_EDGE_S} {t})")
    lines += [
        f"v_{b} {b} 0 pulse(0 {v} {t / 10} {_EDGE_S} {_EDGE_S} {1.8 * t})" for b, v in zip(bits, targets, strict=True)
    ]
    flat = [(node, w) for row, ws in zip(nodes, stored, strict=True) for node, w in zip(row, ws, strict=True)]
    lines += [f".ic v({node})={w}" for node, w in flat]
    return [*lines, *(f".save {node}" for node, _ in flat), TIGHT]


def _moments(t_write_s: float) -> dict[str, float]:
    """When nodes are looked at, s: "written" an edge early, lest a time step reach into the fall of the word line."""
    falls = 1.5 * t_write_s + _EDGE_S
    fallen, end = falls + 0.2 * t_write_s, 2.9 * t_write_s
    return {"start": 0.05 * t_write_s, "written": falls - _EDGE_S, "fallen": fallen, "end": end}


def _at(
    t: NDArray[np.float64], result: dict[str, NDArray[np.float64]], nodes: list[list[str]], when_s: float
) -> NDArray[np.float64]:
    return np.array([[np.interp(when_s, t, result[node]) for node in row] for row in nodes])
