"""The testbench of a charge-domain multiplier: its sums against w x, what switches do to them, noise, time, energy.

Small ones are cycled in ngspice, latches and all; larger ones go through the charge solver (`mac_solver`).
Energy: what a cycle draws from the supply (see `mac_transient`) with the weights at rest, over all multiply-accumulates
of the cycle; one MAC is one multiplication and one addition, two operations in TOPS/W. Converters and the drivers' own
transistors are not in it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import Dut, View
from analoom.flows.bench.measured import Measured, Metric
from analoom.generators.charge_mac.spec import ChargeMacSpec
from analoom.pdk.corners import Corner

from .cycle import Settings as Settings
from .noise import require_quiet, thermal_v
from .settling import tile_settling, timing
from .solver import solve_cycles
from .sums import Sums, equivalent_bits
from .tables import tables
from .transient import Cycles, Node, node_of, run_cycles, sums_of
from .unit import switches_of
from .weights import checked_weights, spec_of

Values = NDArray[np.float64]

MOST_BITS = 32
"""Weight bits up to which ngspice does it: with 8 inputs of 4 bits a run of 13 cycles takes 15 s on a busy core."""


def measure(dut: Dut, settings: Settings, weights: Values | None = None) -> Measured:
    """Metrics over the cycles of `input_vectors`, by ngspice; `weights` (outputs, inputs) integers.

    Raises InputError for weights that are none, SpecError for a unit too small for the noise asked.
    """
    spec = spec_of(dut.cell)
    stored = checked_weights(spec, weights)
    node = node_of(dut, settings, stored)
    require_quiet(spec, settings, node.whole_f, dut.temp_degc)
    switches, slowest_s = (
        switches_of(dut.cell, dut.corner, dut.temp_degc),
        tile_settling(dut.cell, dut.corner, dut.temp_degc, settings),
    )
    cycles = run_cycles(dut, timing(settings, switches, node, slowest_s), stored)
    found = figures(spec, settings, stored, cycles, node, dut.temp_degc)
    return _with_tables(found, dut.cell, dut.corner, dut.temp_degc, settings)


def measure_large(
    cell: Cell, view: View, corner: Corner, temp_degc: float, settings: Settings, weights: Values | None = None
) -> Measured:
    """The same by the charge solver. Raises as `measure` does."""
    spec = spec_of(cell)
    stored = checked_weights(spec, weights)
    cycles, node = solve_cycles(cell, view, corner, temp_degc, settings, stored)
    require_quiet(spec, settings, node.whole_f, temp_degc)
    found = figures(spec, settings, stored, cycles, node, temp_degc)
    return _with_tables(found, cell, corner, temp_degc, settings)


def _with_tables(found: Measured, cell: Cell, corner: Corner, temp_degc: float, settings: Settings) -> Measured:
    return replace(found, tables=tables(cell, corner, temp_degc, settings, found.metrics))


def beyond_ngspice(cell: Cell) -> bool:
    """Whether `cell` is left to the charge solver."""
    spec = spec_of(cell)
    return spec.outputs * spec.inputs * spec.bits > MOST_BITS


def figures(
    spec: ChargeMacSpec, settings: Settings, stored: Values, cycles: Cycles, node: Node, temp_degc: float
) -> Measured:
    """Metrics and curves of the cycles, whoever ran them."""
    sums = sums_of(cycles, settings, stored, spec.largest)
    metrics = {**sums.metrics(), **_switch_metrics(cycles), **_node_metrics(node, temp_degc)}
    metrics |= {"settling": Metric(cycles.settling_s, "s"), "cycle_time": Metric(cycles.times.cycle_s, "s")}
    metrics |= energy_metrics(sum(cycles.charge.values()) * settings.vdd / cycles.count, stored.size)
    metrics["sum_enob"] = _enob(sums, node, temp_degc)
    return Measured(metrics, {**sums.curves(), **({"wave": cycles.wave} if cycles.wave else {})})


def energy_metrics(cycle_j: float, macs: int) -> dict[str, Metric]:
    """Energy of a cycle, of one multiply-accumulate, and two operations over it."""
    tops_w = 2 * macs / cycle_j * 1e-12
    return {
        "energy_cycle": Metric(cycle_j, "J"),
        "energy_mac": Metric(cycle_j / macs, "J"),
        "tops_per_w": Metric(tops_w, "TOPS/W"),
    }


def _switch_metrics(cycles: Cycles) -> dict[str, Metric]:
    """Steps as the reset and the sampling switch open: the largest of all cycles."""
    sampled = (cycles.held - cycles.settled).ravel()
    return {
        "injection_reset": Metric(float(max(cycles.let_go.ravel(), key=abs)), "V"),
        "injection_sample": Metric(float(max(sampled, key=abs)), "V"),
        "reset_memory": Metric(_memory(cycles), "frac"),
    }


def _memory(cycles: Cycles) -> float:
    """Share of a cycle's sum that is left when the next reset opens: the slope over all cycles that follow one."""
    before, after = cycles.settled[:-1].ravel(), cycles.let_go[1:].ravel()
    return float(np.polyfit(before, after, 1)[0])


def _node_metrics(node: Node, temp_degc: float) -> dict[str, Metric]:
    return {
        "c_sum": Metric(node.whole_f, "F"),
        "ktc_noise": Metric(thermal_v(node.whole_f, temp_degc), "V"),
        "ktc_noise_held": Metric(thermal_v(node.held_f, temp_degc), "V"),
        "droop": Metric(node.whole_leak_a / node.whole_f, "V/s"),
        "droop_held": Metric(node.held_leak_a / node.held_f, "V/s"),
    }


def _enob(sums: Sums, node: Node, temp_degc: float) -> Metric:
    rms_v = float(np.hypot(sums.rms_v(), thermal_v(node.held_f, temp_degc)))
    return Metric(equivalent_bits(sums.full_scale_v(), rms_v), "bit")
