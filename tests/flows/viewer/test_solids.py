"""Solids stand at the heights of SkyWater's metal stack drawing, and have the volume of what is drawn."""

from __future__ import annotations

from typing import Any

import klayout.db as kdb
import pytest

from analoom.cells.model.registry import build
from analoom.flows.viewer.bounds import TooMuch
from analoom.flows.viewer.solids import solids
from analoom.flows.viewer.view import view_of
from analoom.pdk.layers import Layer

STACK_UM = {
    "poly": (0.3262, 0.5062),
    "li1": (0.9361, 1.0361),
    "mcon": (1.0361, 1.3761),
    "met1": (1.3761, 1.7361),
    "via": (1.7361, 2.0061),
    "met2": (2.0061, 2.3661),
    "via2": (2.3661, 2.7861),
    "met3": (2.7861, 3.6311),
    "met4": (4.0211, 4.8661),
}
"""Lower and upper faces, um. Source: the drawing in the SkyWater documentation, `metal_stack.ps`, read by hand."""


def layout_with(shapes: dict[Layer, list[kdb.Box]]) -> tuple[kdb.Layout, kdb.Cell]:
    layout = kdb.Layout()
    top = layout.create_cell("top")
    for layer, boxes in shapes.items():
        for box in boxes:
            top.shapes(layout.layer(*layer.value)).insert(box)
    return layout, top


def volume_um3(layer: dict[str, Any]) -> float:
    """By the shoelace formula, piece by piece."""
    found = 0.0
    for slab in layer["slabs"]:
        for piece in slab["pieces"]:
            x, y = piece[::2], piece[1::2]
            twice = sum(x[k - 1] * y[k] - x[k] * y[k - 1] for k in range(len(x)))
            found += abs(twice) / 2 * 1e-6 * (slab["top_um"] - slab["bottom_um"])
    return found


def faces(found: list[dict[str, Any]], name: str) -> list[tuple[float, float]]:
    (layer,) = [layer for layer in found if layer["name"] == name]
    return [(slab["bottom_um"], slab["top_um"]) for slab in layer["slabs"]]


def test_each_layer_stands_at_its_height_with_the_volume_that_is_drawn() -> None:
    cell = build("crossbar", {"rows": 2, "cols": 2}).layout
    layout = cell.layout()
    found = solids(layout, cell)
    by_name = {layer["name"]: layer for layer in found}
    assert STACK_UM.keys() <= by_name.keys()
    for name, (bottom_um, top_um) in STACK_UM.items():
        assert faces(found, name) == [(pytest.approx(bottom_um), pytest.approx(top_um))], name
        area_nm2 = kdb.Region(cell.begin_shapes_rec(layout.layer(*Layer[name.upper()].value))).merged().area()
        assert volume_um3(by_name[name]) == pytest.approx(area_nm2 * 1e-6 * (top_um - bottom_um), rel=1e-9), name


def test_a_cut_ends_on_what_lies_under_it() -> None:
    """A contact on poly at 0.5062 um, one on silicon at 0; a via3 on the plate 0.12 um above met3, one on met3."""
    cut = kdb.Box(0, 0, 200, 200)
    shapes = {
        Layer.POLY: [kdb.Box(-100, -100, 300, 300)],
        Layer.LICON: [cut, cut.moved(1000, 0)],
        Layer.MET3: [kdb.Box(-500, -500, 5000, 5000)],
        Layer.CAPM: [kdb.Box(-300, -300, 700, 700)],
        Layer.VIA3: [cut, cut.moved(1000, 0)],
        Layer.DIFF: [kdb.Box(900, -100, 1400, 300)],
    }
    found = solids(*layout_with(shapes))
    assert faces(found, "licon") == [(0.5062, 0.9361), (0.0, 0.9361)]
    assert faces(found, "via3") == [(pytest.approx(3.6311 + 0.12), 4.0211), (pytest.approx(3.6311), 4.0211)]
    assert faces(found, "diff") == [(0.0, 0.0)]
    without = solids(*layout_with({**shapes, Layer.CAPM: []}))
    assert faces(without, "via3") == [(pytest.approx(3.6311), 4.0211)]


def test_of_a_large_cell_the_corner_is_shown_and_it_is_said() -> None:
    layout = kdb.Layout()
    tile, top = layout.create_cell("tile"), layout.create_cell("top")
    tile.shapes(layout.layer(*Layer.MET1.value)).insert(kdb.Box(0, 0, 200, 200))
    top.insert(kdb.CellInstArray(tile.cell_index(), kdb.Trans(), kdb.Vector(500, 0), kdb.Vector(0, 500), 100, 101))
    with pytest.raises(TooMuch, match="more than 10,000 pieces of metal"):
        solids(layout, top)
    shown = view_of(layout, top).solids
    assert shown.words.startswith("The lower left corner, 14.0 × 10.5 µm (the whole has more than 10,000 pieces")
    assert shown.data is not None
    (met1,) = shown.data["layers"]
    assert len(met1["slabs"][0]["pieces"]) == 28 * 21, "those within 14 by 10.5 um, every 0.5 um"


def test_a_layout_without_metal_says_that_there_is_nothing_to_show() -> None:
    shown = view_of(*layout_with({Layer.NWELL: [kdb.Box(0, 0, 900, 900)]})).solids
    assert shown.data is None
    assert shown.words.startswith("Nothing to show in three dimensions")
