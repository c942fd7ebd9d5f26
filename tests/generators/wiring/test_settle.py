"""Gaps of one net are filled where a rule asks for it, nowhere else, and never with less than a wire's width."""

from types import SimpleNamespace

import klayout.db as kdb
import pytest

from analoom.cells.model.drawing import Box
from analoom.generators.ways.net import Cut, Joint, Net, Terminal
from analoom.generators.wiring import settle
from analoom.generators.wiring.metal_index import MetalIndex
from analoom.generators.wiring.settle import fill
from analoom.generators.wiring.strengthen import Doubled
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import VIA

MET2, WIDTH, SPACE = 1, 140, 140


def filled(*boxes, others=()):
    net = Net("n", [], [(Layer.MET2, box) for box in boxes])
    fill(net, MET2, MetalIndex([], [net, *others]))
    return net.metal(MET2).merged()


def legal(region):
    return region.space_check(SPACE).count() == region.width_check(WIDTH).count() == 0


CASES = {
    "side by side": (Box(0, 0, 2000, 140), Box(500, 210, 1500, 350)),
    "corner to corner": (Box(0, 0, 1000, 140), Box(1060, 200, 2000, 340)),
    "a neck between two pads out of line": (Box(0, 0, 400, 140), Box(500, 30, 900, 170)),
    "beside a slot of exactly the space": (
        Box(0, 0, 2000, 260),
        Box(0, 400, 2000, 660),
        Box(1985, 185, 2265, 555),
        Box(1800, 200, 2400, 340),
    ),
}


@pytest.mark.parametrize("boxes", CASES.values(), ids=CASES)
def test_what_breaks_a_rule_breaks_none_when_filled(boxes):
    drawn = kdb.Region(list(boxes)).merged()
    assert not legal(drawn)
    found = filled(*boxes)
    assert legal(found)
    assert (drawn - found).is_empty()


def test_a_small_hole_is_filled_and_a_large_one_stays():
    """m2.7 asks for 0.14 um2: a ring with 300 x 300 nm inside has 0.09, one with 400 x 400 nm has 0.16."""
    for inside, holes in ((300, 0), (400, 1)):
        far = inside + 280
        ring = [Box(0, 0, far, 140), Box(0, far - 140, far, far), Box(0, 0, 140, far), Box(far - 140, 0, far, far)]
        assert filled(*ring).holes().count() == holes


def test_what_keeps_the_rules_stays_as_it_is():
    boxes = (Box(0, 0, 2000, 140), Box(0, 280, 2000, 420), Box(2200, 0, 2340, 3000))
    assert (filled(*boxes) ^ kdb.Region(list(boxes))).is_empty()


PLATE, WIDE_SPACE = Box(0, 0, 4000, 4000), 280
"""A pin wider than 3 um, and what m2.3b keeps from it."""


def below_a_plate():
    """All metal of a net whose wire goes down from a plate for 60 nm, then to the right."""
    pin = Joint(Layer.MET2, PLATE, WIDE_SPACE, kdb.Region(PLATE))
    wires = [Box(3850, -200, 4060, 300), Box(3850, -200, 6000, -60)]
    net = Net("n", [Terminal("p", (pin,))], [(Layer.MET2, box) for box in wires])
    fill(net, MET2, MetalIndex([], [net]))
    return (net.metal(MET2) + kdb.Region(PLATE)).merged()


def of_the_deck(drawn):
    """m2.3b as sky130A_mr.drc asks: edges of wide metal to all others by euclidian distance, what joins them or not."""
    wide = drawn.sized(-1500).sized(1500)
    edges = wide.edges() & drawn.edges()
    return edges.separation_check(drawn.edges() - wide, WIDE_SPACE, False, kdb.Edges.Euclidian).count()


def test_corners_at_a_short_neck_below_wide_metal_are_filled(monkeypatch):
    assert of_the_deck(below_a_plate()) == 0
    monkeypatch.setattr(settle, "beside_wide", lambda *_: kdb.Region())
    assert of_the_deck(below_a_plate()) == 1


WIRE, PAD = Box(0, 0, 1000, 140), Box(1060, 200, 2000, 340)
OTHERS = (Box(1140, -100, 2000, 60), Box(0, 280, 920, 500))
"""On both sides of the gap between the corners of wire and pad, each the space away."""


def between_others():
    """A net with a second cut's pad corner to corner with its wire, others beside the gap, and what was doubled."""
    second = Cut(VIA, 1500, 270, "h")
    net, other = (
        Net(name, [], [(Layer.MET2, box) for box in boxes]) for name, boxes in (("n", [WIRE, PAD]), ("o", OTHERS))
    )
    net.cuts.append(second)
    return net, other, Doubled(((net, second, ((Layer.MET2, PAD),)),))


def test_a_second_cut_is_taken_back_whose_gap_none_can_fill():
    net, other, doubled = between_others()
    index = MetalIndex([], [net, other])
    assert settle.settle(SimpleNamespace(nets=[net, other]), index, [doubled]) == []
    assert (net.wires, net.cuts) == ([(Layer.MET2, WIRE)], [])
    assert index.is_free("o", MET2, PAD.moved(100, 0))


def test_a_gap_that_none_can_fill_is_told():
    net, other, _ = between_others()
    (stuck,) = settle.settle(SimpleNamespace(nets=[net, other]), MetalIndex([], [net, other]), [])
    assert stuck.net == "n" and all(Box(860, 0, 1200, 340).touches(box) for box in stuck.places)
