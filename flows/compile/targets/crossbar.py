"""Crossbars of signed cells: a weight is a stored voltage, an input a pulse, a ReLU the ramp that ends at nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, Spec
from analoom.flows.compile.training.gains import Gains, ideal_weights
from analoom.flows.compile.training.known import Known
from analoom.flows.compile.training.settings import Training
from analoom.flows.compile.training.trainer import Grid
from analoom.flows.systems.crossbar.network.spec import MOST, STEP, CrossbarNetworkSpec
from analoom.pdk.units import to_um

from .record import Array, Bounds, Inference, MappedNetwork, Target, dims_alone

if TYPE_CHECKING:
    from analoom.flows.systems.crossbar.network.dies import CrossbarDies

GRID = Grid(most=MOST, step=STEP)
NOISE = 0.5
"""Sigma of a code of 1 that training draws, in codes: cells err by a tenth to a quarter of their weight."""
ROOM = 1.5
"""The longest pulse of a layer, by that of the training inputs as mapped: training changes it, and so does a die."""
DRAWN = (
    "The read transistors of each cell have mismatch of their own, every parameter that the models draw; lines of "
    "the arrays take what their extracted resistance takes, to first order. Each column has an auto-zeroed opamp "
    "that holds it; each output, of one column or of the difference of a pair, an auto-zeroed comparator and a ramp "
    "of its own, with what their drawn cells deviate by: the level of the column, the offset, the ramp's current. An "
    "integrator at the end of its swing gives the longest pulse. Assumed: stored voltages as written, without droop; "
    "drivers of rows without resistance; integrators of exact capacitors, which cancel, and of amplifiers without "
    "end of gain and speed; comparators whose delay is known and taken off; no noise, no wires between arrays and "
    "read-outs. The read-out's parts are cells that are signed off here, and not placed; the capacitors of "
    "integrators are not drawn."
)


@dataclass(frozen=True)
class CrossbarNetworkDies:
    """Dies of networks of crossbars."""

    drawn: CrossbarDies

    def outputs(self, codes: Sequence[NDArray[np.integer]], x: Array) -> Array:
        """(dies, points, outputs) pulses at inputs `x` (points, inputs), 0 to 1."""
        return self.drawn.outputs(codes, x)

    def without(self) -> Mapping[str, CrossbarNetworkDies]:
        """The same dies without one of the things that no measurement of weights tells."""
        names = {"ir_drop": "lines", "comparator_offsets": "comparators", "column_levels": "held"}
        found = self.drawn.without_each(tuple(names.values()))
        return {said: CrossbarNetworkDies(found[name]) for said, name in names.items()}

    def measured(self) -> Gains:
        """Gains of every weight at the largest code of either sign, its column's ramp among it: pulses out for one
        input at a time, above those for none, where inputs beside it bring the column above nothing."""
        paths = []
        for code in (MOST, -MOST):
            full = [np.full(shape, code) for shape in self.drawn.spec.shapes]
            layers = [self.drawn.layer(k, codes).weights for k, codes in enumerate(full)]
            paths.append(tuple((w / (STEP * code)).astype(np.float32) for w in layers))
        outputs = np.ones((self.drawn.count, self.drawn.spec.dims[-1]), dtype=np.float32)
        return Gains(paths[0], paths[1], outputs)


def _sized(fields: Mapping[str, Any], mapped: MappedNetwork, x: Array | None) -> Mapping[str, Any]:
    """The longest pulses of each layer, with room; nothing without training inputs."""
    if x is None:
        return {}
    return {"ranges": [float(max(ROOM * layer.max(), STEP)) for layer in mapped.activity(x)]}


def _dies(spec: Spec, family: str, count: int, seed: int) -> CrossbarNetworkDies:
    from analoom.flows.systems.crossbar.network.dies import CrossbarDies

    return CrossbarNetworkDies(CrossbarDies(_own(spec), family, count, seed))


def _cells(spec: Spec) -> Sequence[Cell]:
    """The arrays, and the parts of the read-out: an amplifier a column, the others as often as there are outputs."""
    from analoom.flows.systems.crossbar.network.readout import parts
    from analoom.flows.systems.crossbar.network.tiles import synapse_of_codes, tiles

    outputs = sum(_own(spec).dims[1:])
    arrays = [tile.cell for layer in tiles(_own(spec)) for tile in layer]
    often = {"opamp": synapse_of_codes(_own(spec)).columns * outputs}
    return [*arrays, *(cell for name, cell in parts().items() for _ in range(often.get(name, outputs)))]


def _area_um2(spec: Spec) -> float:
    """The sum of all boxes, as they are drawn: arrays are drawn in any case, to know their lines."""
    boxes = [cell.layout.bbox() for cell in _cells(spec)]
    return sum(to_um(box.width()) * to_um(box.height()) for box in boxes)


def _tiles(spec: Spec) -> int:
    from analoom.flows.systems.crossbar.network.tiles import tiles

    return sum(len(layer) for layer in tiles(_own(spec)))


def _inference(spec: Spec, cells: Sequence[Cell]) -> Inference:
    from .crossbar_energy import inference

    taken = inference(_own(spec))
    return Inference(taken.energy_j, taken.time_s, taken.words)


def _stored(codes: Sequence[NDArray[np.integer]], spec: Spec, folder: Path) -> Mapping[str, str]:
    from .crossbar_weights import write_weights

    return write_weights(codes, _own(spec), folder)


def _training(dims: Sequence[int], seed: int) -> Training:
    return replace(Training.fitting(dims, seed), noise=NOISE)


def _designed(dims: tuple[int, ...], spec: Spec) -> Known:
    return ideal_weights(dims)


def _bounds(spec: Spec) -> Bounds:
    """An integrator at the end of its swing gives the longest pulse."""
    return Bounds(_own(spec).longest)


def _own(spec: Spec) -> CrossbarNetworkSpec:
    assert isinstance(spec, CrossbarNetworkSpec)
    return spec


CROSSBAR = Target(
    name="crossbar",
    words="charges of signed cells on crossbars; the longest pulse is the class",
    grid=GRID,
    cell="crossbar",
    fields=dims_alone,
    dies=_dies,
    words_written=None,
    bit=None,
    inference=_inference,
    drawn=DRAWN,
    designed=_designed,
    sized=_sized,
    spec_type=CrossbarNetworkSpec,
    stored=_stored,
    cells=_cells,
    tiles=_tiles,
    training=_training,
    area_um2=_area_um2,
    bounds=_bounds,
)
