"""Charge-domain multipliers between auto-zeroed neurons: a weight is two bits of capacitors and a sign.

A neuron takes the charge of a column onto its feedback capacitor, whose units are by the range that the layer's sums
have with the training inputs; a ReLU is a comparator that leaves the next layer's lines at rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, Spec
from analoom.flows.compile.training.columns import ColumnGains
from analoom.flows.compile.training.known import Known, numbers
from analoom.flows.compile.training.settings import Training
from analoom.flows.compile.training.trainer import Grid
from analoom.flows.systems.charge_mac.network.spec import BITS, MOST, ChargeNetworkSpec
from analoom.generators.cap_array.spec import MOST_UNITS
from analoom.pdk.errors import SpecError

from .record import Array, Inference, MappedNetwork, Place, Target, dims_alone

if TYPE_CHECKING:
    from analoom.flows.systems.charge_mac.network.dies import ChargeDies

GRID = Grid(most=MOST, step=1 / 8)
"""A layer's own step is one by the units of its feedback."""
NOISE = 0.2
"""Sigma of a code of 1 that training draws, in codes: units err by less, but a code is a coarse step."""
ROOM = 1.1
"""What the feedback leaves above the largest sum of the mapped network: weights are trained later, and an amplifier has
as much again above a full swing."""
INFERENCE = (
    "offsets stored, each layer's sum and decision, a ramp: times by gain-bandwidth and slew of the amplifier's bench; "
    "opamps and comparators by their benches, schematic, all the while; capacitors all full, at most; clocks, drivers "
    "of inputs, the ramp and wires left out"
)
DRAWN = (
    "Each bit's capacitors and each feedback have mismatch of their own, with the wires of the extracted tiles as they "
    "are designed; each neuron's amplifier and comparator the offset that auto-zero leaves by its switches; each sum "
    "has noise: that stored with the offset, kT/C of the column, the amplifier's own, at the end the comparator's. "
    "Neurons go along the curve that ngspice gives of them as designed: gain, swing, injected charge, what a sum lacks "
    "when its time is over. A hidden neuron that its comparator does not see above vcm leaves the switches of the next "
    "layer's lines at vcm. Assumed: latches at full levels; switches of lines and plates that settle; gates between "
    "comparator and switches; one ramp for all outputs, comparators alike in delay and at all levels; no leakage, no "
    "gradient of capacitance, no wires between cells. All cells are signed off here, and not placed."
)


@dataclass(frozen=True)
class ChargeNetworkDies:
    """Dies of networks of charge-domain multipliers, 1 a full swing."""

    drawn: ChargeDies

    def outputs(self, codes: Sequence[NDArray[np.integer]], x: Array) -> Array:
        """(dies, points, outputs) at inputs `x` (points, inputs), 0 to 1: what each output is when the ramp passes."""
        return self.drawn.outputs(codes, x)

    def without(self) -> Mapping[str, ChargeNetworkDies]:
        """The same dies without one of the things that no measurement of columns tells."""
        names = {"weight_capacitors": "weights", "comparator_offsets": "comparators", "noise": "noise"}
        found = self.drawn.without_each(tuple(names.values()))
        return {said: ChargeNetworkDies(found[name]) for said, name in names.items()}

    def measured(self) -> Known:
        """Gain and offset of each column, as measured on each die."""
        return _known(self.drawn)


def _known(dies: ChargeDies) -> ColumnGains:
    from analoom.flows.systems.charge_mac.network.measure import as_designed, measure

    designed = as_designed(dies.spec)
    found = measure(dies) if dies.family else designed
    plain = numbers(designed.gain), numbers(designed.offset)
    steps = tuple(1 / units for units in dies.spec.units)
    nothing, endless = (0.0,) * len(steps), (float("inf"),) * len(steps)
    return ColumnGains(numbers(found.gain), numbers(found.offset), plain, nothing, steps, endless)


def _designed(dims: tuple[int, ...], spec: Spec) -> Known:
    from analoom.flows.systems.charge_mac.network.dies import ChargeDies

    return _known(ChargeDies(_own(spec)))


def _dies(spec: Spec, family: str, count: int, seed: int) -> ChargeNetworkDies:
    from analoom.flows.systems.charge_mac.network.dies import ChargeDies

    return ChargeNetworkDies(ChargeDies(_own(spec), family, count, seed))


def _own(spec: Spec) -> ChargeNetworkSpec:
    assert isinstance(spec, ChargeNetworkSpec)
    return spec


def _step_of(sums: Array) -> float:
    """A feedback of as many units as the largest sum asks for, of those that there may be."""
    return 1 / min(max(ceil(ROOM * float(sums.max())), 1), MOST_UNITS)


def _sized(fields: Mapping[str, Any], mapped: MappedNetwork, x: Array | None) -> Mapping[str, Any]:
    """The feedback of each layer. Raises SpecError for one that is given: the mapping chooses it."""
    if "feedback" in fields:
        said = "left out: it follows from the weights and the training inputs"
        raise SpecError("feedback", fields["feedback"], said, instead="no feedback; swing may be given")
    return {"feedback": [round(1 / step) for step in mapped.steps]}


def _cells(spec: Spec) -> Sequence[Cell]:
    from analoom.flows.systems.charge_mac.network.tiles import cells

    return cells(_own(spec))


def _tiles(spec: Spec) -> int:
    from analoom.flows.systems.charge_mac.network.tiles import tiles

    return sum(len(layer) for layer in tiles(_own(spec)))


@dataclass(frozen=True)
class ChainWord:
    """All bits of one multiplier, as they are shifted into its chain; `row`: which one it is, from 0."""

    row: int
    bits: tuple[Place, ...]


def _words(spec: Spec) -> Sequence[ChainWord]:
    """Multiplier after multiplier; the first bit travels to the end of the chain."""
    from analoom.flows.systems.charge_mac.network.tiles import tiles
    from analoom.generators.charge_mac.charge_mac import shift_order

    arrays = [(layer, tile) for layer, of_layer in enumerate(tiles(_own(spec))) for tile in of_layer]
    found = []
    for number, (layer, tile) in enumerate(arrays):
        order = reversed(shift_order(tile.cell))
        places = ((layer, tile.cols[0] + j, tile.rows[0] + i, bit) for j, i, bit in order)
        found.append(ChainWord(number, tuple(places)))
    return found


def _bit(code: int, bit: int) -> int:
    """The magnitude from its least bit up, then the sign, 1 of a negative code."""
    return int(code < 0) if bit == BITS - 1 else (abs(code) >> bit) & 1


def _inference(spec: Spec, cells: Sequence[Cell]) -> Inference:
    from analoom.flows.systems.charge_mac.network.operation import energy_j
    from analoom.flows.systems.charge_mac.network.phases import inference_s

    return Inference(energy_j(_own(spec)), inference_s(_own(spec)), INFERENCE)


def _training(dims: Sequence[int], seed: int) -> Training:
    return replace(Training.fitting(dims, seed), noise=NOISE)


CHARGE = Target(
    name="charge",
    words="charges of capacitors onto auto-zeroed neurons; the output that a falling ramp meets first is the class",
    grid=GRID,
    cell="charge_mac",
    fields=dims_alone,
    dies=_dies,
    words_written=_words,
    bit=_bit,
    inference=_inference,
    drawn=DRAWN,
    designed=_designed,
    step_of=_step_of,
    sized=_sized,
    spec_type=ChargeNetworkSpec,
    cells=_cells,
    tiles=_tiles,
    training=_training,
)
