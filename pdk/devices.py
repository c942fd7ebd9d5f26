"""The SKY130 devices analoom draws or reads: model names, terminals, legal sizes and marking layers.

Source of sizes: lmin/lmax and wmin/wmax of the model bins in `combined_models/continuous/models_fet.spice` of the
`sky130` package and rule difftap.2; `tests/pdk/test_devices.py` compares terminals and bounds with the installed files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from .errors import SpecError, nearest
from .layers import Layer, Marker

MosName = Literal["nfet_01v8", "nfet_01v8_lvt", "pfet_01v8", "pfet_01v8_lvt", "pfet_01v8_hvt"]
FiveVoltName = Literal["nfet_g5v0d10v5", "pfet_g5v0d10v5"]
ThickOxideName = Literal[FiveVoltName, "nfet_05v0_nvt", "nfet_03v3_nvt"]
DrawnMosName = Literal[MosName, FiveVoltName]
"""Those that cells draw: most take 1.8 V ones only."""
MarkedName = Literal[
    "esd_nfet_01v8",
    "esd_nfet_05v0_nvt",
    "esd_nfet_g5v0d10v5",
    "esd_pfet_g5v0d10v5",
    "pfet_01v8_mvt",
    "special_nfet_01v8",
    "special_pfet_01v8_hvt",
]


@dataclass(frozen=True)
class MosDevice:
    """A transistor flavour. Lengths in nm; `threshold` is the layer that marks the flavour, if any, `oxide` those of
    the thick gate oxide; `marks` are any others, and `w_below_nm` bounds the width of a finger under them."""

    name: MosName | ThickOxideName | MarkedName
    model: str
    polarity: Literal["n", "p"]
    l_min_nm: int
    w_min_nm: int
    l_max_nm: int = 20_000
    threshold: Layer | None = None
    terminals: tuple[str, ...] = ("d", "g", "s", "b")
    oxide: tuple[Marker, ...] = ()
    marks: tuple[Marker, ...] = ()
    w_below_nm: int | None = None

    @property
    def is_p(self) -> bool:
        return self.polarity == "p"

    @property
    def is_thick(self) -> bool:
        """Whether its gate oxide is the thick one."""
        return bool(self.oxide)


@dataclass(frozen=True)
class CapDevice:
    """A MIM capacitor: `plate` is the layer of its top plate. Terminals: top plate first, as netgen wants them."""

    name: str
    model: str
    plate: Layer
    bottom: Layer
    terminals: tuple[str, ...] = ("top", "bottom")


@dataclass(frozen=True)
class VaractorDevice:
    """A varactor: gate poly over a tap in an n-well, under `threshold` where that marks it."""

    name: str
    model: str
    threshold: Layer | None = None
    terminals: tuple[str, ...] = ("c0", "c1", "b")


@dataclass(frozen=True)
class DiodeDevice:
    """A junction under the diode mark: n-diffusion in p-silicon, or (`polarity` p) p-diffusion in an n-well.

    `marks` are those of its flavour, `never` those it must not lie under. Terminals: anode first, as in the models.
    """

    name: str
    model: str
    polarity: Literal["n", "p"]
    marks: tuple[Layer | Marker, ...] = ()
    never: tuple[Layer | Marker, ...] = ()
    terminals: tuple[str, ...] = ("a", "c")


@dataclass(frozen=True)
class BipolarDevice:
    """A bipolar transistor of one size: `emitter_um2` is the area of its emitter. An npn has the substrate as `s`."""

    name: str
    model: str
    polarity: Literal["pnp", "npn"]
    emitter_um2: float

    @property
    def terminals(self) -> tuple[str, ...]:
        return ("c", "b", "e") if self.polarity == "pnp" else ("c", "b", "e", "s")


@dataclass(frozen=True)
class ResDevice:
    """A resistor; one of poly lies under `implant`, if any; `w_um` for a model of one width only.

    `b` is the well or substrate below; models of generic poly and of wires have no such terminal.
    """

    name: str
    model: str
    implant: Marker | None
    w_um: float | None = None
    terminals: tuple[str, ...] = ("r0", "r1", "b")


MOS: dict[str, MosDevice] = {
    d.name: d
    for d in (
        MosDevice("nfet_01v8", "sky130_fd_pr__nfet_01v8", "n", 150, 420),
        MosDevice("nfet_01v8_lvt", "sky130_fd_pr__nfet_01v8_lvt", "n", 150, 420, threshold=Layer.LVTN),
        MosDevice("pfet_01v8", "sky130_fd_pr__pfet_01v8", "p", 150, 420),
        MosDevice("pfet_01v8_lvt", "sky130_fd_pr__pfet_01v8_lvt", "p", 350, 420, threshold=Layer.LVTN),
        MosDevice("pfet_01v8_hvt", "sky130_fd_pr__pfet_01v8_hvt", "p", 150, 420, threshold=Layer.HVTP),
    )
}

MIM_M3 = CapDevice("cap_mim_m3_1", "sky130_fd_pr__cap_mim_m3_1", Layer.CAPM, Layer.MET3)
MIM_M4 = CapDevice("cap_mim_m3_2", "sky130_fd_pr__cap_mim_m3_2", Layer.CAP2M, Layer.MET4)

THICK_OXIDE: dict[str, MosDevice] = {
    d.name: d
    for d in (
        MosDevice("nfet_g5v0d10v5", "sky130_fd_pr__nfet_g5v0d10v5", "n", 500, 420, oxide=(Marker.HVI,)),
        MosDevice("pfet_g5v0d10v5", "sky130_fd_pr__pfet_g5v0d10v5", "p", 500, 420, oxide=(Marker.HVI,)),
        MosDevice(
            "nfet_05v0_nvt", "sky130_fd_pr__nfet_05v0_nvt", "n", 900, 420, threshold=Layer.LVTN, oxide=(Marker.HVI,)
        ),
        MosDevice(
            "nfet_03v3_nvt",
            "sky130_fd_pr__nfet_03v3_nvt",
            "n",
            500,
            420,
            threshold=Layer.LVTN,
            oxide=(Marker.HVI, Marker.LVID),
        ),
    )
}
"""5 V and 3.3 V transistors, which LVS reads; cells draw those of `FiveVoltName`. Source of the layers: `nnfet`,
`mvnnfet`, `mvnfet` and `mvpfet` of `sky130A.tech`."""

DRAWN_MOS: dict[str, MosDevice] = {**MOS, **{name: THICK_OXIDE[name] for name in get_args(FiveVoltName)}}
"""The transistors that cells draw."""

MARKED_MOS: dict[str, MosDevice] = {
    d.name: d
    for d in (
        MosDevice("esd_nfet_01v8", "sky130_fd_pr__esd_nfet_01v8", "n", 165, 5_400, marks=(Marker.ESDID,)),
        MosDevice(
            "esd_nfet_g5v0d10v5",
            "sky130_fd_pr__esd_nfet_g5v0d10v5",
            "n",
            550,
            5_400,
            oxide=(Marker.HVI,),
            marks=(Marker.ESDID,),
        ),
        MosDevice(
            "esd_pfet_g5v0d10v5",
            "sky130_fd_pr__esd_pfet_g5v0d10v5",
            "p",
            550,
            14_500,
            oxide=(Marker.HVI,),
            marks=(Marker.ESDID,),
        ),
        MosDevice(
            "esd_nfet_05v0_nvt",
            "sky130_fd_pr__esd_nfet_05v0_nvt",
            "n",
            900,
            10_000,
            threshold=Layer.LVTN,
            oxide=(Marker.HVI,),
            marks=(Marker.ESDID,),
        ),
        MosDevice("pfet_01v8_mvt", "sky130_fd_pr__pfet_01v8_mvt", "p", 150, 840, marks=(Marker.HVTR,)),
        MosDevice(
            "special_nfet_01v8",
            "sky130_fd_pr__special_nfet_01v8",
            "n",
            150,
            360,
            marks=(Marker.STDCELL,),
            w_below_nm=420,
        ),
        MosDevice(
            "special_pfet_01v8_hvt",
            "sky130_fd_pr__special_pfet_01v8_hvt",
            "p",
            150,
            360,
            threshold=Layer.HVTP,
            marks=(Marker.STDCELL,),
            w_below_nm=420,
        ),
    )
}
"""Transistors that a mark alone tells apart, which LVS reads and no cell draws. Source of the marks: `mvnfetesd`,
`mvpfetesd`, `pfetmvt`, `scnfet` and `scpfethvt` of `sky130A.tech`, which leaves the ESD transistor of 1.8 V and the
native one to their cells; of the smallest sizes: lmin and wmin of the models' bins."""

