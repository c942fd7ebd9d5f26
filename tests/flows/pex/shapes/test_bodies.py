"""Resistor bodies cut nets in both modes as they do in LVS; ports tied on one wire are one net with both names.

Marks and device names are those of the `rmetal`, `rpoly` and `rndiff` layers of `sky130A.tech`.
"""

import pytest
from hand_drawn import Hand

from analoom.flows.lvs.layout.extract import extract as lvs_extract
from analoom.flows.pex.extract import extract
from analoom.pdk.layers import Layer, Marker

BOTH = pytest.mark.parametrize("mode", ["c", "rc"])
WIRES = [
    (Layer.POLY, Marker.POLYRES, "res_generic_po"),
    (Layer.POLY, Marker.POLYSHORT, "res_generic_po"),
    (Layer.LI1, Marker.LIRES, "res_generic_l1"),
    (Layer.LI1, Marker.LISHORT, "res_generic_l1"),
    (Layer.MET1, Marker.MET1RES, "res_generic_m1"),
    (Layer.MET2, Marker.MET2SHORT, "res_generic_m2"),
    (Layer.MET3, Marker.MET3RES, "res_generic_m3"),
    (Layer.MET4, Marker.MET4RES, "res_generic_m4"),
    (Layer.MET5, Marker.MET5RES, "res_generic_m5"),
]


def wire(layer, mark=None, names=("a", "b"), length=20_000, width=2000):
    """A wire, marked from 8 to 12 um, with a label near either end."""
    hand = Hand("wire")
    hand.box(layer, 0, 0, length, width)
    if mark:
        hand.box(mark, 8000, 0, 12_000, width)
    for name, x in zip(names, (1000, length - 1000), strict=True):
        if name:
            hand.label(layer, name, x, width // 2)
    return hand


def without_grounds(found):
    return sorted(set(found.nets) - {found.ground, "0"})


@BOTH
@pytest.mark.parametrize(("layer", "mark", "device"), WIRES)
def test_a_body_cuts_its_wire(layer, mark, device, mode, tmp_path):
    found = extract(wire(layer, mark).source(), mode, workdir=tmp_path)
    assert without_grounds(found) == ["a", "b"]
    assert [(b.device, sorted(b.nets), b.x_um, b.y_um) for b in found.bodies] == [(device, ["a", "b"], 8.0, 0.0)]
    assert found.to_json()["resistor_bodies"][0]["device"] == device


@BOTH
@pytest.mark.parametrize(("layer", "mark", "device"), WIRES)
def test_each_end_has_half_of_the_body(layer, mark, device, mode, tmp_path):
    """The wire is symmetric, and as a whole it sees what it sees without the mark: no part lost, none counted twice."""
    plain = extract(wire(layer, names=("a", None)).source(), mode, workdir=tmp_path).nets["a"].substrate_f
    cut = extract(wire(layer, mark).source(), mode, workdir=tmp_path).nets
    assert cut["a"].substrate_f == pytest.approx(cut["b"].substrate_f, rel=1e-6, abs=0)
    assert cut["a"].substrate_f + cut["b"].substrate_f == pytest.approx(plain, rel=2e-3, abs=0)


@BOTH
def test_a_body_with_one_end_unlabelled_is_two_nets(mode, tmp_path):
    found = extract(wire(Layer.MET1, Marker.MET1RES, ("a", None)).source(), mode, workdir=tmp_path)
    assert without_grounds(found) == ["a", "n_10000_0"]


@BOTH
def test_diffusion_under_its_mark_is_a_resistor(mode, tmp_path):
    hand = Hand("diff")
    hand.box(Layer.DIFF, 0, 0, 10_000, 1000)
    hand.box(Layer.NSDM, -200, -200, 10_200, 1200)
    hand.box(Marker.DIFFRES, 3000, 0, 7000, 1000)
    for name, x in (("a", 500), ("b", 9000)):
        hand.box(Layer.LICON, x, 400, x + 170, 570)
        hand.box(Layer.LI1, x - 80, 300, x + 250, 700)
        hand.label(Layer.LI1, name, x + 80, 500)
    found = extract(hand.source(), mode, workdir=tmp_path)
    assert [(b.device, sorted(b.nets)) for b in found.bodies] == [("res_generic_nd", ["a", "b"])]
    assert without_grounds(found) == ["a", "b"]


def high_resistance(implant=Marker.RPM):
    hand = wire(Layer.POLY, Marker.POLYRES)
    hand.box(implant, -300, -300, 20_300, 2300)
    return hand


@pytest.mark.parametrize(("implant", "device"), [(Marker.RPM, "res_high_po"), (Marker.URPM, "res_xhigh_po")])
def test_the_model_of_high_resistance_poly_holds_the_silicon_below_its_body(implant, device, tmp_path):
    """`xc0` in the model file: what is left is the heads, 16 of 20 um, and the plain resistor has it all."""
    plain = extract(wire(Layer.POLY, Marker.POLYRES).source(), "c", workdir=tmp_path).nets["a"].substrate_f
    found = extract(high_resistance(implant).source(), "c", workdir=tmp_path)
    assert [b.device for b in found.bodies] == [device]
    assert found.nets["a"].substrate_f == pytest.approx(plain * 16 / 20, rel=0.03, abs=0)


def test_nets_are_cut_where_lvs_cuts_them():
    """The poly resistor, the one LVS compares: the nets and the device between them are the same."""
    hand = high_resistance()
    found = lvs_extract(hand.layout, hand.cell)
    (resistor,) = [d for circuit in found.netlist.each_circuit() for d in circuit.each_device()]
    assert {resistor.net_for_terminal(k).expanded_name() for k in (0, 1)} == {"a", "b"}


@BOTH
def test_ports_tied_on_one_wire_are_one_net_with_both_names(mode, tmp_path):
    found = extract(wire(Layer.MET1).source(), mode, workdir=tmp_path)
    assert without_grounds(found) == ["a"]
    assert found.other_names == {"b": "a"} and found.to_json()["other_names"] == {"b": "a"}
    assert found.ports == ("a", "b")
    (note,) = [n for n in found.notes if "one net" in n]
    assert note == "a and b are one net: a on met1 at (1, 1), b on met1 at (19, 1)"
    ties = [line.split() for line in found.netlist.read_text().splitlines() if line.startswith("R")]
    assert [sorted(t[1:3]) for t in ties] == [["a", "b"]]
    ohm = 18 / (2 - 0.039) * 0.125 if mode == "rc" else 1e-3
    assert float(ties[0][3]) == pytest.approx(ohm, rel=1e-3)


def test_two_names_on_one_spot_are_tied(tmp_path):
    hand = wire(Layer.MET1, names=("a", None))
    hand.label(Layer.MET1, "b", 1000, 1000)
    lines = extract(hand.source(), "rc", workdir=tmp_path).netlist.read_text().splitlines()
    assert [line for line in lines if line.startswith("R")] == ["Rtie0 b a 0.001"]


@BOTH
def test_shapes_far_beyond_a_reticle_are_refused(mode, tmp_path):
    from analoom.pdk.errors import InputError

    hand = Hand("huge")
    hand.box(Layer.MET1, -2_147_483_000, -10_000, 2_147_483_000, 10_000)
    with pytest.raises(InputError, match=r"2147.48 mm from the origin; extraction takes up to 50 mm"):
        extract(hand.source(), mode, workdir=tmp_path)
