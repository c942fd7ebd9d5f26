"""Pins of a block hold a via from above where there is room, move aside where there is a little, else stay wires."""

import klayout.db as kdb
import numpy as np
import pytest

from analoom.cells.model.drawing import Box, Drawing, discard, layer_index
from analoom.generators.wiring.edge_pins import pin_metal
from analoom.generators.wiring.edge_strips import EdgeEntries, edge_strips
from analoom.generators.wiring.lattice import Counted, Lattice
from analoom.generators.wiring.net import Cut, Net
from analoom.generators.wiring.search import Prices
from analoom.generators.wiring.used import met_from_outside
from analoom.generators.wiring.wire_kinds import LEVEL_OF
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import VIA2

OUTLINE = Box(0, 0, 5000, 5000)
WIRE = Box(0, 1000, 900, 1140)
"""Met2 of least width that ends at the left edge; a via2 asks for 280 x 370 nm of met2 (m2.4, m2.5)."""


def pin(neighbours, wire=WIRE, side="left"):
    """The pin's box beside `neighbours`, met2 of other nets."""
    discard("edge")
    drawing, net = Drawing("edge"), Net("a", ())
    net.wires, net.edge_wire = [(Layer.MET2, wire)], (Layer.MET2, wire)
    for box in (wire, *neighbours):
        drawing.add(Layer.MET2, box)
    found = pin_metal(drawing, net, side, OUTLINE)[1]
    assert kdb.Region(drawing.cell.begin_shapes_rec(layer_index(Layer.MET2))).merged().count() == 1 + len(neighbours)
    return found


@pytest.mark.parametrize("side", ["left", "right", "bottom", "top"])
def test_a_pin_with_room_is_a_pad_at_its_edge(side):
    end = {
        "left": WIRE,
        "right": Box(4100, 1000, 5000, 1140),
        "bottom": Box(1000, 0, 1140, 900),
        "top": Box(1000, 4100, 1140, 5000),
    }[side]
    found = pin([], end, side)
    long, short = (found.width(), found.height()) if side in ("left", "right") else (found.height(), found.width())
    assert (short, long) == (280, 380)
    assert {"left": found.left, "right": 5000 - found.right, "bottom": found.bottom, "top": 5000 - found.top}[side] == 0
    assert (found & end).area() >= 140 * 370


def test_a_wire_that_ends_far_from_the_edge_is_joined_to_its_pad():
    assert pin([], Box(900, 1000, 1900, 1140)).left == 0


def test_a_pin_moves_aside_for_a_neighbour_by_its_space():
    """m2.2 is 140 nm: beside met2 that begins 140 nm above the wire the pad grows downward."""
    found = pin([Box(0, 1280, 900, 1420)])
    assert (found.bottom, found.top) == (860, 1140)


def test_a_pin_between_neighbours_stays_a_wire():
    found = pin([Box(0, 1280, 900, 1420), Box(0, 720, 900, 860)])
    assert (found.bottom, found.top) == (1000, 1140)


def test_no_wire_of_a_net_bends_beside_its_end_at_the_edge():
    """Met2 next to the rim bars a way out unless it keeps a space (140 nm) from a pad 280 nm wide."""
    lattice = Lattice(range(0, 4200, 210), range(0, 4200, 210))
    out = EdgeEntries(tuple(edge_strips(lattice, "left")), lattice)
    row = lattice.ys[8]
    free = Prices(Counted(lattice), Counted(lattice), np.zeros((5, lattice.nx, lattice.ny), np.float32))
    for apart_nm, is_open in ((275, False), (285, True)):
        own = [(LEVEL_OF[Layer.MET2], Box(-70, row + apart_nm, 70, row + 2000))]
        nodes = out.clear_of(own).places(free)[0]
        assert (lattice.node(LEVEL_OF[Layer.MET2], 2, 8) in nodes) == is_open


def test_a_pin_ends_so_far_past_a_bend_of_its_net_that_a_straight_wire_keeps_off_it():
    """Met2 of the net up to 420 nm from the edge, just above a way out 280 nm wide: from the middle of the pin a wire
    has m2.2, 140 nm, to it. Without the bend nothing is cut off."""
    wire, bend = Box(0, 1000, 900, 1280), Box(420, 1280, 900, 1420)
    discard("edge")
    drawing, net = Drawing("edge"), Net("a", ())
    net.wires, net.edge_wire = [(Layer.MET2, wire), (Layer.MET2, bend)], (Layer.MET2, wire)
    found = pin_metal(drawing, net, "left", OUTLINE)[1]
    assert (found.left, found.right) == (0, 560)
    assert bend.left - found.center().x == 140
    net.wires = net.wires[:1]
    assert pin_metal(drawing, net, "left", OUTLINE)[1].right > 560


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
