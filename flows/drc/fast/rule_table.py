"""The table of the fast design rule check: which kind of check, on which layers, by which rule of `pdk/rules`."""

from __future__ import annotations

import klayout.db as kdb

from analoom.pdk import rules as r
from analoom.pdk.layers import CONDUCTORS, CUTS, Layer
from analoom.pdk.wire_levels import WIDE_NM

from . import device_checks as dev
from .checks import (
    Check,
    absent,
    angles,
    apart,
    apart_unshielded,
    area,
    cut_size,
    encloses,
    encloses_ends,
    encloses_touched,
    exact_width,
    halo_space,
    holds,
    hole_area,
    inside,
    on_grid,
    reaches_past,
    rectangle,
    space,
    wide_space,
    width,
)
from .layers import CHECKED
from .marked_rule_table import RESISTORS, THICK_OXIDE

RIGHT_ANGLED = {Layer.DIFF, Layer.TAP, Layer.POLY, Layer.LI1, *CUTS}
"""Layers with right angles only (rule x.2; li1 by Magic)."""

WELLS = (
    width(r.DNWELL_WIDTH, "dnwell"),
    space(r.DNWELL_SPACE, "dnwell"),
    dev.straddle(r.DNWELL_PDIFF, "pdiff", "dnwell"),
    dev.ring_past(r.NWELL_PAST_DNWELL),
    dev.ring_into(r.NWELL_INTO_DNWELL),
    dev.foreign_nwell(r.NWELL_TO_DNWELL),
    dev.between_pwells(r.NWELL_BETWEEN_PWELLS),
    width(r.NWELL_WIDTH, "nwell"),
    space(r.NWELL_SPACE, "nwell"),
    dev.well_tapped(r.NWELL_TAP),
    width(r.HVTP_WIDTH, "hvtp"),
    space(r.HVTP_SPACE, "hvtp"),
    encloses(r.HVTP_ENCLOSES_GATE, "hvtp", "hvt_gate", cover=False),
    apart(r.HVTP_TO_OTHER_GATE, "hvtp", "other_pgate"),
    area(r.HVTP_AREA, "hvtp"),
    width(r.LVTN_WIDTH, "lvtn"),
    space(r.LVTN_SPACE, "lvtn"),
    apart(r.LVTN_TO_OTHER_GATE, "lvtn", "other_gate"),
    dev.along_channel(r.LVTN_TO_OTHER_GATE_ALONG),
    encloses(r.LVTN_ENCLOSES_GATE, "lvtn", "lvt_gate", cover=False),
    apart(r.LVTN_TO_HVTP, "lvtn", "hvtp"),
    dev.straddle(r.LVTN_STRADDLE, "lvtn", "nwell"),
    area(r.LVTN_AREA, "lvtn"),
)

ACTIVE = (
    width(r.DIFF_WIDTH, "diff"),
    width(r.DIFF_WIDTH, "tap"),
    dev.gate_width(r.MOS_WIDTH, "gate"),
    dev.gate_width(r.STDCELL_MOS_WIDTH, "stdcell_gate"),
    space(r.DIFF_SPACE, "difftap"),
    absent(r.DIFF_SPACE, "diff", "tap"),
    dev.butted_tap_length(r.BUTTED_TAP_LENGTH),
    dev.sandwiched_tap_length(r.SANDWICHED_TAP_LENGTH),
    encloses(r.NWELL_ENCLOSES_PDIFF, "nwell", "pdiff"),
    apart(r.NDIFF_TO_NWELL, "ndiff", "nwell"),
    encloses(r.NWELL_ENCLOSES_NTAP, "nwell", "ntap"),
    apart(r.PTAP_TO_NWELL, "ptap", "nwell"),
    area(r.TAP_AREA, "ntap"),
    area(r.TAP_AREA, "ptap"),
    dev.ptap_in_reach(r.TAP_REACH),
    dev.ntap_in_reach(r.NTAP_REACH),
)

POLY = (
    width(r.POLY_WIDTH, "poly"),
    width(r.PFET_LVT_LENGTH, "lvt_pgate"),
    space(r.POLY_SPACE, "poly"),
    apart(r.POLY_TO_DIFF, "poly", "diff", overlap_allowed=True),
    apart(r.POLY_TO_TAP, "poly", "tap", overlap_allowed=True),
    dev.gate_to_butted_tap(r.GATE_TO_BUTTED_TAP),
    reaches_past(r.DIFF_PAST_POLY, "diff", "poly"),
    dev.two_sided_gate(r.DIFF_PAST_POLY),
    reaches_past(r.POLY_PAST_DIFF, "poly", "diff"),
    rectangle(r.GATE_BEND, "gate"),
    absent(r.POLY_ON_TAP, "poly", "tap"),
)

