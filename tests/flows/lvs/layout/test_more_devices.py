"""Devices of layouts that we did not draw: each drawing matches what Magic says it is, and a changed one does not.

The lines are those that Magic 8.3.677 extracts from the same drawings with `sky130A.tech` (`ad`, `pd`, `as`, `ps` left
out), with two exceptions, told where they stand.
"""

import pytest
from hand_drawn import Hand, subckt
from more_devices import diffusion_resistor, diode, esd_transistor, npn, pnp, varactor, wire_resistor

from analoom.flows.lvs.check import run_lvs
from analoom.pdk.layers import Layer, Marker

PR = "sky130_fd_pr__"


def said(hand, ports, line, tmp_path):
    """Every difference from a circuit of one line, in one text; empty for a match."""
    report = run_lvs(hand.source(), subckt(ports, line), "top", tmp_path)
    assert report.clean == (not report.differences)
    return "\n".join(report.differences)


def without(hand, mark):
    hand.layout.clear_layer(hand.layout.layer(*mark.value))
    return hand


WIRES = [
    (Layer.LI1, Marker.LIRES, "l1"),
    (Layer.LI1, Marker.LISHORT, "l1"),
    *((Layer[f"MET{n}"], Marker[f"MET{n}{kind}"], f"m{n}") for n in range(1, 6) for kind in ("RES", "SHORT")),
]


@pytest.mark.parametrize(("layer", "mark", "name"), WIRES)
def test_resistors_of_wires(layer, mark, name, tmp_path):
    line = f"R0 a b {PR}res_generic_{name} w=0.5 l=2"
    assert said(wire_resistor(layer, mark), "a b", line, tmp_path) == ""
    assert said(wire_resistor(layer, mark), "a b", line.replace("R0 a b", "R0 b a"), tmp_path) == ""
    assert " in layout, " in said(wire_resistor(layer, mark, w=700), "a b", line, tmp_path)
    assert " in layout, " in said(wire_resistor(layer, mark, length=3000), "a b", line, tmp_path)
    other = "m2" if name == "m1" else "m1"
    assert f"res_generic_{name}: 1 in layout, 0 in schematic" in said(
        wire_resistor(layer, mark), "a b", line.replace(f"generic_{name}", f"generic_{other}"), tmp_path
    )
    assert "nets a and b are shorted" in said(without(wire_resistor(layer, mark), mark), "a b", line, tmp_path)


def test_a_via_beside_a_body_does_not_bridge_it(tmp_path):
    """A met2 strap over the body of met1 joins the ends: the resistor is shorted."""
    hand = wire_resistor(Layer.MET1, Marker.MET1RES)
    hand.box(Layer.MET2, -600, 0, 2600, 500)
    line = f"R0 a b {PR}res_generic_m1 w=0.5 l=2"
    assert said(hand, "a b", line, tmp_path) == ""
    for x in (-500, 2300):
        hand.box(Layer.VIA, x, 150, x + 150, 300)
    shorted = said(hand, "a b", line, tmp_path).partition("meet by way of")[2].partition("\n")[0]
    assert "met1 (-1, 0; 0, 0.5)" in shorted and "met2 (-0.6, 0; 2.6, 0.5)" in shorted and "diff" not in shorted


@pytest.mark.parametrize(
    ("marks", "name"),
    [
        ((), "nd"),
        ((Layer.NWELL,), "pd"),
        ((Marker.HVI,), "nd__hv"),
        ((Layer.NWELL, Marker.HVI), "pd__hv"),
    ],
)
def test_resistors_of_diffusion(marks, name, tmp_path):
    line = f"X0 a b s {PR}res_generic_{name} w=0.42 l=4"
    assert said(diffusion_resistor(*marks), "a b s", line, tmp_path) == ""
    assert " in layout, " in said(diffusion_resistor(*marks, length=4005), "a b s", line, tmp_path)
    assert " in layout, " in said(diffusion_resistor(*marks, w=425), "a b s", line, tmp_path)
    assert said(diffusion_resistor(*marks), "a b s", line.replace("a b s", "a s b"), tmp_path)
    other = f"X0 a b s {PR}res_generic_{'pd' if name == 'nd' else 'nd'} w=0.42 l=4"
    assert f"res_generic_{name}: 1 in layout" in said(diffusion_resistor(*marks), "a b s", other, tmp_path)
    unmarked = without(diffusion_resistor(*marks), Marker.DIFFRES)
    assert "nets a and b are shorted" in said(unmarked, "a b s", line, tmp_path)


