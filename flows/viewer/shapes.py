"""The shapes of a layout as data for the viewer: each cell once, merged by layer, and where it is placed."""

from __future__ import annotations

from typing import Any

import klayout.db as kdb

from analoom.flows.export.looks import LABEL, LOOKS, MARKER, PIN, Look
from analoom.flows.export.picture import LABELS_UP_TO_UM
from analoom.pdk.layers import Layer, Marker

from .bounds import MOST_NUMBERS, MOST_PLACED, within

_NAMED: dict[tuple[int, int], Layer | Marker] = {layer.value: layer for layer in (*Marker, *Layer)}
_PAINTED = {layer.value: place for place, layer in enumerate(LOOKS)}
LABELS = "labels"
"""The name of all text, which is switched as one layer."""


def drawn_shapes(layout: kdb.Layout, top: kdb.Cell) -> dict[str, Any]:
    """What the viewer draws, coordinates in database units (`dbu_um`): plain JSON, arrays as one tile and its steps.

    Keys: `layers` in the order of painting, `box` (left, bottom, right, top), `cells` with `shapes` by layer, `texts`
    and `places`, each cell after those that it places. Raises TooMuch for a layout beyond the bounds of a page.
    """
    cells = _called(layout, top)
    indices = [index for index in _in_painting_order(layout) if not top.bbox_per_layer(index).empty()]
    drawn = [index for index in indices if any(not _is_empty(cell.shapes(index)) for cell in cells)]
    within(sum(c.shapes(i).size() for c in cells for i in indices) * 4, MOST_NUMBERS, "coordinates of shapes")
    numbers = {cell.cell_index(): number for number, cell in enumerate(cells)}
    held = [_cell(cell, drawn, indices, numbers) for cell in cells]
    within(sum(_numbers_in(cell) for cell in held), MOST_NUMBERS, "coordinates of shapes")
    within(_placed(held)[-1], MOST_PLACED, "shapes with each repetition counted")
    box = top.bbox()
    return {
        "dbu_um": layout.dbu,
        "layers": [_layer(layout.get_info(index)) for index in drawn] + [_labels(held, top)],
        "box": [box.left, box.bottom, box.right, box.top],
        "cells": held,
    }


def _called(layout: kdb.Layout, top: kdb.Cell) -> list[kdb.Cell]:
    """The cells that are drawn, each after those that it places."""
    below = set(top.called_cells()) | {top.cell_index()}
    return [layout.cell(index) for index in layout.each_cell_bottom_up() if index in below]


def _in_painting_order(layout: kdb.Layout) -> list[int]:
    """Layers of our pictures as they are painted there, then all others by number."""
    infos = {(info.layer, info.datatype): layout.layer(info) for info in layout.layer_infos()}
    return [infos[value] for value in sorted(infos, key=lambda v: (_PAINTED.get(v, len(_PAINTED)), v))]


def _layer(info: kdb.LayerInfo) -> dict[str, Any]:
    layer = _NAMED.get((info.layer, info.datatype))
    look = _look(layer)
    return {
        "name": layer.name.lower() if layer else f"{info.layer}/{info.datatype}",
        "colour": f"#{look.colour:06x}",
        "pattern": list(look.pattern),
        "line_px": look.line_px,
        "shown": layer is None or not layer.name.endswith(("_PIN", "_LABEL")),
    }


def _look(layer: Layer | Marker | None) -> Look:
    if isinstance(layer, Layer):
        return LOOKS.get(layer, PIN)
    return MARKER


def _labels(cells: list[dict[str, Any]], top: kdb.Cell) -> dict[str, Any]:
    """All text as one layer, shown at first where the pictures show it."""
    small = max(top.dbbox().width(), top.dbbox().height()) <= LABELS_UP_TO_UM
    colour = f"#{LABEL.colour:06x}"
    return {"name": LABELS, "colour": colour, "pattern": [], "line_px": LABEL.line_px, "shown": small}


def _is_empty(shapes: kdb.Shapes) -> bool:
    """Whether there is no shape but text."""
    return next(shapes.each(kdb.Shapes.SRegions), None) is None


def _cell(cell: kdb.Cell, drawn: list[int], labelled: list[int], numbers: dict[int, int]) -> dict[str, Any]:
    """One cell: shapes of the layers `drawn` by their number, texts of the layers `labelled`."""
    found = {number: _shapes(cell, index) for number, index in enumerate(drawn)}
    texts = [_text(shape) for index in labelled for shape in cell.shapes(index).each(kdb.Shapes.STexts)]
    return {
        "shapes": {str(number): shapes for number, shapes in found.items() if shapes["boxes"] or shapes["polygons"]},
        "texts": texts,
        "places": [_place(instance, numbers) for instance in cell.each_inst()],
    }


def _shapes(cell: kdb.Cell, index: int) -> dict[str, list[Any]]:
    """Merged: boxes as left, bottom, right, top in one list; other polygons as contours, the hull first."""
    boxes: list[int] = []
    polygons: list[list[list[int]]] = []
    for polygon in kdb.Region(cell.shapes(index)).merged().each():
        if polygon.is_box():
            box = polygon.bbox()
            boxes += (box.left, box.bottom, box.right, box.top)
        else:
            polygons.append([_flat(polygon.each_point_hull()), *_holes(polygon)])
    return {"boxes": boxes, "polygons": polygons}


def _holes(polygon: kdb.Polygon) -> list[list[int]]:
    return [_flat(polygon.each_point_hole(number)) for number in range(polygon.holes())]


def _flat(points: Any) -> list[int]:
    return [number for point in points for number in (point.x, point.y)]


def _text(shape: kdb.Shape) -> list[Any]:
    return [shape.text.string, shape.text.x, shape.text.y]


def _place(instance: kdb.Instance, numbers: dict[int, int]) -> dict[str, Any]:
    """Cell, matrix (xx, xy, yx, yy) and shift, and for an array its counts and steps along both axes."""
    move = kdb.DCplxTrans(instance.cplx_trans)
    x, y = move * kdb.DVector(1, 0), move * kdb.DVector(0, 1)
    matrix = [_short(number) for number in (x.x, y.x, x.y, y.y)]
    place = {"cell": numbers[instance.cell_index], "matrix": matrix, "at": [_short(move.disp.x), _short(move.disp.y)]}
    if instance.is_regular_array():
        place["array"] = [instance.na, instance.nb, instance.a.x, instance.a.y, instance.b.x, instance.b.y]
    return place


def _short(number: float) -> float:
    """Without a fraction where there is none but that of rounding."""
    return round(number) if abs(number - round(number)) < 1e-12 else number


def _numbers_in(cell: dict[str, Any]) -> int:
    shapes = cell["shapes"].values()
    contours = sum(len(contour) for held in shapes for polygon in held["polygons"] for contour in polygon)
    return contours + sum(len(held["boxes"]) for held in shapes) + 6 * len(cell["places"]) + 2 * len(cell["texts"])


def _placed(cells: list[dict[str, Any]]) -> list[int]:
    """Shapes of each cell and all that it places, each repetition counted."""
    found: list[int] = []
    for cell in cells:
        own = sum(len(held["boxes"]) // 4 + len(held["polygons"]) for held in cell["shapes"].values())
        found.append(own + sum(found[place["cell"]] * _repeats(place) for place in cell["places"]))
    return found


def _repeats(place: dict[str, Any]) -> int:
    count_a, count_b = place.get("array", (1, 1))[:2]
    return int(count_a * count_b)
