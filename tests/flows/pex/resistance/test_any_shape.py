"""Resistances of shapes that are no straight wires: slanted ones, tabs and jogs of two grid steps, rings, meshes.

Expected: the sheet of met1 (0.125 ohm per square) times length over the width less 0.039 um, as in the model file.
"""

import math

import klayout.db as kdb
import numpy as np
import pytest
from hand_drawn import Hand

from analoom.flows.pex.extract import extract
from analoom.flows.pex.resistance import narrowed as narrowing
from analoom.flows.pex.resistance.network import rc_network
from analoom.flows.pex.resistance.sheets import entries, squares
from analoom.flows.pex.resistance.solve import resistance_ohm
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer
from analoom.pdk.wire_resistance import wire_resistance

LOST_NM = 39
SHEET_OHM = 0.125


def ohm_between(hand, a, b, layer=Layer.MET1):
    hand.label(layer, "a", *a)
    hand.label(layer, "b", *b)
    network = rc_network(hand.source(), wire_resistance())
    first, last = (node for _, node in network.labels)
    return float(resistance_ohm(network.a, network.b, network.ohm, first, np.array([last]))[0])


def polygon(hand, points, layer=Layer.MET1):
    hand.cell.shapes(hand.layout.layer(*layer.value)).insert(kdb.Polygon([kdb.Point(*p) for p in points]))


def turned(length, width, angle_deg):
    """Corners of a wire from the origin at an angle, and its middle line's point at a distance from the start."""
    c, s = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))

    def at(along, across):
        return round(along * c - across * s), round(along * s + across * c)

    return [at(0, 0), at(length, 0), at(length, width), at(0, width)], lambda along: at(along, width / 2)


@pytest.mark.parametrize("angle_deg", [10, 30, 45, 60])
@pytest.mark.parametrize("width", [140, 300, 1000])
def test_a_slanted_wire_is_length_over_width(angle_deg, width):
    hand = Hand("slanted")
    points, middle = turned(20_000, width, angle_deg)
    polygon(hand, points)
    straight = SHEET_OHM * (20_000 - width) / (width - LOST_NM)
    assert ohm_between(hand, middle(width / 2), middle(20_000 - width / 2)) == pytest.approx(straight, rel=0.01)


def test_a_path_with_a_bend_of_45_degrees_is_length_over_width():
    """3 um straight and 3 um times the root of 2 slanted, from label to label 0.1 um inside its ends."""
    hand = Hand("path")
    path = kdb.Path([kdb.Point(*p) for p in ((0, 0), (3000, 0), (6000, 3000))], 300)
    hand.cell.shapes(hand.layout.layer(*Layer.MET1.value)).insert(path)
    straight = SHEET_OHM * (3000 + 3000 * math.sqrt(2) - 200) / (300 - LOST_NM)
    assert ohm_between(hand, (100, 0), (5929, 2929)) == pytest.approx(straight, rel=0.02)


@pytest.mark.parametrize("tab", [10, 30, 60])
def test_a_tab_beside_a_wire_hardly_changes_it(tab):
    """Narrower than the correction: not refused. The wire lies between what it is without and what it is that wide."""
    hand = Hand("tab")
    hand.box(Layer.MET1, 0, 0, 20_000, 300)
    hand.box(Layer.MET1, 8000, 300, 12_000, 300 + tab)
    narrow, wide = (SHEET_OHM * 19_800 / (w - LOST_NM) for w in (300, 300 + tab))
    found = ohm_between(hand, (100, 150), (19_900, 150))
    assert narrow * 16 / 20 + wide * 4 / 20 == pytest.approx(found, rel=0.01)


def test_a_jog_of_two_grid_steps_is_taken():
    hand = Hand("jog")
    hand.box(Layer.MET1, 0, 0, 10_000, 300)
    hand.box(Layer.MET1, 10_000, 10, 20_000, 310)
    assert ohm_between(hand, (100, 150), (19_900, 160)) == pytest.approx(SHEET_OHM * 19_800 / 261, rel=0.01)


def stepped():
    """A wire of poly, 1.95 um long and 330 nm wide, that moves up by 5 nm in its middle, with six arms down."""
    hand = Hand("step")
    hand.box(Layer.POLY, 0, 0, 1000, 330)
    hand.box(Layer.POLY, 1000, 5, 1950, 335)
    for k in range(6):
        hand.box(Layer.POLY, 360 * k, -1000, 360 * k + 150, 5)
    return hand


def test_current_across_a_step_of_one_grid_step_takes_no_bar_that_thin():
    """From the end of the first arm to that of the last: two arms, 1.8 um of wire, and two bends of half a square."""
    arm, wire = (950 + 165) / (150 - 56), 1800 / (330 - 56)
    found = ohm_between(stepped(), (75, -950), (1875, -950), Layer.POLY) / 48.2
    assert found == pytest.approx(2 * arm + wire - 2 * 0.4413, rel=0.06)


