"""Wires drawn at random: totals, couplings and grounds beside what the field solver found (`oracles.random_wires`).

Drawings of the file are in no fit. Errors are those of the mean of both stacks, of which either is 2 to 4 % away; the
tables themselves are up to 12 % from it on met3 and met4. Couplings and grounds count from a tenth of a net's total on.
"""

import numpy as np
import pytest
from oracles.random_agreement import errors, summary
from oracles.random_wires import FLAT, SOLID, Wire, flat_wires, kept, matrices_af, solid_wires

from analoom.flows.pex.capacitance import beside as pex_beside
from analoom.flows.pex.capacitance import window as pex_window
from analoom.flows.pex.shapes.geometry import Level
from analoom.pdk import wires

FEW = slice(0, 40)
WITHIN = {
    ("flat", "total"): (0.05, 0.14),
    ("flat", "coupling"): (0.11, 0.55),
    ("flat", "ground"): (0.1, 0.45),
    ("solid", "total"): (0.05, 0.14),
    ("solid", "coupling"): (0.22, 0.75),
    ("solid", "ground"): (0.12, 0.45),
}
"""Median and 95th percentile that the errors stay within, by sort."""


def misses(found, kind):
    out = []
    for what in ("total", "coupling", "ground"):
        count, *seen = summary(found, what)
        assert count >= 30
        out += [(what, *seen)] if any(a > b for a, b in zip(seen, WITHIN[kind, what], strict=True)) else []
    return out


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["flat", "solid"])
def test_forty_drawings(kind, tmp_path):
    assert not misses(errors(kind, tmp_path, FEW), kind)


@pytest.mark.full
def test_every_flat_drawing(tmp_path):
    assert not misses(errors("flat", tmp_path), "flat")


def test_the_file_holds_the_drawings_of_its_seeds():
    for kind, draw, count in (("flat", flat_wires, FLAT), ("solid", solid_wires, SOLID)):
        assert [case for case, _ in kept(kind)] == [draw(seed) for seed in range(count)]


@pytest.mark.slow
def test_the_file_holds_what_the_solver_finds():
    for seed in (0, 7):
        case, solved = kept("flat")[seed]
        assert np.mean(matrices_af(case, flat=True), axis=0) == pytest.approx(solved, rel=1e-3, abs=0.01)


def test_a_slanted_wire_becomes_stairs_of_its_area():
    boxes = Wire("met1", 0.0, 0.0, 4.0, 0.3, 45).boxes(0)
    assert len(boxes) > 20
    assert sum((b.x1 - b.x0) * (b.y1 - b.y0) for b in boxes) == pytest.approx(1.2, rel=0.01)


@pytest.mark.full
def test_a_missed_parallel_run_is_caught(tmp_path, monkeypatch):
    monkeypatch.setattr(pex_beside, "LEVELS_APART", 0)
    assert {"coupling", "ground"} <= {what for what, *_ in misses(errors("flat", tmp_path, FEW), "flat")}


@pytest.mark.full
def test_a_dropped_level_is_caught(tmp_path, monkeypatch):
    monkeypatch.setattr(pex_window, "WIRES", tuple(k for k in pex_window.WIRES if k is not Level.MET3))
    assert misses(errors("flat", tmp_path, FEW), "flat")


@pytest.mark.full
@pytest.mark.parametrize(("name", "value"), [("WIDENED_FRAC", 0.0), ("LOST", 0.35), ("DRAWN_FRAC", 1.3)])
def test_a_wrong_coefficient_is_caught(name, value, tmp_path, monkeypatch):
    monkeypatch.setattr(wires, name, value)
    monkeypatch.setattr(wires, "WIDENED_OWN_FRAC", wires.WIDENED_OWN_FRAC if name != "WIDENED_FRAC" else 0.0)
    assert misses(errors("flat", tmp_path, FEW), "flat")
