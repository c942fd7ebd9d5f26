"""What an inference of a network of crossbars takes, from the benches of its parts, schematic.

A layer's columns are held while its inputs' pulses last, and read by their ramps, whose pulses are the next layer's
inputs. Amplifiers and comparators draw their power all the time, after they stored their offsets. Cells draw at most
what all weights and inputs full take from the supply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from analoom.flows.simulate import simulate
from analoom.flows.systems.crossbar.network.readout import parts
from analoom.flows.systems.crossbar.network.spec import CrossbarNetworkSpec
from analoom.flows.systems.crossbar.network.tiles import synapse_of_codes
from analoom.pdk.corners import VDD_V

WORDS = (
    "until the longest pulse of each layer ends, after offsets were stored, all weights and inputs full: at most; each "
    "column's opamp and each output's comparator by their benches, schematic, all the while; drivers of rows, ramps' "
    "references and wires left out"
)


@dataclass(frozen=True)
class Taken:
    """Energy in J, time in s, the energy of the arrays alone in J, and how they were found."""

    energy_j: float
    time_s: float
    arrays_j: float
    words: str = WORDS


def inference(spec: CrossbarNetworkSpec) -> Taken:
    """Of one inference."""
    held, columns = [_bench(name) for name in ("opamp", "comparator")], synapse_of_codes(spec).columns
    power_w = columns * held[0]["power"] + held[1]["power"]
    pulses = 1.0 + sum(spec.longest)
    time_s = pulses * spec.pulse + max(found["zeroing"] for found in held)
    weights = columns * sum(
        rows * cols * window for (rows, cols), window in zip(spec.shapes, spec.windows, strict=True)
    )
    arrays_j = VDD_V * spec.full_current * spec.pulse * weights
    return Taken(power_w * sum(spec.dims[1:]) * time_s + arrays_j, time_s, arrays_j)


@cache
def _bench(name: str) -> Mapping[str, float]:
    """What the bench of a part measures."""
    return {metric: found.value for metric, found in simulate(parts()[name]).metrics.items()}
