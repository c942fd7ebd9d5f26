"""Where vias from outside meet the pins of every registered cell, and where only a wire does.

A via2 asks for 280 x 370 nm of met2 (m2.4 and m2.5 around a cut of 200 nm), a via4 for 1180 nm of met4.
"""

from dataclasses import replace
from functools import cache

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.cells.model.abstract import Abstract
from analoom.cells.model.drawing import Box, Drawing, discard, layer_index
from analoom.pdk.layers import Layer
from drawn import region

EXAMPLES = [(name, k) for name, entry in registry.entries().items() for k in range(len(entry.examples))]
FROM_ABOVE = {Layer.MET1: Layer.VIA, Layer.MET2: Layer.VIA2}
WIRED = (Layer.MET4, Layer.MET5)
"""Plates and trunks: a pin of met4 that is no plate holds no via4, and met5 is the highest level."""
BY_WIRE = ("latch", "latch_array")
"""Cells some of whose pins are lines at the pitch of a bit, too near to others for a via: wires of their level meet
them."""
BY_VIA = [(name, k) for name, k in EXAMPLES if name not in BY_WIRE]
TRANSISTORS = [(name, k) for name, k in EXAMPLES if registry.entries()[name].system in ("transistor", "switch")]


@cache
def example(name, k):
    return registry.build(name, registry.entries()[name].examples[k])


def cuts(access):
    return {landing.via.cut for landing in access.landings}


def unmet(cell):
    """Pins that no via meets, but for those of WIRED, lines of tiles, and frames that are joined to the next metal."""
    lines = cell.fabric.lines if cell.fabric else {}
    frames = {pin.name for pin in cell.pins if not (kdb.Region(pin.box) & region(cell, Layer.VIA3)).is_empty()}
    names = [pin.name for pin in cell.pins if pin.name not in {*lines, *frames} and pin.layer not in WIRED]
    return [name for name in dict.fromkeys(names) if not any(map(cuts, cell.access(name)))]


def not_from_above(abstract, pins):
    """Places on met1 and met2 without a landing for the via above."""
    places = [(name, access) for name in dict.fromkeys(pin.name for pin in pins) for access in abstract.access(name)]
    return [(name, access.layer) for name, access in places if FROM_ABOVE[access.layer] not in cuts(access)]


@pytest.mark.parametrize(("name", "k"), BY_VIA)
def test_each_pin_is_met_by_a_via(name, k):
    assert unmet(example(name, k)) == []


@pytest.mark.parametrize(("name", "k"), TRANSISTORS)
def test_each_place_of_a_transistors_pins_is_met_from_above(name, k):
    cell = example(name, k)
    assert not_from_above(cell.abstract, cell.pins) == []


def redrawn(cell, narrower_nm=0, cover=None):
    """Damage: met2 so much narrower on either side in y, or over `cover` too. Its pins, and what is known of them."""
    discard("redrawn")
    drawing = Drawing("redrawn")
    for layer in Layer:
        by_nm = -narrower_nm if layer is Layer.MET2 else 0
        drawing.cell.shapes(layer_index(layer)).insert(region(cell, layer).sized(0, by_nm, 2))
    if cover:
        drawing.add(Layer.MET2, cover)
    pins = [replace(p, box=p.box.enlarged(0, -narrower_nm if p.layer is Layer.MET2 else 0)) for p in cell.pins]
    return Abstract(drawing.cell, pins), pins


def test_buses_too_narrow_for_via2_are_found_out():
    """260 nm, as a via from below asks."""
    cell = example("matched_pair", 0)
    assert not_from_above(*redrawn(cell)) == []
    lacking = {name for name, layer in not_from_above(*redrawn(cell, narrower_nm=15)) if layer is Layer.MET2}
    assert lacking == {"g1", "g2", "d1", "d2", "s"}


def test_a_ring_under_met2_is_found_out():
    cell = example("mosfet", 0)
    ring = next(pin.box for pin in cell.pins if pin.name == "b")
    over = Box(ring.left, ring.bottom + 500, ring.right, ring.top - 500)
    assert not_from_above(*redrawn(cell, cover=over)) == [("b", Layer.MET1)]