IMPLANTS = (
    width(r.IMPLANT_WIDTH, "nsdm"),
    space(r.IMPLANT_SPACE, "nsdm"),
    width(r.PSDM_WIDTH, "psdm"),
    space(r.PSDM_SPACE, "psdm"),
    dev.implant_encloses(r.IMPLANT_ENCLOSES_DIFF),
    dev.butted_flush(r.BUTTED_FLUSH),
    dev.implant_to_opposite(r.IMPLANT_TO_OPPOSITE_DIFF),
    dev.implant_overlap(r.IMPLANT_OVERLAP),
    inside(r.IMPLANT_MISSING, "difftap", "nsdm", "psdm"),
    area(r.IMPLANT_AREA, "nsdm"),
    area(r.PSDM_AREA, "psdm"),
    width(r.NPC_WIDTH, "npc"),
    space(r.NPC_SPACE, "npc"),
    apart(r.NPC_TO_GATE, "npc", "gate"),
)

CONTACTS = (
    cut_size(r.LICON_SIZE, "square_licon"),
    space(r.LICON_SPACE, "square_licon"),
    inside(r.LICON_LANDS, "licon", "li1"),
    inside(r.LICON_LANDS, "licon", "poly", "difftap"),
    encloses(r.DIFF_ENCLOSES_LICON, "diff", "diff_licon", cover=False),
    dev.whole_on(r.DIFF_ENCLOSES_LICON, "licon", "diff"),
    apart(r.TAP_LICON_TO_DIFF, "tap_licon", "diff"),
    encloses_ends(r.DIFF_ENCLOSES_LICON_ENDS, "diff", "diff_licon"),
    encloses_ends(r.TAP_ENCLOSES_LICON_ENDS, "difftap", "tap_licon"),
    dev.whole_on(r.TAP_ENCLOSES_LICON_ENDS, "licon", "tap"),
    encloses(r.POLY_ENCLOSES_LICON, "poly", "poly_licon", cover=False),
    dev.whole_on(r.POLY_ENCLOSES_LICON, "licon", "poly"),
    encloses_ends(r.POLY_ENCLOSES_LICON_ENDS, "poly", "poly_licon"),
    apart(r.POLY_LICON_TO_PSDM, "square_poly_licon", "psdm"),
    apart(r.DIFF_LICON_TO_GATE, "active_licon", "poly"),
    apart(r.STDCELL_LICON_TO_GATE, "stdcell_licon", "poly"),
    apart(r.DIFF_LICON_TO_NPC, "active_licon", "npc"),
    apart(r.POLY_LICON_TO_DIFF, "poly_licon", "difftap"),
    encloses(r.NPC_ENCLOSES_LICON, "npc", "poly_licon"),
    holds(r.TAP_CONTACTED, "tap", "tap_licon"),
    absent(r.LICON_ON_BOTH, "poly_licon", "difftap"),
    width(r.LI_WIDTH, "li1"),
    space(r.LI_SPACE, "li1"),
    encloses_ends(r.LI_ENCLOSES_LICON_ENDS, "li1", "licon"),
    area(r.LI_AREA, "li1"),
    cut_size(r.MCON_SIZE, "mcon_square"),
    exact_width(r.MCON_RING, "mcon_ring"),
    space(r.MCON_SPACE, "mcon"),
    inside(r.MCON_IN_LI, "mcon", "li1"),
)

METALS = (
    width(r.MET1_WIDTH, "met1"),
    space(r.MET1_SPACE, "met1"),
    halo_space(r.MET1_HALO_SPACE, "met1", WIDE_NM),
    wide_space(r.MET1_WIDE_SPACE, "met1", WIDE_NM),
    encloses(r.MET1_ENCLOSES_MCON, "met1", "mcon"),
    encloses_ends(r.MET1_ENCLOSES_MCON_ENDS, "met1", "mcon"),
    area(r.MET1_AREA, "met1"),
    hole_area(r.MET1_HOLE_AREA, "met1"),
    cut_size(r.VIA_SIZE, "via_square"),
    exact_width(r.VIA_RING, "via_ring"),
    space(r.VIA_SPACE, "via"),
    encloses(r.MET1_ENCLOSES_VIA, "met1", "via_square"),
    encloses_ends(r.MET1_ENCLOSES_VIA_ENDS, "met1", "via_square"),
    width(r.MET2_WIDTH, "met2"),
    space(r.MET2_SPACE, "met2"),
    halo_space(r.MET2_HALO_SPACE, "met2", WIDE_NM),
    wide_space(r.MET2_WIDE_SPACE, "met2", WIDE_NM),
    encloses(r.MET2_ENCLOSES_VIA, "met2", "via"),
    encloses_ends(r.MET2_ENCLOSES_VIA_ENDS, "met2", "via"),
    area(r.MET2_AREA, "met2"),
    hole_area(r.MET2_HOLE_AREA, "met2"),
    cut_size(r.VIA2_SIZE, "via2_square"),
    exact_width(r.VIA2_RING, "via2_ring"),
    space(r.VIA2_SPACE, "via2"),
    encloses(r.MET2_ENCLOSES_VIA2, "met2", "via2"),
    encloses_ends(r.MET2_ENCLOSES_VIA2_ENDS, "met2", "via2"),
    width(r.MET3_WIDTH, "met3"),
    space(r.MET3_SPACE, "met3"),
    halo_space(r.MET3_HALO_SPACE, "met3", WIDE_NM),
    wide_space(r.MET3_WIDE_SPACE, "met3", WIDE_NM),
    encloses(r.MET3_ENCLOSES_VIA2, "met3", "via2"),
    area(r.MET3_AREA, "met3"),
    hole_area(r.MET3_HOLE_AREA, "met3"),
    cut_size(r.VIA3_SIZE, "via3_square"),
    exact_width(r.VIA3_RING, "via3_ring"),
    space(r.VIA3_SPACE, "via3"),
    encloses(r.MET3_ENCLOSES_VIA3, "met3", "via3"),
    encloses_ends(r.MET3_ENCLOSES_VIA3_ENDS, "met3", "via3"),
    width(r.MET4_WIDTH, "met4"),
    space(r.MET4_SPACE, "met4"),
    encloses(r.MET4_ENCLOSES_VIA3, "met4", "via3"),
    area(r.MET4_AREA, "met4"),
    halo_space(r.MET4_HALO_SPACE, "met4", WIDE_NM),
    wide_space(r.MET4_WIDE_SPACE, "met4", WIDE_NM),
    hole_area(r.MET4_HOLE_AREA, "met4"),
    cut_size(r.VIA4_SIZE, "via4_square"),
    exact_width(r.VIA4_RING, "via4_ring"),
    space(r.VIA4_SPACE, "via4"),
    encloses(r.MET4_ENCLOSES_VIA4, "met4", "via4"),
    width(r.MET5_WIDTH, "met5"),
    space(r.MET5_SPACE, "met5"),
    encloses(r.MET5_ENCLOSES_VIA4, "met5", "via4"),
    area(r.MET5_AREA, "met5"),
    hole_area(r.MET5_HOLE_AREA, "met5"),
)

