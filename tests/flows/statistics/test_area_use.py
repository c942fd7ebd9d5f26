"""Areas of matched cells, against boxes drawn by hand and against the drawings of registered ones."""

from itertools import pairwise

import klayout.db as kdb
import pytest

from analoom.cells import Spec
from analoom.cells.model.cell import Cell, MatchGroup
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.registry import build
from analoom.flows.statistics.area_use import area_use
from analoom.pdk.layers import Layer

PLATES = {"a": [kdb.Box(0, 0, 2000, 2000)], "b": [kdb.Box(6000, 3000, 8000, 5000)]}
"""Two plates of 2 um x 2 um in a box of 8 um x 5 um."""


def drawn():
    """The plates, with their bottom, and wires of 5, 6 and 3 um2; the whole is 20 um x 10 um."""
    drawing = Drawing("area_by_hand")
    for (plate,) in PLATES.values():
        drawing.box(Layer.CAPM, plate.left, plate.bottom, plate.right, plate.top)
        drawing.box(Layer.MET3, plate.left - 140, plate.bottom - 140, plate.right + 140, plate.top + 140)
    drawing.box(Layer.MET1, 0, 0, 10_000, 500)
    drawing.box(Layer.MET1, 2000, 0, 4000, 500)
    drawing.box(Layer.MET2, 0, 0, 2000, 3000)
    drawing.box(Layer.MET3, 10_000, 0, 11_000, 3000)
    drawing.box(Layer.PR_BOUNDARY, -140, -140, 19_860, 9860)
    group = MatchGroup("plates", PLATES, whole_cell=True)
    circuit = Circuit("area_by_hand", ("a", "b"))
    return Cell("area_by_hand", "macro", Spec(), drawing.cell, circuit, (), match_groups=(group,))


def test_boxes_drawn_by_hand():
    use = area_use(drawn())
    assert use.device_um2 == pytest.approx(8, abs=1e-9)
    assert use.core_um2 == pytest.approx(8 * 5, abs=1e-9)
    assert use.cell_um2 == pytest.approx(20 * 10, abs=1e-9)
    assert use.wires_um2 == pytest.approx({"met1": 5, "met2": 6, "met3": 3}, abs=1e-9)
    assert use.efficiency == pytest.approx(8 / 200, abs=1e-9)
    assert use.wiring_overhead == pytest.approx(14 / 8, abs=1e-9)


def test_poly_over_diffusion_is_a_gate_and_no_wire():
    cell = build("matched_pair", w=4, l=1)
    poly, diff = (kdb.Region(cell.layout.begin_shapes_rec(_index(cell, x))).merged() for x in (Layer.POLY, Layer.DIFF))
    gates = (poly & diff).area() / 1e6
    assert gates == pytest.approx(10 * 1 * 1, abs=1e-9), "eight fingers and two dummies of 1 um x 1 um"
    assert area_use(cell).wires_um2["poly"] == pytest.approx(poly.area() / 1e6 - gates, abs=1e-9)


@pytest.mark.parametrize(("rows", "cols"), [(2, 3), (3, 5)])
def test_the_core_of_a_crossbar_is_rows_by_columns_of_its_tile(rows, cols):
    """The pitches are read off the drawn gates: they differ along x and y."""
    cell = build("crossbar", rows=rows, cols=cols)
    gates = next(iter(cell.match_groups)).members
    member = next(iter(gates)).split("[")[0]
    first, right, up = (gates[f"{member}[{i},{j}]"][0] for i, j in ((0, 0), (0, 1), (1, 0)))
    px, py = right.left - first.left, up.bottom - first.bottom
    assert px > 0 < py and px != py
    assert cell.notes["core_area_um2"] == pytest.approx(rows * cols * px * py / 1e6, abs=1e-9)


def test_the_core_of_a_capacitor_array_is_sites_by_pitches():
    """Plates of 3 um; the pitches are the least distances of drawn plates along x and y."""
    cell = build("cap_array", {"weights": [1, 2, 4], "unit": {"w": 3.0}})
    plates = kdb.Region(cell.layout.begin_shapes_rec(_index(cell, Layer.CAPM)))
    boxes = [p.bbox() for p in plates.each()]
    px, py = (_least_step(values) for values in ({b.left for b in boxes}, {b.bottom for b in boxes}))
    assert px != py
    assert cell.notes["core_um2"] == pytest.approx(cell.grid.rows * cell.grid.cols * px * py / 1e6, abs=1e-3)
    own = kdb.Region(cell.layout.shapes(_index(cell, Layer.MET4))).merged()
    assert cell.notes["wiring_um2_per_unit"]["met4"] == pytest.approx(own.area() / 1e6 / 7, abs=1e-3)


def _least_step(values):
    return min(b - a for a, b in pairwise(sorted(values)))


def _index(cell, layer):
    return cell.layout.layout().layer(*layer.value)
