"""How near extraction comes: to the foundry's tables on buses, to field solutions on wires, crossings and plates."""

import numpy as np
import pytest
from oracles.capacitance_cases import (
    CASES,
    COLUMN_CELL_AF,
    CROSSED,
    CROSSED_UNSEEN,
    PLATES,
    alone_af_per_um,
    bus_coupling_af_per_um,
    column_to_ground_af,
    crossed,
    failures,
    pair_af_per_um,
    plates_af,
)
from oracles.field_solver import Box, per_length_af_per_um

from analoom.flows.pex.capacitance import capture as pex_capture
from analoom.flows.pex.capacitance import edges as pex_edges
from analoom.flows.pex.capacitance import grid as pex_grid
from analoom.flows.pex.capacitance import window as pex_window
from analoom.flows.pex.capacitance.edges import Seen
from analoom.flows.pex.shapes import geometry as pex_geometry
from analoom.pdk import wires
from analoom.pdk.install import wire_tables_dir
from analoom.pdk.layers import Layer

KEYS = {Layer.POLY: "p1f", Layer.LI1: "l1f", Layer.MET1: "m1f", Layer.MET2: "m2f", Layer.MET3: "m3f", Layer.MET4: "m4f"}
LEAST_UM = {Layer.LI1: 0.17, Layer.MET1: 0.14, Layer.MET2: 0.14, Layer.MET3: 0.3, Layer.MET4: 0.3}
"""Least width and spacing: li1 0.17, met1 and met2 0.14, met3 and met4 0.3 um (rules li.1, m1.1, m2.1, m3.1, m4.1)."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden_case(case, tmp_path):
    assert abs(case.error_frac(tmp_path)) < case.within_frac


def nodes(key):
    """(width, spacing, cc in aF/um) of a configuration, found as plain text in the foundry's file."""
    for line in (wire_tables_dir() / "typical.spice").read_text().splitlines():
        for word, value in zip(line.split(), line.split()[2:], strict=False):
            if word.startswith(f"mc{key}_cc_w_"):
                w, s = word.removeprefix(f"mc{key}_cc_w_").split("_s_")
                yield float(w.replace("_", ".")), float(s.replace("_", ".")), float(value) * 1e12


@pytest.mark.slow
@pytest.mark.parametrize("layer", KEYS, ids=lambda layer: layer.name)
def test_bus_at_the_tables_nodes(layer, tmp_path):
    """Nine wires, the middle one: within 3 %, rms 1 %, of the foundry's table at every node of every width."""
    found = list(nodes(KEYS[layer]))
    assert len(found) >= 20
    errors = [bus_coupling_af_per_um(layer, w, s, tmp_path) / (2 * cc) - 1 for w, s, cc in found]
    assert np.abs(errors).max() < 0.03
    assert np.sqrt(np.mean(np.square(errors))) < 0.01


@pytest.mark.slow
@pytest.mark.parametrize("layer", LEAST_UM, ids=lambda layer: layer.name)
def test_wires_alone_and_in_pairs_agree_with_the_field_solver(layer, tmp_path):
    """From twice the least spacing: within 8 % of the mean of both stacks, met3 and met4 within 15 %."""
    least, level = LEAST_UM[layer], layer.name.lower()
    within = 0.08 if layer in (Layer.LI1, Layer.MET1, Layer.MET2) else 0.15
    for w in (least, 4 * least):
        alone = np.mean([per_length_af_per_um([Box(0, level, 0, 0, w, 1)], k)[0, 0] for k in "AB"])
        assert alone_af_per_um(layer, w, tmp_path) == pytest.approx(alone, rel=within)
        for s in (2 * least, 4 * least, 8 * least):
            pair = [Box(0, level, 0, 0, w, 1), Box(1, level, w + s, 0, w + s + w, 1)]
            solved = np.mean([per_length_af_per_um(pair, k) for k in "AB"], axis=0)
            coupling, ground = pair_af_per_um(layer, w, s, tmp_path)
            assert coupling == pytest.approx(-solved[0, 1], rel=within)
            assert ground == pytest.approx(solved[0].sum(), rel=within)


def test_at_least_spacing_the_table_is_followed_not_the_solver(tmp_path):
    """The process' own correction: the ideal stack couples 28 to 38 % more than the foundry's table there."""
    (cc,) = (cc for w, s, cc in nodes("m1f") if (w, s) == (0.14, 0.14))
    pair = [Box(0, "met1", 0, 0, 0.14, 1), Box(1, "met1", 0.28, 0, 0.42, 1)]
    assert -per_length_af_per_um(pair)[0, 1] > 1.25 * cc
    assert bus_coupling_af_per_um(Layer.MET1, 0.14, 0.14, tmp_path) == pytest.approx(2 * cc, rel=0.01)


@pytest.mark.parametrize(("drawing", "coupling", "lower", "upper"), CROSSED + CROSSED_UNSEEN)
def test_crossings_of_other_levels_and_widths(drawing, coupling, lower, upper, tmp_path):
    """Within 10 % of the mean of both stacks, as our own field solver finds them."""
    found = crossed(*drawing, tmp_path)
    assert found == pytest.approx(tuple(sum(x) / 2 for x in (coupling, lower, upper)), rel=0.1)


