"""Cross-sections: a wire of least width on each metal, and the one that routes take by default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gdsfactory as gf

from analoom.pdk.layers import Layer
from analoom.pdk.units import to_um
from analoom.pdk.wire_levels import LEVELS, VIA

METAL_ROUTING = "metal_routing"
"""The name by which gdsfactory's electrical routers ask for their wire."""


def wires() -> dict[str, Callable[..., gf.CrossSection]]:
    """`li1` to `met5` by the least width of their rule, and `metal_routing`: met2 as wide as the pad of a via.

    That is the width in which the cells draw most of their pins.
    """
    least = {layer.name.lower(): _wire(layer.name.lower(), layer, level.width_nm) for layer, level in LEVELS.items()}
    return {**least, METAL_ROUTING: _wire(METAL_ROUTING, Layer.MET2, VIA.above.short_nm)}


def _wire(name: str, layer: Layer, width_nm: int) -> Callable[..., gf.CrossSection]:
    def wire(width: float = to_um(width_nm), layer: Any = layer.name, **more: Any) -> gf.CrossSection:
        """A wire, its width in um; corners are square."""
        ports = {"port_names": ("e1", "e2"), "port_types": ("electrical", "electrical")}
        return gf.cross_section.cross_section(**{"width": width, "layer": layer, "radius": width, **ports, **more})

    wire.__name__ = name
    return wire
