"""Strips of resistive poly: heads, contacts and implants against SkyWater's rules, read by eye."""

import pytest

from analoom.cells.model.drawing import layer_index
from analoom.cells.resistor.strip import Strip
from analoom.cells.resistor.unit import resistor_unit
from analoom.pdk.devices import RESISTORS
from analoom.pdk.layers import Layer, Marker

BARS = {350: 1, 690: 1, 1410: 2, 2850: 4, 5730: 8}
"""Contacts in a head by its width: rpm.1g to rpm.1k of SkyWater's periphery rules."""


@pytest.mark.parametrize(("w_nm", "count"), BARS.items())
def test_a_head_holds_as_many_bars_as_the_rules_ask(w_nm, count):
    strip = Strip(RESISTORS["res_high_po"], w_nm, 5000)
    bars = strip.contacts(top=True)
    assert [(bar.width(), bar.height()) for bar in bars] == [(190, 2000)] * count
    assert bars[0].left - strip.poly.left == strip.poly.right - bars[-1].right, "in the middle"
    assert strip.head(top=False).height() == strip.head(top=True).height() == 2160


def test_a_head_of_generic_poly_holds_squares():
    strip = Strip(RESISTORS["res_generic_po"], 1000, 5000)
    cuts = strip.contacts(top=False)
    assert {(cut.width(), cut.height()) for cut in cuts} == {(170, 170)} and len(cuts) == 4
    assert strip.body.height() == 5000 and strip.body.width() == 1000


@pytest.mark.parametrize("name", ["res_generic_po", "res_high_po", "res_xhigh_po"])
def test_the_mark_is_the_body_and_the_implant_that_of_the_model(name):
    device = RESISTORS[name]
    cell = resistor_unit(Strip(device, 350, 5000))

    def box(layer):
        return cell.layout.bbox(layer_index(layer))

    assert (box(Marker.POLYRES).width(), box(Marker.POLYRES).height()) == (350, 5000)
    drawn = {mark for mark in (Marker.RPM, Marker.URPM) if not box(mark).empty()}
    assert drawn == ({device.implant} if device.implant else set())
    if device.implant:
        assert box(device.implant).width() == 1270 and box(Layer.POLY).width() == 350
    assert cell.circuit.ports == device.terminals


def test_the_line_is_that_of_the_models():
    """Terminals r0 r1 b, w and l in um: the `.subckt` lines of models_resistors.spice."""
    (line,) = [d.spice() for d in resistor_unit(Strip(RESISTORS["res_xhigh_po"], 350, 5000)).circuit.devices]
    assert line == "Xr r0 r1 b sky130_fd_pr__res_xhigh_po w=0.35 l=5 m=1 mult=1"
