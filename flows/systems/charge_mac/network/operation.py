"""What an inference of a network takes: time by its phases, energy by the benches of its parts.

Amplifiers and comparators draw their power all the time. Capacitors take at most what all weights and inputs full do,
once a sum, from sources at the supply.
"""

from __future__ import annotations

from analoom.pdk.corners import VDD_V

from .charges import layer_charges
from .phases import bench, inference_s
from .spec import ChargeNetworkSpec


def energy_j(spec: ChargeNetworkSpec) -> float:
    """Of an inference, J: amplifiers, comparators, capacitors."""
    columns_w = sum(bench(part)["power"] for part in ("opamp", "comparator"))
    return columns_w * sum(spec.dims[1:]) * inference_s(spec) + capacitors_j(spec)


def capacitors_j(spec: ChargeNetworkSpec) -> float:
    """Of the capacitors of all columns, J: up and back down by a full swing."""
    layers = enumerate(spec.shapes)
    whole_f = sum(cols * sum(load.lines_f for load in layer_charges(spec, k).loads) for k, (_, cols) in layers)
    return VDD_V * spec.swing * whole_f
