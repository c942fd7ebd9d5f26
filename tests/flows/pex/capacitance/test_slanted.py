"""Wires at any angle: what they have to the ground and to each other is what straight ones have."""

from math import cos, radians, sin

import klayout.db as kdb
import numpy as np
import pytest
from hand_drawn import Hand
from oracles.capacitance_cases import nets_of
from oracles.field_solver import Box, per_length_af_per_um

from analoom.flows.pex.capacitance import edges as pex_edges
from analoom.flows.pex.capacitance import windows as pex_windows
from analoom.flows.pex.capacitance.slants import NO_SLANTS, Faces
from analoom.pdk.layers import Layer

LONG_UM = (10.0, 20.0)
WIDTHS_UM = {
    Layer.POLY: (0.15, 0.6),
    Layer.LI1: (0.17, 0.68),
    Layer.MET1: (0.14, 0.49),
    Layer.MET2: (0.14, 0.56),
    Layer.MET3: (0.3, 1.2),
    Layer.MET4: (0.3, 1.2),
    Layer.MET5: (1.6,),
}
SPACINGS_UM = {Layer.POLY: 0.42, Layer.LI1: 0.34, Layer.MET1: 0.28, Layer.MET2: 0.28, Layer.MET5: 3.2}


def wire(hand, layer, name, length_um, low_um, high_um, angle_deg):
    """A wire with its middle over the origin, from `low_um` to `high_um` across, turned by `angle_deg` as a whole."""
    c, s = cos(radians(angle_deg)), sin(radians(angle_deg))
    half = length_um / 2
    corners = ((-half, low_um), (-half, high_um), (half, high_um), (half, low_um))
    points = [kdb.Point(round(1000 * (c * x - s * y)), round(1000 * (s * x + c * y))) for x, y in corners]
    hand.cell.shapes(hand.layout.layer(*layer.value)).insert(kdb.Polygon(points))
    x, y = half * 0.9, (low_um + high_um) / 2
    hand.label(layer, name, round(1000 * (c * x - s * y)), round(1000 * (s * x + c * y)))


def pair_af(layer, w_um, s_um, length_um, angle_deg, folder):
    hand = Hand("turned")
    wire(hand, layer, "a", length_um, 0, w_um, angle_deg)
    wire(hand, layer, "b", length_um, w_um + s_um, 2 * w_um + s_um, angle_deg)
    a = nets_of(hand, folder)["a"]
    return np.array([a.coupling_f.get("b", 0.0), a.substrate_f]) * 1e18


def pair_af_per_um(layer, w_um, s_um, angle_deg, folder):
    """(coupling, ground) of one of two equal wires, two lengths subtracted."""
    short, long = (pair_af(layer, w_um, s_um, length, angle_deg, folder) for length in LONG_UM)
    return (long - short) / (LONG_UM[1] - LONG_UM[0])


CASES = [(layer, w_um, angle) for layer in WIDTHS_UM for w_um, angle in zip(WIDTHS_UM[layer], (45, -30), strict=False)]
EACH = [pytest.param(*case, marks=pytest.mark.full) if k % 2 else case for k, case in enumerate(CASES)]


@pytest.mark.slow
@pytest.mark.parametrize(("layer", "w_um", "angle_deg"), [*EACH, (Layer.MET1, 0.49, 45), (Layer.MET3, 0.3, 8)])
def test_a_turned_pair_is_a_straight_pair(layer, w_um, angle_deg, tmp_path):
    """Turning changes no capacitance: coupling and ground per length within 1 %."""
    s_um = SPACINGS_UM.get(layer, 0.6)
    turned, straight = (pair_af_per_um(layer, w_um, s_um, angle, tmp_path) for angle in (angle_deg, 0))
    assert turned == pytest.approx(straight, rel=0.01)


