"""Checks of the fast design rule check that need more than one look: wells and taps, gates, implants, MIM plates."""

from __future__ import annotations

import klayout.db as kdb

from analoom.flows.drc.report.markers import Markers
from analoom.pdk import rules
from analoom.pdk.layers import Layer, Marker
from analoom.pdk.rules import Rule

from .bottom_up import SQUARE, out_of_reach, without
from .checks import INNER_CORNER, PROJECTION, Check
from .layers import DrcLayers


def with_area(rule: Rule, layer: Layer | Marker) -> Check:
    """No shape of `layer` is a point or a line."""
    return Check(rule, (), lambda d: (d.degenerate(layer),))


def straddle(rule: Rule, layer: str, well: str) -> Check:
    """A polygon of `layer` lies inside `well` or outside it."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        crossing = d.named(layer).overlapping(d.named(well)) - d.named(well)
        return (crossing,)

    return Check(rule, (layer, well), find)


def ring_past(rule: Rule) -> Check:
    """The n-well ring of deep n-well reaches past its edge."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        dnwell = d.named("dnwell")
        return (dnwell.sized(rule.value_nm, SQUARE) - dnwell - d.named("nwell"),)

    return Check(rule, ("dnwell",), find)


def ring_into(rule: Rule) -> Check:
    """The n-well ring of deep n-well reaches into it."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        dnwell = d.named("dnwell")
        return (dnwell - dnwell.sized(-rule.value_nm, SQUARE) - d.named("nwell"),)

    return Check(rule, ("dnwell",), find)


def between_pwells(rule: Rule) -> Check:
    """The n-well beside an n-tap, in a deep n-well, where Magic joins two p-wells across it."""
    near, half = rules.PTAP_TO_NWELL.value_nm, (rule.value_nm - rules.GRID.value_nm) // 2

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        nwell = d.named("nwell")
        pwell = ((d.difftap & d.named("dnwell")) - nwell).sized(near, SQUARE)
        closed = pwell.sized(half, SQUARE).merged().sized(-half, SQUARE) - pwell
        return (d.ntap.sized(rules.NWELL_ENCLOSES_NTAP.value_nm, SQUARE) & closed & nwell,)

    return Check(rule, ("dnwell", "ntap"), find)


def foreign_nwell(rule: Rule) -> Check:
    """N-well that does not touch a deep n-well keeps the rule's distance."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        foreign = d.named("nwell").not_interacting(d.named("dnwell"))
        return (foreign.separation_check(d.named("dnwell"), rule.value_nm),)

    return Check(rule, ("nwell", "dnwell"), find)


def well_tapped(rule: Rule) -> Check:
    """Every n-well holds an n-tap with a contact."""
    return Check(rule, ("nwell",), lambda d: (without(d.named("nwell"), d.ntap_licon),))


def gate_width(rule: Rule, gate: str) -> Check:
    """The channel of each of these gates is at least as wide as the rule."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        return (d.gate_widths.with_length(0, rule.value_nm, False).interacting(d.named(gate)),)

    return Check(rule, (gate,), find)


def along_channel(rule: Rule) -> Check:
    """lvtn keeps the rule's distance from other gates along the channel's length."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        other = d.other_gate.edges() & d.gate_widths
        return (other.separation_check(d.named("lvtn").edges(), rule.value_nm, metrics=PROJECTION),)

    return Check(rule, ("lvtn", "gate"), find)


def butted_tap_length(rule: Rule) -> Check:
    """A tap that butts diffusion is at least as long as the rule, away from the butted edge."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        return (d.named("tap").width_check(rule.value_nm).edges() & d.butted_edges,)

    return Check(rule, ("tap", "diff"), find)


def sandwiched_tap_length(rule: Rule) -> Check:
    """A tap between two diffusions that butt it is at least as long as the rule."""
    return Check(rule, ("tap", "diff"), lambda d: (d.butted_edges.width_check(rule.value_nm),))


def gate_to_butted_tap(rule: Rule) -> Check:
    """A gate keeps the rule's distance from a tap that butts its diffusion."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        return (d.gate_widths.separation_check(d.butted_edges, rule.value_nm, metrics=PROJECTION),)

    return Check(rule, ("gate", "tap"), find)


def two_sided_gate(rule: Rule) -> Check:
    """A gate has diffusion on both sides: it touches two pieces of source and drain."""
    return Check(rule, ("gate",), lambda d: (d.gate.interacting(d.source_drain, 0, 1),))


