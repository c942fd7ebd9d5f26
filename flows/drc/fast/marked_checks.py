"""Checks of thick oxide and poly resistors that need more than one look."""

from __future__ import annotations

from collections.abc import Sequence

from analoom.flows.drc.report.markers import Markers
from analoom.pdk import rules
from analoom.pdk.rules import Rule
from analoom.pdk.units import to_nm

from .bottom_up import SQUARE
from .checks import PROJECTION, Check
from .layers import DrcLayers


def gate_length(rule: Rule, gate: str) -> Check:
    """A gate is at least as long as the rule, whatever its width."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        return ((d.named(gate).edges() & d.gate_widths).width_check(rule.value_nm),)

    return Check(rule, (gate,), find)


def butted_hv_tap_length(rule: Rule) -> Check:
    """A tap in hvi that butts diffusion on one or two sides is at least as long as the rule."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        taps = d.named("hv_ntap") + d.named("hv_ptap")
        return (taps.width_check(rule.value_nm).edges() & d.butted_edges,)

    return Check(rule, ("hv_difftap", "tap", "diff"), find)


def unbutted(rule: Rule, diffusion: str, tap: str) -> Check:
    """Diffusion and a tap that does not butt it keep the rule's distance."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        one = d.named(diffusion).edges() - d.named("tap").edges()
        other = d.named(tap).edges() - d.named("diff").edges()
        return (one.separation_check(other, rule.value_nm),)

    return Check(rule, (diffusion, tap), find)


def edge_on(rule: Rule, layer: str, other: str) -> Check:
    """No edge of a polygon of `layer` runs over or along `other`, unless it lies in it whole (as the deck asks)."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        crossing = d.named(layer).interacting(d.named(other)).not_inside(d.named(other))
        return (crossing.edges() & d.named(other),)

    return Check(rule, (layer, other), find)


def across_tap(rule: Rule) -> Check:
    """N-diffusions in hvi with a p-tap between them that butts neither keep the rule's distance."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        tap = d.named("hv_ptap")
        free = d.named("hv_ndiff").not_interacting(tap)
        return (free.space_check(rule.value_nm).polygons().interacting(tap),)

    return Check(rule, ("hv_ndiff", "hv_ptap"), find)


def apart_or_butting(rule: Rule, layer: str, other: str) -> Check:
    """`layer` and `other` keep the rule's distance where they do not share an edge."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        pairs = d.named(layer).separation_check(d.named(other), rule.value_nm)
        return (pairs if pairs.is_empty() else pairs.second_edges() - d.named(layer).edges(),)

    return Check(rule, (layer, other), find)


def check_apart(rule: Rule, own: tuple[Rule, ...], other: str) -> Check:
    """`other` stays out of the rule's distance from a resistor, by the rpm Magic generates.

    `own` are the rules that add up to the distance from resistor to generated rpm.
    """

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        margin = rule.value_nm - sum(one.value_nm for one in own)
        reach = d.named("rpm_made").sized(margin, SQUARE)
        return ((reach & d.named(other)) - d.named("precision"),)

    return Check(rule, ("precision", other), find)


def head_length(rule: Rule) -> Check:
    """The head of a precision resistor reaches the rule's length beyond the marker."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        heads = d.named("precision_head")
        return (heads.width_check(rule.value_nm).edges() & heads.edges() & d.named("polyres").edges(),)

    return Check(rule, ("precision_head", "polyres"), find)


def one_of_widths(rule: Rule, widths_um: Sequence[float]) -> Check:
    """Where the body of a precision resistor meets its heads it is as wide as one of the widths, to the nm."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        ends = d.named("precision_body").edges() & d.named("precision_head").edges()
        for w_um in widths_um:
            ends = ends.with_length(to_nm("w", w_um), True)
        return (ends,)

    return Check(rule, ("precision_body", "precision_head"), find)


def least_length(rule: Rule, layer: str) -> Check:
    """The longer side of every polygon is at least the rule."""
    return Check(rule, (layer,), lambda d: (d.named(layer).with_bbox_max(0, rule.value_nm, False),))


def bar(width: Rule, length: Rule) -> tuple[Check, ...]:
    """The contacts of precision resistors are bars of exactly these sides."""

    def find_width(d: DrcLayers) -> tuple[Markers, ...]:
        bars = d.named("bar_licon")
        return bars.non_rectangles(), bars.with_bbox_min(width.value_nm, True)

    def find_length(d: DrcLayers) -> tuple[Markers, ...]:
        return (d.named("bar_licon").with_bbox_max(length.value_nm, True),)

    return Check(width, ("bar_licon",), find_width), Check(length, ("bar_licon",), find_length)


def bar_end_space(rule: Rule) -> Check:
    """Bar contacts keep the rule's distance end to end."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        ends = d.named("bar_licon").edges().with_length(rules.RESISTOR_LICON.value_nm, False)
        return (ends.space_check(rule.value_nm),)

    return Check(rule, ("bar_licon",), find)


def bar_space(rule: Rule) -> Check:
    """Parallel edges of bar contacts keep the rule's distance: their ends too, as the deck measures."""
    return Check(rule, ("bar_licon",), lambda d: (d.named("bar_licon").space_check(rule.value_nm, metrics=PROJECTION),))


def square_off(rule: Rule, cut: str, layer: str) -> Check:
    """No contact of `cut` touches or overlaps `layer`."""
    return Check(rule, (cut, layer), lambda d: (d.named(cut).interacting(d.named(layer)),))
