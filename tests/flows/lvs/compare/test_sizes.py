"""Sizes as the PDK's comparison allows: what passes with a note, what does not, and that one wrong size is one line.

The judge of the tolerances is the installed setup file of netgen.
"""

import re

import pytest
from hand_drawn import MIM, NFET, Hand, subckt

from analoom.cells.model.registry import build
from analoom.flows.files.layout_source import of_cell
from analoom.flows.lvs.check import run_lvs
from analoom.flows.lvs.compare.sizes import ESD_WIDTH, JUNCTION, SIDE, WIRE
from analoom.flows.lvs.devices.models import MODELS
from analoom.pdk.devices import DIODES, WIRE_RESISTORS
from analoom.pdk.install import netgen_setup
from analoom.pdk.layers import Layer, Marker

GROUPS = re.compile(r"set devices \{\}\n(.*?)(?=\nset devices|\Z)", re.DOTALL)
TOLERANCE = re.compile(r"-circuit1 \$dev\" tolerance ((?:\{\w+ [\d.]+\} ?)+)")
POLY = "sky130_fd_pr__res_high_po"


def tolerances_of_setup():
    """Relative, by model and parameter, of the PDK's own setup."""
    found = {}
    for group in GROUPS.findall(netgen_setup().read_text()):
        given = TOLERANCE.search(group)
        values = {name: float(v) for name, v in re.findall(r"\{(\w+) ([\d.]+)\}", given[1])} if given else {}
        found |= dict.fromkeys(re.findall(r"lappend devices (sky130_fd_pr__\w+)", group), values)
    return found


def test_the_tolerances_are_those_of_the_installed_setup():
    setup = tolerances_of_setup()
    wires = {d.model for d in WIRE_RESISTORS.values()}
    plain = [d.model for d in MODELS.values() if d.model in setup and "__esd_" not in d.model]
    plain = [model for model in plain if model not in wires]
    assert len(plain) >= 20
    assert {(setup[m].get("w", SIDE), setup[m].get("l", SIDE)) for m in plain} == {(SIDE, SIDE)}
    assert setup["sky130_fd_pr__esd_nfet_g5v0d10v5"] == {"w": ESD_WIDTH, "l": SIDE}
    assert [setup[model] for model in wires] == [{"w": WIRE, "l": WIRE}] * 6
    assert [setup[d.model] for d in DIODES.values()] == [{"area": JUNCTION, "perim": JUNCTION}] * 8


def nmos(w=1000, length=150):
    hand = Hand()
    hand.transistor(w=w, length=length)
    hand.names(w=w, length=length)
    hand.tap(1500)
    return hand.source()


def one(size):
    return subckt("d g s b", f"Xm d g s b {NFET} {size}")


def verdict(source, reference, tmp_path, exact=False):
    return run_lvs(source, reference, source.top.name, tmp_path, exact=exact).engines["fast"]


@pytest.mark.parametrize("size", ["w=1.005 l=0.15", "w=0.995 l=0.15", "w=1 l=0.1515"])
def test_a_size_within_the_tolerance_is_a_note(size, tmp_path):
    done = verdict(nmos(), one(size), tmp_path)
    assert done.state == "match"
    assert "the PDK allows 1 %" in done.notes[0]
    assert verdict(nmos(), one(size), tmp_path, exact=True).state == "mismatch"


@pytest.mark.parametrize(
    ("size", "said"),
    [("w=1.02 l=0.15", "w 1 in layout, 1.02 in schematic"), ("w=1 l=0.155", "l 0.15 in layout, 0.155 in schematic")],
)
def test_a_size_beyond_it_is_one_difference(size, said, tmp_path):
    done = verdict(nmos(), one(size), tmp_path)
    assert done.state == "mismatch"
    assert len(done.differences) == 1
    assert f"wrong size: {said}" in done.differences[0]


def test_an_equal_size_has_no_note(tmp_path):
    assert verdict(nmos(), one("w=1 l=0.15"), tmp_path).notes == ()


def test_fingers_are_a_note_where_the_pdk_decides(tmp_path):
    """Netgen's setup deletes nf."""
    done = verdict(nmos(), one("w=1 l=0.15 nf=2"), tmp_path)
    assert done.state == "match"
    assert "fingers 1 in layout, 2 in schematic" in done.notes[0]
    assert "wrong" not in done.notes[0]


