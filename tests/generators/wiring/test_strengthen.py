"""Cuts are doubled where there is room, but never on a plate of a capacitor that none may be stacked on."""

from analoom.cells.model.drawing import discard
from analoom.generators.wiring.metal_index import MetalIndex
from analoom.pdk.layers import Layer
from drawn import region

from .random_blocks import random_block

SEED, PARTS = 1199, 6
"""A block with a capacitor beside whose plate a via4 stands."""


def stacked():
    """Via4 of the block over top plates, or nearer than its pad reaches (190 nm): Magic has no such contact."""
    discard(f"random_block_{SEED}_{PARTS}")
    block = random_block(SEED, PARTS)
    assert not region(block, Layer.VIA4).is_empty()
    return region(block, Layer.VIA4).sized(190) & region(block, Layer.CAPM)


def test_no_doubled_cut_stands_on_a_plate(monkeypatch):
    assert stacked().is_empty()
    monkeypatch.setattr(MetalIndex, "holds", lambda *_: True)
    assert not stacked().is_empty()
