"""Pictures of a layout: PNG through klayout's own renderer, with colours and patterns of our own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import klayout.db as kdb

from analoom.flows.files.outputs import whole_file
from analoom.pdk.layers import CONDUCTORS, Layer
from analoom.pdk.units import DBU_UM

from .looks import LABEL, LOOKS, show_layers

WIDTH_PX = 1200
SLIMMEST, WIDEST = 0.9, 3.2
"""Bounds on a picture's width over its height; in between it has the shape of the cell."""
CLOSE_UP_NM = 14_000
"""Width of the close-up that goes with the picture of a large cell."""
LABELS_UP_TO_UM = 25.0
"""Larger cells are shown without labels, which would cover them."""
PALETTE = 64
"""Colours of a picture in a page of many."""
MARGIN = 1.06
"""The picture shows this much more than the cell's box."""


def write_picture(
    gds: Path, path: Path, window_um: kdb.DBox | None = None, width_px: int = WIDTH_PX, *, labels: bool = True
) -> Path:
    """Renders the layout file `gds` as a PNG, `width_px` wide: all of it, or the window given in um."""
    view = _view(gds)
    whole_um = view.active_cellview().cell.dbbox()
    large = window_um is None and max(whole_um.width(), whole_um.height()) > LABELS_UP_TO_UM
    if large or not labels:
        view.set_config("text-visible", "false")
    window_um = window_um or whole_um
    aspect = min(max(window_um.width() / max(window_um.height(), DBU_UM), SLIMMEST), WIDEST)
    view.zoom_box(_framed(window_um, aspect))
    with whole_file(path) as draft:
        view.save_image(str(draft), width_px, round(width_px / aspect))
    return path


def layers_drawn(layout: kdb.Layout) -> list[Layer]:
    """The layers with a look that hold shapes somewhere in `layout`, from the substrate up."""
    held = {(info.layer, info.datatype) for info in layout.layer_infos() if _holds(layout, info)}
    return [layer for layer in LOOKS if layer.value in held]


def layers_of_file(gds: Path) -> list[Layer]:
    """`layers_drawn` of a layout file."""
    layout = kdb.Layout()
    layout.read(str(gds))
    return layers_drawn(layout)


def close_up(box_nm: kdb.Box) -> kdb.DBox | None:
    """The window (um) of the lower left corner of a cell too large to show its devices, None for a small one."""
    if max(box_nm.width(), box_nm.height()) < 2 * CLOSE_UP_NM:
        return None
    reach = kdb.Vector(CLOSE_UP_NM, CLOSE_UP_NM * 3 // 4)
    return (kdb.Box(box_nm.p1, box_nm.p1 + reach) & box_nm).to_dtype(DBU_UM)


def few_colours(png: Path) -> Path:
    """Rewrites a picture with a palette, at about a third of its size."""
    from PIL import Image

    with Image.open(png) as picture:
        picture.convert("RGB").quantize(PALETTE, Image.Quantize.FASTOCTREE).save(png)
    return png


def _holds(layout: kdb.Layout, info: kdb.LayerInfo) -> bool:
    index = layout.layer(info)
    return any(not cell.shapes(index).is_empty() for cell in layout.each_cell())


def _view(gds: Path) -> Any:
    """A klayout view of the file with our layer properties, background white, every level shown."""
    import klayout.lay as lay

    view = lay.LayoutView()
    for key, value in (
        ("background-color", "#ffffff"),
        ("grid-visible", "false"),
        ("text-visible", "true"),
        ("text-point-mode", "false"),
    ):
        view.set_config(key, value)
    view.load_layout(str(gds), True)
    view.clear_layers()
    show_layers(view, [*LOOKS.items(), *((layer.label, LABEL) for layer in CONDUCTORS)])
    view.max_hier()
    return view


def _framed(box: kdb.DBox, aspect: float) -> kdb.DBox:
    """`box` with a margin, widened to the picture's aspect (width over height)."""
    width = max(box.width(), box.height() * aspect) * MARGIN
    height = width / aspect
    centre = box.center()
    half = kdb.DVector(width / 2, height / 2)
    return kdb.DBox(centre - half, centre + half)
