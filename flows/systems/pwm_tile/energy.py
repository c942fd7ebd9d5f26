"""What an operation of a tile takes: energy with and without its converters, power, operations by energy.

A multiply-accumulate is two operations. The array alone: what all lines give while pulses come in, and what the reset
restores of that charge; the rest goes into making pulses of it: ramps, comparators, their bias, and what units lead
meanwhile where they are not gated. The read-out ends soon after the longest pulse out: whatever sees that, makes pulses
of numbers before the tile, or counts them behind it, is in neither.
"""

from __future__ import annotations

from analoom.flows.bench.measured import Metric
from analoom.generators.pwm_tile.spec import PwmTileSpec

from .operation.transient import Outcome

OPERATIONS = 2


def energy_metrics(outcome: Outcome, spec: PwmTileSpec) -> dict[str, Metric]:
    """Of the first operation of an outcome."""
    program, vdd = outcome.program, outcome.program.settings.vdd
    whole_j = vdd * float(outcome.charge(0.0, program.cycle_s)[0])
    fallen_v = float((program.settings.v_res - outcome.columns[0]).sum())
    moved = float(outcome.charge(program.start_s, program.wake_s)[0])
    array_j = vdd * (moved + spec.drawn_c_int_f * fallen_v)
    macs = spec.rows * spec.cols
    return {
        "energy": Metric(whole_j, "J"),
        "energy_array": Metric(array_j, "J"),
        "power": Metric(whole_j / program.cycle_s, "W"),
        "cycle_time": Metric(program.cycle_s, "s"),
        "tops_per_w": Metric(OPERATIONS * macs / whole_j / 1e12, "TOPS/W"),
        "tops_per_w_array": Metric(OPERATIONS * macs / array_j / 1e12, "TOPS/W"),
    }
