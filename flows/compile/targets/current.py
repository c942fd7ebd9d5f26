"""The current-mode network: a weight is a code of -7 to 7 quarters of its input's current, a ReLU is a diode.

Source: Binas et al., Precise neural network computation with imprecise analog devices, arXiv 1606.07786.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analoom.cells.current_mode.circuits import MOST_CODE, SOMA_UNITS, code_bits
from analoom.cells.model.cell import Cell, Spec
from analoom.flows.compile.training.gains import Gains
from analoom.flows.compile.training.trainer import Grid
from analoom.pdk.errors import InputError

from .record import Array, Inference, Target, Word, dims_alone

if TYPE_CHECKING:
    from analoom.flows.systems.current_network.dies import CurrentDies

GRID = Grid(most=MOST_CODE, step=1 / SOMA_UNITS)
"""A soma's units carry a full input, and the bias."""
INFERENCE = (
    "until all outputs are settled, for weights and inputs at random; wires as the capacitance a synapse that the "
    "bench takes, latches and drivers left out"
)
NOT_DRAWN = "the bench that tells them takes a network that was drawn"
DRAWN = (
    "Each unit, soma, header and bit switch has mismatch of its own; thresholds have a plane of 1 uV/um, an "
    "assumption, over the drawn places; supplies drop on their drawn rails, straps and lanes. Latches hold full "
    "levels; what supplies drop before they reach a layer is not in a die, nor are the wires of signals: in ngspice "
    "those of the extracted 4-7-3 move outputs by 4e-6 of the largest."
)


@dataclass(frozen=True)
class CurrentNetworkDies:
    """Dies of current-mode networks, in relative signals: 1 is the full current of a soma."""

    drawn: CurrentDies

    def outputs(self, codes: Sequence[NDArray[np.integer]], x: Array) -> Array:
        """(dies, points, outputs) at inputs `x` (points, inputs), 0 to 1."""
        full_a = SOMA_UNITS * self.drawn.unit_current
        return self.drawn.currents([c.astype(np.int64) for c in codes], full_a * np.asarray(x, float)) / full_a

    def without(self) -> Mapping[str, CurrentNetworkDies]:
        """The same dies without drops on the supplies' wires, and without a plane of thresholds."""
        left = {"ir_drop": replace(self.drawn, wires=None), "gradients": replace(self.drawn, places_um=None)}
        return {source: CurrentNetworkDies(drawn) for source, drawn in left.items()}

    def measured(self) -> Gains:
        """Slopes of each soma's two paths and of the outputs, as measured on each die."""
        found = self.drawn.measure()
        positive = tuple(s.astype(np.float32) for s in found.slopes)
        ratios = found.neg_over_pos
        negative = tuple((s * r).astype(np.float32) for s, r in zip(found.slopes, ratios, strict=True))
        return Gains(positive, negative, found.output_gain.astype(np.float32))


def _dies(spec: Spec, family: str, count: int, seed: int) -> CurrentNetworkDies:
    from analoom.flows.systems.current_network.dies import drawn_dies
    from analoom.generators.current_network.spec import CurrentNetworkSpec

    assert isinstance(spec, CurrentNetworkSpec)
    return CurrentNetworkDies(drawn_dies(spec, family, count, seed))


def _words(spec: Spec) -> Sequence[Word]:
    from analoom.generators.current_network.spec import CurrentNetworkSpec
    from analoom.generators.current_network.write_order import write_words

    assert isinstance(spec, CurrentNetworkSpec)
    return write_words(spec)


def _inference(spec: Spec, cells: Sequence[Cell]) -> Inference:
    """By the transient of the cell's own bench; a network that is too large for one, or not drawn, says so."""
    from analoom.flows.simulate import simulate

    if not cells:
        return Inference(None, None, NOT_DRAWN)
    try:
        metrics = simulate(cells[0]).metrics
    except InputError as error:
        return Inference(None, None, error.message)
    macs, per_j = metrics["macs"].value, 1e12 * metrics["top_per_j_settled"].value
    return Inference(macs / per_j, metrics["network_settling"].value, INFERENCE)


def _area_um2(spec: Spec) -> float:
    from analoom.generators.current_network.floor import NetworkFloor
    from analoom.generators.current_network.spec import CurrentNetworkSpec

    assert isinstance(spec, CurrentNetworkSpec)
    floor = NetworkFloor(spec)
    return (floor.right - floor.left) * (floor.top - floor.bottom) / 1e6


def _bit(code: int, bit: int) -> int:
    return code_bits(code)[bit]


CURRENT = Target(
    name="current",
    words="currents through somas and synapses of unit transistors; the largest output current is the class",
    grid=GRID,
    cell="current_network",
    fields=dims_alone,
    dies=_dies,
    words_written=_words,
    bit=_bit,
    inference=_inference,
    drawn=DRAWN,
    area_um2=_area_um2,
)
