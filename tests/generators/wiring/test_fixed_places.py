"""Wires among pins that lie where they lie, inside an outline."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from analoom.cells.model.drawing import Box
from analoom.generators.wiring.channels import Lanes
from analoom.generators.wiring.fixed_places import FixedPin, FixedRoom, wire_within
from analoom.generators.wiring.resistance import drawn_ohm
from analoom.generators.wiring.router import Router
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer

OUTLINE = Box(0, 0, 30_000, 30_000)
LOW, HIGH = Box(5_000, 0, 5_300, 1_000), Box(25_000, 29_000, 25_300, 30_000)
METALS = (Layer.MET1, Layer.MET2, Layer.MET3, Layer.MET4, Layer.MET5)


def routed(*kept_off: tuple[Layer, Box], width_nm: int = 0, pins: Sequence[Box] = (LOW, HIGH)) -> Router:
    found = [FixedPin(f"pin{k}", Layer.MET4, box) for k, box in enumerate(pins)]
    room = FixedRoom(OUTLINE.enlarged(-500, -500), (), {"a": found}, kept_off)
    return wire_within(room, Lanes({}, {"a": width_nm} if width_nm else {}, (), {}, {}, (), {}))


def test_two_pins_are_joined_within_the_outline() -> None:
    net = routed().net("a")
    assert sum(box.width() * box.height() for layer, box in net.wires if layer in METALS) > 0
    assert all(box.inside(OUTLINE) for _, box in net.wires)
    assert any(box.touches(LOW) for layer, box in net.wires if layer is Layer.MET4)
    assert any(box.touches(HIGH) for layer, box in net.wires if layer is Layer.MET4)


def test_no_wire_lies_where_none_may() -> None:
    off = Box(0, 10_000, 20_000, 20_000)
    banned = [(Layer.MET5, OUTLINE), *((layer, off) for layer in METALS)]
    wires = routed(*banned).net("a").wires
    assert not [1 for layer, box in wires if layer is Layer.MET5]
    assert not [1 for layer, box in wires if layer in METALS and box.overlaps(off)]


def test_a_wall_is_no_way() -> None:
    wall = Box(-1_000, 10_000, 31_000, 20_000)
    with pytest.raises(SpecError, match="net a finds no way"):
        routed(*((layer, wall) for layer in METALS))


def test_a_wide_wire_has_less_resistance_and_stays_inside() -> None:
    slim, outside = routed(), [(layer, Box(-9_000, -9_000, 0, 39_000)) for layer in METALS]
    wide = routed(*outside, width_nm=2_000)
    assert drawn_ohm(wide.net("a"), wide.lattice) < drawn_ohm(slim.net("a"), slim.lattice)
    assert all(box.left >= 0 for _, box in wide.net("a").wires)


def test_a_large_pin_is_met_from_below() -> None:
    """Met4 is barred but for the pins: wires come up by a via3 in each."""
    pins = (Box(2_000, 2_000, 6_000, 6_000), Box(20_000, 20_000, 24_000, 24_000))
    between = (Layer.MET4, Box(7_000, 0, 19_000, 30_000))
    wires = routed(between, pins=pins).net("a").wires
    assert sum(layer is Layer.VIA3 for layer, _ in wires) >= 2