PM_PER_UM, PM2_PER_UM2 = 1e6, 1e12
"""Perimeter and area of a diode are written in pm and pm2. Source: the `diode` lines of `sky130A.tech`."""

DIODES: dict[str, DiodeDevice] = {
    name: DiodeDevice(name, f"sky130_fd_pr__{name}", "n" if "pw2nd" in name else "p", marks, never)
    for name, marks, never in (
        ("diode_pw2nd_05v5", (), (Marker.HVI, Layer.LVTN)),
        ("diode_pw2nd_05v5_lvt", (Layer.LVTN,), (Marker.HVI,)),
        ("diode_pw2nd_05v5_nvt", (Marker.HVI, Layer.LVTN), ()),
        ("diode_pw2nd_11v0", (Marker.HVI,), (Layer.LVTN,)),
        ("diode_pd2nw_05v5", (), (Marker.HVI, Layer.LVTN, Layer.HVTP)),
        ("diode_pd2nw_05v5_lvt", (Layer.LVTN,), (Marker.HVI, Layer.HVTP)),
        ("diode_pd2nw_05v5_hvt", (Layer.HVTP,), (Marker.HVI, Layer.LVTN)),
        ("diode_pd2nw_11v0", (Marker.HVI,), ()),
    )
}
"""Diodes that LVS reads; cells draw `diode_pw2nd_05v5`. Source: the `ndiode`, `ndiodelvt`, `nndiode`, `mvndiode`,
`pdiode`, `pdiodelvt`, `pdiodehvt` and `mvpdiode` layers of `sky130A.tech`."""