def test_a_step_taken_as_a_bar_is_caught(monkeypatch):
    monkeypatch.setattr("analoom.flows.pex.resistance.bars.MOST_BARS", 0)
    assert ohm_between(stepped(), (75, -950), (1875, -950), Layer.POLY) / 48.2 > 60


def test_a_rail_with_many_contacts_stays_bars(monkeypatch):
    """Sixty vias between two wires, the lower one stepped: end to end half of one wire and at most two vias."""
    hand = Hand("rail")
    hand.box(Layer.MET1, 0, 0, 30_000, 400)
    hand.box(Layer.MET1, 30_000, 5, 60_000, 405)
    hand.box(Layer.MET2, 0, 0, 60_000, 405)
    for k in range(60):
        hand.box(Layer.VIA, 1000 * k + 500, 125, 1000 * k + 650, 275)
    monkeypatch.setattr("analoom.flows.pex.resistance.sheets.squares", None)
    met1 = SHEET_OHM * 59_000 / (400 - LOST_NM)
    found = ohm_between(hand, (575, 200), (59_575, 200))
    assert met1 / 2 < found < met1 / 2 + 2 * 4.5


def test_a_ring_is_two_halves_in_parallel():
    """Middle line 9.7 um square, tapped in the middles of opposite sides: half of it, twice beside each other."""
    hand = Hand("ring")
    outer, inner = kdb.Region(kdb.Box(0, 0, 10_000, 10_000)), kdb.Region(kdb.Box(300, 300, 9700, 9700))
    hand.cell.shapes(hand.layout.layer(*Layer.MET1.value)).insert(outer - inner)
    half = (2 * 9700 - 4 * 0.4413 * 261 / 2) / 261
    assert ohm_between(hand, (150, 5000), (9850, 5000)) == pytest.approx(SHEET_OHM * half / 2, rel=0.02)


def test_a_mesh_conducts_as_its_grid_of_wires():
    """Five by five wires, 2 um apart, corner to corner: a grid of unit resistors, solved from its graph."""
    hand = Hand("mesh")
    for k in range(5):
        hand.box(Layer.MET1, 2000 * k, 0, 2000 * k + 140, 8140)
        hand.box(Layer.MET1, 0, 2000 * k, 8140, 2000 * k + 140)
    found = ohm_between(hand, (70, 70), (8070, 8070))
    assert found == pytest.approx(grid_of_units(5) * SHEET_OHM * 2000 / (140 - LOST_NM), rel=0.06)


def grid_of_units(size):
    """Ohm from corner to corner of a grid of unit resistors, from its graph's Laplacian."""
    count = size * size
    laplacian = np.zeros((count, count))
    for k in range(count):
        for other in ([k + 1] if (k + 1) % size else []) + ([k + size] if k + size < count else []):
            laplacian[[k, other], [k, other]] += 1
            laplacian[[k, other], [other, k]] -= 1
    inverse = np.linalg.pinv(laplacian)
    return inverse[0, 0] + inverse[-1, -1] - 2 * inverse[0, -1]


def test_two_discs_in_a_wide_sheet_follow_the_closed_form():
    """acosh(d / 2r) / pi squares between discs d apart in an endless sheet (two parallel cylinders, turned)."""
    radius, apart, size = 1000.0, 8000.0, 100_000
    corner = size // 20
    points = [(0, 0), (size, 0), (size, size), (corner, size), (0, size - corner)]
    shape = kdb.Polygon([kdb.Point(2 * x, 2 * y) for x, y in points])
    middle = size / 2
    places = [(middle - apart / 2, middle, radius), (middle + apart / 2, middle, radius)]
    ((_, _, found),) = squares(shape, entries(shape, places))
    assert found == pytest.approx(math.acosh(apart / (2 * radius)) / math.pi, rel=0.05)


def test_a_wire_narrower_than_its_correction_is_refused(tmp_path):
    hand = Hand("sliver")
    hand.box(Layer.MET1, 0, 0, 5000, 30)
    hand.label(Layer.MET1, "a", 100, 15)
    with pytest.raises(InputError, match=r"met1 drawn 0.03 um wide: nothing left after -0.039 um"):
        extract(hand.source(), "rc", workdir=tmp_path)


def test_a_correction_forgotten_on_slanted_wires_is_caught(monkeypatch):
    real = narrowing.narrowed
    monkeypatch.setattr("analoom.flows.pex.resistance.bars.narrowed", lambda p, delta_um: real(p, 0.0))
    hand = Hand("slanted")
    points, middle = turned(20_000, 140, 45)
    polygon(hand, points)
    straight = SHEET_OHM * (20_000 - 140) / (140 - LOST_NM)
    assert ohm_between(hand, middle(70), middle(20_000 - 70)) < 0.8 * straight