@pytest.mark.parametrize("gap_um", [gap for gap in PLATES if gap >= 2 * LEAST_UM[Layer.MET3]])
def test_plates_of_an_array_couple_as_the_field_solver_says(gap_um, tmp_path):
    """To the side, across a corner and along the rim: within 5 % of the mean of both stacks."""
    assert plates_af(gap_um, tmp_path) == pytest.approx([np.mean(x) for x in PLATES[gap_um]], rel=0.05)


def test_tight_plates_follow_the_table_along_their_sides(tmp_path):
    """At 0.4 um the table is below the solver's endless wires of this width; corners add what they add there too."""
    (cc,) = table_at("m3f", 2.4, 0.3, 0.45, at_um=0.4)
    wires_of_plates = [Box(k, "met3", k * 2.68, 0, k * 2.68 + 2.28, 1) for k in range(5)]
    endless = np.mean([-per_length_af_per_um(wires_of_plates, k)[2, 1] for k in "AB"])
    inner, diagonal, rim = plates_af(0.4, tmp_path)
    solved = [np.mean(x) for x in PLATES[0.4]]
    assert 0.85 < cc / endless < 0.95
    assert inner / solved[0] == pytest.approx(cc / endless, rel=0.05)
    assert rim / inner == pytest.approx(solved[2] / solved[0], rel=0.04)
    assert diagonal == pytest.approx(solved[1], rel=0.05)


def table_at(key, w_um, *s_um, at_um):
    """Coupling of the file's row at `at_um`, straight in the logarithms between two of its spacings, aF/um."""
    low, high = (next(cc for w, s, cc in nodes(key) if (w, s) == (w_um, at)) for at in s_um)
    yield low * (high / low) ** (np.log(at_um / s_um[0]) / np.log(s_um[1] / s_um[0]))


def test_a_crossbars_column_leaves_next_to_nothing_to_the_ground(tmp_path):
    """A hundredth of all it sees, as in the golden solution (0.34 of 40.7 aF a crossing), within 1.5 % of that."""
    found = column_to_ground_af(tmp_path)
    assert abs(found - 0.336) < 0.015 * COLUMN_CELL_AF


@pytest.mark.parametrize(("drawing", "coupling", "lower", "upper"), CROSSED[:2])
def test_lines_that_far_shapes_bring_do_not_change_a_crossing(drawing, coupling, lower, upper, tmp_path, monkeypatch):
    """Grid lines every 0.2 um, as of shapes out of sight."""
    true = pex_grid._lines
    monkeypatch.setattr(pex_grid, "_lines", lambda *a: np.union1d(true(*a), np.arange(-3000, 3000, 200)))
    cut = crossed(*drawing, tmp_path)
    monkeypatch.setattr(pex_grid, "_lines", true)
    assert cut == pytest.approx(crossed(*drawing, tmp_path), rel=1e-9)


def test_forgotten_diagonals_are_caught(tmp_path, monkeypatch):
    monkeypatch.setattr(wires, "DIAGONAL_FRAC", 0.0)
    assert plates_af(0.8, tmp_path)[1] == 0


@pytest.mark.slow
def test_wrong_coefficient_is_caught(tmp_path, monkeypatch):
    true = wires.Table.edge_f_per_um
    monkeypatch.setattr(wires.Table, "edge_f_per_um", lambda *a: tuple(1.15 * x for x in true(*a)))
    assert "met1 pair at 0.28 um, coupling, aF/um" in failures(tmp_path)


@pytest.mark.slow
def test_wrong_corner_constant_is_caught(tmp_path, monkeypatch):
    monkeypatch.setattr(wires, "CORNER_REACH_FRAC", 0.0)
    assert "MIM 2 x 2 um, bottom plate to ground, aF" in failures(tmp_path)


@pytest.mark.slow
def test_wrong_lost_share_is_caught(tmp_path, monkeypatch):
    monkeypatch.setattr(wires, "LOST", 0.3)
    assert "met1 pair at 0.56 um, coupling, aF/um" in failures(tmp_path)


@pytest.mark.slow
def test_dropped_level_is_caught(tmp_path, monkeypatch):
    monkeypatch.setattr(pex_window, "WIRES", tuple(k for k in pex_window.WIRES if k is not pex_geometry.Level.MET2))
    missed = failures(tmp_path)
    assert "met2 x met1 crossing, aF" in missed
    assert "met2 0.14 um alone, aF/um" in missed


@pytest.mark.slow
def test_missed_crossing_is_caught(tmp_path, monkeypatch):
    def nothing(*_):
        none = np.zeros(0, dtype=np.int64)
        return Seen(none, none, none, np.zeros(0))

    monkeypatch.setattr(pex_capture, "_beside", nothing)
    assert "met2 x met1 crossing, aF" in failures(tmp_path)


@pytest.mark.slow
def test_forgotten_neighbour_is_caught(tmp_path, monkeypatch):
    monkeypatch.setattr(pex_edges, "HALO_NM", 200)
    assert "met1 pair at 0.28 um, coupling, aF/um" in failures(tmp_path)
