"""Symmetry reports: equal wires are equal, a longer one shows, and resistances are those of the closed form."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hand_drawn import Hand

from analoom.cells.model.registry import build
from analoom.flows.files.layout_source import of_cell
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.pex.extract import extract
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.pex.symmetry import NOT_DISTRIBUTED, FarthestOhm, alike, spread, symmetry, wires, wires_csv
from analoom.pdk.layers import Layer


def _bus(tmp_path, lengths):
    """Wires a0, a1 ... of met1, 0.3 um wide and far apart, as a cell with those ports."""
    hand = Hand("bus")
    for k, length in enumerate(lengths):
        hand.box(Layer.MET1, 0, 30_000 * k, length, 30_000 * k + 300)
        hand.label(Layer.MET1, f"a{k}", 100, 30_000 * k + 150)
    ports = tuple(f"a{k}" for k in range(len(lengths)))
    circuit = SimpleNamespace(ports=ports, devices=(), children=list)
    cell = SimpleNamespace(circuit=circuit, match_groups=(), weave=None)
    return cell, extract(hand.source(), workdir=tmp_path)


def test_equal_wires_have_no_spread_and_a_longer_one_shows(tmp_path):
    (same,) = symmetry(*_bus(tmp_path, (200_000, 200_000)))["groups"]
    assert same["c_spread"] == pytest.approx(0.0, abs=1e-9)
    report = symmetry(*_bus(tmp_path, (200_000, 300_000)))
    assert report["r_not_given"] == NOT_DISTRIBUTED
    assert report["groups"][0]["c_spread"] == pytest.approx(10 / 25, rel=0.02), "capacitance goes by length"


def test_spread():
    assert spread([1.0, 2.0, 3.0]) == pytest.approx(1.0)
    assert spread([0.0, 0.0]) is None


def test_weighted_bits_are_compared_per_unit():
    cell = build("cap_array", {"weights": [1, 1, 2, 4]})
    assert list(alike(cell, dict.fromkeys(cell.circuit.ports))) == [("b", [("b0", 1), ("b1", 1), ("b2", 2), ("b3", 4)])]


def test_resistance_to_the_farthest_device():
    """0 -1- 1 -1- 2 with a 2 ohm bypass of both: the far device sees 2 parallel 2 = 1 ohm, the near one 0.75."""
    from analoom.flows.pex.resistance.reduce import RcGraph

    graph = RcGraph.of([(1, 2, 1.0), (2, 3, 1.0), (1, 3, 2.0)], [])
    devices = {((), "m1"): {"d": 2}, ((), "m2"): {"d": 3, "s": 4}}
    rc = SimpleNamespace(graph=graph, main={"n": 1}, net_of={1: "n", 2: "n", 3: "n", 4: "other"}, devices=devices)
    assert FarthestOhm(rc)("n") == pytest.approx(1.0)
    assert FarthestOhm(rc)("other") is None, "it has no pin"


@pytest.mark.slow
def test_sides_of_a_common_centroid_pair(tmp_path):
    """Rows and columns of one pattern: both sides have as many strips, so they differ by a few per cent at most."""
    cell = build("matched_pair", {"device": "nfet_01v8", "w": 4, "l": 1, "pattern": "abba"})
    found = symmetry(cell, extract(of_cell(cell), "rc", workdir=tmp_path, options=RcOptions(up_to_hz=1e10)))
    assert [(g["name"], g["count"], g["per"]) for g in found["groups"]] == [("d", 2, "net"), ("g", 2, "net")]
    assert "r_not_given" not in found
    for group in found["groups"]:
        assert 0 <= group["c_spread"] < 0.1
        assert all(net["r_ohm"] > 1 for net in group["nets"]), "a contact alone has tens of ohm"


@pytest.mark.slow
def test_bits_of_a_capacitor_array_are_compared_with_their_plates(tmp_path):
    """Wires beside the plates (model, to 1 %: 2.0 fF/um2, 0.19 fF/um, 25 nm less a side), and differ."""
    cell = build("cap_array", {"weights": [1, 1, 2, 4]})
    parasitics = extract(of_cell(cell), workdir=tmp_path)
    (group,) = symmetry(cell, parasitics)["groups"]
    w_um = next(flat_devices(cell.circuit)).device.w_um - 0.025
    unit_f = 2.0e-15 * w_um**2 + 0.19e-15 * 4 * w_um
    whole = [unit_f + w["c_f"] / w["units"] for w in group["nets"]]
    assert group["c_whole_spread"] == pytest.approx((max(whole) - min(whole)) / (sum(whole) / 4), rel=1e-2)
    assert 0 < group["c_whole_spread"] < group["c_spread"]


@pytest.mark.slow
def test_every_line_of_a_large_array_has_its_c_and_r(tmp_path):
    """512 x 2048 by tile classes; a row's wire alone is 2047 x 2.75 um of met1, 0.251 um, 0.125 ohm per square."""
    cell = build("crossbar", {"rows": 512, "cols": 2048})
    found = extract(of_cell(cell), "rc", workdir=tmp_path, options=RcOptions(min_c_f=1e-17, up_to_hz=1e10))
    report = symmetry(cell, found)
    assert {g["name"]: g["count"] for g in report["groups"]} == {"row": 512, "wwl": 512, "col": 2048, "wbl": 2048}
    rows = next(g for g in report["groups"] if g["name"] == "row")
    wire_ohm = 2047 * 2.75 / 0.251 * 0.125
    assert wire_ohm < rows["nets"][0]["r_ohm"] < wire_ohm + 250, "a contact and the way from the pin on top"
    assert 0 < rows["c_spread"] < 0.1 and rows["r_spread"] < 0.01
    table = wires_csv(wires(cell, found)[0]).splitlines()
    assert len(table) == 1 + 2 * (512 + 2048)


@pytest.mark.slow
def test_ladders_and_networks_agree_on_resistance(tmp_path):
    cell = build("crossbar", {"rows": 4, "cols": 5})
    flat = extract(of_cell(cell), "rc", workdir=tmp_path)
    by_ladders = wires(cell, replace(flat, rc=None))[0]
    for name, members in wires(cell, flat)[0].items():
        for wire, other in zip(members, by_ladders[name], strict=True):
            assert other.r_ohm == pytest.approx(wire.r_ohm, rel=2e-3), wire.net
