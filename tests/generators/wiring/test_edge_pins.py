"""Pins of a block end at its edge, as wide as the via asks that may meet them there."""

import numpy as np
import pytest

from analoom.cells.model.drawing import Box, Drawing, discard
from analoom.generators.ways.edge_strips import EdgeEntries, edge_strips, strip_box
from analoom.generators.ways.lattice import Counted, Lattice
from analoom.generators.ways.net import Cut, Net
from analoom.generators.ways.outside import met_from_outside
from analoom.generators.ways.search import Prices
from analoom.generators.ways.wire_kinds import LEVEL_OF
from analoom.generators.wiring.edge_pins import pin_metal
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import VIA2

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


def test_a_pin_ends_so_far_past_a_bend_of_its_net_that_a_straight_wire_keeps_off_it():
    """Met2 of the net up to 420 nm from the edge, just above a way out 280 nm wide: from the middle of the pin a wire
    has m2.2, 140 nm, to it. Without the bend nothing is cut off."""
    wire, bend = Box(0, 1000, 900, 1280), Box(420, 1280, 900, 1420)
    discard("edge")
    drawing, net = Drawing("edge"), Net("a", ())
    net.wires, net.edge_wire = [(Layer.MET2, wire), (Layer.MET2, bend)], (Layer.MET2, wire)
    found = pin_metal(drawing, net, "left", Box(0, 0, 5000, 5000))[1]
    assert (found.left, found.right) == (0, 560)
    assert bend.left - found.center().x == 140
    net.wires = net.wires[:1]
    assert pin_metal(drawing, net, "left", Box(0, 0, 5000, 5000))[1].right > 560


def test_the_pad_of_a_via_from_outside_has_a_place_at_the_end_of_a_way_out():
    """Via2 on met2 whose own pad ends with the wire, or stands at its very end: 330 nm of met3 (m3.4) at either place,
    and between; without a cut that may land there is none."""
    net = Net("a", ())
    net.edge_wire = (Layer.MET2, Box(0, 860, 900, 1140))
    assert list(met_from_outside(net)) == []
    net.landing = Cut(VIA2, 70, 1000, "h")
    ((level, place),) = met_from_outside(net)
    assert level == LEVEL_OF[Layer.MET3]
    assert (place.bottom, place.top) == (835, 1165)
    assert place.left == 70 - 165 and place.right >= 185 + 165
