"""Pictures of a layout: PNG through klayout's own renderer, with colours and patterns of our own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import klayout.db as kdb

from analoom.flows.files.outputs import whole_file
from analoom.pdk.layers import CONDUCTORS, Layer
from analoom.pdk.units import DBU_UM

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


@dataclass(frozen=True)
class Look:
    """How a layer looks: colour as 0xRRGGBB, pattern as rows of `*` and `.`; an empty pattern is an outline."""

    colour: int
    pattern: tuple[str, ...]
    line_px: int = 1


_SOLID = ("*",)
_DOTS = ("*...", "....", "..*.", "....")
_RISING = ("...*", "..*.", ".*..", "*...")
_FALLING = ("*...", ".*..", "..*.", "...*")
_RISING_WIDE = tuple("." * (7 - i) + "*" + "." * i for i in range(8))
_FALLING_WIDE = tuple("." * i + "*" + "." * (7 - i) for i in range(8))
_CHECK = ("**..", "**..", "..**", "..**")
_OUTLINE: tuple[str, ...] = ()

LOOKS: dict[Layer, Look] = {
    Layer.PR_BOUNDARY: Look(0x9AA0A6, _OUTLINE),
    Layer.DNWELL: Look(0x607D8B, _OUTLINE, 2),
    Layer.NWELL: Look(0xB9C6D8, _DOTS),
    Layer.LVTN: Look(0xC58AF9, _OUTLINE),
    Layer.HVTP: Look(0xF28B82, _OUTLINE),
    Layer.NSDM: Look(0x7CB342, _OUTLINE),
    Layer.PSDM: Look(0xE39C3A, _OUTLINE),
    Layer.DIFF: Look(0x4CAF50, _CHECK),
    Layer.TAP: Look(0xA1887F, _CHECK),
    Layer.POLY: Look(0xD93025, _RISING),
    Layer.NPC: Look(0xFBC02D, _OUTLINE),
    Layer.LICON: Look(0x5F6368, _SOLID),
    Layer.LI1: Look(0x6D4C41, _FALLING),
    Layer.MCON: Look(0x9E9E9E, _SOLID),
    Layer.MET1: Look(0x1A73E8, _RISING_WIDE),
    Layer.VIA: Look(0x8AB4F8, _SOLID),
    Layer.MET2: Look(0xC2185B, _FALLING_WIDE),
    Layer.VIA2: Look(0xF48FB1, _SOLID),
    Layer.MET3: Look(0x00838F, _DOTS, 2),
    Layer.CAPM: Look(0x00BFA5, _CHECK),
    Layer.VIA3: Look(0x80DEEA, _SOLID),
    Layer.MET4: Look(0xEF6C00, _RISING_WIDE, 2),
    Layer.CAP2M: Look(0x8D6E63, _CHECK),
    Layer.VIA4: Look(0xFFCC80, _SOLID),
    Layer.MET5: Look(0x7B1FA2, _FALLING_WIDE, 2),
}
"""Every drawing layer, from the substrate up; later ones are painted over earlier ones."""


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
    for layer, look in LOOKS.items():
        view.insert_layer(view.end_layers(), _properties(view, layer, look))
    for layer in CONDUCTORS:
        view.insert_layer(view.end_layers(), _properties(view, layer.label, Look(0x202124, _OUTLINE)))
    view.max_hier()
    return view


def _properties(view: Any, layer: Layer, look: Look) -> Any:
    import klayout.lay as lay

    node = lay.LayerProperties()
    number, datatype = layer.value
    node.source = f"{number}/{datatype}@1"
    node.name = layer.name.lower()
    node.fill_color = node.frame_color = look.colour
    node.width = look.line_px
    node.dither_pattern = _dither(view, look)
    return node


def _dither(view: Any, look: Look) -> int:
    """The index of a pattern: 0 is solid and 1 hollow in klayout, others are added to the view."""
    if look.pattern == _SOLID:
        return 0
    return int(view.add_stipple("", "\n".join(look.pattern))) if look.pattern else 1


def _framed(box: kdb.DBox, aspect: float) -> kdb.DBox:
    """`box` with a margin, widened to the picture's aspect (width over height)."""
    width = max(box.width(), box.height() * aspect) * MARGIN
    height = width / aspect
    centre = box.center()
    half = kdb.DVector(width / 2, height / 2)
    return kdb.DBox(centre - half, centre + half)
