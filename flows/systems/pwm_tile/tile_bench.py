"""The bench of a tile: pulses out against pulses in and weights, what rows do to one another, energy and area.

Linearity is told of the first column, whose first row has the largest weight and all others one of half; steps (LSB)
are those of its first row. Weights are told by the charges on columns, before they are read. Energy is that of an
operation with every row at a pulse of half its length and the weights given: every coulomb that a line gives counts as
drawn from the supply, none as given back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.pulse_width.circuits import MOST_CODE
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.memory.static import LEAK_GMIN_S
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.pdk.units import to_um

from .energy import energy_metrics
from .linearity import dnl_lsb, inl_lsb, largest, step_of
from .operation.analog import held_bits, without_memory
from .operation.program import Program, TileSettings, read_s
from .operation.transient import run_tile, run_written
from .operation.weights import Ints, checked_codes, tile_spec

Array = NDArray[np.float64]
HALF_CODE = 4
"""Of the rows beside the one that is judged."""


def measure(dut: Dut, settings: TileSettings, weights: Array | None = None) -> Measured:
    """All metrics, see the glossary. Raises InputError for weights that are none."""
    spec = tile_spec(dut.cell)
    codes = checked_codes(spec, weights)
    metrics, curves = _linearity(dut, spec, settings)
    metrics |= _weights(dut, spec, settings)
    half = np.full((1, spec.rows), steps(spec)[1] * spec.lsb)
    operation = run_tile(dut, Program(spec, settings, half, read_s(spec, codes, half)), codes)
    metrics |= energy_metrics(operation, spec)
    metrics["droop"] = Metric(_droop(dut, spec, settings), "V/s")
    return Measured(metrics | area_metrics(dut.cell), curves)


def steps(spec: PwmTileSpec) -> Array:
    """Lengths of pulses that are tried, in steps: a quarter, half, one more, and the longest; each once, rising."""
    most = 2**spec.pulse_bits - 1
    tried = {max(1, (most + 1) // 4), (most + 1) // 2, min((most + 1) // 2 + 1, most), most}
    return np.array(sorted(tried), dtype=np.float64)


def trial(spec: PwmTileSpec) -> tuple[Ints, Array]:
    """The weights (rows, cols), and pulses (operations, rows) s: the first row alone at `steps`, then at the first and
    the last of them with all other rows at half."""
    codes = np.full((spec.rows, spec.cols), HALF_CODE)
    codes[0] = MOST_CODE
    tried = steps(spec)
    alone = np.zeros((len(tried), spec.rows))
    alone[:, 0] = tried
    beside = alone[[0, -1]] + np.where(np.arange(spec.rows) > 0, tried[1], 0.0)
    return codes, spec.lsb * np.vstack([alone, beside])


def linear_metrics(spec: PwmTileSpec, pulses: Array, falls: Array) -> dict[str, Metric]:
    """Of the `pulses` out (operations,) s of a trial, and the voltages (operations,) V that columns are apart by."""
    tried = steps(spec)
    own, both, own_falls = pulses[: len(tried)], pulses[len(tried) :], falls[: len(tried)]
    step = step_of(tried, own)
    metrics = {
        "inl_pulse": Metric(largest(inl_lsb(tried, own)), "LSB"),
        "dnl_pulse": Metric(largest(dnl_lsb(tried, own)), "LSB"),
        "pulse_gain": Metric(step * spec.ramp_units / MOST_CODE / spec.lsb, "frac"),
        "pulse_delay": Metric(float(own[-1] - step * tried[-1]), "s"),
        "charge_injection": Metric(float(own_falls[-1] / step_of(tried, own_falls) - tried[-1]), "LSB"),
    }
    if spec.rows > 1:
        metrics["crosstalk"] = Metric(float(np.ptp(both) - np.ptp(own)) / step, "LSB")
    return metrics


def _linearity(dut: Dut, spec: PwmTileSpec, settings: TileSettings) -> tuple[dict[str, Metric], dict[str, Curve]]:
    """Of pulses, in the first column of a trial."""
    codes, pulses = trial(spec)
    outcome = run_tile(dut, Program(spec, settings, pulses, read_s(spec, codes, pulses)), codes)
    found, falls = outcome.pulses[:, 0], np.diff(outcome.columns[:, 0], axis=1)[:, 0]
    alone = slice(len(steps(spec)))
    curve = Curve(pulses[alone, 0], found[alone], "pulse in (s)", "pulse out (s)")
    return linear_metrics(spec, found, falls), {"pulses": curve}


def _weights(dut: Dut, spec: PwmTileSpec, settings: TileSettings) -> dict[str, Metric]:
    """Of weights: the first row at its longest pulse, a code a column, in as many runs as columns ask for."""
    codes = np.arange(-MOST_CODE, MOST_CODE + 1)
    pulses = np.zeros((1, spec.rows))
    pulses[0, 0] = spec.longest_s
    runs = -(-len(codes) // spec.cols)
    first = np.resize(codes, (runs, 1, spec.cols))
    written = [np.vstack([row, np.zeros((spec.rows - 1, spec.cols), dtype=np.int64)]) for row in first]
    outcomes = run_written(dut, Program(spec, settings, pulses, 0.0), written)
    columns = np.concatenate([outcome.columns[0] for outcome in outcomes])[: len(codes)]
    levels, x = columns[:, 1] - columns[:, 0], codes.astype(np.float64)
    return {
        "inl_weight": Metric(largest(inl_lsb(x, levels)), "LSB"),
        "dnl_weight": Metric(largest(dnl_lsb(x, levels)), "LSB"),
    }


def _droop(dut: Dut, spec: PwmTileSpec, settings: TileSettings) -> float:
    """What leaks from a column half way down, as all are, between pulses, by its capacitance, V/s."""
    codes: Ints = np.full((spec.rows, spec.cols), MOST_CODE)
    rest = Program(spec, settings, np.zeros((1, spec.rows)), 0.0)
    still = without_memory(dut.transient or dut)
    lines = (f"{side}{col}" for col in range(spec.cols) for side in ("colp", "coln"))
    held = (f"v_{line} {still.inner(line)} 0 {settings.v_res - 0.3!r}" for line in lines)
    options = f".option gmin={LEAK_GMIN_S:g} rshunt=1e18 reltol=1e-5 abstol=1e-17"
    bits = (f"v_{name} {node} 0 {level!r}" for name, node, level in held_bits(still, codes, settings.vdd))
    with circuit(still.deck(options, *rest.sources(), *bits, *held, bulk=False)) as loaded:
        return abs(float(loaded.op()["v_colp0#branch"])) / spec.drawn_c_int_f


def area_metrics(cell: Cell) -> dict[str, Metric]:
    """The drawn area by the weights in it; nothing of a tile that is not drawn."""
    spec, box = tile_spec(cell), cell.layout.bbox()
    if box.empty():
        return {}
    area_um2 = to_um(box.width()) * to_um(box.height())
    return {"area_per_weight": Metric(area_um2 / (spec.rows * spec.cols), "um2")}