VARACTORS: dict[str, VaractorDevice] = {
    "cap_var_lvt": VaractorDevice("cap_var_lvt", "sky130_fd_pr__cap_var_lvt"),
    "cap_var_hvt": VaractorDevice("cap_var_hvt", "sky130_fd_pr__cap_var_hvt", Layer.HVTP),
}
"""Source: the `varactor` and `varhvt` layers of `sky130A.tech`."""

BIPOLARS: dict[str, BipolarDevice] = {
    d.name: d
    for d in (
        BipolarDevice("pnp_05v5_W0p68L0p68", "sky130_fd_pr__pnp_05v5_W0p68L0p68", "pnp", 0.4624),
        BipolarDevice("pnp_05v5_W3p40L3p40", "sky130_fd_pr__pnp_05v5_W3p40L3p40", "pnp", 11.56),
        BipolarDevice("npn_05v5_W1p00L1p00", "sky130_fd_pr__npn_05v5_W1p00L1p00", "npn", 1.0),
        BipolarDevice("npn_05v5_W1p00L2p00", "sky130_fd_pr__npn_05v5_W1p00L2p00", "npn", 2.0),
    )
}
"""Bipolar transistors that LVS reads: W and L in the name are those of the emitter, in um. Source: the `npn` and `pnp`
lines of `sky130A.tech`."""

RES_WIDTHS_UM = (0.35, 0.69, 1.41, 2.85, 5.73)
"""The widths with a model name of their own, such as `res_high_po_0p35`."""

