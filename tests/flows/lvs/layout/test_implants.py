"""LVS of implants drawn by hand: each junction under the wrong implant, both or none is told with its place.

Places are the centres of the drawn boxes. Magic 8.3.677 finds the first two sources on the substrate, takes no notice
of the other two, and takes diffusion of a tap's implant for a tap.
"""

import klayout.db as kdb
import pytest
from hand_drawn import NFET, PFET, Hand, subckt

from analoom.flows.lvs.check import run_lvs
from analoom.pdk.layers import Layer

NMOS = subckt("d g s b", f"Xm d g s b {NFET} w=1 l=0.15")
PMOS = NMOS.replace(NFET, PFET)
SOURCE = (-125, -125, 200, 1125)
"""Covers the source of `Hand.transistor` up to 0.09 um from the gate: its part in the diffusion is 0.2 um x 1 um."""
AT_SOURCE = "(0.1, 0.5)"


def transistor(well=False, cut=None, extra=()):
    """A transistor and its tap, p in a well; the implant cut out of the box `cut`, `extra` boxes drawn over it."""
    hand = Hand()
    implant = Layer.PSDM if well else Layer.NSDM
    hand.transistor(implant=implant)
    hand.names()
    hand.tap(1500, implant=Layer.NSDM if well else Layer.PSDM)
    if well:
        hand.box(Layer.NWELL, -500, -500, 2500, 1500)
    if cut:
        shapes = hand.cell.shapes(hand.layout.layer(*implant.value))
        left = kdb.Region(shapes) - kdb.Region(kdb.Box(*cut))
        shapes.clear()
        shapes.insert(left)
    for layer, box in extra:
        hand.box(layer, *box)
    return hand


def said(hand, reference, tmp_path):
    report = run_lvs(hand.source(), reference, "top", tmp_path)
    assert report.clean == (not report.differences)
    return list(report.differences)


@pytest.mark.parametrize(("well", "reference"), [(False, NMOS), (True, PMOS)])
def test_the_right_implants_match(well, reference, tmp_path):
    assert said(transistor(well), reference, tmp_path) == []


@pytest.mark.parametrize(
    ("cut", "extra", "words"),
    [
        (SOURCE, [(Layer.PSDM, SOURCE)], "diffusion (diff) of p-implant (psdm) outside an n-well (nwell)"),
        (None, [(Layer.PSDM, SOURCE)], "diffusion (diff) under both implants (nsdm and psdm)"),
        (None, [(Layer.NWELL, SOURCE)], "diffusion (diff) of n-implant (nsdm) in an n-well (nwell)"),
        (SOURCE, [], "diffusion (diff) without an implant (nsdm or psdm)"),
    ],
)
def test_a_source_of_another_kind_than_its_transistor(cut, extra, words, tmp_path):
    assert said(transistor(cut=cut, extra=extra), NMOS, tmp_path) == [f"{words} in top at {AT_SOURCE}"]
    assert words in (tmp_path / "lvs.lvsdb").read_text(), "the database tells it too"


@pytest.mark.parametrize(
    ("cut", "extra", "words"),
    [
        (SOURCE, [(Layer.NSDM, SOURCE)], "diffusion (diff) of n-implant (nsdm) in an n-well (nwell)"),
        (None, [(Layer.NSDM, SOURCE)], "diffusion (diff) under both implants (nsdm and psdm)"),
        (SOURCE, [], "diffusion (diff) without an implant (nsdm or psdm)"),
    ],
)
def test_the_same_in_a_well(cut, extra, words, tmp_path):
    assert said(transistor(True, cut, extra), PMOS, tmp_path) == [f"{words} in top at {AT_SOURCE}"]


def test_a_p_source_outside_its_well(tmp_path):
    """The well ends between source and gate."""
    hand = transistor(True)
    hand.layout.clear_layer(hand.layout.layer(*Layer.NWELL.value))
    hand.box(Layer.NWELL, 200, -500, 2500, 1500)
    words = "diffusion (diff) of p-implant (psdm) outside an n-well (nwell)"
    assert said(hand, PMOS, tmp_path) == [f"{words} in top at {AT_SOURCE}"]


def test_a_gate_under_both_implants_is_no_known_transistor(tmp_path):
    over = (250, -125, 480, 1125)
    assert "gate at (0.365, 0.5) is no known transistor" in said(transistor(extra=[(Layer.PSDM, over)]), NMOS, tmp_path)


def tapped(implant, well=False, layer=Layer.TAP):
    """A transistor whose only body contact is drawn on `layer` under `implant`, None for no implant."""
    hand = Hand()
    hand.transistor(implant=Layer.PSDM if well else Layer.NSDM)
    hand.names()
    if well:
        hand.box(Layer.NWELL, -500, -500, 2500, 1500)
    hand.box(layer, 1500, 0, 2000, 500)
    if implant:
        hand.box(implant, 1375, -125, 2125, 625)
    hand.box(Layer.LICON, 1665, 165, 1835, 335)
    hand.box(Layer.LI1, 1600, 100, 1900, 400)
    hand.pin(Layer.LI1, "b", 1750, 250)
    return hand


@pytest.mark.parametrize(
    ("well", "implant", "words"),
    [
        (False, None, "tap without an implant (nsdm or psdm)"),
        (True, None, "tap without an implant (nsdm or psdm)"),
        (False, Layer.NSDM, "tap of n-implant (nsdm) outside an n-well (nwell)"),
        (True, Layer.PSDM, "tap of p-implant (psdm) in an n-well (nwell)"),
    ],
)
def test_a_tap_without_its_implant_is_none(well, implant, words, tmp_path):
    found = said(tapped(implant, well), PMOS if well else NMOS, tmp_path)
    assert f"{words} in top at (1.75, 0.25)" in found
    assert any("has no tap" in line for line in found), "it does not reach its well either"


@pytest.mark.parametrize(("well", "implant"), [(False, Layer.PSDM), (True, Layer.NSDM)])
@pytest.mark.parametrize("layer", [Layer.TAP, Layer.DIFF])
def test_a_tap_may_be_drawn_as_diffusion(well, implant, layer, tmp_path):
    """The wells reach through the contact: without it the body floats."""
    reference = PMOS if well else NMOS
    assert said(tapped(implant, well, layer), reference, tmp_path) == []
    uncontacted = tapped(implant, well, layer)
    uncontacted.layout.clear_layer(uncontacted.layout.layer(*Layer.LICON.value))
    assert any("has no tap" in line for line in said(uncontacted, reference, tmp_path))


def test_a_fault_in_a_cell_is_placed_in_the_top_cell(tmp_path):
    child = Hand("child")
    child.transistor()
    child.tap(1500, name=None)
    top = Hand("top", child.layout)
    top.place(child, 10_000, 20_000)
    top.box(Layer.PSDM, 9_875, 19_875, 10_200, 21_125)
    for layer, name, x, y in ((Layer.LI1, "s", 145, 0), (Layer.LI1, "d", 585, 0), (Layer.POLY, "g", 365, 1300)):
        top.pin(layer, name, 10_000 + x, 20_000 + y)
    top.pin(Layer.LI1, "b", 11_750, 20_250)
    words = "diffusion (diff) under both implants (nsdm and psdm)"
    assert f"{words} in top at (10.1, 20.5)" in said(top, NMOS, tmp_path)
