"""The SKY130 layout rules analoom draws by and checks, each number once.

`id` is SkyWater's periphery rule (skywater-pdk docs, rules/periphery.rst), `deck` the rule of the shuttle's KLayout deck
(`sky130A_mr.drc` of cf-precheck) and `magic` the rule name in Magic's `drc(full)` text, where that engine checks it.
`tests/pdk/test_rules.py` compares every value with the installed deck and tech file.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One rule: lengths in nm (`value_nm`), areas in um2 (`value_um2`); exactly one of the two is set."""

    id: str
    text: str
    value_nm: int = 0
    value_um2: float = 0.0
    deck: str | None = None
    magic: str | None = None


NWELL_WIDTH = Rule("nwell.1", "n-well width", 840, deck="MR_nwell.WID.1", magic="nwell.1")
NWELL_SPACE = Rule("nwell.2a", "n-well spacing", 1270, deck="MR_nwell.SP.1", magic="nwell.2a")
HVTP_WIDTH = Rule("hvtp.1", "hvtp width", 380, deck="MR_hvtp.WID.1", magic="hvtp.1")
HVTP_SPACE = Rule("hvtp.2", "hvtp spacing", 380, deck="MR_hvtp.SP.1", magic="hvtp.2")
HVTP_ENCLOSES_GATE = Rule("hvtp.3", "hvtp enclosure of a pfet_01v8_hvt gate", 180)
HVTP_TO_OTHER_GATE = Rule("hvtp.4", "hvtp to another p-type gate", 180)
LVTN_WIDTH = Rule("lvtn.1a", "lvtn width", 380, deck="MR_lvtn.WID.1")
LVTN_SPACE = Rule("lvtn.2", "lvtn spacing", 380, deck="MR_lvtn.SP.1")
LVTN_TO_OTHER_GATE = Rule("lvtn.3a", "lvtn to a gate that is not low-threshold", 180)
LVTN_ENCLOSES_GATE = Rule("lvtn.4b", "lvtn enclosure of a low-threshold gate", 180)
DIFF_WIDTH = Rule("difftap.1", "diffusion and tap width", 150, deck="MR_diff.WID.1", magic="diff/tap.1")
MOS_WIDTH = Rule("difftap.2", "transistor width in the periphery", 420, magic="diff/tap.2")
DIFF_SPACE = Rule("difftap.3", "diffusion and tap spacing", 270, deck="MR_difftap.SP.1", magic="diff/tap.3")
NWELL_ENCLOSES_PDIFF = Rule("difftap.8", "n-well enclosure of p-diffusion", 180, magic="diff/tap.8")
NDIFF_TO_NWELL = Rule("difftap.9", "n-diffusion to n-well", 340, magic="diff/tap.9")
NWELL_ENCLOSES_NTAP = Rule("difftap.10", "n-well enclosure of n-tap", 180, magic="diff/tap.10")
PTAP_TO_NWELL = Rule("difftap.11", "p-tap to n-well", 130, magic="diff/tap.11")
TAP_REACH = Rule("LU.2", "largest distance from a transistor's diffusion to a tap in its well", 15000, magic="LU.2")
POLY_WIDTH = Rule("poly.1a", "poly width", 150, deck="MR_poly.WID.1", magic="poly.1a")
POLY_SPACE = Rule("poly.2", "poly spacing", 210, deck="MR_poly.SP.1", magic="poly.2")
POLY_TO_DIFF = Rule("poly.4", "poly on field to diffusion", 75, magic="poly.4")
POLY_TO_TAP = Rule("poly.5", "poly on field to tap", 55, magic="poly.5")
DIFF_PAST_POLY = Rule("poly.7", "diffusion extension past the gate", 250, magic="poly.7")
POLY_PAST_DIFF = Rule("poly.8", "gate extension past the diffusion (endcap)", 130, magic="poly.8")
IMPLANT_WIDTH = Rule("nsd.1", "nsdm and psdm width", 380, deck="MR_nsdm.WID.2")
IMPLANT_SPACE = Rule("nsd.2", "nsdm and psdm spacing", 380, deck="MR_nsdm.SP.1")
IMPLANT_ENCLOSES_DIFF = Rule("nsd.5a", "implant enclosure of diffusion and tap", 125)
IMPLANT_AREA = Rule("nsd.10a", "nsdm area", value_um2=0.265)
PSDM_AREA = Rule("psd.10b", "psdm area", value_um2=0.255)
NPC_WIDTH = Rule("npc.1", "npc width", 270, deck="MR_npc.WID.1")
NPC_SPACE = Rule("npc.2", "npc spacing", 270, deck="MR_npc.SP.1")
NPC_TO_GATE = Rule("npc.4", "npc to a gate", 90)
NPC_ENCLOSES_LICON = Rule("licon.15", "npc enclosure of a poly contact", 100)
LICON_SIZE = Rule("licon.1", "contact size", 170)
LICON_SPACE = Rule("licon.2", "contact spacing", 170, deck="MR_licon.SP.1")
DIFF_ENCLOSES_LICON = Rule("licon.5a", "diffusion enclosure of a contact", 40)
DIFF_ENCLOSES_LICON_ENDS = Rule("licon.5c", "diffusion enclosure of a contact on two opposite sides", 60)
TAP_ENCLOSES_LICON_ENDS = Rule("licon.7", "tap enclosure of a contact on two opposite sides", 120)
POLY_ENCLOSES_LICON = Rule("licon.8", "poly enclosure of a contact", 50)
POLY_ENCLOSES_LICON_ENDS = Rule("licon.8a", "poly enclosure of a contact on two opposite sides", 80)
POLY_LICON_TO_PSDM = Rule("licon.9", "poly contact to psdm", 110)
DIFF_LICON_TO_GATE = Rule("licon.11", "diffusion contact to gate", 55)
POLY_LICON_TO_DIFF = Rule("licon.14", "poly contact to diffusion and tap", 190)
LI_WIDTH = Rule("li.1", "li1 width", 170)
LI_SPACE = Rule("li.3", "li1 spacing", 170)
LI_ENCLOSES_LICON_ENDS = Rule("li.5", "li1 enclosure of a contact on two opposite sides", 80)
LI_AREA = Rule("li.6", "li1 area", value_um2=0.0561)
MCON_SIZE = Rule("ct.1", "mcon size", 170)
MCON_SPACE = Rule("ct.2", "mcon spacing", 190)
MET1_WIDTH = Rule("m1.1", "met1 width", 140)
MET1_SPACE = Rule("m1.2", "met1 spacing", 140)
MET1_WIDE_SPACE = Rule("m1.3b", "met1 spacing to met1 wider than 3 um", 280)
MET1_ENCLOSES_MCON = Rule("m1.4", "met1 enclosure of mcon", 30)
MET1_ENCLOSES_MCON_ENDS = Rule("m1.5", "met1 enclosure of mcon on two opposite sides", 60)
MET1_AREA = Rule("m1.6", "met1 area", value_um2=0.083)
MET1_HOLE_AREA = Rule("m1.7", "met1 hole area", value_um2=0.14)
VIA_SIZE = Rule("via.1a", "via size", 150)
VIA_SPACE = Rule("via.2", "via spacing", 170)
MET1_ENCLOSES_VIA = Rule("via.4a", "met1 enclosure of via", 55)
MET1_ENCLOSES_VIA_ENDS = Rule("via.5a", "met1 enclosure of via on two opposite sides", 85)
MET2_WIDTH = Rule("m2.1", "met2 width", 140)
MET2_SPACE = Rule("m2.2", "met2 spacing", 140)
MET2_WIDE_SPACE = Rule("m2.3b", "met2 spacing to met2 wider than 3 um", 280)
MET2_ENCLOSES_VIA = Rule("m2.4", "met2 enclosure of via", 55)
MET2_ENCLOSES_VIA_ENDS = Rule("m2.5", "met2 enclosure of via on two opposite sides", 85)
MET2_AREA = Rule("m2.6", "met2 area", value_um2=0.0676)
MET2_HOLE_AREA = Rule("m2.7", "met2 hole area", value_um2=0.14)
VIA2_SIZE = Rule("via2.1a", "via2 size", 200)
VIA2_SPACE = Rule("via2.2", "via2 spacing", 200)
MET2_ENCLOSES_VIA2 = Rule("via2.4", "met2 enclosure of via2", 40)
MET2_ENCLOSES_VIA2_ENDS = Rule("via2.5", "met2 enclosure of via2 on two opposite sides", 85)
MET3_WIDTH = Rule("m3.1", "met3 width", 300)
MET3_SPACE = Rule("m3.2", "met3 spacing", 300)
MET3_WIDE_SPACE = Rule("m3.3d", "met3 spacing to met3 wider than 3 um", 400)
MET3_ENCLOSES_VIA2 = Rule("m3.4", "met3 enclosure of via2", 65)
MET3_AREA = Rule("m3.6", "met3 area", value_um2=0.24)
CAPM_WIDTH = Rule("capm.1", "capm width", 1000)
CAPM_SPACE = Rule("capm.2a", "capm spacing", 840)
CAPM_PLATE_SPACE = Rule("capm.2b", "spacing of MIM bottom plates (met3 under capm)", 1200)
CAPM_ENCLOSED_BY_MET3 = Rule("capm.3", "met3 enclosure of capm", 140)
CAPM_ENCLOSES_VIA3 = Rule("capm.4", "capm enclosure of via3", 140)
CAPM_TO_VIA3 = Rule("capm.5", "capm to a via3 outside it", 140)
CAPM_TO_VIA2 = Rule("capm.8", "capm to via2, which may not lie under it", 140, magic="capm.8")
CAPM_TO_MET3 = Rule("capm.11", "capm to met3 that is not its bottom plate", 500)
CAPM_TO_OTHER_PLATE = Rule("capm.11m", "capm to met3 of another net, as Magic holds it", 1340, magic="capm.11")
VIA3_SIZE = Rule("via3.1", "via3 size", 200)
VIA3_SPACE = Rule("via3.2", "via3 spacing", 200)
MET3_ENCLOSES_VIA3 = Rule("via3.4", "met3 enclosure of via3", 60)
MET3_ENCLOSES_VIA3_ENDS = Rule("via3.5", "met3 enclosure of via3 on two opposite sides", 90)
MET4_WIDTH = Rule("m4.1", "met4 width", 300)
MET4_SPACE = Rule("m4.2", "met4 spacing", 300)
MET4_ENCLOSES_VIA3 = Rule("m4.3", "met4 enclosure of via3", 65)
MET4_AREA = Rule("m4.4a", "met4 area", value_um2=0.24)
MET4_WIDE_SPACE = Rule("m4.5b", "met4 spacing to met4 wider than 3 um", 400)