RESISTORS: dict[str, ResDevice] = {
    d.name: d
    for kind, implant in (("high", Marker.RPM), ("xhigh", Marker.URPM))
    for d in (
        ResDevice(f"res_{kind}_po", f"sky130_fd_pr__res_{kind}_po", implant),
        *(
            ResDevice(f"res_{kind}_po_{tag}", f"sky130_fd_pr__res_{kind}_po_{tag}", implant, w_um)
            for w_um in RES_WIDTHS_UM
            for tag in [f"{w_um:.2f}".replace(".", "p")]
        ),
    )
} | {
    "res_generic_po": ResDevice("res_generic_po", "sky130_fd_pr__res_generic_po", None, terminals=("r0", "r1")),
}
"""Poly resistors that LVS reads. Source: the `rsubcircuit` lines of `sky130A.tech`."""

BODY_MARKS: dict[Layer, tuple[Marker, ...]] = {
    Layer.DIFF: (Marker.DIFFRES,),
    Layer.POLY: (Marker.POLYRES, Marker.POLYSHORT),
    Layer.LI1: (Marker.LIRES, Marker.LISHORT),
    Layer.MET1: (Marker.MET1RES, Marker.MET1SHORT),
    Layer.MET2: (Marker.MET2RES, Marker.MET2SHORT),
    Layer.MET3: (Marker.MET3RES, Marker.MET3SHORT),
    Layer.MET4: (Marker.MET4RES, Marker.MET4SHORT),
    Layer.MET5: (Marker.MET5RES, Marker.MET5SHORT),
}
"""Conductors, each with the layers under which it is a resistor's body and no wire. Source: the `rmetal`, `rpoly` and
`rndiff` layers of `sky130A.tech`."""

WIRE_RESISTORS: dict[Layer, ResDevice] = {
    layer: ResDevice(name, f"sky130_fd_pr__{name}", None, terminals=("r0", "r1"))
    for layer, name in (
        (Layer.LI1, "res_generic_l1"),
        (Layer.MET1, "res_generic_m1"),
        (Layer.MET2, "res_generic_m2"),
        (Layer.MET3, "res_generic_m3"),
        (Layer.MET4, "res_generic_m4"),
        (Layer.MET5, "res_generic_m5"),
    )
}
"""Resistors made of a wire, by its layer. Their models hold no capacitance: `.model ... r` lines of
`sky130_fd_pr__model__r+c.model.spice`."""

DIFFUSION_RESISTORS: dict[tuple[Layer, bool], ResDevice] = {
    (implant, thick): ResDevice(name, f"sky130_fd_pr__{name}", None)
    for implant, thick, name in (
        (Layer.NSDM, False, "res_generic_nd"),
        (Layer.PSDM, False, "res_generic_pd"),
        (Layer.NSDM, True, "res_generic_nd__hv"),
        (Layer.PSDM, True, "res_generic_pd__hv"),
    )
}
"""Resistors made of diffusion, by its implant and whether it lies under the mark of thick oxide (hvi). Source: the
`rsubcircuit` lines of `sky130A.tech`."""


FINGER_CAP = re.compile(r"sky130_fd_pr__cap_vpp_\d\dp\dx\d\dp\d_[a-z0-9]+_(?P<around>\w+)")
METAL_AROUND = re.compile(r"shield(?:l1|po)?m(\d)|floatm(\d)")


def finger_cap_ports(model: str) -> tuple[str, ...] | None:
    """The labels in the cell of a metal-finger capacitor, in the order of its model's ports; None for another model.

    Its shield of metal, or else its floating plate, is the fourth. Source: `.subckt` lines and cells of the `sky130`
    package; the netlist says the model's name and nothing of its size.
    """
    found = FINGER_CAP.fullmatch(model.lower())
    if found is None:
        return None
    metal = METAL_AROUND.search(found["around"])
    return ("C0", "C1", "SUB", *([f"MET{metal[1] or metal[2]}"] if metal else []))


def mos(name: str) -> MosDevice:
    """The drawn transistor called `name`. Raises SpecError naming the known ones."""
    if name not in DRAWN_MOS:
        known = ", ".join(DRAWN_MOS)
        raise SpecError("device", name, f"one of {known}", fix=nearest(name, DRAWN_MOS) or next(iter(DRAWN_MOS)))
    return DRAWN_MOS[name]
