"""The drawn crossbar that is trained in place: both layers side by side, blocks that are drawn below them."""

from __future__ import annotations

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import cell_name, register
from analoom.generators.crossbar.crossbar import crossbar
from analoom.generators.placing.arrange import Piece
from analoom.generators.placing.leaf import Leaf
from analoom.generators.res_array.res_array import res_array
from analoom.generators.res_array.spec import ResArraySpec
from analoom.generators.wiring.floorplan import Floorplan

from .nets import REST, bits, columns, crossbar_nets, rows, words
from .spec import TrainedCrossbarSpec

LOAD = ResArraySpec(ratios=(1,), r_unit=1e4)
"""100 uS of poly."""


@register(
    TrainedCrossbarSpec,
    system="trained_crossbar",
    kind="trained_crossbar",
    examples=[{"dims": [2, 2, 1], "load": "drawn"}, {"dims": [2, 2, 1], "synapse": "synapse_2t1c"}],
)
def trained_crossbar(spec: TrainedCrossbarSpec) -> Cell:
    """Two layers of synapses that learn where they stand: inputs by row, hidden columns, outputs by column.

    Blocks that are ideal are no part of it: their nodes are pins. Its nets are told in `nets.py`.
    """
    floor = Floorplan(cell_name("trained_crossbar", spec))
    tree = _arranged(floor, spec)
    floor.supply("vdd", "vss", width_nm=600)
    floor.pins(left=[*rows(spec, 1), *words(spec, 1)], right=[*rows(spec, 2), *words(spec, 2)])
    floor.pins(bottom=[*columns(spec, 1), *bits(spec, 1), *columns(spec, 2), *bits(spec, 2)])
    floor.pins(bottom=[*_shared(spec), "vss"], top=["vdd"] if "vdd" in spec.unit.circuit.ports else [])
    notes = {"ideal": spec.ideal, "drawn": spec.drawn}
    return floor.cell(tree, spec, kind="trained_crossbar", notes=notes)


def _arranged(floor: Floorplan, spec: TrainedCrossbarSpec) -> Piece:
    """Layers side by side, the second one mirrored so that its rows come out on the right."""
    layers = floor.row(_layer(floor, spec, 1), _layer(floor, spec, 2))
    if loads := [_load(floor, k) for k in range(spec.dims[2]) if spec.load == "drawn"]:
        return floor.stack(floor.row(*loads), layers)
    return layers


def _layer(floor: Floorplan, spec: TrainedCrossbarSpec, number: int) -> Leaf:
    cell = crossbar(spec.layer(number))
    return floor.part(f"layer{number}", cell, crossbar_nets(spec, number, cell), "y" if number == 2 else "")


def _load(floor: Floorplan, k: int) -> Leaf:
    return floor.part(f"load{k}", res_array(LOAD), {"p1": f"o{k}", "n1": REST, "b": "vss"})


def _shared(spec: TrainedCrossbarSpec) -> list[str]:
    """Nets that drawn blocks have in common."""
    return [REST] if spec.drawn else []
