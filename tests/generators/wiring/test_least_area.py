"""What a pad lacks of its level's least area is added to one side of it, and nothing to the other three."""

import numpy as np
import pytest

from analoom.cells.model.drawing import Box
from analoom.generators.ways.lattice import Counted, Lattice
from analoom.generators.ways.net import Net
from analoom.generators.ways.search import Prices
from analoom.generators.wiring import least_area
from analoom.generators.wiring.metal_index import MetalIndex
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
    ((layer, box),) = (one.shape for one in least_area.lengthened(net, lattice, prices))
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


ALL_AROUND = Box(500, 500, 1500, 1500)


@pytest.mark.parametrize(
    ("kept_clear", "free"),
    [(Box(1200, 0, 2000, 2000), True), (Box(0, 1200, 2000, 2000), True), (ALL_AROUND, False)],
    ids=["right", "top", "all around"],
)
def test_what_is_added_goes_where_nothing_is_kept_clear(kept_clear, free):
    """Drawn over what is kept clear at first, as no crossing of the lines shows that; then beside it, or not at all."""
    lattice, net = Lattice(LINES, LINES), Net("n", [], [(Layer.MET3, PAD)])
    over = PAD + kept_clear.center() & ALL_AROUND
    first = least_area.Lengthening(MET3, over, PAD, LEAST_UM2 * 1e6 - PAD.area())
    net.wires.append(first.shape)
    index = MetalIndex([], [net])
    index.keep_off(MET3, kept_clear)
    stuck = least_area.laid_free(net, [first], lattice, index)
    assert stuck == ([] if free else [PAD])
    assert net.wires[-1][1].overlaps(kept_clear) is not free
    assert net.metal(MET3).merged().area() >= LEAST_UM2 * 1e6 or not free