def resistor(length=20_000):
    """A high_po resistor of 0.35 um on the substrate, `length` in nm."""
    hand = Hand()
    hand.box(Layer.POLY, 0, -2000, 350, length + 2000)
    hand.box(Marker.POLYRES, 0, 0, 350, length)
    hand.box(Marker.RPM, -500, -2500, 850, length + 2500)
    for name, y in (("a", -1500), ("b", length + 1500)):
        hand.box(Layer.LICON, 90, y - 85, 260, y + 85)
        hand.box(Layer.LI1, 0, y - 170, 350, y + 170)
        hand.pin(Layer.LI1, name, 175, y)
    hand.tap(3000, "sub")
    return hand.source()


def bodies(*lengths):
    nets = ["a", *(f"i{k}" for k in range(1, len(lengths))), "b"]
    lines = [f"X{k} {nets[k]} {nets[k + 1]} sub {POLY} w=0.35 l={um}" for k, um in enumerate(lengths)]
    return subckt("a b sub", "\n".join(lines))


@pytest.mark.parametrize("lengths", [(20.12,), (12, 8), (5, 5, 5, 5.1)], ids=["0.6 %", "two bodies", "four bodies"])
def test_a_resistor_may_be_of_other_bodies_in_series(lengths, tmp_path):
    """The setup adds lengths of equal width; klayout alone tells the number of ends apart."""
    assert verdict(resistor(), bodies(*lengths), tmp_path).state == "match"
    assert verdict(resistor(), bodies(*lengths), tmp_path, exact=True).state == "mismatch"


@pytest.mark.parametrize(("lengths", "um"), [((12, 8), "41.4"), ((5, 5, 5, 5), "42.8")], ids=["two", "four"])
def test_other_bodies_are_a_note(lengths, um, tmp_path):
    """One of 0.35 um x 20 um has a perimeter of 40.7 um, each more in series has 0.7 um at its ends."""
    said = f"perimeter of all bodies 40.7 in layout, {um} in schematic"
    assert any(said in note for note in verdict(resistor(), bodies(*lengths), tmp_path).notes)
    assert verdict(resistor(), bodies(20), tmp_path).notes == ()


@pytest.mark.parametrize("lengths", [(21,), (12, 8.5), (19,)])
def test_a_resistor_of_another_length_may_not(lengths, tmp_path):
    done = verdict(resistor(), bodies(*lengths), tmp_path)
    assert done.state == "mismatch"
    assert f"l 20 in layout, {sum(lengths):g} in schematic" in done.differences[0]


@pytest.mark.parametrize(
    ("name", "spec", "size"),
    [
        ("matched_pair", {}, "w=4 l=1"),
        ("current_mirror", {}, None),
        ("crossbar", {"rows": 4, "cols": 4}, None),
        ("translinear", {}, None),
    ],
)
def test_one_wrong_size_is_one_difference(name, spec, size, tmp_path):
    """Devices are paired by what they are connected to."""
    cell = build(name, spec)
    lines = cell.spice().splitlines()
    size = size or next(found[0] for line in lines for found in [re.search(r"w=\S+ l=\S+", line)] if found)
    first = next(k for k, line in enumerate(lines) if size in line)
    w_um = float(re.search(r"w=([\d.]+)", size)[1])
    lines[first] = lines[first].replace(f"w={w_um:g}", f"w={1.1 * w_um:g}", 1)
    done = verdict(of_cell(cell), "\n".join(lines), tmp_path, exact=True)
    assert done.state == "mismatch"
    assert [line for line in done.differences if "wrong size" not in line] == []
    assert len(done.differences) == 1


@pytest.mark.parametrize(("w_nm", "state"), [(2005, "match"), (2020, "match"), (2025, "mismatch"), (1975, "mismatch")])
def test_a_plate_may_be_off_by_one_percent_of_a_side(w_nm, state, tmp_path):
    hand = Hand()
    hand.plate(w=w_nm)
    hand.pin(Layer.MET3, "bottom", -300, 0)
    hand.pin(Layer.MET4, "top", 300, 300)
    reference = subckt("top bottom", f"Xc top bottom {MIM} w=2 l=2")
    turned = subckt("top bottom", f"Xc bottom top {MIM} w=2 l=2")
    assert verdict(hand.source(), reference, tmp_path).state == state
    assert verdict(hand.source(), turned, tmp_path).state == "mismatch"
    assert verdict(hand.source(), reference, tmp_path, exact=True).state == "mismatch"