@pytest.mark.parametrize(("marks", "name"), [((), "mrdn_hv"), ((Layer.NWELL,), "mrdp_hv")])
def test_older_names_of_resistors_of_thick_oxide(marks, name, tmp_path):
    line = f"X0 a b s {name} w=0.42 l=4"
    assert said(diffusion_resistor(Marker.HVI, *marks), "a b s", line, tmp_path) == ""
    assert said(diffusion_resistor(*marks), "a b s", line, tmp_path)


def test_a_body_of_diffusion_under_both_implants_is_no_known_device(tmp_path):
    hand = diffusion_resistor()
    hand.box(Layer.PSDM, 0, -125, 4000, 545)
    line = f"X0 a b s {PR}res_generic_nd w=0.42 l=4"
    words = "diffusion resistor at (2, 0.21): a device that LVS does not know"
    assert words in said(hand, "a b s", line, tmp_path)


N_DIODES = [
    ((), "pw2nd_05v5"),
    ((Layer.LVTN,), "pw2nd_05v5_lvt"),
    ((Marker.HVI, Layer.LVTN), "pw2nd_05v5_nvt"),
    ((Marker.HVI,), "pw2nd_11v0"),
]
P_DIODES = [
    ((Layer.NWELL,), "pd2nw_05v5"),
    ((Layer.NWELL, Layer.LVTN), "pd2nw_05v5_lvt"),
    ((Layer.NWELL, Layer.HVTP), "pd2nw_05v5_hvt"),
    ((Layer.NWELL, Marker.HVI), "pd2nw_11v0"),
]


@pytest.mark.parametrize(("marks", "name"), [*N_DIODES, *P_DIODES])
def test_diodes(marks, name, tmp_path):
    """Of the `_lvt` and `_hvt` ones in a well Magic takes the contact for a plain diode; ours are the drawn area."""
    nets, swapped = ("s k", "k s") if "pw2nd" in name else ("k s", "s k")
    line = f"X0 {nets} {PR}diode_{name} perim=2.64e+06 area=4.347e+11"
    drawn = diode(*marks)
    assert said(drawn, "k s", line, tmp_path) == ""
    assert said(drawn, "k s", line.replace(f"X0 {nets}", f"X0 {swapped}"), tmp_path)
    assert "a 0.4473 in layout, 0.4347 in schematic" in said(diode(*marks, w=710), "k s", line, tmp_path)
    other = "pd2nw_11v0" if name != "pd2nw_11v0" else "pd2nw_05v5"
    wrong = line.replace(f"diode_{name}", f"diode_{other}")
    assert f"diode_{name}: 1 in layout, 0 in schematic" in said(drawn, "k s", wrong, tmp_path)
    assert said(diode(*marks, mark=None), "k s", line, tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        f"D1 s k {PR}diode_pw2nd_05v5 area=4.347e11 pj=2.64e6",
        f"D1 s k {PR}diode_pw2nd_05v5 pj=2.64 area=0.4347",
        "D1 s k diode_pw2nd_05v5 area=4.347e11 pj=2.64e6",
        "X1 s k diode_pw2nd_05v5 area=4.347e11 perim=2.64e6",
        f"X1 s k {PR}diode_pw2nd_05v5 area=2.1735e11 perim=1.32e6 m=2",
    ],
)
def test_the_forms_of_a_diodes_line(line, tmp_path):
    """xschem writes D lines with `area` and `pj` in 1e-12 um2 and 1e-6 um, Magic X lines with `area` and `perim`."""
    assert said(diode(), "k s", line, tmp_path) == ""
    assert " in layout, " in said(diode(w=695), "k s", line, tmp_path)


def test_diodes_in_parallel_are_one(tmp_path):
    hand = diode()
    hand.box(Layer.DIFF, 1500, 0, 2190, 630)
    hand.box(Layer.NSDM, 1375, -125, 2315, 755)
    hand.box(Marker.DIODE, 1500, 0, 2190, 630)
    hand.box(Layer.LICON, 1760, 230, 1930, 400)
    hand.box(Layer.LI1, 300, 230, 1930, 400)
    one = f"X0 s k {PR}diode_pw2nd_05v5 perim=2.64e+06 area=4.347e+11"
    assert said(hand, "k s", f"{one} m=2", tmp_path) == ""
    assert said(hand, "k s", f"{one}\n{one.replace('X0', 'X1')}", tmp_path) == ""
    assert "a 0.8694 in layout, 0.4347 in schematic" in said(hand, "k s", one, tmp_path)