def butted_flush(rule: Rule) -> Check:
    """Where a tap butts diffusion their ends are flush: no inner corner at the end of the line they share."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        shared = d.butted_edges
        return () if shared.is_empty() else (d.difftap.merged().corners(*INNER_CORNER).interacting(shared),)

    return Check(rule, ("tap", "diff"), find)


def implant_encloses(rule: Rule) -> Check:
    """nsdm and psdm reach past the diffusion and tap they dope, except where the other type butts."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        n = d.named("nsdm").enclosing_check(d.n_active, rule.value_nm)
        p = d.named("psdm").enclosing_check(d.p_active, rule.value_nm)
        return _off(n, d.p_active), _off(p, d.n_active)

    return Check(rule, ("difftap",), find)


def implant_to_opposite(rule: Rule) -> Check:
    """nsdm and psdm keep the rule's distance from diffusion and tap of the other type that does not butt."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        n = d.named("nsdm").separation_check(d.p_active, rule.value_nm)
        p = d.named("psdm").separation_check(d.n_active, rule.value_nm)
        return _off(n, d.n_active), _off(p, d.p_active)

    return Check(rule, ("difftap",), find)


def implant_overlap(rule: Rule) -> Check:
    """Diffusion and tap are of one type only."""
    return Check(rule, ("n_active", "psdm"), lambda d: (d.n_active & d.named("psdm"),))


def whole_on(rule: Rule, cut: str, conductor: str) -> Check:
    """A cut that overlaps `conductor` lies on it whole."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        touched = d.named(cut).overlapping(d.named(conductor))
        return (touched - d.named(conductor),)

    return Check(rule, (cut, conductor), find)


def plate_space(rule: Rule, plate: str, metal: str) -> Check:
    """Separate bottom plates, and metal that belongs to none, keep the rule's distance, as in the deck."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        between = d.named(plate).isolated_check(rule.value_nm).polygons() - d.named(metal)
        others = d.named(metal).not_interacting(d.named(plate))
        return between, others.separation_check(d.named(plate), rule.value_nm)

    return Check(rule, (plate, metal), find)


def plate_metal_space(rule: Rule, plate: str, metal: str) -> Check:
    """Separate polygons of metal under plates keep the rule's distance in all their parts, as in the deck."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        return (d.named(metal).interacting(d.named(plate)).isolated_check(rule.value_nm),)

    return Check(rule, (plate, metal), find)


def in_line(rule: Rule, cut: str, plate: str, size: Rule, space: Rule) -> Check:
    """Cuts on a MIM plate that stand close are in line: Magic joins them to one contact, which may not be narrow."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        margin = (rule.value_nm - size.value_nm) // 2
        close = space.value_nm // 2 - margin
        joined = (d.named(cut) & d.named(plate)).sized(margin + close, SQUARE).sized(-close, SQUARE)
        return (joined.width_check(rule.value_nm),)

    return Check(rule, (cut, plate), find)


def unrelated(rule: Rule, plate: str, metal: str) -> Check:
    """Metal that does not touch a plate keeps the rule's distance from it."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        return (d.named(metal).not_interacting(d.named(plate)).separation_check(d.named(plate), rule.value_nm),)

    return Check(rule, (plate, metal), find)


def ptap_in_reach(rule: Rule) -> Check:
    """Every n-type source and drain lies within reach of a contacted p-tap, without an n-well in between."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        diffusion = d.ndiff - d.named("poly")
        return (out_of_reach(diffusion, d.ptap_licon, d.named("nwell"), _reach_nm(rule), within=False),)

    return Check(rule, ("ndiff",), find)


def ntap_in_reach(rule: Rule) -> Check:
    """Every p-type source and drain lies within reach of a contacted n-tap of the same well."""

    def find(d: DrcLayers) -> tuple[Markers, ...]:
        diffusion = d.pdiff - d.named("poly")
        return (out_of_reach(diffusion, d.ntap_licon, d.named("nwell"), _reach_nm(rule), within=True),)

    return Check(rule, ("pdiff",), find)


def _off(pairs: kdb.EdgePairs, butting: kdb.Region) -> kdb.Edges | kdb.EdgePairs:
    """The edges of diffusion and tap in `pairs` that do not lie on the border of `butting`."""
    return pairs if pairs.is_empty() else pairs.second_edges() - butting.edges()


def _reach_nm(rule: Rule) -> int:
    """The reach from a contact's edge; the rule counts from its centre."""
    return rule.value_nm - rules.LICON_SIZE.value_nm // 2
