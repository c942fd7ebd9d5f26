"""LVS on layouts drawn by hand: every kind of fault is found and named. Expected sizes are the drawn boxes."""

import pytest
from hand_drawn import MIM, NFET, PFET, Hand, marked_transistor, subckt

from analoom.flows.lvs import fast as lvs_fast
from analoom.flows.lvs.check import run_lvs
from analoom.pdk.errors import NotCleanError
from analoom.pdk.layers import Layer

NMOS = subckt("d g s b", f"Xm d g s b {NFET} w=1 l=0.15")


def nmos(**names):
    hand = Hand()
    hand.transistor()
    hand.names(**names)
    hand.tap(1500)
    return hand


def checked(hand, reference, tmp_path, top="top"):
    return run_lvs(hand.source(), reference, top, tmp_path)


def differences(hand, reference, tmp_path):
    report = checked(hand, reference, tmp_path)
    assert not report.clean
    return "\n".join(report.differences)


def test_a_transistor_matches_and_is_counted(tmp_path):
    report = checked(nmos(), NMOS, tmp_path).require_clean()
    engine = report.engines["fast"].to_json()
    assert engine["devices"] == {"layout": 1, "schematic": 1}
    assert engine["nets"] == engine["pins"] == {"layout": 4, "schematic": 4}
    assert (tmp_path / "lvs.lvsdb").is_file()


def test_source_and_drain_may_swap(tmp_path):
    assert checked(nmos(), subckt("d g s b", f"Xm s g d b {NFET} w=1 l=0.15"), tmp_path).clean


@pytest.mark.parametrize("line", [f"Xm d s g b {NFET} w=1 l=0.15", f"Xm d g s s {NFET} w=1 l=0.15"])
def test_swapped_gate_or_body_is_a_mismatch(line, tmp_path):
    assert "wired otherwise" in differences(nmos(), subckt("d g s b", line), tmp_path)


@pytest.mark.parametrize(("nets", "what"), [("d s g b", "gate and source"), ("d b s g", "gate and body")])
def test_swapped_pins_are_named(nets, what, tmp_path):
    said = differences(nmos(), subckt("d g s b", f"Xm {nets} {NFET} w=1 l=0.15"), tmp_path)
    assert said.startswith(f"{NFET} $1 at (0.365, 0.5) (W=1 L=0.15; S:s G:g D:d B:b): swapped pins: {what}\n")
    other = differences(nmos(), subckt("d g s b", f"Xm d g g b {NFET} w=1 l=0.15"), tmp_path)
    assert "swapped" not in other and "wired otherwise" in other


def test_the_number_of_fingers_is_compared(tmp_path):
    """Two fingers of 0.5 um are not the one of 1 um that is drawn; without `nf` the line says one, as in ngspice."""
    line = f"Xm d g s b {NFET} w=1 l=0.15"
    assert checked(nmos(), subckt("d g s b", line), tmp_path).clean
    assert checked(nmos(), subckt("d g s b", f"{line} nf=1"), tmp_path).clean
    said = differences(nmos(), subckt("d g s b", f"{line} nf=2"), tmp_path)
    assert said == f"wrong size: {NFET} $1 at (0.365, 0.5) in top: fingers 1 in layout, 2 in schematic"


@pytest.mark.parametrize(
    "size, said",
    [("w=1.005 l=0.15", "w 1 in layout, 1.005 in schematic"), ("w=1 l=0.155", "l 0.15 in layout, 0.155 in schematic")],
)
def test_one_grid_step_of_size_is_a_mismatch(size, said, tmp_path):
    assert said in differences(nmos(), subckt("d g s b", f"Xm d g s b {NFET} {size}"), tmp_path)


def test_fingers_add_up_and_m_equals_instances(tmp_path):
    hand = nmos()
    hand.transistor(x=3000)
    hand.names(x=3000)
    hand.box(Layer.LI1, 60, -285, 3230, -115)
    hand.box(Layer.LI1, 500, 415, 3670, 585)
    for x in (0, 3000):
        hand.box(Layer.LI1, x + 60, -285, x + 230, 0)
        hand.box(Layer.LI1, x + 500, 0, x + 670, 585)
    hand.box(Layer.POLY, 290, 1250, 3440, 1400)
    for line in (f"Xm d g s b {NFET} w=2 l=0.15 nf=2", f"Xm d g s b {NFET} w=1 l=0.15 m=2 mult=2"):
        assert checked(hand, subckt("d g s b", line), tmp_path).clean
    said = differences(hand, subckt("d g s b", f"Xm d g s b {NFET} w=2 l=0.15"), tmp_path)
    assert "fingers 2 in layout, 1 in schematic" in said
    two = [f"Xm{n} d g s b {NFET} w=1 l=0.15" for n in "12"]
    assert checked(hand, subckt("d g s b", *two), tmp_path).clean
    assert not checked(hand, subckt("d g s b", *two, f"Xm3 d g s b {NFET} w=1 l=0.15"), tmp_path).clean


