"""The viewer's data: put together again by plain loops, they have the area that klayout finds on every layer."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import klayout.db as kdb
import pytest

from analoom.cells.model.registry import build
from analoom.flows.export.looks import LOOKS
from analoom.flows.viewer.bounds import MOST_NUMBERS, TooMuch
from analoom.flows.viewer.shapes import LABELS, drawn_shapes
from analoom.flows.viewer.view import view_of
from analoom.pdk.layers import Layer

CELLS = [
    ("matched_pair", {}),
    ("cap_array", {"weights": [1, 1, 2]}),
    ("crossbar", {"rows": 4, "cols": 5}),
    ("charge_mac", {"inputs": 2, "bits": 3}),
]


def drawn(name: str, fields: dict[str, Any]) -> tuple[kdb.Layout, kdb.Cell]:
    """A layout with the cell and those below alone, as a file has it."""
    cell, layout = build(name, fields), kdb.Layout()
    top = layout.create_cell(cell.name)
    top.copy_tree(cell.layout)
    return layout, top


def contours(data: dict[str, Any], number: int, layer: str) -> Iterator[list[list[tuple[float, float]]]]:
    """Every polygon on a layer of cell `number` and below, by its contours."""
    cell = data["cells"][number]
    held = cell["shapes"].get(layer, {"boxes": [], "polygons": []})
    for left, bottom, right, top in zip(*[iter(held["boxes"])] * 4, strict=True):
        yield [[(left, bottom), (right, bottom), (right, top), (left, top)]]
    for polygon in held["polygons"]:
        yield [list(zip(contour[::2], contour[1::2], strict=True)) for contour in polygon]
    for place in cell["places"]:
        (xx, xy, yx, yy), (x0, y0) = place["matrix"], place["at"]
        na, nb, ax, ay, bx, by = place.get("array", (1, 1, 0, 0, 0, 0))
        for below in contours(data, place["cell"], layer):
            for a, b in ((a, b) for a in range(na) for b in range(nb)):
                dx, dy = x0 + a * ax + b * bx, y0 + a * ay + b * by
                yield [[(xx * x + xy * y + dx, yx * x + yy * y + dy) for x, y in contour] for contour in below]


def areas(data: dict[str, Any]) -> dict[str, float]:
    """The area of every layer by name, overlaps once."""
    found = {}
    for number, layer in enumerate(data["layers"]):
        region = kdb.Region()
        for hull, *holes in contours(data, len(data["cells"]) - 1, str(number)):
            polygon = kdb.DPolygon([kdb.DPoint(*point) for point in hull])
            for hole in holes:
                polygon.insert_hole([kdb.DPoint(*point) for point in hole])
            region.insert(polygon.to_itype(1.0))
        found[layer["name"]] = region.merged().area()
    return {name: area for name, area in found.items() if area}


def areas_by_klayout(layout: kdb.Layout, top: kdb.Cell) -> dict[str, float]:
    names = {layer.value: layer.name.lower() for layer in Layer}
    found = {}
    for info in layout.layer_infos():
        area = kdb.Region(top.begin_shapes_rec(layout.layer(info))).merged().area()
        found[names.get((info.layer, info.datatype), f"{info.layer}/{info.datatype}")] = area
    return {name: area for name, area in found.items() if area}


@pytest.mark.parametrize(("name", "fields"), CELLS)
def test_every_layer_has_the_area_that_klayout_merges(name: str, fields: dict[str, Any]) -> None:
    layout, top = drawn(name, fields)
    data = drawn_shapes(layout, top)
    assert areas(data) == areas_by_klayout(layout, top)
    assert len(areas(data)) > 8, "or nothing was compared"


def test_turned_mirrored_and_scaled_cells_with_holes_keep_their_area() -> None:
    layout = kdb.Layout()
    tile, top = layout.create_cell("tile"), layout.create_cell("top")
    ring = kdb.Region(kdb.Box(0, 0, 900, 500)) - kdb.Region(kdb.Box(200, 100, 400, 300))
    tile.shapes(layout.layer(68, 20)).insert(ring)
    tile.shapes(layout.layer(200, 7)).insert(kdb.Box(0, 0, 50, 70))
    turned = kdb.CellInstArray(
        tile.cell_index(), kdb.Trans(1, True, 40, 60), kdb.Vector(1000, 30), kdb.Vector(-20, 990), 3, 2
    )
    top.insert(turned)
    top.insert(kdb.CellInstArray(tile.cell_index(), kdb.Trans(3, False, 5000, 100)))
    top.insert(kdb.DCellInstArray(tile.cell_index(), kdb.DCplxTrans(2.0, 180, True, -9.0, 3.0)))
    data = drawn_shapes(layout, top)
    assert areas(data) == areas_by_klayout(layout, top)
    assert {layer["name"] for layer in data["layers"]} == {"met1", "200/7", LABELS}

    for spoil in ({"matrix": [1, 0, 0, 1]}, {"array": [2, 2, 1000, 30, -20, 990]}, {"at": [4900, 100]}):
        wrong = copy.deepcopy(data)
        wrong["cells"][-1]["places"] = [{**place, **spoil} for place in wrong["cells"][-1]["places"]]
        assert areas(wrong) != areas(data), spoil


def test_a_layer_has_its_own_colour_and_pattern_and_text_is_one_layer() -> None:
    data = drawn_shapes(*drawn("matched_pair", {}))
    by_name = {layer["name"]: layer for layer in data["layers"]}
    assert by_name["met1"]["colour"] == f"#{LOOKS[Layer.MET1].colour:06x}" == "#1a73e8"
    assert by_name["met1"]["pattern"] == list(LOOKS[Layer.MET1].pattern)
    assert by_name["met1"]["shown"] and not by_name["met1_pin"]["shown"]
    assert not [name for name in by_name if name.endswith("_label")]
    texts = {text for cell in data["cells"] for text, _, _ in cell["texts"]}
    assert texts == {"d1", "g1", "d2", "g2", "s", "b"}


def test_an_array_is_one_tile_however_large_it_is() -> None:
    small, large = (len(str(drawn_shapes(*drawn("crossbar", {"rows": n, "cols": n}))["cells"])) for n in (4, 16))
    assert large < 2 * small, "sixteen times the synapses; pins and their labels grow with the rim"


def test_what_a_page_cannot_hold_is_said_and_what_it_can_is_not() -> None:
    layout = kdb.Layout()
    tile, top = layout.create_cell("tile"), layout.create_cell("top")
    tile.shapes(layout.layer(68, 20)).insert(kdb.Box(0, 0, 200, 200))
    step = kdb.Vector(500, 0), kdb.Vector(0, 500)
    top.insert(kdb.CellInstArray(tile.cell_index(), kdb.Trans(), *step, 1700, 1700))
    drawn_shapes(layout, top)
    top.insert(kdb.CellInstArray(tile.cell_index(), kdb.Trans(900_000, 0), *step, 1000, 200))
    with pytest.raises(TooMuch, match="more than 3,000,000 shapes with each repetition counted"):
        drawn_shapes(layout, top)
    words = view_of(layout, top).shapes.words
    assert words.startswith("A picture alone, without zoom: the layout holds more than 3,000,000 shapes")


@pytest.mark.slow
def test_a_flat_layout_with_too_many_shapes_is_refused_before_it_is_merged() -> None:
    layout = kdb.Layout()
    top = layout.create_cell("top")
    shapes = top.shapes(layout.layer(68, 20))
    for k in range(MOST_NUMBERS // 4 + 1):
        shapes.insert(kdb.Box(0, k * 500, 200, k * 500 + 200))
    with pytest.raises(TooMuch, match="more than 400,000 coordinates"):
        drawn_shapes(layout, top)
