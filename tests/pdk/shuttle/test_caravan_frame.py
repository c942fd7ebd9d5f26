"""The frame of the analog user area, against the wrapper that the precheck package brings: its shapes and its pins."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import klayout.db as kdb
import pytest

from analoom.pdk.install import package_file
from analoom.pdk.layers import Layer
from analoom.pdk.shuttle.caravan_frame import HEIGHT_NM, SUPPLIES, WIDTH_NM, WRAPPER, FramePin, frame_pins, port_names

METALS = (Layer.MET2, Layer.MET3, Layer.MET4, Layer.MET5)
AREA = kdb.Region(kdb.Box(0, 0, WIDTH_NM, HEIGHT_NM))


@cache
def golden() -> kdb.Layout:
    layout = kdb.Layout()
    layout.read(str(package_file("cf-precheck", f"cf_precheck/_default_content/gds/{WRAPPER}.gds")))
    return layout


def outside(layer: Layer) -> kdb.Region:
    layout = golden()
    return (kdb.Region(layout.cell(WRAPPER).begin_shapes_rec(layout.layer(*layer.value))) - AREA).merged()


def differences(layer: Layer, pins: tuple[FramePin, ...]) -> int:
    ours = kdb.Region([kdb.Box(*pin.box) for pin in pins if pin.layer is layer]) - AREA
    marked = kdb.Region([kdb.Box(*pin.marked) for pin in pins if pin.layer is layer]) - AREA
    return (ours ^ outside(layer)).count() + (marked ^ outside(layer.pin)).count()


@pytest.mark.parametrize("layer", METALS)
def test_what_lies_outside_the_user_area_is_as_in_the_wrapper(layer: Layer) -> None:
    assert not outside(layer).is_empty()
    assert differences(layer, frame_pins()) == 0


def test_a_pin_that_is_moved_is_seen() -> None:
    first, *others = frame_pins()
    left, bottom, right, top = first.box
    moved = replace(first, box=(left + 5, bottom, right + 5, top))
    assert differences(first.layer, (moved, *others)) > 0


def test_each_pin_has_the_name_that_stands_there() -> None:
    """Labels of the wrapper's own cell, on the pin purpose; four supplies are labelled a second time elsewhere."""
    layout, found = golden(), 0
    for layer in METALS:
        for text in kdb.Texts(layout.cell(WRAPPER).shapes(layout.layer(*layer.pin.value))).each():
            at = kdb.Point(text.x, text.y)
            names = {pin.name for pin in frame_pins() if pin.layer is layer and kdb.Box(*pin.box).contains(at)}
            assert names == {text.string}
            found += 1
    assert found == 690
    assert len(frame_pins()) == found and len(port_names()) == 663


def test_sides_and_supplies() -> None:
    by_side = {pin.name: pin.side for pin in frame_pins()}
    assert by_side["wb_clk_i"] == "bottom" and by_side["io_analog[5]"] == "top"
    assert by_side["gpio_analog[0]"] == "right" and by_side["gpio_analog[17]"] == "left"
    assert SUPPLIES.keys() <= set(port_names())
