"""How the shuttle's deck and Magic's drc(full) name rules: what each name stands for here, or why it does not apply.

Every category of `sky130A_mr.drc` and every name in parentheses at the end of a text of `sky130A.tech`'s drc section is
the `deck` or `magic` of a Rule, or in one of these tables; `tests/pdk/test_rule_names.py` reads both files and says so.
"""

from __future__ import annotations

from collections.abc import Mapping

DECK_ALSO: Mapping[str, str] = {
    "MR_diff.WID.2": "difftap.1",
    "licon.1_c": "licon.1",
    "MR_licon.WID.1": "licon.1",
    "MR_licon.ANG.1": "licon.1",
    "MR_licon.CON.13": "licon.1",
    "MR_licon.WID.2": "licon.1b",
    "MRW_licon.SP.16": "licon.2c",
    "licon.13_a": "licon.13",
    "MR_mcon.ANG.1": "ct.1",
    "MR_mcon.LEN.1": "ct.1",
    "MR_mcon.WID.3": "ct.3",
    "MR_mcon.CON.1": "ct.1",
    "MR_met1.CON.1": "m1.4",
    "via.1a": "via.1a",
    "via.1a_b": "via.1a",
    "via.3_a": "via.3",
    "via.3_b": "via.1a",
    "MR_via1.CON.1": "via.4a",
    "m2.4_a": "m2.4",
    "via2.1a": "via2.1a",
    "MR_via2.LEN.1": "via2.1a",
    "via2.3_a": "via2.3",
    "via2.3_b": "via2.1a",
    "MR_via2.CON.1": "via2.4",
    "MR_met3.CON.1": "m3.4",
    "via3.1": "via3.1",
    "MR_via3.LEN.1": "via3.1",
    "via3.4_a": "via3.4",
    "MR_met4.CON.1": "m4.3",
    "via4.1": "via4.1",
    "via4.1_b": "via4.1",
    "via4.3_a": "via4.3",
    "via4.3_b": "via4.1",
    "MR_via4.CON.1": "via4.4",
    "MR_met5.CON.1": "m5.3",
    **{
        f"{layer}_OFFGRID": "x.1b"
        for layer in (
            *("dnwell", "nwell", "hvtp", "lvtn", "diff", "tap", "poly", "rpm", "npc", "nsdm", "psdm", "licon", "li"),
            *("ct", "m1", "via", "m2", "via2", "m3", "via3", "m4", "via4", "m5", "hvi", "hvntm"),
        )
    },
    **dict.fromkeys(
        (f"{layer}_angle" for layer in ("diff", "tap", "poly", "licon", "li", "ct", "via", "via2", "via3", "via4")),
        "x.2",
    ),
    **{
        f"{layer}_angle": "x.3a"
        for layer in (
            *("dnwell", "nwell", "hvtp", "lvtn", "rpm", "npc", "nsdm", "psdm", "m1", "m2", "m3", "m4", "m5"),
            *("hvi", "hvntm"),
        )
    },
}
"""Further categories of the deck, and the id of the rule that answers for each. A ring of cuts outside the seal ring
(`CON.1`, `_b`) breaks the size of a cut."""

MAGIC_ALSO: Mapping[str, str] = {
    "psd.5b": "nsd.5m",
    "nsd.5a": "nsd.5m",
    "nsd.5b": "nsd.5m",
    "nsd.10b": "nsd.10b",
    "LU.2.1": "LU.2",
    "licon.16": "licon.16",
    "licon.1b + 2 * li.5": "rpm.1b",
    "licon.1c": "licon.1m",
    "li.c1": "li.1",
    "li.c2": "li.3",
}
"""Further names in Magic's texts, and the id of the rule that answers for each (licon.16: Magic's own check takes every
tap for a contacted one, and never speaks)."""

CORE = "speaks about the SRAM core, areaid.ce, which no cell draws"
DRAIN_EXTENDED = "drain-extended transistors (areaid.en): not drawn"
VARACTOR = "varactors: not drawn, and poly over a tap breaks poly.12"
REDISTRIBUTION = "the redistribution layer above met5: not drawn, and the deck prohibits it"
SONOS = "SONOS transistors (tunm): not drawn, and the deck prohibits the layer"
PHOTODIODE = "photodiodes: not drawn"
FLOATING = "an option for metal without a via, which the shuttle's precheck leaves off"
NAMED = "asks about six cells of SkyWater's by name"


