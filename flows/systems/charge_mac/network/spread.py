"""How far the drawn parts of a neuron deviate, and how much they are noisy.

Amplifier and comparator are auto-zeroed and err by what their phases leave. As the offset is stored, so is the noise of
that moment, all of it, up to the amplifier's bandwidth in unity gain, and kT/C of the capacitor that holds: it comes
out by the noise gain, as an offset does. The column keeps kT/C of its reset; while it sums, the amplifier's white noise
passes up to the bandwidth that is left. At the outputs the comparator adds what it stored and its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import hypot, pi, sqrt

from analoom.cells.model.cell import Cell
from analoom.flows.systems.amplifier.mismatch import AmplifierAnalysis
from analoom.flows.systems.amplifier.phases import cap_f, caps_of
from analoom.flows.systems.amplifier.zeroed_mismatch import ZeroedStatistics as ZeroedAmplifier
from analoom.flows.systems.charge_mac.noise import thermal_v
from analoom.flows.systems.comparator.continuous import ContinuousPoint
from analoom.flows.systems.comparator.zeroed_mismatch import ZeroedStatistics as ZeroedComparator
from analoom.generators.amplifier.auto_zero import GATE

from .charges import layer_charges
from .neuron import TEMP_DEGC, neuron
from .phases import bench
from .spec import ChargeNetworkSpec
from .tiles import amplifier, comparator


@dataclass(frozen=True)
class Offsets:
    """Sigmas at the inputs of `amplifiers` and `comparators`, V."""

    amplifiers: float
    comparators: float


@cache
def offsets(family: str) -> Offsets:
    """What the phases leave in a `family` of mismatch models."""
    held = ZeroedAmplifier(amplifier(), family, AmplifierAnalysis())
    compared = ZeroedComparator(comparator(), family, 1.0, ContinuousPoint())
    return Offsets(held.closed()["offset"].sigma, compared.closed()["offset"].sigma)


@dataclass(frozen=True)
class Noise:
    """Rms at a neuron's output, V: of the noise that is `stored` with the offset, of the column's `reset`, of the
    amplifier while it `runs`, and, where that decides between outputs, of the comparator."""

    stored: float
    reset: float
    runs: float
    decides: float

    @property
    def whole(self) -> float:
        """Of all."""
        return hypot(self.stored, self.reset, self.runs, self.decides)


@cache
def noise(spec: ChargeNetworkSpec, layer: int) -> Noise:
    """Of a layer's neurons."""
    gain, charges, amp = neuron(spec, layer).noise_gain, layer_charges(spec, layer), bench("opamp")
    column_f = (gain - 1) * charges.feedback_f
    return Noise(
        stored=gain * hypot(amp["output_noise_rms"], _held_v(amplifier())),
        reset=thermal_v(column_f, TEMP_DEGC) * column_f / charges.feedback_f,
        runs=gain * amp["input_noise_white"] * sqrt(pi / 2 * amp["gbw"] / gain),
        decides=_decides_v() if layer == len(spec.shapes) - 1 else 0.0,
    )


def _decides_v() -> float:
    """Of a comparator, V: kT/C of what it stored, and its own at its input."""
    return hypot(_held_v(comparator()), bench("comparator")["input_noise_rms"])


def _held_v(cell: Cell) -> float:
    """kT/C of the capacitor before a gate, V."""
    hold_f = sum(cap_f(flat) for flat in caps_of(cell.circuit) if GATE in flat.nets.values())
    return thermal_v(hold_f, TEMP_DEGC)
