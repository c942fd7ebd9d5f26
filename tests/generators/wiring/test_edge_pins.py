"""Pins of a block end at its edge, as wide as the via asks that may meet them there."""

import numpy as np
import pytest

from analoom.cells.model.drawing import Box, Drawing, discard
from analoom.generators.ways.edge_strips import EdgeEntries, edge_strips, strip_box
from analoom.generators.ways.lattice import Counted, Lattice
from analoom.generators.ways.net import Net
from analoom.generators.ways.search import Prices
from analoom.generators.ways.wire_kinds import LEVEL_OF
from analoom.generators.wiring.edge_pins import pin_metal
from analoom.pdk.layers import Layer

LATTICE = Lattice(range(0, 4201, 210), range(0, 4201, 210))
OUTLINE = Box(-100, -100, 4300, 4300)
ASKED_NM = {
    "left": (Layer.MET2, 280),
    "right": (Layer.MET2, 280),
    "bottom": (Layer.MET3, 320),
    "top": (Layer.MET3, 320),
}
"""Across a via2 met2 is 200 + 2 x 40 wide (via2.4), across a via3 met3 is 200 + 2 x 60 (via3.4)."""


@pytest.mark.parametrize("side", list(ASKED_NM))
def test_a_pin_reaches_the_edge_and_is_as_wide_as_a_via_asks(side):
    layer, asked_nm = ASKED_NM[side]
    strip = next(s for s in edge_strips(LATTICE, side) if LATTICE.place(s[0])[0] == LEVEL_OF[layer])
    found = pin(layer, strip_box(LATTICE, strip)[1], side)
    beyond = (found.left, found.bottom, found.right, found.top)[["left", "bottom", "right", "top"].index(side)]
    assert beyond == (-100 if side in ("left", "bottom") else 4300)
    assert (found.height() if side in ("left", "right") else found.width()) == asked_nm
    _, x, y = LATTICE.at(strip[0])
    bare = pin(layer, Box(x, y, x, y).enlarged(70, 70), side)
    assert min(bare.width(), bare.height()) < asked_nm, "a wire of least width is told apart"


def pin(layer, wire, side):
    """The box of a pin whose net ends in `wire`."""
    discard("edge")
    drawing, net = Drawing("edge"), Net("a", ())
    net.wires, net.edge_wire = [(layer, wire)], (layer, wire)
    return pin_metal(drawing, net, side, OUTLINE)[1]


def test_no_wire_of_a_net_bends_beside_its_end_at_the_edge():
    """Met2 next to the rim bars a way out unless it keeps a space (140 nm) from a pad 280 nm wide."""
    out = EdgeEntries(tuple(edge_strips(LATTICE, "left")), LATTICE)
    row = LATTICE.ys[8]
    free = Prices(Counted(LATTICE), Counted(LATTICE), np.zeros((5, LATTICE.nx, LATTICE.ny), np.float32))
    for apart_nm, is_open in ((275, False), (285, True)):
        own = [(LEVEL_OF[Layer.MET2], Box(-70, row + apart_nm, 70, row + 2000))]
        nodes = out.clear_of(own).places(free)[0]
        assert (LATTICE.node(LEVEL_OF[Layer.MET2], 2, 8) in nodes) == is_open
