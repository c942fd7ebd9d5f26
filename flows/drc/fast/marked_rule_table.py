"""The table of the fast design rule check for thick oxide (5 V devices) and for poly and li1 resistors."""

from __future__ import annotations

from analoom.pdk import rules as r
from analoom.pdk.devices import RES_WIDTHS_UM

from . import marked_checks as dev
from .checks import absent, apart, encloses, space, width
from .device_checks import straddle

THICK_OXIDE = (
    width(r.HVI_WIDTH, "hvi"),
    space(r.HVI_SPACE, "hvi"),
    dev.apart_or_butting(r.HVI_TO_NWELL, "hvi", "lv_nwell"),
    space(r.HVNWELL_SPACE, "hv_nwell"),
    apart(r.HVNWELL_SPACE, "hv_nwell", "lv_nwell"),
    straddle(r.HVNWELL_IN_HVI, "nwell", "hvi"),
    width(r.HV_DIFF_WIDTH, "hv_diff"),
    space(r.HV_DIFF_SPACE, "hv_diff"),
    dev.unbutted(r.HV_NDIFF_TO_PTAP, "hv_ndiff", "hv_ptap"),
    dev.butted_hv_tap_length(r.HV_BUTTED_TAP_LENGTH),
    encloses(r.HVNWELL_ENCLOSES_PDIFF, "nwell", "hv_pdiff"),
    apart(r.NDIFF_TO_HVNWELL, "ndiff", "hv_nwell"),
    encloses(r.HVNWELL_ENCLOSES_NTAP, "nwell", "hv_ntap"),
    apart(r.PTAP_TO_HVNWELL, "ptap", "hv_nwell"),
    dev.edge_on(r.HVI_STRADDLE, "hvi", "diff"),
    straddle(r.HVI_STRADDLE, "tap", "hvi"),
    absent(r.HVI_STRADDLE, "hv_nwell", "lv_difftap"),
    encloses(r.HVI_ENCLOSES_DIFF, "hvi", "hv_difftap"),
    apart(r.HVI_TO_DIFF, "hvi", "lv_difftap"),
    apart(r.HV_NDIFF_TO_NWELL, "hv_ndiff", "nwell"),
    dev.across_tap(r.HV_NDIFF_ACROSS_PTAP),
    dev.gate_length(r.HV_GATE_LENGTH, "hv_gate"),
    *(width(r.HVNTM_WIDTH, layer) for layer in ("hvntm", "hvntm_made")),
    *(space(r.HVNTM_SPACE, layer) for layer in ("hvntm", "hvntm_made")),
)
"""Rules of hvi and of what lies in it."""

RESISTORS = (
    width(r.RPM_WIDTH, "rpm"),
    space(r.RPM_SPACE, "rpm"),
    width(r.URPM_WIDTH, "urpm"),
    space(r.URPM_SPACE, "urpm"),
    width(r.RESISTOR_WIDTH, "precision"),
    dev.one_of_widths(r.RESISTOR_WIDTHS, RES_WIDTHS_UM),
    encloses(r.RPM_ENCLOSES_RESISTOR, "rpm_any", "precision_poly"),
    encloses(r.PSDM_ENCLOSES_RESISTOR, "psdm", "precision"),
    encloses(r.NPC_ENCLOSES_RESISTOR, "npc", "precision"),
    apart(r.RPM_TO_NSDM, "rpm_any", "nsdm"),
    dev.check_apart(r.RESISTOR_TO_NDIFF, (r.RPM_ENCLOSES_RESISTOR,), "n_active"),
    apart(r.RPM_TO_POLY, "rpm_any", "other_poly"),
    dev.check_apart(r.RESISTOR_TO_POLY, (r.RPM_ENCLOSES_RESISTOR,), "poly"),
    straddle(r.RPM_STRADDLE, "poly", "rpm_any"),
    dev.check_apart(r.RESISTOR_TO_HV_NDIFF, (r.RPM_ENCLOSES_RESISTOR,), "hv_ndiff"),
    width(r.RESISTOR_MARKER_WIDTH, "polyres"),
    width(r.RESISTOR_MARKER_WIDTH, "plain_body"),
    dev.least_length(r.RESISTOR_MARKER_LENGTH, "polyres"),
    apart(r.RESISTOR_SPACE, "plain_body", "difftap"),
    apart(r.RESISTOR_SPACE, "precision", "difftap"),
    apart(r.RESISTOR_SPACE, "precision", "other_poly"),
    dev.apart_or_butting(r.RESISTOR_SPACE, "plain_body", "plain_poly"),
    *dev.bar(r.RESISTOR_LICON, r.RESISTOR_LICON_LENGTH),
    dev.square_off(r.SQUARE_OFF_RPM, "square_licon", "rpm_any"),
    dev.head_length(r.RESISTOR_HEAD),
    dev.bar_end_space(r.BAR_END_SPACE),
    dev.bar_space(r.BAR_SPACE),
    apart(r.BAR_TO_SQUARE, "bar_licon", "square_licon"),
    width(r.LI_RESISTOR_WIDTH, "lires"),
    width(r.LI_RESISTOR_WIDTH, "li_body"),
    width(r.LI_WIDTH, "li_end"),
)
"""Rules of rpm, urpm and the resistor markers."""