def test_an_antenna_diode_does_not_drive_a_gate(tmp_path):
    """Without the pin the gate floats, diode or not."""
    hand = Hand()
    hand.transistor()
    hand.names(gate=None)
    hand.tap(1500)
    hand.box(Layer.POLY, 290, 1250, 440, 3500)
    hand.box(Layer.LICON, 280, 3200, 450, 3370)
    hand.box(Layer.LI1, 200, 3100, 2500, 3500)
    hand.box(Layer.DIFF, 2000, 3000, 2500, 3500)
    hand.box(Layer.NSDM, 1875, 2875, 2625, 3625)
    hand.box(Marker.DIODE, 2000, 3000, 2500, 3500)
    hand.box(Layer.LICON, 2165, 3165, 2335, 3335)
    lines = f"Xm d g s b {PR}nfet_01v8 w=1 l=0.15\nXd b g {PR}diode_pw2nd_05v5 area=0.25 perim=2"
    assert "floats: gate" in said(hand, "d s b", lines, tmp_path)
    hand.pin(Layer.LI1, "g", 1000, 3300)
    assert said(hand, "d g s b", lines, tmp_path) == ""


@pytest.mark.parametrize(("marks", "name"), [((), "cap_var_lvt"), ((Layer.HVTP,), "cap_var_hvt")])
def test_varactors(marks, name, tmp_path):
    line = f"X0 g w s {PR}{name} w=1 l=0.5"
    assert said(varactor(*marks), "g w s", line, tmp_path) == ""
    assert said(varactor(*marks), "g w s", line.replace("w=1 l=0.5", "w=0.5 l=0.5 vm=2"), tmp_path)
    assert " in layout, " in said(varactor(*marks, w=1005), "g w s", line, tmp_path)
    for nets in ("w g s", "g s w"):
        assert said(varactor(*marks), "g w s", line.replace("g w s", nets), tmp_path)
    other = line.replace(name, "cap_var_hvt" if name == "cap_var_lvt" else "cap_var_lvt")
    assert f"{name}: 1 in layout, 0 in schematic" in said(varactor(*marks), "g w s", other, tmp_path)
    hand = varactor(*marks)
    assert said(without(hand, Layer.NWELL), "g w s", line, tmp_path)


def test_poly_over_a_tap_that_is_no_known_varactor(tmp_path):
    line = f"X0 g w s {PR}cap_var_lvt w=1 l=0.5"
    words = "varactor at (0.55, 0.5): a device that LVS does not know"
    assert words in said(varactor(Marker.HVI), "g w s", line, tmp_path)


def test_vm_multiplies_a_varactor(tmp_path):
    """As in the model: twice the charge is two such plates."""
    hand = varactor()
    hand.box(Layer.TAP, 0, 2000, 1100, 3000)
    hand.box(Layer.NSDM, -125, 1875, 1225, 3125)
    hand.box(Layer.POLY, 300, -130, 800, 3100)
    hand.box(Layer.NWELL, -400, -400, 1500, 3400)
    line = f"X0 g w s {PR}cap_var_lvt w=1 l=0.5"
    assert said(hand, "g w s", f"{line} vm=2", tmp_path) == ""
    assert "a 1 in layout, 0.5 in schematic" in said(hand, "g w s", line, tmp_path)


ESD = [
    ((Marker.HVI,), 5400, 550, "esd_nfet_g5v0d10v5"),
    ((Marker.HVI, Layer.NWELL), 14500, 550, "esd_pfet_g5v0d10v5"),
    ((), 5400, 165, "esd_nfet_01v8"),
    ((Marker.HVI, Layer.LVTN), 10000, 900, "esd_nfet_05v0_nvt"),
]


@pytest.mark.parametrize(("marks", "w", "length", "name"), ESD)
def test_esd_transistors(marks, w, length, name, tmp_path):
    """Magic takes no notice of the mark on the last two: nfet_01v8 and nfet_05v0_nvt."""
    line = f"X0 d g s b {PR}{name} w={w / 1000:g} l={length / 1000:g}"
    hand = esd_transistor(*marks, w=w, length=length)
    assert said(hand, "d g s b", line, tmp_path) == ""
    assert " in layout, " in said(esd_transistor(*marks, w=w + 5, length=length), "d g s b", line, tmp_path)
    assert said(hand, "d g s b", line.replace("d g s b", "g d s b"), tmp_path)
    assert f"{name}: 0 in layout, 1 in schematic" in said(without(hand, Marker.ESDID), "d g s b", line, tmp_path)


