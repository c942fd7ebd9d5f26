"""The layer stack for gdsfactory's 3D views: conductors, cuts and capacitor plates, from `analoom.pdk.stack`."""

from __future__ import annotations

from gdsfactory.technology import LayerLevel, LayerStack

from analoom.pdk.layers import CONDUCTORS, CUTS, Layer
from analoom.pdk.stack import MIM_ON, bottom_um, gap_um, thickness_um, top_um


def layer_stack() -> LayerStack:
    """Heights and thicknesses, um; a cut fills the oxide between its conductors (licon that above poly)."""
    plates = (*CONDUCTORS, *MIM_ON)
    levels = {layer: (bottom_um(layer), thickness_um(layer)) for layer in plates}
    levels |= {cut: (top_um(low), gap_um(high, low)) for cut, (low, high) in CUTS.items()}
    return LayerStack(layers={layer.name.lower(): _level(layer, *found) for layer, found in levels.items()})


def _level(layer: Layer, zmin_um: float, thickness_um: float) -> LayerLevel:
    return LayerLevel(name=layer.name.lower(), layer=layer.value, zmin=zmin_um, thickness=thickness_um)
