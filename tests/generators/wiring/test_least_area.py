"""What a pad lacks of its level's least area is added to one side of it, and nothing to the other three."""

import numpy as np
import pytest

from analoom.cells.model.drawing import Box
from analoom.generators.ways.lattice import Counted, Lattice
from analoom.generators.ways.net import Net
from analoom.generators.ways.search import Prices
from analoom.generators.wiring import least_area
from analoom.pdk.layers import Layer

MET3, LEAST_UM2 = 2, 0.24
"""m3.6."""
PAD = Box(835, 810, 1165, 1190)
LINES = [580, 790, 1000, 1110, 1210, 1420]
"""One through the middle of the pad, and one beside it that some other pin asked for."""


def beyond_the_pad():
    """How far what is added reaches over each side of the pad (nm), and the area of both (um2)."""
    lattice = Lattice(LINES, LINES)
    net, fixed = Net("n", [], [(Layer.MET3, PAD)]), Counted(lattice)
    prices = Prices(fixed, Counted(lattice), np.zeros_like(fixed.wires, np.float32))
    ((layer, box),) = least_area.lengthened(net, lattice, prices)
    assert layer is Layer.MET3
    net.wires.append((layer, box))
    over = (PAD.left - box.left, PAD.bottom - box.bottom, box.right - PAD.right, box.top - PAD.top)
    return [far for far in over if far > 0], net.metal(MET3).merged().area() / 1e6


def test_a_pad_grows_to_one_side_alone(monkeypatch):
    far, area_um2 = beyond_the_pad()
    assert len(far) == 1
    assert area_um2 == pytest.approx(LEAST_UM2, abs=0.01) and area_um2 >= LEAST_UM2
    monkeypatch.setattr(least_area, "_middle", lambda lattice, box: (LINES[3], LINES[3]))
    assert len(beyond_the_pad()[0]) == 3
