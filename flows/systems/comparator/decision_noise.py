"""Noise of a decision: by how much the trip point of a clocked comparator moves from one decision to the next.

Each transistor's white noise at every moment, weighted with what a charge between its drain and source becomes at the
latch (`moving_network`), gives the latch's variance; by the gain from the inputs it is one of the inputs. Beside it the
closed form of the phase in which the pair integrates: with a drain current's noise S and slope gm, over the time t
until its drains have fallen to half the supply, sigma^2 = S / (gm^2 t), which is 4 k T gamma / (gm t).
Source: P. Nuzzo et al., "Noise Analysis of Regenerative Comparators for Reconfigurable ADC Architectures", IEEE TCAS-I
55, 2008; J. Kim et al., IEEE TCAS-I 56, 2009.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Metric
from analoom.flows.simulator.ngspice import circuit

from .clocked import OUTPUTS, RAW, ClockedBench
from .moving_devices import MovingDevices, moving_devices
from .moving_network import Network, Way, network_of
from .trip import Reading

HELD = ("inp", "inn", "clk", "vdd", "vss")
INPUTS = {"inp": 0.5, "inn": -0.5}
MOMENTS = 32
"""With 24 a sigma is 0.4 % off that with 96, with 32 0.2 %."""
LOW_HZ = 1.0
"""Where 1/f noise begins."""
GROWTH_TOLERANCE = 0.05
"""Largest error of the logarithm of the linear network's gain, by that of the circuit itself, with which its noise is
told. The gain itself is some 10 % off: it is an exponential of the time over that of the latch's growth."""
POINTS_S = 1e-12

Array = NDArray[np.float64]


@dataclass(frozen=True)
class DecisionNoise:
    """Variances at the inputs (V^2) by part: of white noise, and of 1/f noise from LOW_HZ to one over the time of a
    decision; the gain from the inputs to the latch by the circuit and by the linear network; the closed form's sigma
    (V), None for a cell without a pair at its inputs."""

    white_v2: dict[str, float]
    flicker_v2: dict[str, float]
    gain: float
    linear_gain: float
    law_v: float | None

    @property
    def growth_error(self) -> float:
        """Of the logarithm of the gain."""
        return float(np.log(max(self.linear_gain, 1e-9) / self.gain) / np.log(self.gain))

    def metrics(self) -> dict[str, Metric]:
        """None of them where the linear network is not the circuit."""
        if abs(self.growth_error) > GROWTH_TOLERANCE:
            return {}
        total = sum(self.white_v2.values())
        found = {
            "decision_noise": total,
            **{f"decision_noise_{part}": v for part, v in self.white_v2.items() if v > 1e-4 * total},
            "decision_noise_flicker": sum(self.flicker_v2.values()),
        }
        law = {} if self.law_v is None else {"decision_noise_law": Metric(self.law_v, "V")}
        return {**{name: Metric(float(np.sqrt(v)), "V") for name, v in found.items()}, **law}


def decision_noise(
    dut: Dut, bench: ClockedBench, trip_v: float, reading: Reading, moments: int = MOMENTS
) -> DecisionNoise:
    """Of a decision at the trip point, read where a difference of the inputs has grown to the reading's last share."""
    end_s, slope = reading.times_s[-1], reading.slopes[-1]
    network = network_of(dut, HELD, dict.fromkeys((*OUTPUTS, *RAW), bench.point.c_load))
    times, volts = _way(dut, bench, trip_v, network, end_s, moments)
    devices = [device for device, _ in network.devices.values()]
    moving = moving_devices(dut, devices, volts, (LOW_HZ, 1 / end_s))
    way = Way(network, times, moving.g, moving.c)
    weights = way.weights(RAW)
    gain = way.gain(INPUTS, weights)
    white, flicker = powers(network, times, moving, weights)
    law = _law_v(network, times, volts, moving, bench)
    white_v2, flicker_v2 = (_by_part(network, of / gain**2) for of in (white, flicker))
    return DecisionNoise(white_v2, flicker_v2, slope, gain, law)


def _way(
    dut: Dut, bench: ClockedBench, trip_v: float, network: Network, end_s: float, moments: int
) -> tuple[Array, Array]:
    """Moments (moments,) s until `end_s`, and the voltages (moments, devices, 4) of all terminals at them."""
    nodes = sorted({node for _, nodes in network.devices.values() for node in nodes})
    names = {node: node if node in dut.ports else dut.inner(node) for node in nodes}
    with circuit(dut.deck(*bench.lines(), *(f".save v({name})" for name in names.values()))) as loaded:
        loaded.set("v_d", trip_v)
        found = loaded.run(f"tran {POINTS_S!r} {end_s + POINTS_S!r}")
    times = _moments(found["time"], np.array([found[name] for name in names.values()]), end_s, moments)
    at = {node: np.interp(times, found["time"], found[name]) for node, name in names.items()}
    return times, np.array([[at[n] for n in nodes] for _, nodes in network.devices.values()]).transpose(2, 0, 1)


def _moments(time: Array, volts: Array, end_s: float, count: int) -> Array:
    """Close together where voltages (nodes, points) move fast: half of them by the way that all go, half by time."""
    gone = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(volts)).sum(axis=0))])
    share = (gone / np.interp(end_s, time, gone) + time / end_s) / 2
    return np.interp(np.linspace(0.0, 1.0, count), share, time)


def powers(
    network: Network, times: Array, moving: MovingDevices, weights: tuple[Array, Array, Array]
) -> tuple[Array, Array]:
    """Variances (devices,) V^2 at the latch by white noise and by 1/f noise, which stands still during a decision."""
    lengths, when, w = weights
    index = {node: k for k, node in enumerate(network.nodes)}
    white, flicker = [], []
    for k, (_, (drain, _, source, _)) in enumerate(network.devices.values()):
        between = np.zeros(len(when))
        for node, sign in ((drain, 1.0), (source, -1.0)):
            if node in index:
                between += sign * w[:, index[node]]
        density = np.interp(when, times, moving.white[:, k])
        slow = np.interp(when, times, np.sqrt(moving.flicker[:, k]))
        white.append(np.sum(between**2 * density / 2 * lengths))
        flicker.append(np.sum(between * slow * lengths) ** 2)
    return np.array(white), np.array(flicker)


def _by_part(network: Network, powers: Array) -> dict[str, float]:
    """Sums over the transistors of each part, the instance that they lie in."""
    found: dict[str, float] = {}
    for name, power in zip(network.devices, powers, strict=True):
        part = name.rpartition("_")[0] or name
        found[part] = found.get(part, 0.0) + float(power)
    return found


def _law_v(network: Network, times: Array, volts: Array, moving: MovingDevices, bench: ClockedBench) -> float | None:
    pair = [k for k, (_, (_, gate, *_)) in enumerate(network.devices.values()) if gate.partition(":")[0] in INPUTS]
    if len(pair) != len(INPUTS):
        return None
    drains = volts[:, pair, 0].mean(axis=1)
    low = np.flatnonzero((times > bench.clock_s) & (drains < bench.point.vdd / 2))
    if not low.size:
        return None
    end_s = float(np.interp(-bench.point.vdd / 2, -drains[low[0] - 1 : low[0] + 1], times[low[0] - 1 : low[0] + 1]))
    fine = np.linspace(bench.clock_s, end_s, 200)
    gm, s = (np.interp(fine, times, of[:, pair].mean(axis=1)) for of in (moving.g[:, :, 0, 1], moving.white))
    return float(np.sqrt(np.trapezoid(s, fine)) / np.trapezoid(gm, fine))
