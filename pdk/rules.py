"""The SKY130 layout rules analoom draws by and checks, each number once.

`id` is SkyWater's periphery rule (skywater-pdk docs, rules/periphery.rst), `deck` the category of the shuttle's KLayout
deck (`sky130A_mr.drc` of cf-precheck) and `magic` the rule in Magic's `drc(full)` text, where that engine checks it;
`magic_nm` is the number that text states when Magic measures from a derived edge (a contact grown by its enclosure,
gate to gate instead of gate to implant). The manual's hvdifftap, hvnwell and hvpoly go without "hv" here, as in both
engines; `ORIGINS` names the rules that are not in the manual.
`tests/pdk/test_rules.py` compares every value that is in the installed files with them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One rule: lengths in nm (`value_nm`) or areas in um2 (`value_um2`); both are 0 for a rule without a number."""

    id: str
    text: str
    value_nm: int = 0
    value_um2: float = 0.0
    deck: str | None = None
    magic: str | None = None
    magic_nm: int | None = None


GRID = Rule("x.1b", "vertices on the manufacturing grid", 5, deck="poly_OFFGRID")
ANGLE_90 = Rule(
    "x.2", "only right angles on diffusion, tap, poly, li1, contacts and vias", deck="poly_angle", magic="x.2"
)
ANGLE_45 = Rule("x.3a", "only angles that are multiples of 45 degrees", deck="m1_angle", magic="x.3a")
ZERO_AREA = Rule("x.zero", "no shape without area")
PIN_ON_DRAWING = Rule("pin.1", "pin shapes lie on the drawing shapes of their layer, as the shuttle's precheck asks")

