"""Pins of a block hold a via from above where there is room, move aside where there is a little, else stay wires."""

import klayout.db as kdb
import numpy as np
import pytest

from analoom.cells.model.drawing import Box, Drawing, discard, layer_index
from analoom.generators.wiring.edge_pins import pin_metal
from analoom.generators.wiring.edge_strips import EdgeEntries, edge_strips
from analoom.generators.wiring.lattice import Counted, Lattice
from analoom.generators.wiring.net import Net
from analoom.generators.wiring.search import Prices
from analoom.generators.wiring.wire_kinds import LEVEL_OF
from analoom.pdk.layers import Layer

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
