"""What a floorplan is told of a wired net is what the check of the finished layout finds, with jumper and diode."""

import klayout.db as kdb
import pytest
from antenna_layouts import diode, jumped, wired
from drc_cases import L, layout_of

from analoom.cells.model.registry import build
from analoom.flows.drc.check import run_drc
from analoom.flows.files.layout_source import of_layout
from analoom.generators.ways.antenna import End, Held, Metal, antenna_ratio, held_by, wired_ratios

GATE = Held(gate_um2=1.0)
WIRING = (L.LICON, L.LI1, L.MCON, L.MET1, L.VIA, L.MET2, L.VIA2, L.MET3)
POLY_END = [End(L.LICON, kdb.Box(-500, -600, 500, 1600), GATE)]


def as_planned(shapes, ends=POLY_END):
    """The ratios of the wires among `shapes`, by level."""
    boxes = {layer: [kdb.Box(*s[1:]) for s in shapes if s[0] is layer] for layer in WIRING}
    return {one.layer.name.lower(): one for one in wired_ratios(boxes, ends)}


def checked(shapes, folder):
    layout = layout_of(shapes)
    return run_drc(of_layout(layout, layout.top_cell()), ("antenna",), folder).engines["antenna"]


@pytest.mark.parametrize(
    ("shapes", "broken"),
    [
        (wired(L.LI1, 390_000), {"li1"}),
        (wired(L.LI1, 350_000), set()),
        (wired(L.MET1, 600_000), {"met1"}),
        (wired(L.MET3, 300_000), {"met3"}),
        (jumped(600_000), set()),
    ],
    ids=["li1", "short", "met1", "met3", "jumper"],
)
def test_a_wired_net_has_the_ratios_of_the_finished_layout(tmp_path, shapes, broken):
    planned = as_planned(shapes)
    drawn = {net["rule"].removeprefix("antenna."): net["ratio"] for net in checked(shapes, tmp_path).nets}
    del drawn["poly"]
    assert {name: one.ratio for name, one in planned.items()} == pytest.approx(drawn, rel=1e-9, abs=0)
    assert {name for name, one in planned.items() if one.broken} == broken


def test_a_diode_where_the_net_meets_it_cures_and_one_level_too_high_does_not():
    """0.25 um2 with `450` per um2 of li: 112.5 times the gate, more than the 78.1 that there are."""
    at = kdb.Box(-100, 100_000, 100, 101_000)
    for layer, cured in ((L.LI1, True), (L.MET1, False)):
        found = as_planned(wired(L.LI1, 390_000), [*POLY_END, End(layer, at, Held(diode_um2=0.25))])["li1"]
        assert found.broken is not cured


def test_the_diode_told_is_just_enough_in_the_finished_layout(tmp_path):
    """With what leads to it, 78.72 / 450 is 0.1749 um2: a side of 0.415 um misses it, one of 0.42 um is enough."""
    for side_nm, enough in ((415, False), (420, True)):
        shapes = [*wired(L.LI1, 390_000), *diode(side_nm)]
        assert as_planned(shapes)["li1"].diode_um2 == pytest.approx(0.1749, abs=1e-4)
        assert checked(shapes, tmp_path).clean is enough


def test_the_ratio_of_areas_is_the_wires_outline_by_thickness_over_the_gate():
    """100 um of met2, 0.14 um wide, on 0.063 um2: 2 (100 + 0.14) 0.36 / 0.063."""
    metal = {L.MET2: Metal(14.0, 2 * 100.14)}
    (found,) = antenna_ratio(metal, Held(gate_um2=0.063))
    assert found.ratio == pytest.approx(1144.457, rel=1e-5)
    assert found.broken and 0 < found.diode_um2 < 1e-6, "any diode gives 2200"
    assert not antenna_ratio(metal, Held(0.063, 0.1))[0].broken
    assert antenna_ratio(metal, Held()) == [], "without a gate there is nothing to judge"


def test_two_pieces_are_judged_apart_until_a_level_joins_them():
    """Two gates, each with a li1 of its own, joined by met1: li1 of the worse one, met1 over both gates."""
    left, right = kdb.Box(0, 0, 170, 100_000), kdb.Box(10_000, 0, 10_170, 1000)
    shapes = {
        L.LI1: [left, right],
        L.MCON: [kdb.Box(0, 0, 170, 170), kdb.Box(10_000, 0, 10_170, 170)],
        L.MET1: [kdb.Box(-100, -100, 10_270, 270)],
    }
    li1, mcon, met1 = wired_ratios(shapes, [End(L.LI1, left, GATE), End(L.LI1, right, Held(gate_um2=3.0))])
    assert li1.ratio == pytest.approx(2 * 100.17 * 0.10, rel=1e-9)
    assert mcon.ratio == pytest.approx(0.17**2, rel=1e-9)
    assert met1.ratio == pytest.approx(2 * (10.37 + 0.37) * 0.36 / 4.0, rel=1e-9)


def test_a_pin_holds_the_gates_on_its_net():
    """`en` of the switch: its n transistor of 1 um by 0.15 um, and the dummy's p transistor, half as wide."""
    circuit = build("analog_switch").circuit
    assert held_by(circuit, "en") == Held(pytest.approx(0.225, rel=1e-9), 0.0)
    assert held_by(circuit, "a").gate_um2 == 0


def test_a_pin_holds_the_regions_of_its_transistors():
    """A transistor of 2 um in two fingers: one drain between them, a source on either side, 0.29 um long each."""
    circuit = build("mosfet", {"nf": 2, "w": 2.0, "m": 3}).circuit
    assert held_by(circuit, "d").diode_um2 == pytest.approx(3 * 1 * 1.0 * 0.29, rel=1e-9)
    assert held_by(circuit, "s").diode_um2 == pytest.approx(3 * 2 * 1.0 * 0.29, rel=1e-9)
    assert held_by(circuit, "b") == Held()


def test_a_diode_counts_by_its_diffusion_on_the_net_that_it_leads_off() -> None:
    """0.65 x 0.65 um of n-diffusion in the substrate: what Magic's `area` of the diode's diffusion is."""
    circuit = build("antenna_diode").circuit
    assert held_by(circuit, "c") == Held(0.0, pytest.approx(0.4225, rel=1e-9))
    assert held_by(circuit, "a") == Held()
