"""Every GDS layer analoom draws or reads, by name.

Source: SkyWater layer table (skywater-pdk docs, rules/gds_layers.csv), as in the `sky130` package's layer map;
`tests/pdk/test_layers.py` compares each number with the installed package and the installed deck.
"""

from __future__ import annotations

from enum import Enum


class Layer(Enum):
    """`Layer.MET1.value` is (GDS layer, datatype); `.pin` and `.label` are the purposes of a drawing layer."""

    PR_BOUNDARY = (235, 4)
    DNWELL = (64, 18)
    NWELL = (64, 20)
    HVTP = (78, 44)
    LVTN = (125, 44)
    DIFF = (65, 20)
    TAP = (65, 44)
    POLY = (66, 20)
    NSDM = (93, 44)
    PSDM = (94, 20)
    NPC = (95, 20)
    LICON = (66, 44)
    LI1 = (67, 20)
    MCON = (67, 44)
    MET1 = (68, 20)
    VIA = (68, 44)
    MET2 = (69, 20)
    VIA2 = (69, 44)
    MET3 = (70, 20)
    CAPM = (89, 44)
    VIA3 = (70, 44)
    MET4 = (71, 20)
    CAP2M = (97, 44)
    VIA4 = (71, 44)
    MET5 = (72, 20)
    NWELL_PIN = (64, 16)
    NWELL_LABEL = (64, 5)
    PWELL_PIN = (122, 16)
    PWELL_LABEL = (64, 59)
    POLY_PIN = (66, 16)
    POLY_LABEL = (66, 5)
    LI1_PIN = (67, 16)
    LI1_LABEL = (67, 5)
    MET1_PIN = (68, 16)
    MET1_LABEL = (68, 5)
    MET2_PIN = (69, 16)
    MET2_LABEL = (69, 5)
    MET3_PIN = (70, 16)
    MET3_LABEL = (70, 5)
    MET4_PIN = (71, 16)
    MET4_LABEL = (71, 5)
    MET5_PIN = (72, 16)
    MET5_LABEL = (72, 5)

    @property
    def pin(self) -> Layer:
        """The pin purpose of a conductor. Raises KeyError for a layer without one."""
        return Layer[f"{self.name}_PIN"]

    @property
    def label(self) -> Layer:
        """The label purpose of a conductor. Raises KeyError for a layer without one."""
        return Layer[f"{self.name}_LABEL"]


class Marker(Enum):
    """Layers that are no mask of their own: LVS reads them, as they make a device of what would else be a wire or a
    diffusion, those of thick oxide and poly resistors have design rules, and areas exempt from some. Of cells drawn
    here poly resistors carry RPM, URPM and POLYRES, antenna diodes DIODE.

    Source: `calma` lines of `sky130A.tech`, and for uhvi the shuttle's deck; `tests/pdk/test_markers.py` compares each
    number with the installed files.
    """

    HVI = (75, 20)
    HVNTM = (125, 20)
    LVID = (81, 60)
    RPM = (86, 20)
    URPM = (79, 20)
    POLYRES = (66, 13)
    POLYSHORT = (66, 15)
    DIFFRES = (65, 13)
    PWRES = (64, 13)
    LIRES = (67, 13)
    LISHORT = (67, 15)
    MET1RES = (68, 13)
    MET1SHORT = (68, 15)
    MET2RES = (69, 13)
    MET2SHORT = (69, 15)
    MET3RES = (70, 13)
    MET3SHORT = (70, 15)
    MET4RES = (71, 13)
    MET4SHORT = (71, 15)
    MET5RES = (72, 13)
    MET5SHORT = (72, 15)
    DIODE = (81, 23)
    NPNID = (82, 20)
    PNPID = (82, 44)
    SEALID = (81, 1)
    COREID = (81, 2)
    STDCELL = (81, 4)
    EDID = (81, 57)
    ESDID = (81, 19)
    SUBCUT = (81, 53)
    HVTR = (18, 20)
    UHVI = (74, 22)
    LDNTM = (11, 44)
    PHOTO = (81, 81)
    SONOS = (80, 20)


REMARKS = (83, 44)
"""Words that name no net: `text.drawing` of the SkyWater layer table, as in the `sky130` package."""

CONDUCTORS = (Layer.POLY, Layer.LI1, Layer.MET1, Layer.MET2, Layer.MET3, Layer.MET4, Layer.MET5)
"""Wiring layers from the bottom up."""

CUTS = {
    Layer.LICON: (Layer.POLY, Layer.LI1),
    Layer.MCON: (Layer.LI1, Layer.MET1),
    Layer.VIA: (Layer.MET1, Layer.MET2),
    Layer.VIA2: (Layer.MET2, Layer.MET3),
    Layer.VIA3: (Layer.MET3, Layer.MET4),
    Layer.VIA4: (Layer.MET4, Layer.MET5),
}
"""Each cut layer with the conductors below and above (licon lands on diff and tap as well as on poly)."""
