"""What the fast design rule check evaluates: kinds of check, each made from a Rule and the layers it speaks about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import klayout.db as kdb

from analoom.flows.drc.report.markers import Markers
from analoom.pdk.rules import Rule

from .areas import not_exempt
from .bottom_up import without
from .layers import DrcLayers

PROJECTION = kdb.Metrics.Projection
EUCLIDIAN = kdb.Metrics.Euclidian
RIGHT_ANGLE_LIMIT = 100.0
"""Edges that meet at less than this angle count as the two sides of a corner (as in the shuttle's deck)."""

INNER_CORNER = (1.0, 180.0)
"""Turns to the left along a polygon's outline, which runs clockwise: its inner corners (degrees)."""


@dataclass(frozen=True)
class Check:
    """One rule on one set of layers. `find` returns what breaks it, as klayout collections.

    `needs` names the layers (drawn or derived) without which nothing can break the rule. `is_local` when what breaks it
    depends only on shapes nearer than the rule's value.
    """

    rule: Rule
    needs: tuple[str, ...]
    find: Callable[[DrcLayers], tuple[Markers, ...]]
    is_local: bool = False

    def run(self, layers: DrcLayers) -> tuple[Markers, ...]:
        """What breaks the rule in a layout, but for what lies in an area that is exempt."""
        if any(layers.named(name).is_empty() for name in self.needs):
            return ()
        return tuple(not_exempt(found, self.rule, layers) for found in self.find(layers))


def width(rule: Rule, layer: str) -> Check:
    """No part of `layer` is narrower than the rule."""
    return Check(rule, (layer,), lambda d: (d.named(layer).width_check(rule.value_nm),), is_local=True)


def space(rule: Rule, layer: str) -> Check:
    """No gap or notch of `layer` is smaller than the rule."""
    return Check(rule, (layer,), lambda d: (d.named(layer).space_check(rule.value_nm),), is_local=True)


def apart(rule: Rule, layer: str, other: str, *, overlap_allowed: bool = False) -> Check:
    """`layer` and `other` keep the rule's distance, and do not overlap (unless allowed)."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        near = d.named(layer).separation_check(d.named(other), rule.value_nm)
        return (near,) if overlap_allowed else (near, d.named(layer) & d.named(other))

    return Check(rule, (layer, other), find)


def apart_unshielded(rule: Rule, layer: str, other: str) -> Check:
    """As `apart`, past shapes in between, as Magic measures: an edge of `other` looks straight ahead over its length,
    and beyond it where neither end is an inner corner of its polygon.
    """

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        near = d.named(layer).separation_check(d.named(other), rule.value_nm, shielded=False)
        return (near if near.is_empty() else _seen_from(d.named(other), near, rule.value_nm) & d.named(layer),)

    return Check(rule, (layer, other), find)


def _seen_from(region: kdb.Region, near: kdb.EdgePairs, reach_nm: int) -> kdb.Region:
    """What the edges of `region` among the second edges of `near` see within the reach."""
    edges = region.edges().interacting(near.second_edges())
    inner = region.corners(*INNER_CORNER)
    ahead = edges.interacting(inner).extended_out(reach_nm)
    return ahead + edges.not_interacting(inner).extended(reach_nm, reach_nm, reach_nm, 0, False)


def encloses(rule: Rule, outer: str, inner: str, *, cover: bool = True) -> Check:
    """`outer` reaches past `inner` by the rule on all sides; with `cover`, no part of `inner` lies outside."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        near = d.named(outer).enclosing_check(d.named(inner), rule.value_nm)
        return (near, d.named(inner) - d.named(outer)) if cover else (near,)

    return Check(rule, (inner,), find)


def encloses_touched(rule: Rule, outer: str, inner: str) -> Check:
    """As `encloses`, of those shapes of `inner` that overlap `outer` at all."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        near = d.named(outer).enclosing_check(d.named(inner), rule.value_nm)
        return near, d.named(inner).overlapping(d.named(outer)) - d.named(outer)

    return Check(rule, (outer, inner), find)


def reaches_past(rule: Rule, outer: str, inner: str) -> Check:
    """Where `inner` ends under `outer`, `outer` runs on by the rule (endcaps, source and drain)."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        return (d.named(outer).enclosing_check(d.named(inner), rule.value_nm, metrics=PROJECTION),)

    return Check(rule, (outer, inner), find)


def encloses_ends(rule: Rule, outer: str, cut: str) -> Check:
    """`outer` reaches past a cut by the rule on two opposite sides: no two neighbouring edges of a cut lack it."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        lacking = d.named(outer).enclosing_check(d.named(cut), rule.value_nm, metrics=PROJECTION).second_edges()
        corners = lacking.width_check(1, ignore_angle=RIGHT_ANGLE_LIMIT)
        return (d.named(cut).interacting(corners.polygons(1)),)

    return Check(rule, (cut,), find)


def cut_size(rule: Rule, layer: str) -> Check:
    """Every cut is a square of exactly the rule's side."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        squares, side = d.named(layer).rectangles(), rule.value_nm
        return d.named(layer).non_rectangles(), squares.with_bbox_min(side, True), squares.with_bbox_max(side, True)

    return Check(rule, (layer,), find)


def exact_width(rule: Rule, layer: str) -> Check:
    """No part of `layer` is narrower than the rule, nor wider by a step of the grid."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        half = rule.value_nm // 2 + 1
        return d.named(layer).width_check(rule.value_nm), d.named(layer).sized(-half).sized(half)

    return Check(rule, (layer,), find)


def area(rule: Rule, layer: str) -> Check:
    """No polygon of `layer` is smaller than the rule."""
    return Check(rule, (layer,), lambda d: (d.named(layer).with_area(0, _area_nm2(rule), False),))


def hole_area(rule: Rule, layer: str) -> Check:
    """No hole of `layer` is smaller than the rule."""
    return Check(rule, (layer,), lambda d: (d.named(layer).holes().with_area(0, _area_nm2(rule), False),))


def rectangle(rule: Rule, layer: str) -> Check:
    """Every polygon of `layer` is a rectangle."""
    return Check(rule, (layer,), lambda d: (d.named(layer).non_rectangles(),))


def absent(rule: Rule, layer: str, other: str) -> Check:
    """`layer` and `other` do not overlap."""
    return Check(rule, (layer, other), lambda d: (d.named(layer) & d.named(other),))


def inside(rule: Rule, layer: str, *covers: str) -> Check:
    """No part of `layer` lies outside all of `covers`."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        left = d.named(layer)
        for cover in covers:
            left = left - d.named(cover)
        return (left,)

    return Check(rule, (layer,), find)


def holds(rule: Rule, layer: str, needed: str) -> Check:
    """Every polygon of `layer` touches something of `needed`."""
    return Check(rule, (layer,), lambda d: (without(d.named(layer), d.named(needed)),))


def wide_space(rule: Rule, metal: str, wide_nm: int) -> Check:
    """Metal wider than `wide_nm` keeps the rule's distance from all metal of its layer."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        wide = d.wide(metal, wide_nm)
        if wide.is_empty():
            return ()
        whole = d.named(metal)
        narrow_edges = whole.edges() - wide
        wide_edges = wide.edges() & whole.edges()
        return wide_edges.separation_check(narrow_edges, rule.value_nm), wide_edges.space_check(rule.value_nm)

    return Check(rule, (metal,), find)


def halo_space(rule: Rule, metal: str, wide_nm: int) -> Check:
    """Metal attached to wide metal keeps the rule's spacing as long as it is within that distance."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        wide = d.wide(metal, wide_nm)
        if wide.is_empty():
            return ()
        return (((wide.sized(rule.value_nm) - wide) & d.named(metal)).space_check(rule.value_nm),)

    return Check(rule, (metal,), find)


def on_grid(rule: Rule, layer: str) -> Check:
    """Every vertex of `layer` is on the manufacturing grid."""
    return Check(rule, (layer,), lambda d: (d.named(layer).grid_check(rule.value_nm, rule.value_nm),))


def angles(rule: Rule, layer: str, allowed: kdb.Edges.EdgeType) -> Check:
    """Every edge of `layer` has an allowed direction."""
    return Check(rule, (layer,), lambda d: (d.named(layer).edges().with_angle(allowed, True),))


def _area_nm2(rule: Rule) -> int:
    return round(rule.value_um2 * 1e6)
