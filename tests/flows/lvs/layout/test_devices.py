"""LVS of devices and wells drawn by hand: 5 V transistors, cap2m, poly resistors, islands, soft connections."""

import pytest
from hand_drawn import END_NM, NFET, PFET, Hand, marked_transistor, subckt

from analoom.flows.lvs.check import run_lvs
from analoom.flows.lvs.compare.soft import soft_connections
from analoom.pdk.layers import Layer, Marker

MODEL = "sky130_fd_pr__"


def thick_oxide(*marks):
    """A transistor of 0.9 um length under `marks`."""
    return marked_transistor(marks, length=900, tap_x=2500)


def said(hand, reference, tmp_path):
    """Every difference, in one text; empty for a match."""
    report = run_lvs(hand.source(), reference, "top", tmp_path)
    assert report.clean == (not report.differences)
    return "\n".join(report.differences)


@pytest.mark.parametrize(
    "marks, model",
    [
        ((Marker.HVI,), "nfet_g5v0d10v5"),
        ((Marker.HVI, Layer.NWELL), "pfet_g5v0d10v5"),
        ((Marker.HVI, Layer.LVTN), "nfet_05v0_nvt"),
        ((Marker.HVI, Layer.LVTN, Marker.LVID), "nfet_03v3_nvt"),
    ],
)
def test_thick_oxide_flavours(marks, model, tmp_path):
    hand = thick_oxide(*marks)
    reference = subckt("d g s b", f"Xm d g s b {MODEL}{model} w=1 l=0.9")
    assert said(hand, reference, tmp_path) == ""
    thin = "pfet_01v8" if Layer.NWELL in marks else "nfet_01v8"
    assert f"{MODEL}{model}: 1 in layout, 0 in schematic" in said(hand, reference.replace(model, thin), tmp_path)


def test_thick_oxide_with_the_high_threshold_mark_is_no_known_transistor(tmp_path):
    hand = Hand()
    hand.transistor(implant=Layer.PSDM)
    hand.names()
    hand.tap(2500, implant=Layer.NSDM)
    for mark in (Layer.NWELL, Marker.HVI, Layer.HVTP):
        hand.box(mark, -500, -500, 4000, 2000)
    reference = subckt("d g s b", f"Xm d g s b {PFET}_hvt w=1 l=0.15")
    assert "is no known transistor" in said(hand, reference, tmp_path)


def upper_plate():
    """cap2m over met4, via4 and met5 on top."""
    hand = Hand()
    hand.box(Layer.MET4, -500, -140, 2140, 2140)
    hand.box(Layer.CAP2M, 0, 0, 2000, 2000)
    hand.box(Layer.VIA4, 200, 200, 1000, 1000)
    hand.box(Layer.MET5, 100, 100, 1500, 1500)
    hand.pin(Layer.MET5, "top", 300, 300)
    hand.pin(Layer.MET4, "bottom", -300, 500)
    return hand


def test_the_upper_mim_capacitor(tmp_path):
    line = subckt("top bottom", f"Xc top bottom {MODEL}cap_mim_m3_2 w=2 l=2")
    assert said(upper_plate(), line, tmp_path) == ""
    assert "1 in layout, 0 in schematic" in said(upper_plate(), line.replace("m3_2", "m3_1"), tmp_path)
    assert "p 8 in layout, 8.01 in schematic" in said(upper_plate(), line.replace("w=2", "w=2.005"), tmp_path)
    hand = upper_plate()
    hand.layout.clear_layer(hand.layout.layer(*Layer.VIA4.value))
    assert "floats: top plate" in said(hand, line, tmp_path)


def stacked():
    """capm and cap2m over one another: met3 and met5 are separate, met4 is common."""
    hand = upper_plate()
    hand.plate()
    hand.pin(Layer.MET3, "low", -300, 1500)
    return hand


def test_stacked_capacitors(tmp_path):
    lines = [f"Xu top bottom {MODEL}cap_mim_m3_2 w=2 l=2", f"Xl bottom low {MODEL}cap_mim_m3_1 w=2 l=2"]
    assert said(stacked(), subckt("top bottom low", *lines), tmp_path) == ""
    swapped = [lines[0], f"Xl top low {MODEL}cap_mim_m3_1 w=2 l=2"]
    assert said(stacked(), subckt("top bottom low", *swapped), tmp_path)


