"""How layers look, in pictures and in KLayout: colours and patterns of our own, and the file that KLayout reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analoom.flows.files.outputs import whole_file
from analoom.pdk.layers import Layer, Marker

LAYER_PROPERTIES = "layers.lyp"
"""The file's name, in every folder that holds something to open in KLayout."""


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

LABEL = Look(0x202124, _OUTLINE)
PIN = Look(0x5F6368, _OUTLINE)
MARKER = Look(0xAD1457, _OUTLINE)


def write_layer_properties(folder: Path) -> Path:
    """Writes `layers.lyp`: every layer by name, pins, labels and markers too, as `klayout -l layers.lyp` shows them."""
    import klayout.lay as lay

    view = lay.LayoutView()
    purposes = [(layer, PIN if layer.name.endswith("_PIN") else LABEL) for layer in Layer if layer not in LOOKS]
    show_layers(view, [*LOOKS.items(), *purposes, *((marker, MARKER) for marker in Marker)])
    path = folder / LAYER_PROPERTIES
    with whole_file(path) as draft:
        view.save_layer_props(str(draft))
    return path


def show_layers(view: Any, looks: Iterable[tuple[Layer | Marker, Look]]) -> None:
    """Adds layers to a klayout view, later ones painted over earlier ones."""
    for layer, look in looks:
        view.insert_layer(view.end_layers(), _properties(view, layer, look))


def _properties(view: Any, layer: Layer | Marker, look: Look) -> Any:
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
