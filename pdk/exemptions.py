"""Where a rule does not hold: the area marker that exempts what lies in it, rule by rule, with the source.

SkyWater's manual exempts more than stands here: what it grants inside the seal ring (grid, angles) and to li1 resistors
in ESD areas (li.7 inside areaid.ed) neither official engine grants, so it is asked there too. Where the manual grants
what an engine that checks the rule does not, the marker is in `official_layers.RULED_ELSEWHERE`, and the fast check
alone is no verdict on a layout that has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from . import rules as r
from .layers import Marker
from .rules import Rule

_MANUAL = "SkyWater periphery rules"


@dataclass(frozen=True)
class Exemption:
    """`rule` is not asked of what lies whole in `marker`; `instead` is the rule that holds there."""

    rule: Rule
    marker: Marker
    source: str
    instead: Rule | None = None


AREA_NAMES: Mapping[Marker, str] = {
    Marker.STDCELL: "areaid.sc",
    Marker.COREID: "areaid.ce",
    Marker.DIODE: "areaid.de",
    Marker.UHVI: "uhvi",
}
"""SkyWater's names of the markers that exempt."""

_STANDARD_CELLS = (
    Exemption(r.MOS_WIDTH, Marker.STDCELL, f"{_MANUAL}, difftap.2", r.STDCELL_MOS_WIDTH),
    Exemption(r.DIFF_LICON_TO_GATE, Marker.STDCELL, f"{_MANUAL}, licon.11", r.STDCELL_LICON_TO_GATE),
)

_PERIPHERY_ONLY = (
    *(r.HVTP_ENCLOSES_GATE, r.HVTP_TO_OTHER_GATE),
    *(r.LVTN_TO_OTHER_GATE, r.LVTN_TO_OTHER_GATE_ALONG, r.LVTN_ENCLOSES_GATE),
    *(r.DIFF_WIDTH, r.MOS_WIDTH, r.SANDWICHED_TAP_LENGTH),
    *(r.NWELL_ENCLOSES_PDIFF, r.NDIFF_TO_NWELL, r.NWELL_ENCLOSES_NTAP),
    *(r.POLY_TO_DIFF, r.POLY_TO_TAP, r.GATE_TO_BUTTED_TAP, r.DIFF_PAST_POLY, r.POLY_PAST_DIFF, r.POLY_ON_TAP),
    *(r.IMPLANT_WIDTH, r.IMPLANT_SPACE, r.PSDM_WIDTH, r.PSDM_SPACE),
    *(r.LICON_SPACE, r.DIFF_ENCLOSES_LICON, r.TAP_LICON_TO_DIFF, r.DIFF_ENCLOSES_LICON_ENDS),
    *(r.TAP_ENCLOSES_LICON_ENDS, r.POLY_ENCLOSES_LICON, r.POLY_ENCLOSES_LICON_ENDS, r.POLY_LICON_TO_PSDM),
    *(r.DIFF_LICON_TO_GATE, r.DIFF_LICON_TO_NPC, r.POLY_LICON_TO_DIFF, r.NPC_ENCLOSES_LICON, r.TAP_CONTACTED),
    *(r.LI_WIDTH, r.LI_SPACE, r.LI_ENCLOSES_LICON_ENDS, r.LI_AREA),
    *(r.MET1_ENCLOSES_MCON, r.MET1_ENCLOSES_MCON_ENDS, r.MET2_ENCLOSES_VIA),
    *(r.HVI_WIDTH, r.HVI_SPACE, r.HV_DIFF_WIDTH, r.HV_DIFF_SPACE, r.HV_NDIFF_TO_PTAP),
    *(r.HVI_STRADDLE, r.HVI_ENCLOSES_DIFF, r.HVI_TO_DIFF, r.HV_GATE_LENGTH, r.HVNTM_WIDTH, r.HVNTM_SPACE),
)
"""Rules with the manual's flag P: "applies to periphery only (outside areaid.ce)". Not ct.4, which has the flag and is
asked everywhere since the deck of 2026-03."""

_NOT_IN_UHVI = (
    *(r.NWELL_TAP, r.NWELL_PAST_DNWELL, r.LVTN_TO_OTHER_GATE, r.LVTN_ENCLOSES_GATE),
    *(r.NWELL_ENCLOSES_PDIFF, r.NDIFF_TO_NWELL, r.NWELL_ENCLOSES_NTAP, r.PTAP_TO_NWELL, r.HV_BUTTED_TAP_LENGTH),
    *(r.HVNWELL_ENCLOSES_PDIFF, r.NDIFF_TO_HVNWELL, r.HVNWELL_ENCLOSES_NTAP, r.PTAP_TO_HVNWELL),
    *(r.HVI_ENCLOSES_DIFF, r.HV_NDIFF_TO_NWELL, r.POLY_ON_TAP, r.TAP_CONTACTED),
)
"""Rules whose text in the manual says "rule exempted inside UHVI" (20 V devices)."""

_DIODES = "drc(full) of Magic's tech: its latch-up areas (ptap_missing, ntap_missing) leave diodes out"

EXEMPTIONS: tuple[Exemption, ...] = (
    *_STANDARD_CELLS,
    *(Exemption(rule, Marker.COREID, f"{_MANUAL}, flag P of {rule.id}") for rule in _PERIPHERY_ONLY),
    Exemption(r.POLY_SPACE, Marker.COREID, f'{_MANUAL}, {r.POLY_SPACE.id} ("except for poly.c2"); the shuttle\'s deck'),
    *(Exemption(rule, Marker.UHVI, f"{_MANUAL}, {rule.id}") for rule in _NOT_IN_UHVI),
    Exemption(r.DNWELL_SPACE, Marker.UHVI, "the shuttle's deck, MRW_dnwell.SP.1"),
    *(Exemption(rule, Marker.DIODE, _DIODES) for rule in (r.TAP_REACH, r.NTAP_REACH)),
)
"""Every exemption, by marker."""


def exemptions_of(rule: Rule) -> tuple[Exemption, ...]:
    """The exemptions from one rule."""
    return _BY_RULE.get(rule.id, ())


def _by_rule(exemptions: Iterable[Exemption]) -> dict[str, tuple[Exemption, ...]]:
    found: dict[str, tuple[Exemption, ...]] = {}
    for one in exemptions:
        found[one.rule.id] = (*found.get(one.rule.id, ()), one)
    return found


_BY_RULE = _by_rule(EXEMPTIONS)