@pytest.mark.parametrize(
    "marks, model",
    [
        ((), "nfet_01v8"),
        ((Layer.LVTN,), "nfet_01v8_lvt"),
        ((Layer.NWELL,), "pfet_01v8"),
        ((Layer.NWELL, Layer.LVTN), "pfet_01v8_lvt"),
        ((Layer.NWELL, Layer.HVTP), "pfet_01v8_hvt"),
    ],
)
def test_markers_tell_the_flavours_apart(marks, model, tmp_path):
    hand = marked_transistor(marks, length=350, tap_x=2000)
    reference = subckt("d g s b", f"Xm d g s b sky130_fd_pr__{model} w=1 l=0.35")
    assert checked(hand, reference, tmp_path).clean
    other = reference.replace(model, "nfet_01v8_lvt" if model != "nfet_01v8_lvt" else "nfet_01v8")
    assert f"sky130_fd_pr__{model}: 1 in layout, 0 in schematic" in differences(hand, other, tmp_path)


def test_a_gate_without_implant_is_no_known_transistor(tmp_path):
    hand = nmos()
    hand.layout.clear_layer(hand.layout.layer(*Layer.NSDM.value))
    assert "gate at (0.365, 0.5) is no known transistor" in differences(hand, NMOS, tmp_path)


def test_a_pin_without_label_and_a_label_without_port(tmp_path):
    assert "pin s of the schematic has no label in the layout" in differences(nmos(source=None), NMOS, tmp_path)
    hand = nmos()
    hand.box(Layer.MET1, 9000, 0, 9500, 500)
    hand.pin(Layer.MET1, "more", 9250, 250)
    assert "pin more of the layout is no port of the schematic" in differences(hand, NMOS, tmp_path)


def test_a_label_beside_its_wire(tmp_path):
    hand = nmos(source=None)
    hand.pin(Layer.LI1, "s", 145, -500)
    assert "s: its label at li1 (0.145, -0.5) lies on no wire" in differences(hand, NMOS, tmp_path)


def test_two_labels_on_one_wire_are_a_short(tmp_path):
    hand = nmos()
    hand.box(Layer.LI1, 60, -30, 670, 20)
    said = differences(hand, NMOS, tmp_path)
    assert "nets d and s are shorted: s on li1 (0.145, 0), d on li1 (0.585, 0)" in said
    assert "d and s meet by way of li1 (0.06, -0.03; 0.67, 0.02)" in said


def test_one_label_on_two_wires_is_an_open(tmp_path):
    hand = nmos()
    hand.box(Layer.LI1, 4000, 0, 4500, 500)
    hand.pin(Layer.LI1, "d", 4250, 250)
    assert "net d is open: its labels lie on 2 separate wires" in differences(hand, NMOS, tmp_path)


def test_a_label_off_the_pin_shapes_only_names_its_net(tmp_path):
    hand = nmos()
    hand.label(Layer.LI1, "d_too", 585, 100)
    assert checked(hand, NMOS, tmp_path).clean


def test_without_pin_shapes_every_label_is_a_port(tmp_path):
    hand = nmos()
    for layer in (Layer.LI1, Layer.POLY):
        hand.layout.clear_layer(hand.layout.layer(*layer.pin.value))
    assert checked(hand, NMOS, tmp_path).clean


def test_a_floating_gate_is_an_error_though_the_netlists_agree(tmp_path):
    reference = subckt("d s b", f"Xm d g s b {NFET} w=1 l=0.15")
    said = differences(nmos(gate=None), reference, tmp_path)
    assert said.count("\n") == 0
    assert "floats: gate of sky130_fd_pr__nfet_01v8 at (0.365, 0.5) in top has no driver" in said


def test_no_tap_is_an_error(tmp_path):
    hand = Hand()
    hand.transistor()
    hand.names()
    assert "the substrate has no tap" in differences(hand, NMOS, tmp_path)


def test_a_pwell_label_names_the_substrate(tmp_path):
    hand = Hand()
    hand.transistor()
    hand.names()
    hand.box(Layer.PWELL_PIN, 0, 0, 500, 500)
    hand.text(Layer.PWELL_LABEL, "b", 100, 100)
    assert checked(hand, NMOS, tmp_path).clean


def test_a_well_without_tap_is_an_error(tmp_path):
    hand = Hand()
    hand.transistor(implant=Layer.PSDM)
    hand.names()
    hand.box(Layer.NWELL, -500, -500, 4000, 2000)
    hand.tap(5000, implant=Layer.PSDM)
    reference = subckt("d g s b", f"Xm d g s w {PFET} w=1 l=0.15")
    assert "has no tap: body of sky130_fd_pr__pfet_01v8" in differences(hand, reference, tmp_path)


def plate(w=2000):
    hand = Hand()
    hand.plate(w)
    hand.pin(Layer.MET4, "top", 300, 300)
    hand.pin(Layer.MET3, "bottom", -300, 500)
    return hand