DNWELL_WIDTH = Rule("dnwell.2", "deep n-well width", 3000, deck="MRW_dnwell.WID.1", magic="dnwell.2")
DNWELL_SPACE = Rule("dnwell.3", "deep n-well spacing", 6300, deck="MRW_dnwell.SP.1", magic="dnwell.3")
DNWELL_PDIFF = Rule("dnwell.5", "p-diffusion does not straddle deep n-well", magic="dnwell.5")
NWELL_WIDTH = Rule("nwell.1", "n-well width", 840, deck="MR_nwell.WID.1", magic="nwell.1")
NWELL_SPACE = Rule("nwell.2a", "n-well spacing", 1270, deck="MR_nwell.SP.1", magic="nwell.2a")
NWELL_TAP = Rule("nwell.4", "every n-well holds a contacted n-tap", magic="nwell.4")
NWELL_PAST_DNWELL = Rule("nwell.5a", "n-well ring past the edge of deep n-well", 400, magic="nwell.5a")
NWELL_INTO_DNWELL = Rule("nwell.6", "deep n-well enclosure of the hole in its n-well ring", 1030, deck="MR_nwell.ENC.1")
NWELL_BETWEEN_PWELLS = Rule(
    "nwell.1m",
    "n-well beside an n-tap between two isolated p-wells, 0.13 um around p-tap and n-diffusion: Magic closes less",
    845,
    magic="diff/tap.10",
    magic_nm=180,
)
NWELL_TO_DNWELL = Rule("nwell.7", "n-well to a deep n-well that is not its own", 4500, magic="nwell.7")
HVTP_WIDTH = Rule("hvtp.1", "hvtp width", 380, deck="MR_hvtp.WID.1")
HVTP_SPACE = Rule("hvtp.2", "hvtp spacing", 380, deck="MR_hvtp.SP.1")
HVTP_ENCLOSES_GATE = Rule("hvtp.3", "hvtp enclosure of a pfet_01v8_hvt gate", 180)
HVTP_TO_OTHER_GATE = Rule("hvtp.4", "hvtp to another p-type gate", 180, magic="hvtp.4", magic_nm=360)
HVTP_AREA = Rule("hvtp.5", "hvtp area", value_um2=0.265)
LVTN_WIDTH = Rule("lvtn.1a", "lvtn width", 380, deck="lvtn.1a")
LVTN_SPACE = Rule("lvtn.2", "lvtn spacing", 380, deck="lvtn.2")
LVTN_TO_OTHER_GATE = Rule("lvtn.3a", "lvtn to a gate that is not low-threshold", 180, magic="lvtn.3a", magic_nm=360)
LVTN_TO_OTHER_GATE_ALONG = Rule(
    "lvtn.3b", "lvtn to a gate that is not low-threshold, along the channel", 235, magic="lvtn.3b", magic_nm=415
)
LVTN_ENCLOSES_GATE = Rule("lvtn.4b", "lvtn enclosure of a low-threshold gate", 180)
LVTN_TO_HVTP = Rule("lvtn.9", "lvtn to hvtp", 380, magic="lvtn.9", magic_nm=740)
LVTN_STRADDLE = Rule("lvtn.10", "lvtn does not straddle an n-well edge", deck="MR_lvtn.OVL.2")
LVTN_AREA = Rule("lvtn.13", "lvtn area", value_um2=0.265)
DIFF_WIDTH = Rule("difftap.1", "diffusion and tap width", 150, deck="difftap.1_a", magic="diff/tap.1")
MOS_WIDTH = Rule("difftap.2", "transistor width", 420, magic="diff/tap.2")
STDCELL_MOS_WIDTH = Rule("difftap.2b", "transistor width in standard cells (areaid.sc)", 360, magic="diff/tap.2")
DIFF_SPACE = Rule("difftap.3", "diffusion and tap spacing", 270, deck="difftap.3", magic="diff/tap.3")
BUTTED_TAP_LENGTH = Rule("difftap.4", "length of a tap that butts diffusion", 290, magic="diff/tap.4")
SANDWICHED_TAP_LENGTH = Rule("difftap.5", "length of a tap between two diffusions", 400, magic="diff/tap.5")
NWELL_ENCLOSES_PDIFF = Rule("difftap.8", "n-well enclosure of p-diffusion", 180, magic="diff/tap.8")
NDIFF_TO_NWELL = Rule("difftap.9", "n-diffusion to n-well", 340, magic="diff/tap.9")
NWELL_ENCLOSES_NTAP = Rule("difftap.10", "n-well enclosure of n-tap", 180, magic="diff/tap.10")
PTAP_TO_NWELL = Rule("difftap.11", "p-tap to n-well", 130, magic="diff/tap.11")
TAP_AREA = Rule("nsd.10b", "tap area", value_um2=0.07011, magic="psd.10b")
TAP_REACH = Rule("LU.2", "largest distance from n-diffusion to a p-tap contact", 15000, magic="LU.2")
NTAP_REACH = Rule("LU.3", "largest distance from p-diffusion to an n-tap contact in its well", 15000, magic="LU.3")
POLY_WIDTH = Rule("poly.1a", "poly width", 150, deck="MR_poly.WID.2", magic="poly.1a")
PFET_LVT_LENGTH = Rule("poly.1b", "gate length of pfet_01v8_lvt", 350, magic="poly.1b")
POLY_SPACE = Rule("poly.2", "poly spacing", 210, deck="MR_poly.SP.1", magic="poly.2")
POLY_TO_DIFF = Rule("poly.4", "poly on field to diffusion", 75, magic="poly.4")
POLY_TO_TAP = Rule("poly.5", "poly on field to tap", 55, magic="poly.5")
GATE_TO_BUTTED_TAP = Rule("poly.6", "gate to a tap that butts its diffusion", 300, magic="poly.6")
DIFF_PAST_POLY = Rule("poly.7", "diffusion extension past the gate", 250, magic="poly.7")
POLY_PAST_DIFF = Rule("poly.8", "gate extension past the diffusion (endcap)", 130, magic="poly.8")
GATE_BEND = Rule("poly.11", "gates are rectangles", magic="poly.11")
POLY_ON_TAP = Rule("poly.12", "poly does not cross tap")
IMPLANT_WIDTH = Rule("nsd.1", "nsdm and psdm width", 380, deck="MR_nsdm.WID.2")
IMPLANT_SPACE = Rule("nsd.2", "nsdm and psdm spacing", 380, deck="MR_nsdm.SP.1")
PSDM_WIDTH = Rule("psd.1", "psdm width", 380, deck="MR_psdm.WID.2")
PSDM_SPACE = Rule("psd.2", "psdm spacing", 380, deck="MR_psdm.SP.1")
IMPLANT_ENCLOSES_DIFF = Rule("nsd.5a", "implant enclosure of diffusion and tap", 125)
BUTTED_FLUSH = Rule(
    "nsd.5m", "a tap and the diffusion it butts end flush: none beside the other's end within", 125, magic="psd.5a"
)
IMPLANT_TO_OPPOSITE_DIFF = Rule("nsd.7", "implant to diffusion and tap of the other type", 130)
IMPLANT_OVERLAP = Rule("nsd.8", "nsdm and psdm do not overlap on diffusion or tap", deck="nsdm_psdm_overlap")
IMPLANT_MISSING = Rule("nsd.9", "diffusion and tap lie in nsdm or psdm")
IMPLANT_AREA = Rule("nsd.10a", "nsdm area", value_um2=0.265)
PSDM_AREA = Rule("psd.10b", "psdm area", value_um2=0.255)
NPC_WIDTH = Rule("npc.1", "npc width", 270, deck="MR_npc.WID.1")
NPC_SPACE = Rule("npc.2", "npc spacing", 270, deck="npc.2")
NPC_TO_GATE = Rule("npc.4", "npc to a gate", 90)
LICON_SIZE = Rule("licon.1", "contact size", 170, deck="licon.1", magic="licon.1")
LICON_SPACE = Rule("licon.2", "contact spacing", 170, deck="MR_licon.SP.1", magic="licon.2")
LICON_LANDS = Rule("licon.4", "a contact lies in li1 and in poly, diffusion or tap")
DIFF_ENCLOSES_LICON = Rule("licon.5a", "diffusion enclosure of a contact", 40, magic="licon.5a")
TAP_LICON_TO_DIFF = Rule("licon.5b", "tap contact to the butting diffusion", 60, deck="MR_licon.SP.5", magic="licon.5b")
DIFF_ENCLOSES_LICON_ENDS = Rule(
    "licon.5c", "diffusion enclosure of a contact on two opposite sides", 60, magic="licon.5c"
)
TAP_ENCLOSES_LICON_ENDS = Rule("licon.7", "tap enclosure of a contact on two opposite sides", 120, magic="licon.7")
POLY_ENCLOSES_LICON = Rule("licon.8", "poly enclosure of a contact", 50, magic="licon.8")
POLY_ENCLOSES_LICON_ENDS = Rule("licon.8a", "poly enclosure of a contact on two opposite sides", 80, magic="licon.8a")
POLY_LICON_TO_PSDM = Rule("licon.9", "poly contact to psdm", 110, deck="MR_licon.SP.6", magic="licon.9", magic_nm=235)
DIFF_LICON_TO_GATE = Rule("licon.11", "diffusion contact to gate", 55, deck="MR_licon.SP.8", magic="licon.11")
STDCELL_LICON_TO_GATE = Rule(
    "licon.11a", "diffusion contact to gate in standard cells (areaid.sc)", 50, magic="licon.11"
)
DIFF_LICON_TO_NPC = Rule("licon.13", "diffusion and tap contact to npc", 90, deck="licon.13")
POLY_LICON_TO_DIFF = Rule("licon.14", "poly contact to diffusion and tap", 190, magic="licon.14")
NPC_ENCLOSES_LICON = Rule("licon.15", "npc enclosure of a poly contact", 100)
TAP_CONTACTED = Rule("licon.16", "every tap is contacted")
LICON_ON_BOTH = Rule("licon.17", "a contact is not on poly and diffusion at once", deck="licon.17")
LI_WIDTH = Rule("li.1", "li1 width", 170, deck="li.1", magic="li.1")
LI_SPACE = Rule("li.3", "li1 spacing", 170, deck="li.3", magic="li.3")
LI_ENCLOSES_LICON_ENDS = Rule("li.5", "li1 enclosure of a contact on two opposite sides", 80, deck="li.5", magic="li.5")
LI_AREA = Rule("li.6", "li1 area", value_um2=0.0561, deck="li.6", magic="li.6")
MCON_SIZE = Rule("ct.1", "mcon size", 170, deck="MR_mcon.WID.1", magic="mcon.1")
MCON_RING = Rule("ct.3", "width of a ring of mcon, in the seal ring only (areaid.sl)", 170, deck="MR_mcon.WID.2")
MCON_SPACE = Rule("ct.2", "mcon spacing", 190, deck="MR_mcon.SP.1", magic="mcon.2")
MCON_IN_LI = Rule("ct.4", "mcon lies in li1", deck="MR_mcon.CON.10")
MET1_WIDTH = Rule("m1.1", "met1 width", 140, deck="MR_met1.WID.1", magic="met1.1")
MET1_SPACE = Rule("m1.2", "met1 spacing", 140, deck="MR_met1.SP.1", magic="met1.2")
MET1_HALO_SPACE = Rule("m1.3a", "spacing of met1 within 0.28 um of met1 wider than 3 um", 280, magic="met1.3a")
MET1_WIDE_SPACE = Rule("m1.3b", "met1 spacing to met1 wider than 3 um", 280, deck="MRW_met1.SP.2", magic="met1.3b")
MET1_ENCLOSES_MCON = Rule("m1.4", "met1 enclosure of mcon", 30, deck="MR_met1.ENC.1", magic="met1.4")
MET1_ENCLOSES_MCON_ENDS = Rule("m1.5", "met1 enclosure of mcon on two opposite sides", 60, deck="m1.5", magic="met1.5")
MET1_AREA = Rule("m1.6", "met1 area", value_um2=0.083, deck="MR_met1.AR.1", magic="met1.6")
MET1_HOLE_AREA = Rule("m1.7", "met1 hole area", value_um2=0.14, deck="MR_met1.AR.2", magic="met1.7")
VIA_SIZE = Rule("via.1a", "via size", 150, deck="via.1a_a", magic="via.1a", magic_nm=260)
VIA_RING = Rule("via.3", "width of a ring of via, in the seal ring only (areaid.sl)", 200, deck="via.3")
VIA_SPACE = Rule("via.2", "via spacing", 170, deck="via.2", magic="via.2", magic_nm=60)
MET1_ENCLOSES_VIA = Rule("via.4a", "met1 enclosure of via", 55, deck="MR_via1.ENC.1")
MET1_ENCLOSES_VIA_ENDS = Rule(
    "via.5a", "met1 enclosure of via on two opposite sides", 85, deck="via.5a", magic="via.5a", magic_nm=30
)
MET2_WIDTH = Rule("m2.1", "met2 width", 140, deck="MR_met2.WID.1", magic="met2.1")
MET2_SPACE = Rule("m2.2", "met2 spacing", 140, deck="m2.2", magic="met2.2")
MET2_HALO_SPACE = Rule("m2.3a", "spacing of met2 within 0.28 um of met2 wider than 3 um", 280, magic="met2.3a")
MET2_WIDE_SPACE = Rule("m2.3b", "met2 spacing to met2 wider than 3 um", 280, deck="MRW_met2.SP.2", magic="met2.3b")
MET2_ENCLOSES_VIA = Rule("m2.4", "met2 enclosure of via", 55, deck="m2.4")
MET2_ENCLOSES_VIA_ENDS = Rule(
    "m2.5", "met2 enclosure of via on two opposite sides", 85, deck="m2.5", magic="met2.5", magic_nm=30
)
MET2_AREA = Rule("m2.6", "met2 area", value_um2=0.0676, deck="MR_met2.AR.1", magic="met2.6")
MET2_HOLE_AREA = Rule("m2.7", "met2 hole area", value_um2=0.14, deck="MR_met2.AR.2", magic="met2.7")
VIA2_SIZE = Rule("via2.1a", "via2 size", 200, deck="via2.1a_a", magic="via2.1a", magic_nm=280)
VIA2_RING = Rule("via2.3", "width of a ring of via2, in the seal ring only (areaid.sl)", 200, deck="via2.3")
VIA2_SPACE = Rule("via2.2", "via2 spacing", 200, deck="via2.2", magic="via2.2", magic_nm=120)
MET2_ENCLOSES_VIA2 = Rule("via2.4", "met2 enclosure of via2", 40, deck="via2.4")
MET2_ENCLOSES_VIA2_ENDS = Rule(
    "via2.5", "met2 enclosure of via2 on two opposite sides", 85, deck="via2.5", magic="via2.4a", magic_nm=45
)
MET3_WIDTH = Rule("m3.1", "met3 width", 300, deck="MR_met3.WID.1", magic="met3.1")
MET3_SPACE = Rule("m3.2", "met3 spacing", 300, deck="m3.2", magic="met3.2")
MET3_HALO_SPACE = Rule("m3.3c", "spacing of met3 within 0.4 um of met3 wider than 3 um", 400, magic="met3.3c")
MET3_WIDE_SPACE = Rule("m3.3d", "met3 spacing to met3 wider than 3 um", 400, deck="MRW_met3.SP.2", magic="met3.3d")
MET3_ENCLOSES_VIA2 = Rule("m3.4", "met3 enclosure of via2", 65, deck="m3.4", magic="met3.4", magic_nm=25)
MET3_AREA = Rule("m3.6", "met3 area", value_um2=0.24, deck="MR_met3.AR.1", magic="met3.6")
MET3_HOLE_AREA = Rule("m3.7", "met3 hole area", value_um2=0.2, deck="MR_met3.AR.2")
CAPM_WIDTH = Rule("capm.1", "capm width", 1000, deck="MR_capm.WID.1", magic="capm.1")
CAPM_SPACE = Rule("capm.2a", "capm spacing", 840, deck="MR_capm.SP.1", magic="capm.2a")
CAPM_PLATE_SPACE = Rule("capm.2b", "spacing of MIM bottom plates (met3 under capm)", 1200, deck="MR_capm.SP.2")
CAPM_ENCLOSED_BY_MET3 = Rule("capm.3", "met3 enclosure of capm", 140, deck="MR_capm.ENC.1", magic="capm.3")
CAPM_ENCLOSES_VIA3 = Rule("capm.4", "capm enclosure of via3", 140, deck="MR_capm.ENC.2", magic="capm.4", magic_nm=80)
CAPM_TO_VIA3 = Rule("capm.5", "capm to a via3 outside it", 140, deck="MR_capm.SP.3", magic="capm.5", magic_nm=80)
CAPM_RECTANGLE = Rule("capm.7", "capm is a rectangle", magic="capm.7")
CAPM_TO_VIA2 = Rule("capm.8", "capm to via2, which may not lie under it", 140, magic="capm.8", magic_nm=100)
CAPM_TO_MET3 = Rule("capm.11", "capm to met3 that is not its bottom plate", 500, deck="MR_capm.SP.2")
CAPM_TO_OTHER_PLATE = Rule("capm.11m", "capm to unrelated met3, as Magic measures it", 1340, magic="capm.11")
VIA3_SIZE = Rule("via3.1", "via3 size", 200, deck="via3.1_a", magic="via3.1", magic_nm=320)
MIM_VIA3_IN_LINE = Rule("via3.1m", "via3 on capm, joined where close as Magic joins them: width", 320, magic="via3.1")
VIA3_RING = Rule("via3.3", "width of a ring of via3, in the seal ring only (areaid.sl)", 200)
VIA3_SPACE = Rule("via3.2", "via3 spacing", 200, deck="via3.2", magic="via3.2", magic_nm=80)
MET3_ENCLOSES_VIA3 = Rule("via3.4", "met3 enclosure of via3", 60, deck="via3.4")
MET3_ENCLOSES_VIA3_ENDS = Rule(
    "via3.5", "met3 enclosure of via3 on two opposite sides", 90, deck="via3.5", magic="via3.5", magic_nm=30
)
MET4_WIDTH = Rule("m4.1", "met4 width", 300, deck="MR_met4.WID.1", magic="met4.1")
MET4_SPACE = Rule("m4.2", "met4 spacing", 300, deck="m4.2", magic="met4.2")
MET4_ENCLOSES_VIA3 = Rule("m4.3", "met4 enclosure of via3", 65, deck="m4.3", magic="met4.3", magic_nm=5)
MET4_AREA = Rule("m4.4a", "met4 area", value_um2=0.24, deck="MR_met4.AR.1", magic="met4.4a")
MET4_HALO_SPACE = Rule("m4.5a", "spacing of met4 within 0.4 um of met4 wider than 3 um", 400, magic="met4.5a")
MET4_WIDE_SPACE = Rule("m4.5b", "met4 spacing to met4 wider than 3 um", 400, deck="MRW_met4.SP.2", magic="met4.5b")
MET4_HOLE_AREA = Rule("m4.7", "met4 hole area", value_um2=0.2, deck="MR_met4.AR.2")
CAP2M_WIDTH = Rule("cap2m.1", "cap2m width", 1000, deck="MR_cap2m.WID.1", magic="cap2m.1")
CAP2M_SPACE = Rule("cap2m.2a", "cap2m spacing", 840, deck="MR_cap2m.SP.1", magic="cap2m.2a")
CAP2M_PLATE_SPACE = Rule("cap2m.2b", "spacing of MIM bottom plates (met4 under cap2m)", 1200, deck="MR_cap2m.SP.2")
CAP2M_ENCLOSED_BY_MET4 = Rule("cap2m.3", "met4 enclosure of cap2m", 140, deck="MR_cap2m.ENC.1", magic="cap2m.3")
CAP2M_ENCLOSES_VIA4 = Rule(
    "cap2m.4", "cap2m enclosure of via4", 200, deck="MR_cap2m.ENC.2", magic="cap2m.4", magic_nm=10
)
CAP2M_TO_VIA4 = Rule("cap2m.5", "cap2m to a via4 outside it", 200, deck="MR_cap2m.SP.3", magic="cap2m.5", magic_nm=10)
CAP2M_RECTANGLE = Rule("cap2m.7", "cap2m is a rectangle", magic="cap2m.7")
CAP2M_TO_VIA3 = Rule("cap2m.8", "cap2m to via3", 140, magic="cap2m.8", magic_nm=80)
CAP2M_TO_MET4 = Rule("cap2m.11", "cap2m to met4 that is not its bottom plate", 500, deck="MR_cap2m.SP.2")
CAP2M_TO_OTHER_PLATE = Rule("cap2m.11m", "cap2m to unrelated met4, as Magic measures it", 1340, magic="cap2m.11")
VIA4_SIZE = Rule("via4.1", "via4 size", 800, deck="via4.1_a", magic="via4.1", magic_nm=1180)
MIM_VIA4_IN_LINE = Rule("via4.1m", "via4 on cap2m, joined where close as Magic joins them: width", 1180, magic="via4.1")
VIA4_RING = Rule("via4.3", "width of a ring of via4, in the seal ring only (areaid.sl)", 800, deck="via4.3")
VIA4_SPACE = Rule("via4.2", "via4 spacing", 800, deck="MR_via4.SP.1", magic="via4.2", magic_nm=420)
MET4_ENCLOSES_VIA4 = Rule("via4.4", "met4 enclosure of via4", 190, deck="via4.4")
MET5_WIDTH = Rule("m5.1", "met5 width", 1600, deck="MR_met5.WID.1", magic="met5.1")
MET5_SPACE = Rule("m5.2", "met5 spacing", 1600, deck="MR_met5.SP.1", magic="met5.2")
MET5_ENCLOSES_VIA4 = Rule("m5.3", "met5 enclosure of via4", 310, deck="m5.3", magic="met5.3", magic_nm=120)
MET5_AREA = Rule("m5.4", "met5 area", value_um2=4.0, deck="MR_met5.AR.1", magic="met5.4")
MET5_HOLE_AREA = Rule("m5.5", "met5 hole area", value_um2=0.14, deck="MR_met5.AR.2")