def _unused(layer: str) -> str:
    return f"layer {layer}: drawn by no cell"


def _both(layer: str) -> tuple[str, str]:
    return f"{layer}_OFFGRID", f"{layer}_angle"


_DECK_REASONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        CORE,
        (
            *("difftap.1", "difftap.2", "difftap.1_b", "MR_poly.SP.4", "ldntm.1", "ldntm.2", "licon.6", "li.7", "li.8"),
            *("MR_nsdm.WID.1", "MR_nsdm.SP.2", "MR_nsdm.WID.3", "MR_nsdm.SP.3", "nsdm.6a"),
            *("MR_psdm.WID.1", "MR_psdm.SP.2", "MR_psdm.WID.3", "MR_psdm.SP.3", "psdm.6a", "m2.4_b"),
        ),
    ),
    (_unused("pwde (124/20)"), ("pwde.1", "MR_pwde.SP.1", *_both("pwde"))),
    (_unused("pwbm (19/44)"), _both("pwbm")),
    (_unused("hvtr (18/20)"), ("hvtr.1", "hvtr.2", "MR_hvtr.CON.1", *_both("hvtr"))),
    (_unused("ncm (92/44)"), ("MR_ncm.WID.1", "ncm.2a", *_both("ncm"))),
    (SONOS, ("tunm.1", "tunm.2", "MR_tunm.CON.1", *_both("tunm"))),
    (_unused("thkox (75/21), not the thick oxide of 5 V devices, which is hvi (75/20)"), ("thkox.1", "thkox.2")),
    (REDISTRIBUTION, ("MR_rdl.WID.1", "MR_rdl.SP.1", "MR_rdl.CON.1")),
    (_unused("nsm (61/20)"), ("MR_nsm.SP.1", "MR_nsm.WID.1", *_both("nsm"))),
    (_unused("vpp (82/64)"), _both("vpp")),
    (_unused("pad (76/20)"), ("pad.2", *_both("pad"))),
    (_unused("mf, the metal fuse (76/44)"), _both("mf")),
    (_unused("vhvi (74/21)"), _both("vhvi")),
    (_unused("uhvi (74/22)"), _both("uhvi")),
    (_unused("pwell resistor marker (64/13)"), _both("pwell_rs")),
    (_unused("areaid.re (81/125)"), ("areaid_re_OFFGRID",)),
    (_unused("areaid.mt, module cut (81/10), for SkyWater's use only"), ("moduleCut.1",)),
    (FLOATING, ("m1.x", "m2.x", "m3.x", "m4.x", "m5.x")),
    (NAMED, ("m1.4a", "m1.4a_a")),
    (
        "cannot be broken: it leaves out bars nearer than 0.64 um, and grows the others by 0.03 um to ask for 0.58 um",
        ("MRW_licon.SP.15",),
    ),
)

_MAGIC_REASONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (SONOS, ("tunm.6a", "tunm.8")),
    (PHOTODIODE, ("photo.2", "photo.3", "photo.4")),
    (
        DRAIN_EXTENDED,
        ("denmos/depmos.2", "denmos.1", "denmos.6 + denmos.3", "depmos.1", "depmos.6 + depmos.3"),
    ),
    (
        VARACTOR,
        (
            *("var.1", "var.2", "var.4", "varac.5", "varac.7", "licon.10"),
            *("lvtn.10 + lvtn.4b", "hvtp.4 + varac.3"),
        ),
    ),
    ("diffusion resistors: not drawn", ("diff/tap.14a",)),
    ("diodes by marker: not drawn", ("hvntm.2 + 2 * hvntm.3",)),
    (REDISTRIBUTION, ("rdl.1", "rdl.2", "rdl.3", "rdl.6")),
)

DECK_NOT_APPLICABLE: Mapping[str, str] = {name: reason for reason, names in _DECK_REASONS for name in names}
"""Categories of the deck that speak about nothing a cell of ours draws, with the reason."""
MAGIC_NOT_APPLICABLE: Mapping[str, str] = {name: reason for reason, names in _MAGIC_REASONS for name in names}
"""Names in Magic's texts that speak about nothing a cell of ours draws, with the reason."""