def marked(*marks, w=360):
    """A transistor of that width under `marks`."""
    in_well = Layer.NWELL in marks
    hand = Hand()
    hand.transistor(w=w, implant=Layer.PSDM if in_well else Layer.NSDM)
    hand.names(w=w)
    hand.tap(2500, implant=Layer.NSDM if in_well else Layer.PSDM)
    for mark in marks:
        hand.box(mark, -500, -500, 4000, 2000)
    return hand


@pytest.mark.parametrize(
    ("marks", "name", "plain"),
    [
        ((Marker.STDCELL,), "special_nfet_01v8", "nfet_01v8"),
        ((Marker.STDCELL, Layer.NWELL, Layer.HVTP), "special_pfet_01v8_hvt", "pfet_01v8_hvt"),
    ],
)
def test_narrow_transistors_of_standard_cells(marks, name, plain, tmp_path):
    """Magic 8.3.677: `special_*` at w=0.36 under the mark, the plain one at w=0.42 and where the mark is missing."""
    line = f"X0 d g s b {PR}{name} w=0.36 l=0.15"
    assert said(marked(*marks), "d g s b", line, tmp_path) == ""
    assert f"{name}: 1 in layout, 0 in schematic" in said(
        marked(*marks), "d g s b", line.replace(name, plain), tmp_path
    )
    for hand, width in ((marked(*marks, w=420), 0.42), (without(marked(*marks), Marker.STDCELL), 0.36)):
        wide = f"X0 d g s b {PR}{plain} w={width} l=0.15"
        assert said(hand, "d g s b", wide, tmp_path) == ""
        assert f"{name}: 0 in layout, 1 in schematic" in said(hand, "d g s b", line, tmp_path)


def test_the_transistor_of_medium_threshold(tmp_path):
    line = f"X0 d g s b {PR}pfet_01v8_mvt w=0.84 l=0.15"
    hand = marked(Layer.NWELL, Marker.HVTR, w=840)
    assert said(hand, "d g s b", line, tmp_path) == ""
    assert "pfet_01v8: 0 in layout" in said(hand, "d g s b", line.replace("_mvt", ""), tmp_path)
    assert "pfet_01v8_mvt: 0 in layout" in said(without(hand, Marker.HVTR), "d g s b", line, tmp_path)


BIPOLARS = [
    (pnp, (680,), "c b e", "pnp_05v5_W0p68L0p68"),
    (pnp, (3400,), "c b e", "pnp_05v5_W3p40L3p40"),
    (npn, (1000,), "c b e s", "npn_05v5_W1p00L1p00"),
    (npn, (2000,), "c b e s", "npn_05v5_W1p00L2p00"),
]


@pytest.mark.parametrize(("draw", "size", "nets", "name"), BIPOLARS)
def test_bipolar_transistors(draw, size, nets, name, tmp_path):
    line = f"X0 {nets} {PR}{name}"
    assert said(draw(*size), nets, line, tmp_path) == ""
    assert said(draw(*size), nets, line.replace("X0", "Q0"), tmp_path) == ""
    for swapped in ("b c e", "c e b"):
        assert said(draw(*size), nets, line.replace("c b e", swapped), tmp_path)
    assert "ae " in said(draw(*size), nets, f"{line} m=2", tmp_path)
    other = next(n for _, _, p, n in BIPOLARS if p == nets and n != name)
    assert f"{name.lower()}: 1 in layout, 0 in schematic" in said(
        draw(*size), nets, line.replace(name, other), tmp_path
    )
    assert said(draw(*size, mark=None), nets, line, tmp_path)


def test_an_emitter_of_no_models_size_is_no_known_device(tmp_path):
    line = f"X0 c b e {PR}pnp_05v5_W0p68L0p68"
    words = "pnp transistor at (2.75, 2.25): a device that LVS does not know"
    assert words in said(pnp(700), "c b e", line, tmp_path)


@pytest.mark.parametrize(("draw", "name"), [(pnp, "pnp_05v5_W0p68L0p68"), (npn, "npn_05v5_W1p00L1p00")])
def test_a_bipolar_transistor_of_thick_oxide_is_no_known_device(draw, name, tmp_path):
    """Magic calls the second `npn_11v0_W1p00L1p00`."""
    hand = draw()
    hand.box(Marker.HVI, -300, -300, 1300, 1300)
    nets = "c b e" if draw is pnp else "c b e s"
    found = said(hand, nets, f"X0 {nets} {PR}{name}", tmp_path)
    assert f"{name[:3]} transistor at " in found and "a device that LVS does not know" in found
