"""The drawn crossbar that is trained in place: both layers side by side, blocks that are drawn below them."""

from __future__ import annotations

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import cell_name, register
from analoom.generators.crossbar.crossbar import crossbar
from analoom.generators.placing.arrange import Piece
from analoom.generators.placing.leaf import Leaf
from analoom.generators.wiring.floorplan import Floorplan

from .blocks import blocks
from .nets import bits, columns, crossbar_nets, rows, shared, words
from .spec import TrainedCrossbarSpec


@register(
    TrainedCrossbarSpec,
    system="trained_crossbar",
    kind="trained_crossbar",
    examples=[
        {"dims": [2, 2, 1], "clamp": "drawn", "nudge": "drawn", "amplifier": "drawn", "load": "drawn"},
        {"dims": [2, 2, 1], "synapse": "synapse_2t1c"},
    ],
)
def trained_crossbar(spec: TrainedCrossbarSpec) -> Cell:
    """Two layers of synapses that learn where they stand: inputs by row, hidden columns, outputs by column.

    Blocks that are ideal are no part of it: their nodes are pins. Its nets are told in `nets.py`.
    """
    floor = Floorplan(cell_name("trained_crossbar", spec))
    tree = _arranged(floor, spec)
    floor.supply(*(net for net in ("vdd", "vss") if net in _nets(floor)), width_nm=600)
    floor.pins(left=[*rows(spec, 1), *words(spec, 1)], right=[*rows(spec, 2), *words(spec, 2)])
    floor.pins(bottom=[*columns(spec, 1), *bits(spec, 1), *columns(spec, 2), *bits(spec, 2)])
    floor.pins(bottom=[*shared(spec), "vss"], top=[net for net in ("vdd",) if net in _nets(floor)])
    notes = {"ideal": spec.ideal, "drawn": spec.drawn}
    return floor.cell(tree, spec, kind="trained_crossbar", notes=notes)


def _arranged(floor: Floorplan, spec: TrainedCrossbarSpec) -> Piece:
    """Layers side by side, the second one mirrored so that its rows come out on the right; drawn blocks below."""
    layers = floor.row(_layer(floor, spec, 1), _layer(floor, spec, 2))
    below = tuple(blocks(floor, spec))
    return floor.stack(*below, layers) if below else layers


def _layer(floor: Floorplan, spec: TrainedCrossbarSpec, number: int) -> Leaf:
    cell = crossbar(spec.layer(number))
    return floor.part(f"layer{number}", cell, crossbar_nets(spec, number, cell), "y" if number == 2 else "")


def _nets(floor: Floorplan) -> set[str]:
    return {net for leaf in floor.parts.values() for net in leaf.nets.values()}
