"""Sigmas of a network's outputs by formula: each error by what it moves at the outputs, errors independent.

An error of a path or a soma moves its column's current, and that moves what its neuron hands on, by the same share: a
soma's slope is constant to first order. Errors of single transistors are those of `law`. What the switches of bits do,
some 1e-5 of a path's current, is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from .dies import CurrentDies
from .solver.devices import NetworkDevices
from .solver.layer import path_currents
from .solver.somas import N_GATE, P_GATE, UNITS, lines_at
from .solver.unit_curves import UnitCurves, curve_at, slope_at

Array = NDArray[np.float64]
OFF = 1e-3
"""Of a full current: a neuron that carries less is off."""


def output_variances(dies: CurrentDies, codes: Sequence[NDArray[np.int64]], x: Array) -> dict[str, Array]:
    """Variances (points, outputs) A^2 of the outputs by source, of dies without mismatch.

    `codes` (inputs + 1, outputs) a layer, `x` (points, inputs) A.
    """
    activity = [of_layer[0] for of_layer in dies.activity(codes, x)]
    outputs = activity[-1].shape
    moved = np.broadcast_to(np.eye(outputs[1]), (*outputs, outputs[1]))
    found = {"somas": np.zeros(outputs), "units": np.zeros(outputs), "switches": np.zeros(outputs)}
    for k in reversed(range(len(codes))):
        v_in, somas, paths = dies.layer(0, k, codes[k], activity[k])
        currents, lines = path_currents(v_in, somas, paths, dies.devices.nominal), lines_at(v_in, somas)
        found["somas"] += _of_somas(dies.devices, currents, v_in, lines, moved)
        for source, variance in _of_paths(dies.devices, codes[k], currents, lines):
            found[source] += np.einsum("tij,tjo->to", variance, moved**2)
        moved = _handed_on(currents, activity[k], dies.bias_a) @ moved
    return found


def _handed_on(currents: Array, activity: Array, full_a: float) -> Array:
    """What the current into each neuron of a layer moves in its columns, by itself (points, neurons, columns); nothing
    where it is off."""
    each = _signed(currents)[:, :-1] / activity[:, :, None]
    return np.where(activity[:, :, None] > OFF * full_a, each, 0.0)


def _signed(currents: Array) -> Array:
    """Currents of both polarities as one, (points, rows, columns)."""
    return currents[:, 0] - currents[:, 1]


def _of_somas(devices: NetworkDevices, currents: Array, v_in: Array, lines: Array, moved: Array) -> Array:
    """By somas: what both polarities have in common, and what the turn to negative paths adds."""
    p, copy, n = (
        _unit(unit, log, v) / UNITS
        for unit, log, v in (
            (devices.p, devices.nominal[0], lines[P_GATE]),
            (devices.n, devices.nominal[2], v_in),
            (devices.n, devices.nominal[2], lines[N_GATE]),
        )
    )
    both, turned = _signed(currents) @ moved, currents[:, 1] @ moved
    return np.einsum("ti,tio->to", 2 * copy + p, both**2) + np.einsum("ti,tio->to", p + n, turned**2)


def _of_paths(
    devices: NetworkDevices, codes: NDArray[np.int64], currents: Array, lines: Array
) -> Iterator[tuple[str, Array]]:
    """Variances (points, rows, columns) A^2 of paths by source; a header takes back some of what its units err by."""
    units = np.maximum(np.abs(codes), 1)
    for k, (unit, line) in enumerate(((devices.p, P_GATE), (devices.n, N_GATE))):
        log_unit, _, body, _ = devices.paths[k]
        held = currents[:, k] * curve_at(body, lines[line])[:, :, None] / devices.headers[k].conductance_s
        of_units = _unit(unit, log_unit, lines[line])[:, :, None] / units
        yield "units", of_units * (currents[:, k] / (1 + held)) ** 2
        yield "switches", (devices.headers[k].sigma * currents[:, k] * held / (1 + held)) ** 2


def _unit(unit: UnitCurves, log_unit: Array, v: Array) -> Array:
    """Variance of ln(I) of one unit at gate voltages."""
    thresholds = [curve_at(part[0], v) ** 2 for part in unit.shift]
    return slope_at(log_unit, v) ** 2 * np.sum(thresholds, axis=0)
