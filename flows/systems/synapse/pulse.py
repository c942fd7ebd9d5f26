"""One read of a synapse as a pulse: how fast the column current settles, what it costs, what it does to the weight.

The stored node starts at its weight and floats, as in use; the input rises, stays and falls again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.reading import Reading
from analoom.flows.bench.device_noise import CurrentNoise, current_noise
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.operating_point import DevicePoint, device_points
from analoom.flows.simulator.ngspice import circuit

from .read_map import quiet_sources
from .reading import input_sources
from .write import TIGHT

SETTLED = 0.01
"""How near the column current must stay to its last value, as a fraction of it."""

_START_S, _EDGE_S = 1e-9, 1e-10


@dataclass(frozen=True)
class ReadPulse:
    """Settling time (s, from the start of the rise), energy (J), the change of the stored node (V), and the trace.

    Energy is what the sources give, nothing recovered; `t` (points,) s and `i` (points,) A are the column's.
    """

    settling_s: float
    energy_j: float
    disturb_v: float
    t: NDArray[np.float64]
    i: NDArray[np.float64]


def read_pulse(dut: Dut, reading: Reading, level_v: float, v_read: float, t_read_s: float) -> ReadPulse:
    """Reads the weight `level_v` once with the input at `v_read` for `t_read_s`."""
    node = dut.inner(reading.stored)
    pulse = f"vin in_vin 0 pulse(0 {v_read} {_START_S} {_EDGE_S} {_EDGE_S} {t_read_s} 1)"
    pins = [f".save {pin} {_source(reading, pin)}#branch" for pin in dut.ports]
    bench = [*quiet_sources(dut, reading), pulse, *input_sources(reading)[1:], f".ic v({node})={level_v}", *pins]
    end_s = _START_S + t_read_s + 2 * _EDGE_S
    with circuit(dut.deck(*bench, f".save {node}", TIGHT)) as loaded:
        result = loaded.run(f"tran {t_read_s / 100} {end_s + t_read_s / 2} 0 {t_read_s / 100}")
    t, current = result["time"], result[f"v_{reading.column}#branch"]
    during = (t >= _START_S) & (t <= _START_S + _EDGE_S + t_read_s)
    last = float(np.interp(_START_S + _EDGE_S + t_read_s, t, current))
    late = t[during][np.abs(current[during] - last) > SETTLED * abs(last)]
    stored = result[node]
    return ReadPulse(
        settling_s=float(late[-1] - _START_S) if late.size else 0.0,
        energy_j=float(np.trapezoid(_power(dut, reading, result) * (t >= _START_S) * (t <= end_s), t)),
        disturb_v=float(stored[-1] - stored[0]),
        t=t,
        i=current,
    )


def read_bias(dut: Dut, reading: Reading, level_v: float, v_read: float) -> list[str]:
    """The bench of a steady read: the stored node held at `level_v`, the input at `v_read`."""
    drive = [f"vin in_vin 0 {v_read}", *input_sources(reading)[1:]]
    return [*quiet_sources(dut, reading), *drive, f"vw {dut.inner(reading.stored)} 0 {level_v}"]


def steady_read(
    dut: Dut, reading: Reading, level_v: float, v_read: float
) -> tuple[CurrentNoise, tuple[DevicePoint, ...]]:
    """Noise of the column current of a steady read, and every transistor's operating point in it."""
    bench = read_bias(dut, reading, level_v, v_read)
    return current_noise(dut, bench, {f"v_{reading.column}": 1.0}, "vin"), device_points(dut, *bench)


def _source(reading: Reading, pin: str) -> str:
    return f"b_{pin}" if pin in reading.inputs else f"v_{pin}"


def _power(dut: Dut, reading: Reading, result: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Power (W) that the sources on the pins give, those that take some left out."""
    given = (-result[pin] * result[f"{_source(reading, pin)}#branch"] for pin in dut.ports)
    return np.sum([np.maximum(power, 0) for power in given], axis=0)