RPM_WIDTH = Rule("rpm.1a", "rpm width", 1270, deck="MR_rpm.WID.1")
RPM_SPACE = Rule("rpm.2", "rpm spacing", 840, deck="MR_rpm.SP.1")
URPM_WIDTH = Rule("urpm.1a", "urpm width", 1270, deck="MR_urpm.WID.1")
URPM_SPACE = Rule("urpm.2", "urpm spacing", 840, deck="MR_urpm.SP.1")
RESISTOR_WIDTH = Rule("rpm.1b", "width of a precision resistor and its heads", 350, magic="poly.1a")
RESISTOR_WIDTHS = Rule(
    "rpm.1f", "a precision resistor is 0.35, 0.69, 1.41, 2.85 or 5.73 um wide (rpm.1b to rpm.1f), no other", 5730
)
RPM_ENCLOSES_RESISTOR = Rule("rpm.3", "rpm or urpm enclosure of a precision resistor", 200)
PSDM_ENCLOSES_RESISTOR = Rule("rpm.4", "psdm enclosure of a precision resistor", 110)
NPC_ENCLOSES_RESISTOR = Rule("rpm.5", "npc enclosure of a precision resistor", 95)
RPM_TO_NSDM = Rule("rpm.6", "rpm and urpm to nsdm", 200)
RESISTOR_TO_NDIFF = Rule("rpm.6m", "precision resistor to n-type diffusion, by Magic's own rpm", 525, magic="rpm.6")
RPM_TO_POLY = Rule("rpm.7", "rpm and urpm to poly outside", 200)
RESISTOR_TO_POLY = Rule("rpm.7m", "precision resistor to other poly, by Magic's own rpm", 400, magic="rpm.7")
RPM_STRADDLE = Rule("rpm.8", "poly does not straddle rpm or urpm")
RESISTOR_TO_HV_NDIFF = Rule(
    "rpm.9m", "precision resistor to n-diffusion in hvi, by Magic's own rpm", 585, magic="rpm.9"
)
RESISTOR_MARKER_WIDTH = Rule("poly.3", "width of the poly resistor marker", 330, deck="MR_poly.WID.3", magic="poly.3")
RESISTOR_MARKER_LENGTH = Rule("poly.len", "longer side of the poly resistor marker", 660, deck="MR_poly.LEN.2")
RESISTOR_SPACE = Rule("poly.9", "poly resistor to other poly, diffusion and tap", 480, magic="poly.9")
RESISTOR_LICON = Rule("licon.1b", "width of the bar contact in a precision resistor", 190)
SQUARE_OFF_RPM = Rule("licon.rpm", "no square contact touches rpm or urpm", deck="MR_licon.CON.xx")
RESISTOR_LICON_LENGTH = Rule("licon.1c", "length of the bar contact in a precision resistor", 2000)
RESISTOR_HEAD = Rule(
    "licon.1m", "length of a precision resistor's head beyond its marker", 2080, magic="licon.1c", magic_nm=2160
)
BAR_END_SPACE = Rule("licon.2b", "spacing of bar contacts end to end", 350, deck="MR_licon.SP.2")
BAR_SPACE = Rule("licon.2c", "spacing of parallel edges of bar contacts", 510, deck="MR_licon.SP.3")
BAR_TO_SQUARE = Rule("licon.2d", "bar contact to a square contact", 510, deck="MR_licon.SP.4")
LI_RESISTOR_WIDTH = Rule("li.7", "width of the li1 resistor marker", 290, deck="MR_li.WID.4", magic="li.7")
HVI_WIDTH = Rule("hvi.1", "hvi width", 600, deck="hvi.1")
HVI_SPACE = Rule("hvi.2a", "hvi spacing", 700, deck="hvi.2a")
HVI_TO_NWELL = Rule("hvi.5", "hvi to an n-well outside it", 700, magic="hvi.5", magic_nm=825)
HVNWELL_SPACE = Rule("nwell.8", "n-well in hvi to any other n-well", 2000, magic="nwell.8")
HVNWELL_IN_HVI = Rule("nwell.9", "an n-well that overlaps hvi lies in it", deck="MR_nwell.CON.1")
HV_DIFF_WIDTH = Rule("difftap.14", "width of diffusion in hvi", 290, magic="diff/tap.14")
HV_DIFF_SPACE = Rule("difftap.15a", "spacing of diffusion in hvi", 300, magic="diff/tap.15a")
HV_NDIFF_TO_PTAP = Rule("difftap.15b", "n-diffusion in hvi to a p-tap that does not butt it", 370, magic="diff/tap.15b")
HV_BUTTED_TAP_LENGTH = Rule("difftap.16", "length of a tap in hvi that butts diffusion", 700, magic="diff/tap.16")
HVNWELL_ENCLOSES_PDIFF = Rule("difftap.17", "n-well enclosure of p-diffusion in hvi", 330, magic="diff/tap.17")
NDIFF_TO_HVNWELL = Rule("difftap.18", "n-diffusion to an n-well in hvi", 430)
HVNWELL_ENCLOSES_NTAP = Rule("difftap.19", "n-well enclosure of n-tap in hvi", 330, magic="diff/tap.19")
PTAP_TO_HVNWELL = Rule("difftap.20", "p-tap to an n-well in hvi", 430, magic="diff/tap.20", magic_nm=760)
HVI_STRADDLE = Rule(
    "difftap.21",
    "diffusion and tap do not straddle hvi, nor lie without it in its n-wells",
    deck="MR_thkox.CON.1",
    magic="diff/tap.21",
)
HVI_ENCLOSES_DIFF = Rule("difftap.22", "hvi enclosure of diffusion and tap", 180)
HVI_TO_DIFF = Rule("difftap.23", "hvi to diffusion and tap outside it", 180, magic="diff/tap.23", magic_nm=360)
HV_NDIFF_TO_NWELL = Rule("difftap.24", "n-diffusion in hvi to n-well", 430)
HV_NDIFF_ACROSS_PTAP = Rule(
    "difftap.25", "spacing of n-diffusions in hvi across a p-tap that butts neither", 1070, deck="MR_hv.SP.10"
)
HV_GATE_LENGTH = Rule("poly.13", "gate length in hvi", 500, magic="poly.13")
HVNTM_WIDTH = Rule("hvntm.1", "hvntm width, as drawn and as generated", 700, deck="hvntm.1", magic="hvntm.1")
HVNTM_SPACE = Rule("hvntm.2", "hvntm spacing, as drawn and as generated", 700, deck="hvntm.2", magic="hvntm.2")
HVNTM_MARGIN_NM = 185
"""How far hvntm reaches past n-diffusion in hvi and stays off p-taps (hvntm.3, hvntm.6a). No rule of its own here: what
is drawn is joined with what the foundry generates (hvntm.X.1). Source: `hvntm_generate` of `sky130A.tech`."""

ORIGINS = {
    **dict.fromkeys(("capm.11m", "cap2m.11m", "via3.1m", "via4.1m"), "drc(full) of Magic's tech"),
    "nwell.1m": "cifinput of Magic's tech (pwell: grow 420, shrink 420)",
    **dict.fromkeys(("nsd.5m", "rpm.6m", "rpm.7m", "rpm.9m", "licon.1m"), "drc(full) of Magic's tech"),
    **dict.fromkeys(("licon.rpm", "poly.len"), "the shuttle's deck"),
    **dict.fromkeys(("x.zero", "pin.1"), "the shuttle's precheck"),
}
"""Where a rule comes from that SkyWater's manual does not hold, by id."""
