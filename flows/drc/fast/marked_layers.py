"""Derived layers of thick oxide (hvi) and of poly resistors (rpm, urpm, the resistor marker), for the fast check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import klayout.db as kdb

from analoom.pdk import rules
from analoom.pdk.layers import Layer, Marker

from .bottom_up import SQUARE

MARKED = (Marker.HVI, Marker.HVNTM, Marker.RPM, Marker.URPM, Marker.POLYRES, Marker.LIRES)
"""The markers that rules speak about."""

HVNTM_CLOSE_NM = 345
"""Half the gap over which generated hvntm is joined. Source: `hvntm_generate` of `sky130A.tech`."""
RPM_MERGE_NM = 420
"""Half the gap over which generated rpm is joined. Source: `rpm_generate` of `sky130A.tech`."""


class Regions(Protocol):
    """The layers of one layout."""

    def drawn(self, layer: Layer | Marker) -> kdb.Region:
        """The shapes of a mask layer or a marker."""
        ...

    def named(self, name: str) -> kdb.Region:
        """A drawn layer or a derived one."""
        ...


def rpm_any(d: Regions) -> kdb.Region:
    """rpm and urpm."""
    return d.drawn(Marker.RPM) + d.drawn(Marker.URPM)


def precision(d: Regions) -> kdb.Region:
    """Precision resistors with their heads: the poly under rpm or urpm whose polygon carries the marker."""
    return d.named("marked_poly") & d.named("rpm_any")


def precision_poly(d: Regions) -> kdb.Region:
    """Whole poly polygons with the marker under rpm or urpm."""
    return d.named("marked_poly").overlapping(d.named("rpm_any"))


def marked_poly(d: Regions) -> kdb.Region:
    """Poly polygons with a resistor marker on them."""
    marker = d.drawn(Marker.POLYRES)
    return marker if marker.is_empty() else d.drawn(Layer.POLY).interacting(marker)


def in_hvi(region: Callable[[Regions], kdb.Region]) -> Callable[[Regions], kdb.Region]:
    """The part of a region in hvi; nothing is asked of a layout without hvi."""

    def find(d: Regions) -> kdb.Region:
        oxide = d.drawn(Marker.HVI)
        return oxide if oxide.is_empty() else region(d) & oxide

    return find


def hv_nwell(d: Regions) -> kdb.Region:
    """N-wells that overlap hvi, whole."""
    oxide = d.drawn(Marker.HVI)
    return oxide if oxide.is_empty() else d.drawn(Layer.NWELL).overlapping(oxide)


def bar_licon(d: Regions) -> kdb.Region:
    """The contacts of precision resistors, by the deck's definition: in rpm or urpm, psdm and marked poly."""
    within = d.named("precision") & d.drawn(Layer.PSDM)
    return kdb.Region() if within.is_empty() else d.drawn(Layer.LICON).inside(within)


def square_licon(d: Regions) -> kdb.Region:
    """All other contacts."""
    bars = d.named("bar_licon")
    return d.drawn(Layer.LICON) if bars.is_empty() else d.drawn(Layer.LICON) - bars


def rpm_made(d: Regions) -> kdb.Region:
    """rpm as Magic generates it about precision resistors: grown by its enclosure, to its width, and joined."""
    grown = kdb.Region()
    for polygon in d.named("precision").sized(rules.RPM_ENCLOSES_RESISTOR.value_nm, SQUARE).merged().each():
        grown.insert(polygon)
        grown.insert(_at_least(polygon.bbox(), rules.RPM_WIDTH.value_nm))
    return grown.sized(RPM_MERGE_NM, SQUARE).sized(-RPM_MERGE_NM, SQUARE)


def _at_least(box: kdb.Box, side_nm: int) -> kdb.Box:
    """The box, widened about its centre to the side where it is narrower."""
    dx, dy = (max(0, side_nm - length) // 2 for length in (box.width(), box.height()))
    return box.enlarged(dx, dy)


def hvntm_made(d: Regions) -> kdb.Region:
    """hvntm as Magic generates it: about the n-diffusion of transistors in hvi, off p-taps, small gaps closed; nothing
    where hvntm is drawn, which is what is made.
    """
    bare = d.named("hv_ndiff").not_inside(d.drawn(Marker.HVNTM))
    if bare.is_empty():
        return bare
    block = d.named("hv_ptap").sized(rules.HVNTM_MARGIN_NM, SQUARE)
    about = bare.interacting(d.named("gate")).sized(rules.HVNTM_MARGIN_NM, SQUARE) - block
    return about.sized(HVNTM_CLOSE_NM, SQUARE).sized(-HVNTM_CLOSE_NM, SQUARE) - block


def li_end(d: Regions) -> kdb.Region:
    """What an li1 resistor has beyond its marker."""
    marker = d.drawn(Marker.LIRES)
    return marker if marker.is_empty() else d.drawn(Layer.LI1).interacting(marker) - marker


DERIVED: Mapping[str, Callable[[Regions], kdb.Region]] = {
    "hv_difftap": in_hvi(lambda d: d.named("difftap")),
    "lv_difftap": lambda d: d.named("difftap") - d.drawn(Marker.HVI),
    "hv_diff": in_hvi(lambda d: d.drawn(Layer.DIFF)),
    "hv_ndiff": in_hvi(lambda d: d.named("ndiff")),
    "hv_pdiff": in_hvi(lambda d: d.named("pdiff")),
    "hv_ntap": in_hvi(lambda d: d.named("ntap")),
    "hv_ptap": in_hvi(lambda d: d.named("ptap")),
    "hv_gate": in_hvi(lambda d: d.named("gate")),
    "hv_nwell": hv_nwell,
    "lv_nwell": lambda d: d.drawn(Layer.NWELL).not_overlapping(d.drawn(Marker.HVI)),
    "hvntm_made": hvntm_made,
    "rpm_any": rpm_any,
    "rpm_made": rpm_made,
    "marked_poly": marked_poly,
    "precision": precision,
    "precision_poly": precision_poly,
    "precision_body": lambda d: d.named("precision") & d.drawn(Marker.POLYRES),
    "precision_head": lambda d: d.named("precision") - d.drawn(Marker.POLYRES),
    "plain_body": lambda d: (d.drawn(Layer.POLY) & d.drawn(Marker.POLYRES)) - d.named("rpm_any"),
    "plain_poly": lambda d: d.drawn(Layer.POLY) - d.drawn(Marker.POLYRES),
    "other_poly": lambda d: d.drawn(Layer.POLY).not_overlapping(d.named("rpm_any")),
    "li_end": li_end,
    "li_body": lambda d: d.drawn(Layer.LI1) & d.drawn(Marker.LIRES),
    "bar_licon": bar_licon,
    "square_licon": square_licon,
    "square_poly_licon": lambda d: d.named("square_licon") & d.drawn(Layer.POLY),
}
"""Each derived layer by name; `layers.DrcLayers.named` keeps it once made."""
