"""The bench of a weighted sum: coefficients, the error over the range of the inputs by source, speed, noise, power."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_noise import CurrentNoise
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.amplifier.response import HIGH_HZ, LOW_HZ, crossing, decibel, response
from analoom.generators.weighted_sum.network import OUT
from analoom.generators.weighted_sum.spec import WeightedSumSpec

from .loop import loops
from .settings import Settings
from .stand import Stand, by_units, corners, ends, inputs, wanted

MU, RATIO = "MU", "MU/MU"
_HALF_POWER_DB = 10 * np.log10(2)

Array = NDArray[np.float64]


def measure(dut: Dut, settings: Settings, weights: Array | None = None) -> Measured:
    """What the sum makes of its inputs, alone and at every corner of their range; its loops; its noise.

    Raises InputError for a cell that is no weighted sum.
    """
    stand = Stand(dut, settings)
    found, supply_a = _direct(stand)
    power = {"i_supply": Metric(supply_a, "A"), "power": Metric(supply_a * settings.vdd, "W")}
    moving, curves = _moving(stand)
    loop, gain = loops(stand)
    points = device_points(dut, *stand.lines())
    return Measured({**found, **moving, **loop, **power}, {**curves, **gain}, devices=points)


def _direct(stand: Stand) -> tuple[dict[str, Metric], float]:
    """Coefficients, constant and errors, and the supply current with all inputs on the middle, A."""
    spec = stand.spec
    alone, whole = ends(spec), corners(spec)
    out, supply_a = stand.outputs_mu(np.concatenate([alone, whole]))
    found = {"constant": Metric(float(out[0]), MU)}
    slopes = (out[2 : len(alone) : 2] - out[1 : len(alone) : 2]) / (2 * spec.input_range)
    found |= {f"coefficient_{k}": Metric(float(c), RATIO) for k, c in enumerate(slopes, 1)}
    found["coefficient_error"] = Metric(worst_coefficient(spec, slopes, float(out[0])), "frac")
    points = np.concatenate([alone, whole])
    return {**found, **errors(spec, points, out)}, supply_a


def worst_coefficient(spec: WeightedSumSpec, slopes: Array, constant: float) -> float:
    """The relative error of the worst coefficient, or of the constant, with its sign."""
    made, asked = [*slopes], [*spec.coefficients]
    if spec.constant:
        made, asked = [*made, constant], [*asked, spec.constant]
    every = np.array(made) / np.array(asked) - 1
    return float(every[np.abs(every).argmax()])


def errors(spec: WeightedSumSpec, points: Array, out: Array) -> dict[str, Metric]:
    """The largest error at `points` (points, inputs) MU of outputs `out` (points,) MU: in all, by whole units, and by
    all else."""
    asked, made = wanted(spec, points), by_units(spec, points)
    by_source = {"max_error": out - asked, "rounding_error": made - asked, "circuit_error": out - made}
    return {name: Metric(float(np.abs(error).max()), MU) for name, error in by_source.items()}


def _moving(stand: Stand) -> tuple[dict[str, Metric], dict[str, Curve]]:
    """`bandwidth`, the least of all inputs, and noise at the output."""
    bandwidths, curves = [], {}
    nets = inputs(stand.spec)
    with circuit(stand.moving.deck()) as loaded:
        for net in nets:
            f, gain = response(loaded, f"v_{net}")
            db = decibel(gain)
            bandwidths.append(crossing(f, db, db[0] - _HALF_POWER_DB))
            curves[f"response_{net}"] = Curve(f, db, "frequency (Hz)", f"out by {net} (dB)")
        noise = CurrentNoise(*loaded.noise(f"v({OUT})", f"v_{nets[0]}", LOW_HZ, HIGH_HZ))
    curves["noise"] = Curve(noise.f, noise.i, "frequency (Hz)", "noise (V/Hz^0.5)")
    found = {"bandwidth": Metric(min(bandwidths), "Hz"), "output_noise_rms": Metric(noise.rms(LOW_HZ, HIGH_HZ), "V")}
    return found, curves
