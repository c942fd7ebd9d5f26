"""Parts side by side without a gap: strips that share rails, tiles whose lines meet. Lengths are in nm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance
from analoom.cells.model.drawing import Box, layer_index
from analoom.cells.model.obstacles import kept_clear
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import LEVELS

from .leaf import Leaf


def require_abutting(leaves: tuple[Leaf, ...]) -> None:
    """Raises SpecError with both parts where two neighbours share no fabric, or have other nets on it."""
    for one, other in pairwise(leaves):
        if (why := _apart(one, other)) is not None:
            raise SpecError("floorplan", f"{one.name}, {other.name}", "parts that abut", why)


def gap_nm(one: Leaf, other: Leaf) -> int:
    """From the right edge of a part to the left edge of the next, which is negative where they overlap."""
    assert one.cell.fabric is not None, "parts that abut have a fabric"
    return one.cell.fabric.pitch_nm[0] + other.cell.bbox_nm.left - one.cell.bbox_nm.right


def _apart(one: Leaf, other: Leaf) -> str | None:
    """Why two parts cannot abut."""
    a, b = one.cell.fabric, other.cell.fabric
    if a is None or b is None or one.turned or other.turned:
        return "each a strip or a tile, not turned"
    heights = [(leaf.cell.bbox_nm.bottom, leaf.cell.bbox_nm.top) for leaf in (one, other)]
    if heights[0] != heights[1] or (a.pitch_nm[1], a.rails_nm, a.lines) != (b.pitch_nm[1], b.rails_nm, b.lines):
        return "the same height and the same rails or lines"
    shared = [*a.rails_nm, *(pin for pin, across in a.lines.items() if across != "v")]
    differ = [net for net in shared if one.nets[net] != other.nets[net]]
    return f"the same net on {', '.join(differ)}" if differ else None


def left_open(instance: Instance, neighbours: Iterable[Instance], layer: Layer) -> kdb.Region:
    """What the pins of neighbours need of a part that they abut: their places, but for its own metal and what keeps off
    that (nm in the block)."""
    ways, space = kdb.Region(), LEVELS[layer].wide_space_nm
    for other in neighbours:
        for box in _places(other.cell, layer):
            ways += kdb.Region(box.enlarged(space, space).transformed(other.trans))
    own = kdb.Region(instance.cell.layout.begin_shapes_rec(layer_index(layer))).transformed(instance.trans)
    return ways.merged() - kept_clear(own, layer, corners=2)


def _places(cell: Cell, layer: Layer) -> Iterator[Box]:
    """Where wires of a layer meet a pin of a cell."""
    for access in (found for port in cell.circuit.ports for found in cell.access(port)):
        if access.layer is layer:
            yield access.box
        yield from (landing.box for landing in access.landings if landing.other(access.layer) is layer)
