"""The record of an extraction: capacitances by net, the network of resistances where asked, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from analoom.flows.pex.resistance.rc_result import RcResult
from analoom.flows.pex.shapes.resistor_body import ResistorBody

NOT_MODELLED = (
    "contacts and vias: up to 4.1 % (mcon), 2.2 % (via2), 2.0 % (via), 1.1 % (via3) of the coupling of two stacks of "
    "least landing pads side by side, 0.8 % of their capacitance to ground (field solution)",
    "contacts on diffusion against a gate beside them: below the li1 wire, 0.28 fF per um of gate at most where they "
    "stand 0.055 um off in the closest row (field solution without the transistor)",
    "n-well against the substrate: 0.090 fF/um2 and 0.576 fF/um of edge at zero bias (model diode_ps2nw)",
    "deep n-well against the substrate: 0.077 fF/um2 and 0.826 fF/um of edge, against the isolated p-well in it: "
    "0.382 fF/um2 and 0.360 fF/um of edge, at zero bias (models diode_ps2dn, diode_pw2dn)",
)
"""Left out of the capacitances, with the size of what is lost; the report says so too."""

MOST_NETS_LISTED = 1000
"""With more nets than this the JSON lists the pins' nets only."""


@dataclass(frozen=True)
class NetC:
    """Capacitances of one net in F: to the substrate, and to the other nets by name."""

    substrate_f: float
    coupling_f: Mapping[str, float] = field(default_factory=dict)

    @property
    def total_f(self) -> float:
        return self.substrate_f + sum(self.coupling_f.values())

    def to_json(self) -> dict[str, Any]:
        return {"substrate_f": self.substrate_f, "coupling_f": dict(self.coupling_f)}


@dataclass(frozen=True)
class Parasitics:
    """What was extracted. `nets` by name; `ground` is the substrate's node; `ports` the nets of the pins.

    `transient`: what stands for them in a transient, where that is not they themselves. `other_names`: the net by each
    further name of ports tied on one wire. `bodies`: resistors, which are no wires.
    """

    cell: str
    mode: str
    corner: str
    ports: tuple[str, ...]
    ground: str
    nets: Mapping[str, NetC]
    netlist: Path
    capacitors: int
    seconds: float
    peak_mb: float
    resistors: int = 0
    notes: tuple[str, ...] = ()
    rc: RcResult | None = field(default=None, compare=False, repr=False)
    spef: Path | None = None
    transient: Parasitics | None = field(default=None, compare=False, repr=False)
    other_names: Mapping[str, str] = field(default_factory=dict)
    bodies: tuple[ResistorBody, ...] = ()

    def used(self) -> dict[str, Any]:
        """What a simulation with these parasitics has of them."""
        reduction = {"reduction": asdict(self.rc.reduction)} if self.rc else {}
        counts = {"capacitors": self.capacitors, "resistors": self.resistors}
        return {"mode": self.mode, "corner": self.corner, **counts, **reduction, "notes": list(self.notes)}

    def to_json(self) -> dict[str, Any]:
        """The report of `analoom pex`."""
        shown = [n for n in self.nets if len(self.nets) <= MOST_NETS_LISTED or n in self.ports]
        return {
            "cell": self.cell,
            "mode": self.mode,
            "corner": self.corner,
            "substrate": self.ground,
            "netlist": str(self.netlist),
            "capacitors": self.capacitors,
            "resistors": self.resistors,
            "nets": {n: self.nets[n].to_json() for n in shown},
            "seconds": round(self.seconds, 3),
            "peak_mb": round(self.peak_mb, 1),
            "other_names": dict(self.other_names),
            "resistor_bodies": [body.to_json() for body in self.bodies],
            "notes": list(self.notes),
            "not_modelled": list(NOT_MODELLED),
            **({"spef": str(self.spef)} if self.spef else {}),
        }
