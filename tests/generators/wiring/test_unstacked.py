"""A second cut stays off the plates that no cut may be stacked on, as the first does; beside them it may stand."""

import klayout.db as kdb

from analoom.cells.model import registry
from analoom.cells.model.cell import Instance
from analoom.cells.model.drawing import Box
from analoom.generators.wiring.metal_index import MetalIndex
from analoom.pdk.wire_levels import VIA3, VIA4

SIDE_NM = 5000


def test_no_via4_on_a_mim_plate_nor_its_pad_but_beside_it_and_a_via3_on_it():
    """Magic has no contact to a MIM under another; m4 encloses via4 by 0.19 um (m4.via4.1)."""
    cap = registry.build("unit_cap", w=SIDE_NM / 1000)
    index = MetalIndex([Instance("c", cap, kdb.Trans(0, 0), {"top": "t", "bottom": "b"})], [])
    at = lambda x: Box(x, 1000, x + 800, 1800).enlarged(190, 190)  # noqa: E731
    assert not index.holds(VIA4, at(1000))
    assert not index.holds(VIA4, at(SIDE_NM + 100))
    assert index.holds(VIA4, at(SIDE_NM + 500))
    assert index.holds(VIA3, at(1000))
