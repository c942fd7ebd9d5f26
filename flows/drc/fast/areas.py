"""Areas with rules of their own, for the fast check: standard cells, the seal ring, and what is exempt from a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import klayout.db as kdb

from analoom.flows.drc.report.markers import Markers
from analoom.pdk.exemptions import exemptions_of
from analoom.pdk.layers import CUTS, Layer, Marker
from analoom.pdk.rules import Rule

from .marked_layers import Regions

EDGE_NM = 1
"""What is found is drawn this much wider, so that a gap of no width has an area."""


def not_exempt(found: Markers, rule: Rule, d: Regions) -> Markers:
    """What was found but for what lies whole in an area that is exempt from the rule."""
    for exemption in exemptions_of(rule):
        area = d.drawn(exemption.marker)
        if not found.is_empty() and not area.is_empty():
            found = _drawn(found).not_inside(area.sized(EDGE_NM))
    return found


def _drawn(found: Markers) -> kdb.Region | kdb.Edges:
    """Pairs of edges as the polygons between them, each one left alone."""
    if not isinstance(found, kdb.EdgePairs):
        return found
    polygons = found.polygons(EDGE_NM)
    polygons.merged_semantics = False
    return polygons


def _within(name: str, marker: Marker) -> Callable[[Regions], kdb.Region]:
    """The part of a region in a marker; nothing is asked of a layout without the marker."""

    def find(d: Regions) -> kdb.Region:
        area = d.drawn(marker)
        return area if area.is_empty() else d.named(name) & area

    return find


def _ring(cut: Layer) -> Callable[[Regions], kdb.Region]:
    """Cuts with a hole, in the seal ring."""

    def find(d: Regions) -> kdb.Region:
        seal = d.drawn(Marker.SEALID)
        return seal if seal.is_empty() else d.drawn(cut).inside(seal).with_holes(0, True)

    return find


def _square(cut: Layer) -> Callable[[Regions], kdb.Region]:
    """All other cuts."""

    def find(d: Regions) -> kdb.Region:
        rings = d.named(f"{cut.name.lower()}_ring")
        return d.drawn(cut) if rings.is_empty() else d.drawn(cut).not_interacting(rings)

    return find


_RINGED = tuple(cut for cut in CUTS if cut is not Layer.LICON)
"""Cuts that may be rings in the seal ring: the deck allows no ring of licon."""

IN_AREAS: Mapping[str, Callable[[Regions], kdb.Region]] = {
    "stdcell_gate": _within("gate", Marker.STDCELL),
    "stdcell_licon": _within("active_licon", Marker.STDCELL),
    **{f"{cut.name.lower()}_ring": _ring(cut) for cut in _RINGED},
    **{f"{cut.name.lower()}_square": _square(cut) for cut in _RINGED},
}
"""Each derived layer by name, as in `marked_layers.DERIVED`."""