@pytest.mark.slow
@pytest.mark.parametrize(("layer", "within"), [(Layer.LI1, 0.08), (Layer.MET1, 0.08), (Layer.MET3, 0.15)])
def test_a_turned_pair_agrees_with_the_field_solver(layer, within, tmp_path):
    level, w_um, s_um = layer.name.lower(), WIDTHS_UM[layer][0], SPACINGS_UM.get(layer, 0.6)
    pair = [Box(0, level, 0, 0, w_um, 1), Box(1, level, w_um + s_um, 0, 2 * w_um + s_um, 1)]
    solved = np.mean([per_length_af_per_um(pair, k) for k in "AB"], axis=0)
    found = pair_af_per_um(layer, w_um, s_um, 45, tmp_path)
    assert found == pytest.approx([-solved[0, 1], solved[0].sum()], rel=within)


def crossing_af(angle_deg, folder):
    """Coupling of met1 and met2, 0.14 um wide and 4 um long, that cross in their middles, and both grounds."""
    hand = Hand("turned")
    wire(hand, Layer.MET1, "a", 4, -0.07, 0.07, angle_deg)
    wire(hand, Layer.MET2, "b", 4, -0.07, 0.07, angle_deg + 90)
    nets = nets_of(hand, folder)
    found = nets["a"].coupling_f["b"], nets["a"].substrate_f, nets["b"].substrate_f
    return np.array(found) * 1e18


@pytest.mark.slow
@pytest.mark.parametrize("angle_deg", [45, 20])
def test_a_turned_crossing_is_a_straight_crossing(angle_deg, tmp_path):
    assert crossing_af(angle_deg, tmp_path) == pytest.approx(crossing_af(0, tmp_path), rel=0.06)


@pytest.mark.slow
def test_a_wire_of_100_um_at_45_degrees(tmp_path):
    """Met1, 0.49 um wide, alone, ends included; stairs taken for edges make it four times as much."""
    hand = Hand("long")
    wire(hand, Layer.MET1, "a", 100, 0, 0.49, 45)
    solved = np.mean([per_length_af_per_um([Box(0, "met1", 0, 0, 0.49, 1)], k)[0, 0] for k in "AB"])
    assert nets_of(hand, tmp_path)["a"].substrate_f * 1e18 == pytest.approx(100 * solved, rel=0.05)


@pytest.mark.slow
def test_stairs_taken_for_edges_are_caught(tmp_path, monkeypatch):
    monkeypatch.setattr(pex_windows, "slants_of", lambda _: NO_SLANTS)
    turned, straight = (pair_af_per_um(Layer.MET1, 0.14, 0.28, angle, tmp_path) for angle in (45, 0))
    assert (turned / straight > (1.1, 2)).all()


def without_weights(edges):
    return np.where(edges.owned, edges.length_um, 0.0)


@pytest.mark.slow
def test_forgotten_weights_are_caught(tmp_path, monkeypatch):
    """Both stairs of a step counted with the whole length of their edge."""
    monkeypatch.setattr(pex_edges.Edges, "own_um", property(without_weights))
    turned, straight = (pair_af_per_um(Layer.MET1, 0.14, 0.28, angle, tmp_path) for angle in (45, 0))
    assert (turned / straight > 1.5).all()


@pytest.mark.slow
def test_distances_along_x_taken_for_those_along_the_normal_are_caught(tmp_path, monkeypatch):
    monkeypatch.setattr(Faces, "normals", lambda *_: 1.0)
    turned, straight = (pair_af_per_um(Layer.MET1, 0.14, 0.28, angle, tmp_path) for angle in (45, 0))
    assert abs(turned[0] / straight[0] - 1) > 0.2


@pytest.mark.slow
def test_forgotten_corners_of_slanted_edges_are_caught(tmp_path, monkeypatch):
    monkeypatch.setattr(Faces, "corners", lambda _, line, *__: (np.zeros(len(line)), np.zeros(len(line))))
    assert (crossing_af(45, tmp_path)[1:] < 0.85 * crossing_af(0, tmp_path)[1:]).all()
