"""The masks of a layout as regions, and where two layouts differ by the XOR of each."""

from __future__ import annotations

from collections.abc import Mapping

import klayout.db as kdb

from analoom.flows.files.layout_source import LayoutSource
from analoom.pdk.layers import Layer, Marker

MADE_ANEW = (Layer.NSDM, Layer.PSDM, Layer.LVTN, Layer.HVTP, Layer.NPC, Marker.HVI, Marker.HVNTM)
"""Layers that Magic's output style derives from devices and contacts, by its own margins. Source: `cifoutput` of
`sky130A.tech`. Square contacts it derives too, but where they are drawn here; bars in precision resistors not."""


def regions_of(source: LayoutSource) -> dict[str, kdb.Region]:
    """The merged shapes of every mask layer and of the marks of thick oxide, by name; pins and labels are none."""
    layers = [x for x in Layer if not x.name.endswith(("_PIN", "_LABEL")) and x not in MADE_ANEW]
    index = {layer.name: source.layout.layer(*layer.value) for layer in (*layers, *MADE_ANEW)}
    return {name: kdb.Region(source.top.begin_shapes_rec(at)).merged() for name, at in index.items()}


def unlike(one: Mapping[str, kdb.Region], other: Mapping[str, kdb.Region]) -> dict[str, float]:
    """By layer the area (um2) that only one of two layouts covers, where there is any."""
    areas = {layer: (one[layer] ^ other[layer]).area() / 1e6 for layer in one}
    return {layer: area for layer, area in areas.items() if area}
