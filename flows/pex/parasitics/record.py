"""The record of an extraction: capacitances by net, the network of resistances where asked, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from analoom.flows.pex.resistance.rc_result import RcResult
from analoom.flows.pex.shapes.resistor_body import ResistorBody

from .left_out import told

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
    further name of ports tied on one wire. `bodies`: resistors, which are no wires. `left_out`: F by kind that is left
    out at most; empty for an array extracted by tile classes.
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
    left_out: Mapping[str, float] = field(default_factory=dict)

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
            "not_modelled": told(self.left_out),
            "left_out_f": dict(self.left_out),
            **({"spef": str(self.spef)} if self.spef else {}),
        }
