"""When what happens in a network: offsets stored and columns reset, each layer's sums, and the ramp at the end.

All layers store their offsets and reset their columns at once. A layer's columns are let go when its inputs stand; its
neurons settle like one pole of the amplifier's gain-bandwidth product, by how much of their output comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import pi

from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.systems.lookup import bench_of, system_of
from analoom.pdk.corners import corner

from .charges import LayerCharges, layer_charges
from .spec import ChargeNetworkSpec
from .tiles import amplifier, comparator

TIME_CONSTANTS = 12.0
"""That a neuron is given to settle in, by its column alone: with its amplifier's own capacitances 1e-4 may be left."""
SLEWED_V = 1.0
"""A neuron is given the time to slew this far besides."""
TEMP_DEGC = 27.0
OPENS_S, GAP_S, EDGE_S = 6e-8, 1e-8, 1e-9
"""From when `az` falls until the inputs step; from there to the fall of `rst`, and on to the rise of `run`; edges."""


def settle_s(spec: ChargeNetworkSpec, layer: int) -> float:
    """How long a layer's neurons are given from the step of their inputs, s."""
    of_amplifier, charges = bench("opamp"), layer_charges(spec, layer)
    tau_s = noise_gain(charges) / (2 * pi * of_amplifier["gbw"])
    slowest = min(of_amplifier[way] for way in ("slew_up", "slew_down"))
    return float(TIME_CONSTANTS * tau_s + SLEWED_V / slowest)


def noise_gain(charges: LayerCharges) -> float:
    """By how much what an amplifier adds at its input comes out, its own capacitances left out."""
    return 1 + charges.whole_f / charges.feedback_f


def inference_s(spec: ChargeNetworkSpec) -> float:
    """From the start of the reset to the end of the ramp, s."""
    layers = range(len(spec.shapes))
    return spec.t_zero + sum(settle_s(spec, k) + spec.t_decide for k in layers) + spec.t_ramp


@cache
def bench(part: str) -> Mapping[str, float]:
    """What the bench of the amplifier ("opamp") or the "comparator" measures, from the circuit, typical corner."""
    cell = {"opamp": amplifier, "comparator": comparator}[part]()
    measured = bench_of(system_of(cell))
    found = measured.measure(make_dut(cell, "schematic", corner("tt"), TEMP_DEGC), measured.settings.parse({}), None)
    return {name: metric.value for name, metric in found.metrics.items()}