def resistor(*marks, w=690, length=4000, tap=True):
    """Poly from pin a to pin b with a resistor body between, over the substrate."""
    hand = Hand()
    hand.box(Layer.POLY, -1000, 0, length + 1000, w)
    hand.box(Marker.POLYRES, 0, -50, length, w + 50)
    for mark in (*marks, *((Layer.PSDM, Layer.NPC) if marks else ())):
        hand.box(mark, -1200, -500, length + 1200, w + 500)
    for x in (-700, length + 300):
        hand.box(Layer.LICON, x, 200, x + 400, 390)
        hand.box(Layer.LI1, x - 80, 120, x + 480, 470)
    for name, x in (("a", -800), ("b", length + 800)):
        hand.pin(Layer.POLY, name, x, w // 2)
    if tap:
        hand.tap(-3000, name="s")
    return hand


@pytest.mark.parametrize(
    "marks, model", [((Marker.RPM,), "res_high_po"), ((Marker.URPM,), "res_xhigh_po"), ((), "res_generic_po")]
)
def test_poly_resistors(marks, model, tmp_path):
    generic = not marks
    ports, nets = ("a b", "a b") if generic else ("a b s", "a b s")
    line = subckt(ports, f"Xr {nets} {MODEL}{model} w=0.69 l=4")
    assert said(resistor(*marks, tap=not generic), line, tmp_path) == ""
    turned = line.replace("Xr a b", "Xr b a")
    assert said(resistor(*marks, tap=not generic), turned, tmp_path) == ""
    for change in (("l=4", "l=4.005"), ("w=0.69", "w=0.695")):
        wrong = line.replace(*change)
        assert " in layout, " in said(resistor(*marks, tap=not generic), wrong, tmp_path)
    if not generic:
        named = line.replace(f"{model} w=0.69", f"{model}_0p69")
        assert said(resistor(*marks), named, tmp_path) == ""
        assert said(resistor(*marks), named.replace("0p69", "1p41"), tmp_path)
        assert said(resistor(*marks), line.replace("Xr a b s", "Xr a b a"), tmp_path)
        assert "has no tap" in said(resistor(*marks, tap=False), line, tmp_path)


def test_a_resistor_is_no_wire(tmp_path):
    """Without the marker the poly is one wire: a and b are shorted."""
    hand = resistor(Marker.RPM)
    hand.layout.clear_layer(hand.layout.layer(*Marker.POLYRES.value))
    line = subckt("a b s", f"Xr a b s {MODEL}res_high_po w=0.69 l=4")
    assert "nets a and b are shorted" in said(hand, line, tmp_path)


def test_resistors_in_parallel_and_in_series(tmp_path):
    hand = resistor()
    hand.box(Layer.POLY, -1000, 2000, 5000, 2690)
    hand.box(Marker.POLYRES, 0, 1950, 4000, 2740)
    for x in (-1000, 4500):
        hand.box(Layer.POLY, x, 0, x + 500, 2690)
    line = subckt("a b s", f"Xr a b {MODEL}res_generic_po w=0.69 l=4 m=2 mult=2")
    assert said(hand, line, tmp_path).startswith("pin s") is False
    chain = resistor(length=9000)
    chain.layout.clear_layer(chain.layout.layer(*Marker.POLYRES.value))
    for x in (0, 5000):
        chain.box(Marker.POLYRES, x, -50, x + 4000, 740)
    one = f"Xr a b {MODEL}res_generic_po w=0.69 l=8"
    two = [f"Xr1 a i {MODEL}res_generic_po w=0.69 l=4", f"Xr2 i b {MODEL}res_generic_po w=0.69 l=4"]
    assert "differ" not in said(chain, subckt("a b s", one), tmp_path)
    assert said(chain, subckt("a b s", *two), tmp_path) == said(chain, subckt("a b s", one), tmp_path)


@pytest.mark.parametrize(
    "marker, layer, what",
    [
        (Marker.NPNID, Layer.DIFF, "npn transistor"),
        (Marker.PHOTO, Layer.DIFF, "photodiode"),
        (Marker.PWRES, Layer.MET1, "p-well resistor"),
    ],
)
def test_a_device_that_is_not_modelled_is_never_a_wire(marker, layer, what, tmp_path):
    hand = Hand()
    hand.transistor()
    hand.names()
    hand.tap(1500)
    reference = subckt("d g s b", f"Xm d g s b {NFET} w=1 l=0.15")
    hand.box(layer, 5000, 5000, 7000, 5500)
    if layer is Layer.DIFF:
        hand.box(Layer.NSDM, 4875, 4875, 7125, 5625)
    assert said(hand, reference, tmp_path) == ""
    hand.box(marker, 5500, 5000, 6000, 5500)
    assert f"{what} at (5.75, 5.25): a device that LVS does not know" in said(hand, reference, tmp_path)


def island(closed=True, x=0, hand=None, names=("d", "g", "s")):
    """An nfet whose body is tied to its source in a p-well of its own; the ring's n-tap is pin w."""
    hand = hand or Hand()
    hand.transistor(x=x)
    hand.names(x=x, drain=names[0], gate=names[1], source=names[2])
    hand.tap(x + 1500, name=None)
    hand.box(Layer.LI1, x + 60, -330, x + 1700, -230)
    hand.box(Layer.LI1, x + 60, -330, x + 230, 0)
    hand.box(Layer.LI1, x + 1600, -330, x + 1700, 200)
    hand.box(Layer.DNWELL, x - 2000, -2000, x + 4000, 3000)
    ring = [(-2500, -2500, -1000, 3500), (3000, -2500, 4500, 3500), (-2500, 2000, 4500, 3500)]
    for left, low, right, high in [*ring, *([(-2500, -2500, 4500, -1000)] if closed else [])]:
        hand.box(Layer.NWELL, x + left, low, x + right, high)
    hand.box(Layer.TAP, x + 3500, 0, x + 4000, 500)
    hand.box(Layer.NSDM, x + 3400, -100, x + 4100, 600)
    hand.box(Layer.LICON, x + 3665, 165, x + 3835, 335)
    hand.box(Layer.LI1, x + 3600, 100, x + 3900, 400)
    return hand


ISLAND = subckt("d g s", f"Xm d g s s {NFET} w=1 l=0.15")


def test_an_island_has_a_body_of_its_own(tmp_path):
    assert said(island(), ISLAND, tmp_path) == ""


def test_the_body_of_an_island_is_not_the_substrate(tmp_path):
    hand = island()
    hand.tap(6000, name="b")
    bulk = subckt("d g s b", f"Xm d g s b {NFET} w=1 l=0.15")
    assert said(hand, bulk, tmp_path)
    assert said(hand, subckt("d g s b", f"Xm d g s s {NFET} w=1 l=0.15", f"Xn b b b b {NFET} w=1 l=1"), tmp_path)


def test_two_islands_are_two_nets(tmp_path):
    hand = island(x=10_000, hand=island(), names=("d2", "g2", "s2"))
    pair = f"Xm d g s s {NFET} w=1 l=0.15", f"Xn d2 g2 s2 s2 {NFET} w=1 l=0.15"
    assert said(hand, subckt("d g s d2 g2 s2", *pair), tmp_path) == ""
    crossed = pair[0].replace("s s", "s s2"), pair[1]
    assert said(hand, subckt("d g s d2 g2 s2", *crossed), tmp_path)


def test_an_open_ring_is_no_island(tmp_path):
    assert "is no island: its n-well ring does not close" in said(island(closed=False), ISLAND, tmp_path)


def two_sources(joined):
    """Two nfets whose sources, both called s, have a tap each; a strap of li1 joins them, or nothing but the bulk."""
    hand = Hand()
    for x, names in ((0, ("d", "g", "s")), (10_000, ("d2", "g2", "s"))):
        hand.transistor(x=x)
        hand.names(x=x, drain=names[0], gate=names[1], source=names[2])
        hand.tap(x + 1500, name=None)
        hand.box(Layer.LI1, x + 60, -330, x + 1700, -230)
        hand.box(Layer.LI1, x + 60, -330, x + 230, 0)
        hand.box(Layer.LI1, x + 1600, -330, x + 1700, 200)
    if joined:
        hand.box(Layer.LI1, 60, -330, 10_230, -230)
    return hand


PAIR = subckt("d g d2 g2 s", f"Xm d g s s {NFET} w=1 l=0.15", f"Xn d2 g2 s s {NFET} w=1 l=0.15")


def test_wires_that_only_the_substrate_joins(tmp_path):
    assert said(two_sources(joined=True), PAIR, tmp_path) == ""
    found = said(two_sources(joined=False), PAIR, tmp_path)
    assert "soft connection: only the substrate joins the wires s at" in found


def test_wires_that_only_an_n_well_joins(tmp_path):
    hand = two_sources(joined=False)
    for layer in (Layer.NSDM, Layer.PSDM):
        hand.layout.clear_layer(hand.layout.layer(*layer.value))
    for x in (0, 10_000):
        hand.box(Layer.PSDM, x - 125, -125, x + 2 * END_NM + 275, 1125)
        hand.box(Layer.NSDM, x + 1375, -125, x + 2125, 625)
    hand.box(Layer.NWELL, -500, -500, 13_000, 2000)
    found = said(hand, PAIR.replace(NFET, PFET), tmp_path)
    assert "soft connection: only a well joins the wires s at" in found
    hand.box(Layer.LI1, 60, -330, 10_230, -230)
    assert said(hand, PAIR.replace(NFET, PFET), tmp_path) == ""


def test_a_name_alone_is_something_on_a_wire():
    """Two wires of a tap each with no device: both named, it is told; one named, the other joins nothing."""
    for name, told in (("s", 1), (None, 0)):
        hand = Hand()
        hand.tap(0, "s")
        hand.tap(5000, name)
        found = soft_connections(hand.source())
        assert [line.partition(" at ")[0] for line in found] == [
            "soft connection: only the substrate joins the wires s"
        ] * told


@pytest.mark.parametrize(("wires", "more"), [(4, ""), (5, " and 1 more")])
def test_four_wires_are_told_and_how_many_more_there_are(wires, more):
    hand = Hand()
    for k in range(wires):
        hand.tap(5000 * k, "s")
    (found,) = soft_connections(hand.source())
    assert found.count(" at ") == 4 and found.partition(" in top")[2].rpartition("in top")[2] == more


def test_a_soft_connection_two_levels_down(tmp_path):
    """The same two transistors as instances of cells: each source ends in its own cell."""
    units = []
    top = Hand("top")
    for k in range(2):
        unit = Hand(f"unit{k}", top.layout)
        unit.transistor()
        unit.names(source=None, drain=None, gate=None)
        unit.tap(1500, name=None)
        unit.box(Layer.LI1, 60, -330, 1700, -230)
        unit.box(Layer.LI1, 60, -330, 230, 0)
        unit.box(Layer.LI1, 1600, -330, 1700, 200)
        units.append(unit)
        top.place(unit, 10_000 * k, 0)
        top.pin(Layer.LI1, ("d", "d2")[k], 10_000 * k + 585, 0)
        top.pin(Layer.POLY, ("g", "g2")[k], 10_000 * k + 365, 1300)
    top.pin(Layer.LI1, "s", 145, 0)
    assert "soft connection: only the substrate joins" in said(top, PAIR, tmp_path)
    top.box(Layer.LI1, 60, -330, 10_230, -230)
    assert said(top, PAIR, tmp_path) == ""


@pytest.mark.tools
@pytest.mark.parametrize(
    ("hand", "ports", "device", "wrong"),
    [
        (thick_oxide(Marker.HVI), "d g s b", "nfet_g5v0d10v5 w=1 l=0.9", "nfet_g5v0d10v5 w=1 l=0.905"),
        (thick_oxide(Marker.HVI, Layer.NWELL), "d g s b", "pfet_g5v0d10v5 w=1 l=0.9", "pfet_01v8 w=1 l=0.9"),
        (thick_oxide(Marker.HVI, Layer.LVTN), "d g s b", "nfet_05v0_nvt w=1 l=0.9", "nfet_05v0_nvt w=1.005 l=0.9"),
        (resistor(Marker.RPM), "a b s", "res_high_po w=0.69 l=4", "res_high_po w=0.69 l=4.005"),
        (resistor(Marker.URPM), "a b s", "res_xhigh_po w=0.69 l=4", "res_high_po w=0.69 l=4"),
        (resistor(tap=False), "a b", "res_generic_po w=0.69 l=4", "res_generic_po w=0.695 l=4"),
        (upper_plate(), "top bottom", "cap_mim_m3_2 w=2 l=2", "cap_mim_m3_2 w=2 l=2.005"),
    ],
)
def test_netgen_agrees_on_devices(hand, ports, device, wrong, tmp_path):
    for line, clean in ((device, True), (wrong, False)):
        reference = subckt(ports, f"Xx {ports} {MODEL}{line}")
        engine = run_lvs(hand.source(), reference, "top", tmp_path, ("netgen",)).engines["netgen"]
        assert engine.state == ("match" if clean else "mismatch"), engine.differences
