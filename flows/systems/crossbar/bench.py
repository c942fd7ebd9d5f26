"""The testbench of a crossbar: column currents against the ideal product, and what writing one row does to the others.

Reading: stored voltages are held by ideal sources (a floating node has no operating point), row i carries the input
V_i, every column is held at rest, and column j should carry sum_i G(W_ij) V_i with G from the schematic synapse at
the full input. Writing: row 0 is written once, in a transient that starts from the weights; the other rows should not
move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_noise import LOW_HZ, current_noise, spectrum_metrics
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric, TapMap
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.crossbar.large.bench import lines_on_the_solver
from analoom.flows.systems.crossbar.read.metrics import full_read, full_scale_a, read_metrics, read_sheets
from analoom.flows.systems.crossbar.read.settings import CrossbarSettings
from analoom.flows.systems.crossbar.solver.cells import why_not_solved
from analoom.flows.systems.synapse.read_map import ReadMap, ideal_map, quiet_line_sources
from analoom.flows.systems.synapse.weights import default_weights
from analoom.generators.crossbar.matrix import CrossbarMap, crossbar_map
from analoom.pdk.errors import InputError

from .write_bench import write_row


def measure(dut: Dut, settings: CrossbarSettings, weights: NDArray[np.float64] | None = None) -> Measured:
    """`column_error_max` and `column_error_rms` are fractions of the schematic's full-scale column current.

    `i_full_scale` is that of the view: of a read with all weights and inputs full, the largest column.
    """
    array = crossbar_map(dut.cell)
    v_read, low, high = range_v = settings.of(array.reading)
    ideal = ideal_map(array.synapse, array.reading, dut.corner, dut.temp_degc, range_v)
    rng = np.random.default_rng(settings.seed)
    inputs = v_read * rng.uniform(size=array.shape[0])
    stored = default_weights(array.shape, low, high, settings.seed) if weights is None else weights
    _check_weights(stored, array.shape, low, high)
    bench = read_bench(dut, array, stored, inputs)
    currents, drawn = _steady(dut, array, bench)
    full_a = None if dut.view == "schematic" else _full_scale_a(dut, array, ideal)
    metrics = read_metrics(ideal, stored, inputs, currents, full_a) | _energy_metrics(drawn, settings.t_read, array)
    if array.nodes.size <= settings.largest_noise:
        column = array.reading.column
        noise = current_noise(dut, bench, {f"v_{column}0": 1.0}, f"v_{column}0")
        metrics |= {"column_noise": Metric(noise.rms(LOW_HZ, 0.5 / settings.t_read), "A"), **spectrum_metrics(noise)}
    if array.nodes.size <= settings.largest_transient:
        metrics |= write_row(
            dut.transient or dut, array, stored, (low, min(high, 1.0)), settings.v_write_on, settings.t_write
        )
    columns = Curve(np.arange(array.shape[1], dtype=float), currents, "column", "column current (A)")
    curves, maps = {"columns": columns}, dict[str, TapMap]()
    not_solved = why_not_solved(array.synapse) if dut.view == "post" and settings.ir_drop else None
    if dut.view == "post" and settings.ir_drop and (settings.settling or not not_solved):
        ideal_a = full_scale_a(ideal, inputs)
        drop = lines_on_the_solver(dut.cell, dut.corner, dut.temp_degc, settings, stored, inputs, None, ideal_a)
        metrics, maps = {**drop.metrics, **metrics}, dict(drop.maps)
        curves = {**drop.curves, "columns": columns}
    notes = (f"IR drop is not told apart, the array solver cannot read the array: {not_solved}",) if not_solved else ()
    return Measured(metrics, curves, maps, notes=notes, sheets=read_sheets(ideal, stored, inputs, currents))


def column_currents(
    dut: Dut, array: CrossbarMap, stored: NDArray[np.float64], inputs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Operating point: current out of every column, (cols,) A, for `stored` (rows, cols) V and `inputs` (rows,) V."""
    return _steady(dut, array, read_bench(dut, array, stored, inputs))[0]


def _full_scale_a(dut: Dut, array: CrossbarMap, ideal: ReadMap) -> float:
    return float(np.abs(column_currents(dut, array, *full_read(ideal, array.shape))).max())


def read_bench(
    dut: Dut, array: CrossbarMap, stored: NDArray[np.float64], inputs: NDArray[np.float64]
) -> tuple[str, ...]:
    """A source on every pin and every stored node; the source of pin `p` is `v_<p>`."""
    reading = array.reading
    lines = quiet_line_sources(dut, reading)
    for name, line in reading.inputs.items():
        lines += [f"v_{name}{i} {name}{i} 0 {line.rest_v + line.sign * v}" for i, v in enumerate(inputs)]
    held = (f"vw_{i}_{j} {dut.inner(str(array.nodes[i, j]))} 0 {stored[i, j]}" for i, j in np.ndindex(*array.shape))
    return *lines, *held


def _steady(
    dut: Dut, array: CrossbarMap, bench: Sequence[str]
) -> tuple[NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    """Column currents (A), and by pin its voltage and the current its source gives: (2,) V and A."""
    saved = [f".save {pin} v_{pin}#branch" for pin in dut.ports]
    with circuit(dut.deck(*bench, *saved, bulk=False)) as loaded:
        op = loaded.op()
    drawn = {pin: np.array([op[pin], -op[f"v_{pin}#branch"]]) for pin in dut.ports}
    return np.array([op[f"v_{array.reading.column}{j}#branch"] for j in range(array.shape[1])]), drawn


def _energy_metrics(drawn: Mapping[str, NDArray[np.float64]], t_read_s: float, array: CrossbarMap) -> dict[str, Metric]:
    """At the inputs of this read, of the pins whose source gives power: `read_power` is that power, nothing recovered;
    `i_supply` their current, which linear drivers take from the supply."""
    giving = [(volt, ampere) for volt, ampere in drawn.values() if volt * ampere > 0]
    power_w = float(sum(volt * ampere for volt, ampere in giving))
    energy_j = power_w * t_read_s
    return {
        "read_power": Metric(power_w, "W"),
        "i_supply": Metric(float(sum(ampere for _, ampere in giving)), "A"),
        "read_energy": Metric(energy_j, "J"),
        "energy_per_mac": Metric(energy_j / array.nodes.size, "J"),
    }


def _check_weights(stored: NDArray[np.float64], shape: tuple[int, int], low_v: float, high_v: float) -> None:
    if stored.shape != shape:
        raise InputError(f"weights have shape {stored.shape}, the array {shape} (rows, cols)", field="weights")
    if stored.min() < low_v - 1e-12 or stored.max() > high_v + 1e-12:
        found = f"{stored.min():.4g} to {stored.max():.4g} V"
        raise InputError(f"weights of {found} leave the range {low_v:g} to {high_v:g} V", field="weights")