CAPACITORS = (
    width(r.CAPM_WIDTH, "capm"),
    space(r.CAPM_SPACE, "capm"),
    dev.plate_space(r.CAPM_PLATE_SPACE, "capm_plate", "met3"),
    encloses(r.CAPM_ENCLOSED_BY_MET3, "met3", "capm"),
    encloses_touched(r.CAPM_ENCLOSES_VIA3, "capm", "via3"),
    apart(r.CAPM_TO_VIA3, "capm", "via3", overlap_allowed=True),
    dev.in_line(r.MIM_VIA3_IN_LINE, "via3", "capm", r.VIA3_SIZE, r.VIA3_SPACE),
    rectangle(r.CAPM_RECTANGLE, "capm"),
    apart(r.CAPM_TO_VIA2, "capm", "via2"),
    dev.unrelated(r.CAPM_TO_MET3, "capm", "met3"),
    apart_unshielded(r.CAPM_TO_OTHER_PLATE, "capm", "met3"),
    width(r.CAP2M_WIDTH, "cap2m"),
    space(r.CAP2M_SPACE, "cap2m"),
    dev.plate_space(r.CAP2M_PLATE_SPACE, "cap2m_plate", "met4"),
    dev.plate_metal_space(r.CAP2M_PLATE_SPACE, "cap2m", "met4"),
    encloses(r.CAP2M_ENCLOSED_BY_MET4, "met4", "cap2m"),
    encloses_touched(r.CAP2M_ENCLOSES_VIA4, "cap2m", "via4"),
    apart(r.CAP2M_TO_VIA4, "cap2m", "via4", overlap_allowed=True),
    dev.in_line(r.MIM_VIA4_IN_LINE, "via4", "cap2m", r.VIA4_SIZE, r.VIA4_SPACE),
    rectangle(r.CAP2M_RECTANGLE, "cap2m"),
    apart(r.CAP2M_TO_VIA3, "cap2m", "via3"),
    dev.unrelated(r.CAP2M_TO_MET4, "cap2m", "met4"),
    apart_unshielded(r.CAP2M_TO_OTHER_PLATE, "cap2m", "met4"),
)

SHAPES = tuple(
    check
    for layer in CHECKED
    for check in (
        on_grid(r.GRID, layer.name.lower()),
        angles(r.ANGLE_90, layer.name.lower(), kdb.Edges.OrthoEdges)
        if layer in RIGHT_ANGLED
        else angles(r.ANGLE_45, layer.name.lower(), kdb.Edges.OrthoDiagonalEdges),
        dev.with_area(r.ZERO_AREA, layer),
    )
)

PINS = tuple(
    inside(r.PIN_ON_DRAWING, f"{layer.name.lower()}_{purpose}", layer.name.lower())
    for layer in (Layer.NWELL, *CONDUCTORS)
    for purpose in ("pin", "label")
)

CHECKS: tuple[Check, ...] = (
    *(*WELLS, *ACTIVE, *POLY, *IMPLANTS, *CONTACTS, *METALS, *CAPACITORS),
    *(*THICK_OXIDE, *RESISTORS, *PINS, *SHAPES),
)
"""Every check, in the order of the process."""
