"""The blocks of every column in numbers, on one die: as `steps` and the netlist take them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .bench import TrainingBench

Array = NDArray[np.float64]

GAIN_P, GAIN_N, OFFSET_P, OFFSET_N, COPY_P, COPY_N, TAKEN_A, CLAMP_V = range(8)
"""Columns of `Columns.hidden`: gains (V/V, the second negative), offsets (V), current taken from the column by that of
an output, current taken at any voltage (A), where the clamp comes on (V)."""

TARGET_V, STRENGTH = range(2)
"""Columns of `Columns.outputs`: added to the target (V), transconductance by the nominal one."""

STEP_V, ROW_V, STEP, DRIFT_V, STEP_MOST_V = range(5)
"""Columns of `Columns.updates`: added to what the nudge did (V), to the row (V), a step's size, its drift (V), the most
that counts of what the nudge did (V)."""

(
    LOAD,
    LEAK,
    BIAS_V,
    CLAMP,
    CLAMP_OVER_V,
    CLAMP_MOST_A,
    NUDGE,
    NUDGE_MOST_A,
    NUDGE_A,
    RESISTANCE,
    ROW_MOST_V,
    ROW_NUDGED,
) = range(12)
"""Entries of `Columns.shared`: conductances (S) of load, leak, clamp and nudge, voltages (V) of the bias row and over
which the clamp comes on, limits (A, V), constant current (A) into outputs, resistance (ohm) of amplifiers, 1 for rows
taken in the nudged phase."""


@dataclass(frozen=True)
class Columns:
    """`shared` (12,) of all columns; `hidden` (hidden, 8), `outputs` (outputs, 2), `updates` (hidden + outputs, 5),
    each column as named above."""

    shared: Array
    hidden: Array
    outputs: Array
    updates: Array

    @property
    def arrays(self) -> tuple[Array, Array, Array, Array]:
        """As the compiled steps take them."""
        return self.shared, self.hidden, self.outputs, self.updates


def columns_of(bench: TrainingBench, die: int | None = None) -> Columns:
    """Of a die by its number, or of the nominal one."""
    errors, (_, hidden, outputs) = bench.errors, bench.dims
    draw = None if die is None else np.random.default_rng([die, 8])

    def of(count: int, mean: float, sigma: float) -> Array:
        return np.full(count, mean) if draw is None else mean + sigma * draw.standard_normal(count)

    def sides(values: tuple[float, float], sigma: float) -> list[Array]:
        return [of(hidden, values[0], 0.0 if errors.amplifier_wire else sigma), of(hidden, values[1], sigma)]

    upright, inverted = sides(errors.amplifier_gain, errors.amplifier_gain_sigma)
    gains = [bench.gain * upright, -bench.gain * inverted]
    offsets = sides(errors.amplifier_offset, errors.amplifier_offset_sigma)
    upright, inverted = sides(errors.amplifier_copy, errors.amplifier_copy_sigma)
    copies = [upright / bench.gain, -inverted / bench.gain]
    taken = of(hidden, errors.amplifier_current - errors.clamp_current, errors.amplifier_current_sigma)
    clamp = of(hidden, errors.clamp_offset, errors.clamp_offset_sigma)
    nudges = [of(outputs, errors.nudge_offset, errors.nudge_offset_sigma), of(outputs, 1.0, errors.nudge_gain_sigma)]
    updates = [
        of(hidden + outputs, errors.update_offset, errors.update_offset_sigma),
        of(hidden + outputs, errors.update_row_offset, errors.update_row_offset_sigma),
        of(hidden + outputs, 1.0, errors.update_gain_sigma),
        of(hidden + outputs, errors.update_drift, errors.update_drift_sigma),
        np.repeat(errors.update_limits, (hidden, outputs)),
    ]
    amplifiers = np.column_stack([*gains, *offsets, *copies, taken, clamp])
    return Columns(_shared(bench), amplifiers, np.column_stack(nudges), np.column_stack(updates))


def _shared(bench: TrainingBench) -> Array:
    errors = bench.errors
    values = [bench.load, bench.leak + errors.amplifier_input, bench.bias, bench.clamp, bench.clamp_v]
    values += [errors.clamp_limit, bench.nudge, errors.nudge_limit, errors.nudge_current, errors.amplifier_resistance]
    return np.array([*values, errors.update_row_limit, float(errors.row_phase == "nudged")])