def test_a_capacitor_matches_by_its_sides(tmp_path):
    assert checked(plate(), subckt("top bottom", f"Xc top bottom {MIM} w=2 l=2"), tmp_path).clean
    same_area = subckt("top bottom", f"Xc top bottom {MIM} w=1 l=4")
    assert "p 8 in layout, 10 in schematic" in differences(plate(), same_area, tmp_path)
    four_units = subckt("top bottom", f"Xc top bottom {MIM} w=1 l=1 m=4 mf=4")
    assert "p 8 in layout, 16 in schematic" in differences(plate(), four_units, tmp_path)
    swapped = subckt("top bottom", f"Xc bottom top {MIM} w=2 l=2")
    assert not checked(plate(), swapped, tmp_path).clean


def test_a_capacitor_one_grid_step_off(tmp_path):
    said = differences(plate(w=2005), subckt("top bottom", f"Xc top bottom {MIM} w=2 l=2"), tmp_path)
    assert "a 4.01 in layout, 4 in schematic" in said


def test_a_plate_without_via_floats(tmp_path):
    hand = plate()
    hand.layout.clear_layer(hand.layout.layer(*Layer.VIA3.value))
    said = differences(hand, subckt("top bottom", f"Xc top bottom {MIM} w=2 l=2"), tmp_path)
    assert "floats: top plate of sky130_fd_pr__cap_mim_m3_1 at (1, 1) in top has no driver" in said


def test_a_via_beside_capm_reaches_the_bottom_plate(tmp_path):
    hand = plate()
    hand.box(Layer.VIA3, -400, 200, -200, 400)
    hand.box(Layer.MET4, -500, 100, 200, 500)
    reference = subckt("top bottom", f"Xc top bottom {MIM} w=2 l=2")
    assert "nets bottom and top are shorted" in differences(hand, reference, tmp_path)


UNITS = subckt("d g vss", f"Xm d g vss vss {NFET} w=1 l=0.15", name="unit") + subckt(
    "d0 g0 d1 g1 vss", "Xu0 d0 g0 vss unit", "Xu1 d1 g1 vss unit"
)


def tapless_units(with_tap):
    """Two cells whose bodies are at `vss`, with the tap beside them in the top cell."""
    unit = Hand("unit")
    unit.transistor()
    unit.names(source="vss")
    top = Hand("top", unit.layout)
    for n in range(2):
        top.place(unit, 0, 3000 * n)
        top.pin(Layer.LI1, f"d{n}", 585, 3000 * n)
        top.pin(Layer.POLY, f"g{n}", 365, 3000 * n + 1300)
        top.box(Layer.LI1, -1000, 3000 * n, 230, 3000 * n + 100)
    top.box(Layer.LI1, -1000, 0, -900, 3100)
    top.pin(Layer.LI1, "vss", -950, 1000)
    if with_tap:
        top.tap(-2000, name=None)
        top.box(Layer.LI1, -1700, 200, -900, 300)
    return top


def test_a_tap_above_serves_the_cells_below(tmp_path, monkeypatch):
    monkeypatch.setattr(lvs_fast, "FLAT_LIMIT", -1)
    assert checked(tapless_units(with_tap=True), UNITS, tmp_path).clean


def test_without_the_tap_above_the_bodies_are_open(tmp_path):
    assert "Must-connect nets SUBSTRATE and vss" in differences(tapless_units(with_tap=False), UNITS, tmp_path)


def test_a_flat_layout_matches_a_hierarchical_netlist_and_back(tmp_path):
    top = tapless_units(with_tap=True)
    flat = subckt("d0 g0 d1 g1 vss", *(f"Xm{n} d{n} g{n} vss vss {NFET} w=1 l=0.15" for n in range(2)))
    assert checked(top, flat, tmp_path).clean
    unit = top.layout.cell("unit")
    for layer in (Layer.LI1.label, Layer.POLY.label):
        unit.shapes(top.layout.layer(*layer.value)).clear()
    top.cell.flatten(True)
    assert checked(top, UNITS, tmp_path).clean


def test_require_clean_names_the_first_difference_and_the_report(tmp_path):
    report = checked(nmos(), subckt("d g s b", f"Xm d g s b {NFET} w=2 l=0.15"), tmp_path)
    with pytest.raises(NotCleanError, match=r"w 1 in layout, 2 in schematic.*lvs\.lvsdb"):
        report.require_clean()


def test_nothing_to_compare_is_not_clean(tmp_path):
    hand = Hand()
    hand.box(Layer.MET1, 0, 0, 5000, 500)
    hand.pin(Layer.MET1, "a", 100, 100)
    assert "holds no device: there is nothing to compare" in differences(hand, subckt("a"), tmp_path)
    assert "has no label in the layout" in differences(hand, NMOS, tmp_path)


def test_a_top_cell_may_have_any_name(tmp_path):
    hand = Hand("odd/name 1")
    hand.transistor()
    hand.names(drain="D")
    hand.tap(1500)
    assert checked(hand, NMOS, tmp_path).clean


def test_a_port_the_layout_lacks_and_subcircuits_nobody_uses(tmp_path):
    unused = subckt("q", f"Xm q q q q {NFET} w=1 l=1", name="unused")
    assert checked(nmos(), unused + NMOS, tmp_path).clean
    more = NMOS.replace("top d g s b", "top d g s b nc")
    assert "pin nc of the schematic has no label in the layout" in differences(nmos(), more, tmp_path)
